"""ydb's drivers with tokens of ours, at a real gRPC server that speaks as much of YDB as they need to begin."""

from __future__ import annotations

import asyncio

import pytest
import ydb
import ydb.aio
from ydb._grpc.common.protos import ydb_discovery_pb2, ydb_operation_pb2, ydb_scheme_pb2, ydb_status_codes_pb2

from grpc_services import Service, grpc_server
from yc_iam import AsyncCredentials, ConfigurationError, Credentials, YcIamError
from yc_iam.integrations.ydb import AsyncYdbCredentials, YdbCredentials

DISCOVERY = "/Ydb.Discovery.V1.DiscoveryService/ListEndpoints"


def ready(response, result):
    """The answer of an operation that is over."""
    operation = ydb_operation_pb2.Operation(ready=True, status=ydb_status_codes_pb2.StatusIds.SUCCESS)
    operation.result.Pack(result)
    return response(operation=operation).SerializeToString()


@pytest.fixture
def service(emulator):
    service = Service(emulator, header="x-ydb-auth-ticket", scheme="")
    with grpc_server(service) as (target, service.authority):
        host, port = target.split(":")
        service.endpoint = f"grpcs://{target}"
        here = ydb_discovery_pb2.EndpointInfo(address=host, port=int(port), ssl=True)
        found = ready(ydb_discovery_pb2.ListEndpointsResponse, ydb_discovery_pb2.ListEndpointsResult(endpoints=[here]))
        child = ydb_scheme_pb2.Entry(name="table")
        listed = ready(ydb_scheme_pb2.ListDirectoryResponse, ydb_scheme_pb2.ListDirectoryResult(children=[child]))
        service.answer = lambda method, request: found if method == DISCOVERY else listed
        yield service


@pytest.fixture
def options(service):
    return {"endpoint": service.endpoint, "database": "/local", "root_certificates": service.authority}


@pytest.fixture
def driver(options, credentials):
    with ydb.Driver(**options, credentials=YdbCredentials(credentials)) as driver:
        driver.wait(10, fail_fast=True)
        yield driver


def names(listing):
    return [child.name for child in listing.children]


def test_calls_have_the_token(driver, service, credentials, emulator):
    assert names(driver.scheme_client.list_directory("/local")) == ["table"]
    assert set(service.bearers) == {credentials.token().value}
    assert service.headers[0][0] == DISCOVERY and service.headers[-1][0].endswith("/ListDirectory")
    assert emulator.tokens_issued == 1
    assert driver._credentials.get_auth_token() == credentials.token().value


def test_tokens_are_renewed_in_time(driver, emulator, clock):
    clock.offset = 12 * 3600
    assert names(driver.scheme_client.list_directory("/local")) == ["table"]
    assert emulator.tokens_issued == 2


def test_a_refused_token(driver, emulator, credentials):
    emulator.revoke_all_tokens()
    with pytest.raises(ydb.issues.Unauthenticated):
        driver.scheme_client.list_directory("/local")
    credentials.invalidate(credentials.token())
    assert names(driver.scheme_client.list_directory("/local")) == ["table"]
    assert emulator.tokens_issued == 2


def test_asyncio(options, service, of_either_kind, emulator):
    async def main():
        given = AsyncYdbCredentials(of_either_kind)
        async with ydb.aio.Driver(**options, credentials=given) as driver:
            await driver.wait(10, fail_fast=True)
            return names(await driver.scheme_client.list_directory("/local")), await given.get_auth_token()

    listed, token = asyncio.run(main())
    assert listed == ["table"]
    assert set(service.bearers) == {token}
    assert emulator.tokens_issued == 1


@pytest.mark.parametrize("driver_class", [ydb.Driver, ydb.aio.Driver])
def test_no_token_goes_without_tls(driver_class):
    given = YdbCredentials(Credentials.fixed("t1.x"))
    for options in [
        {"endpoint": "grpc://ydb.example:2136", "database": "/local"},
        {"connection_string": "grpc://ydb.example:2136/?database=/local"},
        {"driver_config": ydb.DriverConfig("grpc://ydb.example:2136", "/local", credentials=given)},
    ]:
        with pytest.raises(ConfigurationError) as raised:
            driver_class(**options, credentials=given)
        assert raised.value.code == "insecure_endpoint"


def test_no_token_no_call():
    with pytest.raises(YcIamError):
        YdbCredentials(Credentials.fixed("t1.x", 1.0)).auth_metadata()


def test_what_blocks_takes_no_async_credentials():
    with pytest.raises(TypeError, match="AsyncCredentials"):
        YdbCredentials(AsyncCredentials.fixed("t1.x"))
    with pytest.raises(TypeError, match="str"):
        AsyncYdbCredentials("t1.x")
