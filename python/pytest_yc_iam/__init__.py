"""Fixtures for pytest: an emulator of the service for one test, and credentials that it takes.

    def test_backup(yc_iam_emulator):
        backup()  # `Credentials.default()` in there gets its tokens from the emulator
        assert yc_iam_emulator.tokens_issued == 1

Installing `yc-iam` is enough for pytest to find them. A test that fails shows what its emulator received and decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from yc_iam import Credentials
    from yc_iam.testing import Emulator

__all__ = ["yc_iam_credentials", "yc_iam_emulator", "yc_iam_private_key"]

_EMULATORS: WeakKeyDictionary[pytest.Item, Emulator] = WeakKeyDictionary()


@pytest.fixture(scope="session")
def yc_iam_private_key() -> str:
    """The private key of every `yc_iam_emulator`'s key file: a PEM block, made once, which takes a while."""
    from yc_iam.testing import generate_private_key

    return generate_private_key()


@pytest.fixture
def yc_iam_emulator(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    yc_iam_private_key: str,
) -> Generator[Emulator]:
    """A `yc_iam.testing.Emulator` that runs during the test.

    The environment leads to it: `YC_IAM_ENDPOINT` holds its URL, and `YC_SERVICE_ACCOUNT_KEY_FILE` the path of a key file
    that it knows, so code that uses `Credentials.default()` runs unchanged. `YC_METADATA_ADDR` is taken away.
    """
    from yc_iam.testing import Emulator

    with Emulator() as emulator:
        _EMULATORS[request.node] = emulator
        key_file: Path = tmp_path_factory.mktemp("yc-iam") / "key.json"
        key_file.touch(mode=0o600)
        key_file.write_text(emulator.service_account_key(private_key=yc_iam_private_key), "utf-8")
        monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
        monkeypatch.setenv("YC_SERVICE_ACCOUNT_KEY_FILE", str(key_file))
        monkeypatch.delenv("YC_METADATA_ADDR", raising=False)
        yield emulator


@pytest.fixture
def yc_iam_credentials(yc_iam_emulator: Emulator) -> Credentials:
    """`yc_iam.Credentials` that `yc_iam_emulator` takes: those of the environment, as the code under test finds them."""
    from yc_iam import Credentials

    return Credentials.default(endpoints=yc_iam_emulator.endpoints)


# Wrappers of the older kind: those of the newer kind would break pytest 7 for whoever has it.
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    outcome = yield
    emulator = _EMULATORS.get(item)
    if emulator is None:
        return
    report: pytest.TestReport = outcome.get_result()
    if report.failed:
        report.sections.append(("yc-iam emulator", emulator.log() or "it received nothing"))
    if call.when == "teardown":
        del _EMULATORS[item]
