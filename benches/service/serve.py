"""The token service on loopback, over TLS: the emulator behind HTTPS and behind gRPC, for whoever measures a first token.

Arguments: the certificate and its private key. Prints its URL, its gRPC address and a key file's content as one line of
JSON; answers each line of its input with the number of tokens that it has issued; ends with its input.
"""

import json
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
from yandex.cloud.endpoint.api_endpoint_pb2 import ApiEndpoint
from yandex.cloud.endpoint.api_endpoint_service_pb2 import ListApiEndpointsResponse
from yandex.cloud.iam.v1.iam_token_service_pb2 import CreateIamTokenRequest, CreateIamTokenResponse

from yc_iam.testing import Emulator
from yc_iam.testing._server import Server


class Grpc(grpc.GenericRpcHandler):
    """`IamTokenService.Create` as the emulator judges it, and what an SDK asks around it."""

    def __init__(self, core):
        self.core = core
        self.address = ""

    def service(self, details):
        answer = {
            "/yandex.cloud.endpoint.ApiEndpointService/List": self.endpoints,
            "/yandex.cloud.iam.v1.IamTokenService/Create": self.create,
        }.get(details.method)
        return answer and grpc.unary_unary_rpc_method_handler(answer)

    def endpoints(self, request, context):
        iam = ApiEndpoint(id="iam", address=self.address)
        return ListApiEndpointsResponse(endpoints=[iam]).SerializeToString()

    def create(self, request, context):
        body = json.dumps({"jwt": CreateIamTokenRequest.FromString(request).jwt}).encode()
        headers = [("content-type", "application/json")]
        response = self.core.handle("POST", "/iam/v1/tokens", headers, body, time.time()).response
        if response.status != 200:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, response.body.decode())
        answer = CreateIamTokenResponse(iam_token=json.loads(response.body)["iamToken"])
        answer.expires_at.FromJsonString(json.loads(response.body)["expiresAt"])
        return answer.SerializeToString()


certificate, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
with open(certificate, "rb") as chain, open(key, "rb") as private:
    pair = (private.read(), chain.read())

with Emulator() as emulator:
    core = emulator._core
    https = Server(0, lambda *request: core.handle(*request, time.time()), context)
    service = Grpc(core)
    server = grpc.server(ThreadPoolExecutor(8), handlers=[service])
    port = server.add_secure_port("localhost:0", grpc.ssl_server_credentials([pair]))
    service.address = f"localhost:{port}"
    core.serve_at(https.url)
    server.start()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(https.serve_forever, 0.02)
        print(json.dumps([https.url, service.address, emulator.service_account_key()]), flush=True)
        for _ in sys.stdin:
            print(emulator.tokens_issued, flush=True)
        server.stop(None).wait()
        https.stop()
