"""Every integration imports its own library, when it is imported itself, and no other."""

from __future__ import annotations

import importlib.util
import pkgutil

import pytest

import yc_iam.integrations
from test_import import loaded_by

LIBRARIES = {"aiohttp", "grpc", "httpx", "httpx2", "kubernetes", "openai", "requests", "yandexcloud", "ydb"}
# What a library, or its version, is built on itself.
BUILT_ON = {
    "openai": {"httpx", "httpx2", "requests", "aiohttp"},
    "yandexcloud": {"grpc", "requests"},
    "ydb": {"grpc", "requests", "aiohttp"},
    "kubernetes": {"requests"},
    "httpx2": {"httpx"},
}
MODULES = sorted(module.name for module in pkgutil.iter_modules(yc_iam.integrations.__path__) if module.name[0] != "_")


def test_there_is_one_for_each():
    assert set(MODULES) == LIBRARIES


def test_the_package_loads_none():
    loaded = loaded_by("import yc_iam.integrations")
    assert loaded == {"yc_iam", "yc_iam._core", "yc_iam.integrations"}


@pytest.mark.parametrize("name", MODULES)
def test_it_loads_its_own(name):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not there for this version of Python")
    loaded = loaded_by(f"import yc_iam.integrations.{name}")
    assert loaded & LIBRARIES <= {name} | BUILT_ON.get(name, set())


@pytest.mark.parametrize("name", MODULES)
def test_every_public_thing_says_what_it_is(name):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not there for this version of Python")
    module = importlib.import_module(f"yc_iam.integrations.{name}")
    assert module.__doc__
    for public in module.__all__:
        assert getattr(module, public).__doc__, public
