"""google-auth at `/oauth/token`: a client of RFC 8693 that knows nothing of this service.

Where the service differs from the RFC, as far as its documents show:

- clients do not authenticate; what they send to that end is overlooked;
- `audience` is the ID of the service account that the token is for, not of a service that will take the token;
- the answer has no `issued_token_type`, which section 2.2.1 requires;
- `requested_token_type` must be there, and `scope` and `resource` mean nothing.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
import urllib3
from google.auth import identity_pool
from google.auth.exceptions import OAuthError
from google.auth.transport.urllib3 import Request
from google.oauth2.sts import Client
from google.oauth2.utils import ClientAuthentication, ClientAuthType

from helpers import subject

TYPE = "urn:ietf:params:oauth:token-type:"
ID_TOKEN = TYPE + "id_token"
GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"


@pytest.fixture
def http():
    with urllib3.PoolManager(retries=False) as pool:
        yield Request(pool)


@pytest.fixture
def exchange(emulator, http, account, issuer):
    """Exchanges a pod's token; arguments replace the usual ones."""

    def exchange(authentication=None, **others):
        wanted = {
            "grant_type": GRANT,
            "subject_token": issuer.pod_token("default", "app"),
            "subject_token_type": ID_TOKEN,
            "audience": account,
            "requested_token_type": TYPE + "access_token",
        }
        return Client(f"{emulator.url}/oauth/token", authentication).exchange_token(http, **{**wanted, **others})

    return exchange


def test_an_exchange(emulator, exchange, account):
    answer = exchange()
    assert set(answer) == {"access_token", "token_type", "expires_in"}
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 12 * 3600
    assert subject(emulator, f"Bearer {answer['access_token']}") == account


@pytest.mark.parametrize("kind", [ClientAuthType.basic, ClientAuthType.request_body])
def test_a_client_that_authenticates(emulator, exchange, account, kind):
    answer = exchange(ClientAuthentication(kind, "some-client", "some-secret"), scopes=["a", "b"], resource="urn:x")
    assert subject(emulator, f"Bearer {answer['access_token']}") == account
    assert "some-secret" not in repr(emulator.requests)


@pytest.mark.parametrize(
    ("others", "code", "says"),
    [
        ({"grant_type": "client_credentials"}, "unsupported_grant_type", "grant_type"),
        ({"audience": None}, "invalid_request", "`audience` is missing"),
        ({"audience": "//iam.googleapis.com/pool"}, "invalid_request", "no service account"),
        ({"subject_token": "not a token"}, "invalid_request", "not a JWT"),
        ({"subject_token_type": TYPE + "saml2"}, "invalid_request", "`subject_token_type` is not"),
        ({"requested_token_type": None}, "invalid_request", "`requested_token_type` is missing"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_refusals_as_the_rfc_writes_them(exchange, others, code, says):
    with pytest.raises(OAuthError) as raised:
        exchange(**others)
    assert f"Error code {code}: " in str(raised.value)
    assert says in str(raised.value)


def test_credentials_that_read_a_file(emulator, http, account, issuer, tmp_path):
    """As google-auth is set up for a pod: from a configuration file that points at the token's file."""
    file = issuer.token_file(tmp_path / "token", "default", "app")
    configuration = {
        "type": "external_account",
        "audience": account,
        "subject_token_type": ID_TOKEN,
        "token_url": f"{emulator.url}/oauth/token",
        "credential_source": {"file": str(file.path)},
    }
    (tmp_path / "configuration.json").write_text(json.dumps(configuration))
    credentials = identity_pool.Credentials.from_file(str(tmp_path / "configuration.json"))
    credentials.refresh(http)
    assert credentials.valid
    assert credentials.expiry - datetime.now(timezone.utc).replace(tzinfo=None) > timedelta(hours=11)
    headers = {}
    credentials.apply(headers)
    assert subject(emulator, headers["authorization"]) == account

    (tmp_path / "token").write_text(issuer.pod_token("default", "other"))
    with pytest.raises(OAuthError, match="`sub` is `system:serviceaccount:default:other`"):
        credentials.refresh(http)
