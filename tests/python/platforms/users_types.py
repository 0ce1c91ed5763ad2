"""A user's program, read by type checkers and never run. A line with `error:` is one that both must refuse."""

from __future__ import annotations

from yc_iam import AsyncCredentials, Credentials, Endpoints, LockboxPayload, Request, Response, ServiceAccountKey, Token
from yc_iam import YcIamError, default_transport, explain


def blocking(key: ServiceAccountKey) -> str:
    credentials = Credentials.service_account(key, endpoints=Endpoints.default(), transport=default_transport)
    token: Token = credentials.token()
    payload: LockboxPayload = credentials.lockbox.get("e6q")
    names: list[str] = [each.external_subject_id for each in credentials.federated_credentials.list("aje")]
    try:
        return f"{credentials.authorization()} {token.expires_at + 1.0} {payload.text('password')} {names}"
    except YcIamError as error:
        return error.hint or error.code


async def send(request: Request) -> Response:
    return Response(200, {}, request.body or b"")


async def awaited() -> str:
    credentials = AsyncCredentials.workload_identity("aje", token_file="token", transport=send)
    payload: LockboxPayload = await credentials.lockbox.get("e6q")
    token: Token = await credentials.token()
    return f"{token.value} {payload.text('password')} {explain(token.value)}"


async def wrong(key: ServiceAccountKey) -> None:
    Credentials.service_account(1)  # error: no key
    Credentials.service_account(key, transport=send)  # error: nobody awaits
    Credentials.service_account(key, "global")  # error: by keyword only
    Credentials.nothing()  # error: no such constructor
    text: str = Credentials.oauth("y0_x").token()  # error: a Token
    token: Token = AsyncCredentials.metadata().token()  # error: not awaited
    key.sign_jwt(lifetime="1h")  # error: a number
    key.id = "ajx"  # error: read only
    print(text, token)
