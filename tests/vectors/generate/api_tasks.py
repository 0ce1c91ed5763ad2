"""How tasks are written, and the requests that they should be, worked out from the service's documentation."""

import base64
import uuid
from urllib.parse import quote_plus

from common import compact
from exchange import GLOBAL

ENTROPY = bytes(range(1, 17))
TOKEN = "t1.vector"
SECRET, VERSION, FOLDER = "e6qetpqfe8vvag9h7jkr", "e6q2ad0j9b55tkfn7kqb", "b1gd129pp9ha0vnvf5g7"
ACCOUNT, FEDERATION, CREDENTIAL = "ajeb9l33h6mu12345678", "ajefederation0000001", "ajecredential0000001"
OPERATION = "fcmq0j5033e516c56ctq"
SUBJECT = "system:serviceaccount:default:worker"
ISSUER = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/cat0123456789abcdefg"

PATHS = {
    "federated_credentials": "/iam/v1/workload/federatedCredentials",
    "federations": "/iam/v1/workload/oidc/federations",
}


def encoded(text):
    """application/x-www-form-urlencoded as the URL standard writes it."""
    return quote_plus(text, safe="*").replace("~", "%7E")


def with_query(url, *pairs):
    query = "&".join(f"{name}={encoded(str(value))}" for name, value in pairs if value is not None)
    return f"{url}?{query}" if query else url


def idempotency_key(entropy=ENTROPY):
    """A version-4 UUID (RFC 9562) of these random bytes."""
    return str(uuid.UUID(bytes=entropy, version=4))


def entropy_text(entropy=ENTROPY):
    return {"base64": base64.b64encode(entropy).decode("ascii")}


def request(method, url, body=None, change=False, entropy=ENTROPY, timeout=10):
    headers = [["content-type", "application/json"]] if body is not None else []
    headers += [["accept", "application/json"], ["user-agent", "yc-iam/*"], ["authorization", f"Bearer {TOKEN}"]]
    if change:
        headers.append(["idempotency-key", idempotency_key(entropy)])
    return {"method": method, "url": url, "headers": headers, "body": body if body is None else compact(body), "timeout": timeout,
            "use_proxy": url.startswith("https://")}  # fmt: skip


def lockbox_get(secret_id=SECRET, **more):
    return {"lockbox_get": {"secret_id": secret_id, **more}}


def lockbox_get_by_name(name, folder_id=FOLDER, **more):
    return {"lockbox_get_by_name": {"folder_id": folder_id, "name": name, **more}}


def federated_credentials_create(**changed):
    return {"federated_credentials_create": {"service_account_id": ACCOUNT, "federation_id": FEDERATION, "external_subject_id": SUBJECT, **changed}}


def federations_create(**changed):
    fields = {"folder_id": FOLDER, "name": "k8s", "audiences": [ISSUER], "issuer": ISSUER, "jwks_url": ISSUER + "/jwks.json", **changed}
    return {"federations_create": {name: value for name, value in fields.items() if value is not None}}


def federations_update(**changes):
    return {"federations_update": {"federation_id": FEDERATION, **changes}}


def plain_request(url="https://compute.api.cloud.yandex.net/compute/v1/instances", method="GET", **more):
    return {"request": {"method": method, "url": url, **more}}


OPERATION_URL = GLOBAL["operation"] + "/operations/"
