"""What the tests of forks share."""

from __future__ import annotations

import pytest


@pytest.fixture
def credentials(emulator, key_file_content, kind):
    return kind.service_account(key_file_content, endpoints=emulator.endpoints)
