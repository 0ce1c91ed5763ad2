"""The kit's external issuer and what the emulator makes of its tokens."""

from __future__ import annotations

import json
import os
import stat

import jwt as judge
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from helpers import whose
from yc_iam import Credentials, InvalidKeyError, RemoteError, UsageError
from yc_iam.testing import Issuer


@pytest.fixture
def p256():
    key = ec.generate_private_key(ec.SECP256R1())
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*kinds).decode()


def verified(issuer, token, audience):
    """The claims, as somebody else verifies and reads them."""
    kid = judge.get_unverified_header(token)["kid"]
    (key,) = (key for key in judge.PyJWKSet.from_json(issuer.jwks).keys if key.key_id == kid)
    return judge.decode(token, key, algorithms=["RS256", "ES256"], audience=audience, issuer=issuer.url)


def accepted(emulator, account, token):
    credentials = Credentials.workload_identity(account, token=token, endpoints=emulator.endpoints)
    try:
        return whose(emulator, credentials) == account
    except RemoteError as error:
        assert error.code == "bad_request"
        return False


def test_tokens(issuer, p256):
    for each in (issuer, Issuer("https://issuer.example.org", private_key=p256)):
        claims = verified(each, each.pod_token("default", "app", lifetime=600), each.url)
        assert claims["sub"] == "system:serviceaccount:default:app"
        assert claims["exp"] - claims["iat"] == 600
        assert claims["kubernetes.io"]["namespace"] == "default"
        assert verified(each, each.pod_token("a", "b", audiences=["x", "y"]), "y")["aud"] == ["x", "y"]
        assert verified(each, each.sign({"iss": each.url, "aud": "z"}), "z") == {"iss": each.url, "aud": "z"}
    with pytest.raises(InvalidKeyError):
        Issuer(private_key="nonsense")


def test_keys_come_and_go(emulator, account, issuer, p256):
    old = issuer.pod_token("default", "app")
    first = issuer.key_id
    issuer.rotate_key(p256)
    new = issuer.pod_token("default", "app")
    assert issuer.key_id != first and len(json.loads(issuer.jwks)["keys"]) == 2
    assert accepted(emulator, account, old) and not accepted(emulator, account, new)
    emulator.publish(issuer)
    assert accepted(emulator, account, old) and accepted(emulator, account, new)
    issuer.rotate_key(retire_old=True)
    emulator.publish_keys(issuer.jwks_url, issuer.jwks)
    assert not accepted(emulator, account, old) and not accepted(emulator, account, new)
    assert accepted(emulator, account, issuer.pod_token("default", "app"))
    with pytest.raises(UsageError):
        emulator.publish_keys(issuer.jwks_url, "[]")


def test_trust_ends(emulator, issuer):
    account = emulator.create_service_account("pod")
    federation = emulator.trust(issuer)
    credential = emulator.create_federated_credential(account, federation, "system:serviceaccount:default:app")
    token = issuer.pod_token("default", "app")
    assert accepted(emulator, account, token)
    assert emulator.delete_federated_credential(credential)
    assert not emulator.delete_federated_credential(credential)
    assert not accepted(emulator, account, token)
    emulator.create_federated_credential(account, federation, "system:serviceaccount:default:app")
    assert accepted(emulator, account, token)
    assert emulator.delete_federation(federation) and not emulator.delete_federation(federation)
    assert not accepted(emulator, account, token)


def test_a_token_file(issuer, tmp_path, clock):
    file = issuer.token_file(tmp_path / "token", "default", "app", lifetime=1000)
    first = file.path.read_text()
    clock.offset = 790
    assert file.rotate() == first
    clock.offset = 801
    assert file.rotate() == file.path.read_text() != first
    assert os.listdir(tmp_path) == ["token"]
    if os.name == "posix":
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_what_the_emulator_does_not_know(emulator):
    account = emulator.create_service_account("some")
    for ask in (
        lambda: emulator.create_oauth_token("nobody"),
        lambda: emulator.attach_service_account("nobody"),
        lambda: emulator.allow_impersonation("anybody", "nobody"),
        lambda: emulator.create_federated_credential(account, "none", "x"),
    ):
        with pytest.raises(UsageError):
            ask()
    assert not emulator.revoke_oauth_token("y0_none")
