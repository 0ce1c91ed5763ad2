"""Gets an IAM token and shows what was sent and what came back, secrets redacted.

python examples/demo.py --key-file key.json [--endpoint http://127.0.0.1:PORT]
"""

import argparse
import sys
import time

from yc_iam import Credentials, Endpoints, Request, Response, ServiceAccountKey, YcIamError, default_transport, redact


def shown_transport(request: Request) -> Response:
    """Any function from a request to a response can be the transport: this one wraps the usual one."""
    show(">", f"{request.method} {request.url}", request.headers.items(), request.body or b"")
    response = default_transport(request)
    show("<", str(response.status), response.headers, response.body)
    return response


def show(mark, first, headers, body):
    print(mark, first)
    for name, value in headers:
        print(mark, f"{name}: {redact(value)}")
    print(mark, redact(body.decode("utf-8", "replace")))


def main() -> None:
    parser = argparse.ArgumentParser(description="Gets an IAM token for a service account's key.")
    parser.add_argument("--key-file", default="key.json", metavar="PATH")
    parser.add_argument("--endpoint", metavar="URL", help="base URL of the service, for instance an emulator's")
    arguments = parser.parse_args()

    begin = time.perf_counter()
    key = ServiceAccountKey.from_file(arguments.key_file)
    print(f"key {key.id} of service account {key.service_account_id}, {key.modulus_bits} bits")
    endpoints = Endpoints.all_at(arguments.endpoint) if arguments.endpoint else None
    creds = Credentials.service_account(key, endpoints=endpoints, transport=shown_transport)
    token = creds.token()
    took = (time.perf_counter() - begin) * 1000
    hours = (token.expires_at - token.issued_at) / 3600
    print(f"token {redact(token.value)}, good for {hours:.1f} h, in {took:.1f} ms")


if __name__ == "__main__":
    try:
        main()
    except YcIamError as error:
        sys.exit(f"{error.code}: {error}")
