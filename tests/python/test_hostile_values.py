"""Every exported function with hostile values in every place: what is raised is documented, and nothing stops working."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import random
import time
from functools import partial

import pytest

from helpers import token_answer
from hostile import DOCUMENTED, VALUES, HostileError
from shared import key_text
from yc_iam import AsyncCredentials, Credentials, Endpoints, Response, ServiceAccountKey, YcIamError, _core, redact
from yc_iam.testing import Emulator, Issuer

NOW = 1767225600.0
ID = "ajeb9l33h6mu12345678"
TOKEN = "t1.9euelZqTokenOfATest-0123456789.AbCdEf"
MODULES = ["yc_iam", "yc_iam._core", "yc_iam.kubernetes", "yc_iam.testing", "yc_iam.errors", "yc_iam.resources"]
# They open ports and write files; what is in them is called by the others.
LEFT_OUT = {"start", "stop", "kubernetes", "token_file"}
# They take whatever has a request's attributes, or an error's.
ANYTHING = {"yc_iam.default_transport", "yc_iam._core.Program().fail"}


# The kit is for tests: what is no issuer has nothing of an issuer's.
KIT = (AttributeError,)

# What a connection brought, which is the connection's fault.
READER = (ConnectionError,)


def transport(request):
    return token_answer(TOKEN)


def specimens(private_key, running):
    """One object of each exported class."""
    key = ServiceAccountKey.from_json(key_text("plain"))
    endpoints = Endpoints.all_at("http://127.0.0.1:9")
    source = _core.Source.service_account(key, True)
    session = _core.Session(source, endpoints, 1)
    sign = session.poll(NOW)
    session.complete_signature(sign.id, NOW, bytes(256))
    perform = session.poll(NOW)
    wait = session.poll(NOW)
    session.complete(perform.id, NOW, token_answer(TOKEN))
    use = session.poll(NOW)
    task = partial(_core.Task.lockbox_get, "e6q")
    call = _core.Call(task(), endpoints, None, bytes(16))
    authorize = call.poll(NOW)
    call.authorize(TOKEN)
    asked = call.poll(NOW)
    body = json.dumps({"versionId": "e6qv", "entries": [{"key": "user", "textValue": "ann"}]}).encode()
    call.complete(asked.id, NOW, Response(200, {"content-type": "application/json"}, body))
    done = call.poll(NOW)
    failed = _core.Session(source, endpoints, 1)
    failed.complete(failed.poll(NOW).id, NOW, ("signing", "no"))
    emulator = _core.Emulator(seed=1)
    emulator.handle("GET", "/", {}, b"", NOW)
    given = {"YC_SERVICE_ACCOUNT_KEY_FILE": "/nowhere"}
    asks = _core.Program(["token"], bytes(16), True, {"YC_IAM_TOKEN": TOKEN})
    pod = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}
    certificate = _core.cluster_tls(["127.0.0.1"], NOW)[0].encode()
    fixed = {"endpoints": endpoints, "transport": transport}
    made = [
        key, endpoints, source, session, perform, wait, use, use.token, perform.action, sign.action, call, authorize,
        done, done.answer, failed.poll(NOW), emulator, emulator.requests[0], emulator.handle("GET", "/", {}, b"", NOW),
        _core.EmulatedResources(emulator), _core.EmulatedCluster(emulator), task(), _core.SubjectToken.value("x"),
        token_answer(), asks, asks.poll(NOW), _core.Program(["emulator"], bytes(16), True, {}).poll(NOW),
        _core.Program(["--help"], bytes(16), True, {}).poll(NOW), _core.Issuer("https://a.example", private_key),
        _core.TokenFile("default", "app"), _core.ExecPlugin("yc"),
        _core.Cluster(lambda path: certificate if path.endswith(".crt") else b"default", None, pod),
        _core.Session(_core.Source.default(NOW, environ=given), endpoints, 1).poll(NOW).action,
        _core.Message("GET", "http://127.0.0.1:9/", {}, None), _core.ResponseReader("GET", 1000),
        running, Issuer(private_key=private_key), Credentials.fixed(TOKEN, **fixed),
        AsyncCredentials.fixed(TOKEN, **fixed),
    ]  # fmt: skip
    credentials = Credentials.fixed(TOKEN, **fixed)
    for name in ("lockbox", "federated_credentials", "federations", "operations"):
        made.append(getattr(credentials, name))
        made.append(getattr(AsyncCredentials.fixed(TOKEN, **fixed), name))
    return made, key, endpoints


@pytest.fixture(scope="module")
def world(private_key):
    with Emulator() as running, pytest.MonkeyPatch.context() as patch:
        # The kit makes a key where none is given, and that takes time.
        patch.setattr(_core, "generate_private_key", lambda *_: private_key)
        yield specimens(private_key, running)


def good_values(world, private_key):
    """What stands in the places that are not looked at, by the parameter's name."""
    made, key, endpoints = world
    by_class = {type(specimen).__name__: specimen for specimen in made}
    token = by_class["Token"]
    return {
        "now": NOW, "id": 1, "most": 1000, "proxy": {}, "data": b"x", "seed": 1, "entropy": bytes(16), "timeout": 1.0, "status": 200, "headers": {},
        "body": b"{}", "code": 3, "bits": 2048, "key": key, "endpoints": endpoints, "token_value": TOKEN,
        "token": token, "source": by_class["Source"], "subject_token": by_class["SubjectToken"],
        "emulator": _core.Emulator(), "issuer": by_class["Issuer"], "response": token_answer(), "task": made[20],
        "url": "http://127.0.0.1:9", "server": "https://127.0.0.1:9", "read": lambda path: ("file", "no"),
        "arguments": ["--help"], "stdin_is_terminal": True, "kind": "other", "detail": "x", "method": "GET",
        "content": key_text("plain"), "mapping": json.loads(key_text("plain")), "path": "/nowhere",
        "service_account_id": ID, "private_key": private_key, "transport": transport, "signer": None,
        "supplier": None, "audiences": ["a"], "names": ["127.0.0.1"], "federation": None, "credential": None,
        "error": YcIamError("x", code="timeout", fault="network"), "request": by_class["Request"],
        "labels": None, "json": None, "signature": bytes(256), "entries": {"a": "b"}, "target": "/",
        "details": "", "detected_early": False, "lifetime": 3600, "audience": None, "secs": 1, "clock": None,
        "user": "user", "cluster": "cluster", "environ": {}, "existing": None, "format": "yaml",
    }  # fmt: skip


def exported():
    """Every name of every public module, and of the extension module."""
    found = {}
    for name in MODULES:
        module = importlib.import_module(name)
        for exported in module.__all__:
            value = getattr(module, exported)
            if callable(value):
                found.setdefault(id(value), (f"{name}.{exported}", value))
    return [(name, value) for name, value in found.values() if not is_error(value)]


def is_error(value):
    return inspect.isclass(value) and issubclass(value, YcIamError)


def methods(owner):
    for name in dir(owner):
        if name.startswith("_") and name != "__eq__":
            continue
        if name not in LEFT_OUT:
            yield name


def callables(world):
    """Every function, constructor and method, by name."""
    made = world[0]
    found = {}
    for name, value in exported():
        found[name] = value
        if inspect.isclass(value):
            for method in methods(value):
                attribute = inspect.getattr_static(value, method)
                if isinstance(attribute, (staticmethod, classmethod)) or type(attribute).__name__.startswith("builtin_"):
                    found[f"{name}.{method}"] = getattr(value, method)
    for specimen in made:
        for method in methods(specimen):
            attribute = getattr(specimen, method)
            if callable(attribute):
                kind = type(specimen)
                found.setdefault(f"{kind.__module__}.{kind.__qualname__}().{method}", attribute)
    return {name: function for name, function in found.items() if name not in ANYTHING}


def parameters(function):
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError:
        return [inspect.Parameter("argument", inspect.Parameter.POSITIONAL_ONLY)]


def attempt(name, function, arguments):
    """Calls it, and says whether it worked."""
    positional = [value for parameter, value in arguments if parameter.kind is not parameter.KEYWORD_ONLY]
    keywords = {parameter.name: value for parameter, value in arguments if parameter.kind is parameter.KEYWORD_ONLY}
    began = time.monotonic()
    try:
        result = function(*positional, **keywords)
        if inspect.isawaitable(result):
            asyncio.run(asyncio.wait_for(result, 5))
        worked = True
    except (
        *DOCUMENTED,
        *(KIT if ".testing" in name else ()),
        *(READER if ".ResponseReader" in name else ()),
    ) as error:
        worked = False
        if isinstance(error, YcIamError):
            assert "InTheHostileError" not in repr(error) + error.hint
    except BaseException as error:
        given = {parameter.name: type(value).__name__ for parameter, value in arguments}
        raise AssertionError(f"{name} raised {type(error)} for {given}") from error
    assert time.monotonic() - began < 5, name
    return worked


def places(function):
    kinds = (inspect.Parameter.VAR_KEYWORD,)
    return [parameter for parameter in parameters(function) if parameter.kind not in kinds]


def assert_alive(key):
    assert redact(TOKEN) == "[IAM token redacted]"
    assert key.sign_jwt(now=NOW).count(".") == 2
    assert Credentials.service_account(key, endpoints=Endpoints.default(), transport=transport).token().value == TOKEN


def test_every_class_has_a_specimen(world):
    kinds = {type(specimen) for specimen in world[0]}
    without = {name for name, value in exported() if inspect.isclass(value) and value not in kinds}
    known = {"ReadInput", "ReadVariable", "Supply", "InCluster", "AsyncInCluster", "ServiceAccountSecret", "TokenFile"}
    data = {"Explanation", "Fact", "Finding", "FederatedCredential", "Federation", "Operation", "OperationError", "Page"}
    assert {name.rpartition(".")[2] for name in without} - known - data == set()


def test_each_place(world, private_key):
    good, key = good_values(world, private_key), world[1]
    functions = callables(world)
    calls = worked = 0
    for name, function in functions.items():
        given = places(function)
        for index in range(len(given)):
            for make in VALUES.values():
                arguments = [(other, good.get(other.name, "x")) for other in given]
                arguments[index] = (given[index], make())
                worked += attempt(name, function, arguments)
                calls += 1
    assert len(functions) > 200 and calls > 10_000 and worked > 100
    assert_alive(key)


def test_every_place_at_once(world, private_key):
    """Pairs and more: values drawn for all places of a function, from a fixed seed."""
    draw = random.Random(20260101)
    names = list(VALUES)
    for name, function in callables(world).items():
        given = places(function)
        for _ in range(10 if len(given) > 1 else 0):
            attempt(name, function, [(parameter, VALUES[draw.choice(names)]()) for parameter in given])
    assert_alive(world[1])


def test_too_many_and_too_few(world):
    for name, function in callables(world).items():
        for count in (0, 40):
            if count or len(parameters(function)) > 0:
                anywhere = inspect.Parameter("argument", inspect.Parameter.POSITIONAL_ONLY)
                attempt(name, function, [(anywhere, "x")] * count)


def test_attributes(world):
    """Reading shows; nothing can be put in place of what the core holds."""
    for specimen in world[0]:
        core = type(specimen).__module__.startswith("yc_iam._core")
        for name in methods(specimen):
            getattr(specimen, name)
            if core and not name.startswith("__"):
                with pytest.raises((AttributeError, TypeError)):
                    setattr(specimen, name, None)


def test_a_secret_that_is_no_unicode_is_not_in_the_error():
    """Python's own error would carry the whole text."""
    secret = "y0_AgAAAAExampleOfNoAccount-0123456789\ud800"
    token = "t1.9euelZqTokenOfATest-0123456789.AbCdEf\ud800"
    content = key_text("plain").decode() + "\ud800"
    for attempt in (
        lambda: Credentials.oauth(secret),
        lambda: Credentials.fixed(token),
        lambda: Credentials.function(json.dumps({"access_token": token}, ensure_ascii=False)),
        lambda: Credentials.workload_identity(ID, token=secret).token(),
        lambda: Credentials.fixed(TOKEN).revoke(token),
        lambda: ServiceAccountKey.from_json(content),
        lambda: Credentials.service_account(content),
    ):
        with pytest.raises(YcIamError) as raised:
            attempt()
        error = raised.value
        while error is not None:
            for text in (repr(error), str(vars(error))):
                assert "0123456789" not in text and "PRIVATE" not in text
            error = error.__cause__ or error.__context__
    assert Credentials.fixed(TOKEN).invalidate(token) is False
    assert redact(f"before {token}").strip("\ufffd") == "before [IAM token redacted]"


def test_hostile_errors_are_the_programs_own():
    with pytest.raises(HostileError):
        ServiceAccountKey.from_any(VALUES["fails at everything"]())
