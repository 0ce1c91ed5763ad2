"""The cloud's own SDK with tokens of ours, at a real server."""

from __future__ import annotations

import grpc
import pytest
from yandex.cloud.endpoint.api_endpoint_pb2 import ApiEndpoint
from yandex.cloud.endpoint.api_endpoint_service_pb2 import ListApiEndpointsResponse
from yandex.cloud.iam.v1.iam_token_service_pb2 import CreateIamTokenForServiceAccountRequest, CreateIamTokenResponse
from yandex.cloud.iam.v1.iam_token_service_pb2_grpc import IamTokenServiceStub
from yandex.cloud.resourcemanager.v1.cloud_pb2 import Cloud
from yandex.cloud.resourcemanager.v1.cloud_service_pb2 import ListCloudsRequest, ListCloudsResponse
from yandex.cloud.resourcemanager.v1.cloud_service_pb2_grpc import CloudServiceStub

from grpc_services import Service, grpc_server
from yc_iam import AsyncCredentials
from yc_iam.integrations.yandexcloud import sdk

ENDPOINTS = "/yandex.cloud.endpoint.ApiEndpointService/List"
CLOUDS = "/yandex.cloud.resourcemanager.v1.CloudService/List"


@pytest.fixture
def service(emulator):
    service = Service(emulator)
    service.public = (ENDPOINTS,)
    with grpc_server(service) as (service.target, service.authority):
        endpoints = [ApiEndpoint(id=name, address=service.target) for name in ("iam", "resource-manager")]
        answers = {
            ENDPOINTS: ListApiEndpointsResponse(endpoints=endpoints),
            CLOUDS: ListCloudsResponse(clouds=[Cloud(name="mine")]),
        }
        other = CreateIamTokenResponse(iam_token="t1.other")
        service.answer = lambda method, request: answers.get(method, other).SerializeToString()
        yield service


@pytest.fixture
def made(service, credentials):
    return sdk(credentials, endpoint=service.target, root_certificates=service.authority)


def clouds(made):
    return [cloud.name for cloud in made.client(CloudServiceStub).List(ListCloudsRequest()).clouds]


def test_calls_have_the_token(made, service, credentials, emulator):
    assert clouds(made) == ["mine"]
    # The SDK's own way to get tokens is not taken.
    assert service.headers == [(ENDPOINTS, None), (CLOUDS, credentials.authorization())]
    assert emulator.tokens_issued == 1


def test_tokens_are_renewed_in_time(made, emulator, clock):
    clouds(made)
    clock.offset = 12 * 3600
    assert clouds(made) == ["mine"]
    assert emulator.tokens_issued == 2


def test_a_refused_token_is_renewed_once(made, service, emulator):
    clouds(made)
    emulator.revoke_all_tokens()
    assert clouds(made) == ["mine"]
    assert emulator.tokens_issued == 2
    service.scheme = "Other "
    service.headers.clear()
    with pytest.raises(grpc.RpcError) as raised:
        clouds(made)
    assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert len(service.headers) == 2


def test_tokens_for_other_accounts(made, service, credentials):
    request = CreateIamTokenForServiceAccountRequest(service_account_id="ajeb9l33h6mu12345678")
    assert made.client(IamTokenServiceStub).CreateForServiceAccount(request).iam_token == "t1.other"
    assert service.bearers[-1] == credentials.authorization()


def test_an_interceptor_of_another(service, credentials, emulator):
    class Counting(grpc.UnaryUnaryClientInterceptor):
        calls = 0

        def intercept_unary_unary(self, continuation, client_call_details, request):
            self.calls += 1
            return continuation(client_call_details, request)

    counting = Counting()
    options = {"endpoint": service.target, "root_certificates": service.authority}
    assert clouds(sdk(credentials, interceptor=counting, **options)) == ["mine"]
    assert counting.calls == 1


def test_options_that_are_refused(credentials):
    for name in ("token", "iam_token", "service_account_key"):
        with pytest.raises(TypeError, match=name):
            sdk(credentials, **{name: "x"})
    with pytest.raises(TypeError, match="AsyncCredentials"):
        sdk(AsyncCredentials.fixed("t1.x"))
