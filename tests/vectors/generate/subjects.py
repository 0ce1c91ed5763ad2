"""External tokens for the vectors: well formed, signed by nobody."""

from common import NEW_YEAR, base64url, compact

ACCOUNT = "ajeb9l33h6mu12345678"
ISSUER = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample"
HEADER = {"alg": "RS256", "kid": "first", "typ": "JWT"}
SIGNATURE = base64url(b"nobody signed this, and nobody verifies it here")
EXCHANGE_URL = "https://auth.yandex.cloud/oauth/token"


def subject_token(begins=NEW_YEAR, lives=3600, **more):
    claims = {
        "aud": [ISSUER], "exp": begins + lives, "iat": begins, "iss": ISSUER, "jti": "0f4f8e0c-0000-4000-8000-0000000000aa",
        "kubernetes.io": {"namespace": "default", "serviceaccount": {"name": "default"}},
        "nbf": begins, "sub": "system:serviceaccount:default:default",
    }  # fmt: skip
    return encode({name: value for name, value in {**claims, **more}.items() if value is not None})


def encode(claims, header=HEADER):
    return f"{base64url(compact(header).encode())}.{base64url(compact(claims).encode())}.{SIGNATURE}"


def workload_identity(**origin):
    return {"workload_identity": {"service_account_id": ACCOUNT, **origin}}
