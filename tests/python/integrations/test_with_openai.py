"""The clients of openai with tokens of ours, at a server that answers as its API does."""

from __future__ import annotations

import asyncio

import openai
import pytest

from http_services import REFUSAL, bearers, serving
from services import header
from yc_iam import ConfigurationError
from yc_iam.integrations.openai import api_key, async_client, client

COMPLETION = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
}
QUESTION = {"model": "gpt://b1gfolder/m", "messages": [{"role": "user", "content": "Hi?"}]}


def ask(models):
    return models.chat.completions.create(**QUESTION).choices[0].message.content


async def ask_and_close(models):
    async with models:
        return (await models.chat.completions.create(**QUESTION)).choices[0].message.content


def test_a_request_has_the_token(credentials, emulator, clock):
    with serving(COMPLETION) as server, client(credentials, f"{server.url}/v1", project="b1gfolder") as models:
        assert [ask(models), ask(models)] == ["Hello."] * 2
        assert bearers(server) == [credentials.authorization()] * 2
        assert header(server.received[0], "openai-project") == "b1gfolder"
        clock.offset = 12 * 3600
        assert ask(models) == "Hello."
    assert emulator.tokens_issued == 2


def test_a_refused_token_is_renewed_once(credentials, emulator):
    with serving(REFUSAL, COMPLETION) as server, client(credentials, f"{server.url}/v1") as models:
        assert ask(models) == "Hello."
        first, second = bearers(server)
        assert first != second and server.bodies[0] == server.bodies[1] != b""
    with serving(REFUSAL) as server, client(credentials, f"{server.url}/v1") as models:
        with pytest.raises(openai.AuthenticationError):
            ask(models)
        assert len(server.received) == 2


def test_asyncio(of_either_kind, emulator):
    with serving(REFUSAL, COMPLETION) as server:
        assert asyncio.run(ask_and_close(async_client(of_either_kind, f"{server.url}/v1"))) == "Hello."
        first, second = bearers(server)
    assert first != second and emulator.tokens_issued == 2


def test_the_key_alone(credentials, async_credentials):
    with serving(COMPLETION) as server:
        options = {"base_url": f"{server.url}/v1", "max_retries": 0}
        with openai.OpenAI(api_key=api_key(credentials), **options) as models:
            assert ask(models) == "Hello."
        models = openai.AsyncOpenAI(api_key=api_key(async_credentials), **options)
        assert asyncio.run(ask_and_close(models)) == "Hello."
        assert bearers(server) == [credentials.authorization(), asyncio.run(async_credentials.authorization())]


def test_only_https_and_loopback(credentials, async_credentials):
    for make, given in [(client, credentials), (async_client, async_credentials)]:
        with pytest.raises(ConfigurationError) as raised:
            make(given, "http://models.example/v1")
        assert raised.value.code == "insecure_endpoint"


def test_what_blocks_takes_no_async_credentials(async_credentials):
    with pytest.raises(TypeError, match="AsyncCredentials"):
        client(async_credentials, "https://models.example/v1")
