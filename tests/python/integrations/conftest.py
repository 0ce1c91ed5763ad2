"""What the tests of several integrations need."""

from __future__ import annotations

import pytest

from yc_iam import AsyncCredentials, Credentials


@pytest.fixture
def credentials(emulator, key_file_content):
    return Credentials.service_account(key_file_content, endpoints=emulator.endpoints)


@pytest.fixture
def async_credentials(emulator, key_file_content):
    return AsyncCredentials.service_account(key_file_content, endpoints=emulator.endpoints)


@pytest.fixture(params=["sync", "async"])
def of_either_kind(request):
    """For clients of asyncio, which take both."""
    return request.getfixturevalue("credentials" if request.param == "sync" else "async_credentials")


@pytest.fixture
def whoami(emulator):
    """An address that answers 401 to whatever is not a good token."""
    return f"{emulator.url}/emulator/whoami"
