"""Tokens of an issuer that is not ours: signed by joserfc, with its key set as the federation finds it."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from helpers import result, whose
from yc_iam import YcIamError

ISSUER = "https://issuer.example.org/tenant"
JWKS_URL = "https://issuer.example.org/keys"
AUDIENCE = "https://cloud.example.org"
SUBJECT = "repo:octo/app:ref:refs/heads/main"

_made = {
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig", "alg": "ES256"}),
}
# What else may be in a key set is overlooked.
_others = [
    OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"}),
    ECKey.generate_key("P-384", {"kid": "ec384"}),
    RSAKey.generate_key(2048, {"kid": "encryption", "use": "enc"}),
]


@pytest.fixture(params=list(_made))
def algorithm(request):
    return request.param


@pytest.fixture
def account(emulator):
    account = emulator.create_service_account("robot")
    keys = KeySet([*_others, *_made.values()]).as_dict(private=False)
    emulator.publish_keys(JWKS_URL, json.dumps(keys))
    federation = emulator.create_federation("others", issuer=ISSUER, audiences=["other", AUDIENCE], jwks_url=JWKS_URL)
    emulator.create_federated_credential(account, federation, SUBJECT)
    return account


def token(algorithm, key=None, header=None, **others):
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "iat": now, "exp": now + 600, **others}
    key = key or _made[algorithm]
    header = {"alg": algorithm, "kid": key.kid, "typ": "JWT", **(header or {})}
    registry = jws.JWSRegistry(algorithms=[algorithm])
    return jwt.encode(
        {name: value for name, value in header.items() if value is not None},
        {name: value for name, value in claims.items() if value is not None},
        key,
        registry=registry,
    )


def encoded(content):
    return urlsafe_b64encode(content).rstrip(b"=")


def credentials(kind, emulator, account, external):
    return kind.workload_identity(account, token=external, endpoints=emulator.endpoints)


@pytest.mark.parametrize("audience", [AUDIENCE, ["elsewhere", AUDIENCE]], ids=["one audience", "several"])
def test_a_token_is_taken(emulator, account, kind, algorithm, audience):
    external = token(algorithm, aud=audience)
    assert whose(emulator, credentials(kind, emulator, account, external)) == account


def test_a_type_of_its_own(emulator, account, kind, algorithm):
    """RFC 9068 calls access tokens `at+jwt`."""
    external = token(algorithm, header={"typ": "at+jwt"})
    assert whose(emulator, credentials(kind, emulator, account, external)) == account


def refusal(kind, emulator, account, external):
    with pytest.raises(YcIamError) as raised:
        result(credentials(kind, emulator, account, lambda: external).token())
    assert external not in f"{raised.value!s}{raised.value!r}"
    return raised.value


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ({"aud": "https://other.example.org"}, "`aud` is `https://other.example.org`"),
        ({"aud": None}, "no `aud`"),
        ({"sub": SUBJECT + "x"}, f"`sub` is `{SUBJECT}x`"),
        ({"sub": SUBJECT.upper()}, "`sub` is"),
        ({"iss": ISSUER + "/"}, f"`iss` is `{ISSUER}/`"),
        ({"exp": None}, "no `exp`"),
        ({"header": {"kid": "unknown"}}, "`unknown` is not among those published"),
        ({"header": {"kid": None}}, "no `kid`"),
    ],
    ids=lambda value: f"{next(iter(value.items()))}"[:40] if isinstance(value, dict) else "",
)
def test_a_token_is_refused(emulator, account, kind, algorithm, others, says):
    error = refusal(kind, emulator, account, token(algorithm, **others))
    assert (error.status, error.transient) == (400, False)
    # Inside of a quotation, backticks are blanks.
    assert says.replace("`", "'").strip() in str(error)


def test_a_token_that_ended(emulator, account, kind, algorithm, clock):
    external = token(algorithm)
    emulator.set_clock_offset(3600)
    assert "the subject token ended" in str(refusal(kind, emulator, account, external))
    # The refusal shows the service's clock; by that, it is sent once more.
    assert [(received.status, received.accepted) for received in emulator.requests] == [(400, False)] * 2
    assert "the subject token ended" in emulator.requests[0].verdict
    emulator.set_clock_offset(0)
    emulator.forget_requests()
    # By this machine's clock it has ended; the service knows better.
    clock.offset = 3600
    emulator.set_clock_offset(-3600)
    assert whose(emulator, credentials(kind, emulator, account, external)) == account


def test_a_token_before_its_time(emulator, account, kind, algorithm):
    assert "begins in" in str(refusal(kind, emulator, account, token(algorithm, nbf=int(time.time()) + 3600)))
    assert emulator.tokens_issued == 0


def test_a_wrong_key(emulator, account, kind, algorithm):
    """Another key under the name of a published one."""
    fresh = {
        "RS256": lambda: RSAKey.generate_key(2048, {"kid": "rsa"}),
        "ES256": lambda: ECKey.generate_key("P-256", {"kid": "ec"}),
    }
    error = refusal(kind, emulator, account, token(algorithm, key=fresh[algorithm]()))
    assert "signature does not verify" in str(error)


def test_the_key_of_another_algorithm(emulator, account, kind):
    key = RSAKey.import_key({**_made["RS256"].as_dict(private=True), "alg": "PS256"})
    assert "PS256" in str(refusal(kind, emulator, account, token("PS256", key=key)))


def test_a_public_key_as_a_shared_secret(emulator, account, kind):
    """The oldest trick: HS256 with the public key, which everybody knows. joserfc refuses to sign it."""
    header = {"alg": "HS256", "kid": "rsa", "typ": "JWT"}
    signed = b".".join([encoded(json.dumps(header).encode()), token("RS256").split(".")[1].encode()])
    mac = hmac.digest(_made["RS256"].as_pem(private=False), signed, "sha256")
    external = b".".join([signed, encoded(mac)]).decode()
    assert "HS256" in str(refusal(kind, emulator, account, external))


def test_no_signature(emulator, account, kind, algorithm):
    external = token(algorithm).rsplit(".", 1)[0] + "."
    refusal(kind, emulator, account, external)
    assert emulator.tokens_issued == 0


def test_a_new_key(emulator, account, kind):
    """The issuer rotates: a token of the new key is taken once the key is published, one of the old no longer."""
    fresh = ECKey.generate_key("P-256", {"kid": "new"})
    external = token("ES256", key=fresh)
    refusal(kind, emulator, account, external)
    emulator.publish_keys(JWKS_URL, json.dumps(KeySet([fresh]).as_dict(private=False)))
    assert whose(emulator, credentials(kind, emulator, account, external)) == account
    refusal(kind, emulator, account, token("ES256"))
