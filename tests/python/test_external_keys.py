"""Keys whose private half is elsewhere: `cryptography` stands in for a KMS."""

from __future__ import annotations

import asyncio
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from yc_iam import AsyncCredentials, ConfigurationError, Credentials, ServiceAccountKey
from yc_iam.testing import Emulator


@pytest.fixture
def emulator():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def elsewhere(emulator):
    """A key without its private half, and the function that signs with that."""
    file = json.loads(emulator.service_account_key())
    pem = file["private_key"][file["private_key"].index("-----BEGIN") :]
    private = serialization.load_pem_private_key(pem.encode(), None)

    def sign(message: bytes) -> bytes:
        return private.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())

    return ServiceAccountKey.external(file["id"], file["service_account_id"], file["public_key"]), sign


def test_blocking(emulator, elsewhere):
    key, sign = elsewhere
    creds = Credentials.service_account(key, signer=sign, endpoints=emulator.endpoints)
    assert creds.token().value.startswith("t1.")
    assert [request.status for request in emulator.requests] == [200]


def test_asyncio(emulator, elsewhere):
    key, sign = elsewhere

    async def remote(message: bytes) -> bytes:
        await asyncio.sleep(0)
        return sign(message)

    creds = AsyncCredentials.service_account(key, signer=remote, endpoints=emulator.endpoints)
    assert asyncio.run(creds.token()).value.startswith("t1.")


def test_without_a_signer(elsewhere):
    key, _ = elsewhere
    assert "elsewhere" in repr(key)
    for sign in (lambda: Credentials.service_account(key), key.sign_jwt):
        with pytest.raises(ConfigurationError, match="signer") as raised:
            sign()
        assert raised.value.code == "signing_failed"
