"""The cloud on loopback, over TLS, on a bad day: the emulator, with short-lived tokens and a fault for one request in eight.

Arguments: the certificate, its private key, a token's life in seconds. Prints what a client needs as one line of JSON; ends
with its input. A process of its own, so that its sockets and memory are not the client's.
"""

import json
import random
import socket
import ssl
import struct
import sys
import threading
import time

from yc_iam.testing import Emulator
from yc_iam.testing._server import Server

# Of a hundred connections, so many are reset before anything is read.
RESETS = 2
# Of a hundred requests, so many get each of these. A stalled one is longer than any request may take.
FAULTS = [
    (2, {"status": 503}),
    (2, {"status": 500}),
    (1, {"status": 429, "retry_after": "1"}),
    (1, {"truncated": True}),
    (1, {"dropped": True}),
    (1, {"html": True}),
    (4, {"delay": 0.3}),
    (0.3, {"delay": 25.0}),
]


class Moody(Server):
    """Resets a connection now and then."""

    def finish_request(self, request, client_address):
        if random.uniform(0, 100) < RESETS:
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.close()
        else:
            super().finish_request(request, client_address)


def fault():
    left = random.uniform(0, 100)
    for share, kind in FAULTS:
        left -= share
        if left < 0:
            return kind
    return None


def main():
    certificate, key, lifetime = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    emulator = Emulator(token_lifetime=int(lifetime))
    core, lock = emulator._core, threading.Lock()

    def answer(*request):
        with lock:
            kind = fault()
            if kind is not None:
                core.order_fault(None, 1, **kind)
            return core.handle(*request, time.time())

    server = Moody(0, answer, context)
    core.serve_at(server.url)
    account = emulator.create_service_account("soak")
    emulator.attach_service_account(account)
    secret = emulator.create_secret("b1gsoakexamplefolder", "soak", {"name": "value"})
    emulator.add_access_binding(secret, "lockbox.payloadViewer", account)
    oauth = emulator.create_oauth_token(emulator.create_user("soak"))
    described = {
        "url": server.url,
        "key": emulator.service_account_key(account),
        "account": account,
        "oauth": oauth,
        "secret": secret,
    }
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    print(json.dumps(described), flush=True)
    for _ in sys.stdin:
        emulator.forget_requests()
        print(emulator.tokens_issued, flush=True)
    server.stop()
    thread.join()


main()
