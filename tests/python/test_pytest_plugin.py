"""The fixtures that pytest finds by itself, in test suites as users write them."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from shared import ROOT

pytest_plugins = ["pytester"]


@pytest.fixture
def suite(pytester, monkeypatch):
    """Runs a test file in a process of its own."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(code, *arguments):
        pytester.makepyfile(code)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments, timeout=60)

    return run


def test_code_under_test_runs_unchanged(suite):
    suite(
        """
        from yc_iam import Credentials

        def test_offline(yc_iam_emulator):
            assert Credentials.default().token().value.startswith("t1.")
            assert yc_iam_emulator.tokens_issued == 1
        """
    ).assert_outcomes(passed=1)


def test_so_does_what_the_documentation_shows(suite):
    code = (ROOT / "docs" / "testing.md").read_text("utf-8")
    [shown] = re.findall(r"```python\n([^`]*def test_[^`]*yc_iam_emulator[^`]*)```", code)
    suite(shown).assert_outcomes(passed=1)


def test_every_test_has_an_emulator_of_its_own_and_the_environment_comes_back(suite, monkeypatch):
    monkeypatch.setenv("YC_IAM_ENDPOINT", "https://iam.example.net")
    monkeypatch.setenv("YC_ENDPOINT", "api.yandexcloud.kz:443")
    monkeypatch.setenv("YC_TOKEN", "y0_not-this-one")
    suite(
        """
        import os
        import stat
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(number, yc_iam_emulator, yc_iam_credentials, tmp_path):
            assert os.environ["YC_IAM_ENDPOINT"] == yc_iam_emulator.url
            assert stat.S_IMODE(os.stat(os.environ["YC_SERVICE_ACCOUNT_KEY_FILE"]).st_mode) == 0o600
            yc_iam_credentials.token()
            assert yc_iam_emulator.tokens_issued == 1
            assert not list(tmp_path.iterdir())

        def test_after():
            assert os.environ["YC_IAM_ENDPOINT"] == "https://iam.example.net"
            assert "YC_SERVICE_ACCOUNT_KEY_FILE" not in os.environ
        """
    ).assert_outcomes(passed=3)


def test_a_failure_shows_what_was_received_and_why_it_was_refused(suite):
    result = suite(
        """
        import os
        from yc_iam import Credentials, ServiceAccountKey

        def test_refused(yc_iam_emulator):
            key = ServiceAccountKey.from_file(os.environ["YC_SERVICE_ACCOUNT_KEY_FILE"])
            yc_iam_emulator.delete_key(key.id)
            Credentials.default().token()
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"-+ yc-iam emulator -+",
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z POST /iam/v1/tokens -> 401 refused: Key 'aje\w+' was not found",
            r'    \{"typ":"JWT","alg":"PS256","kid":"aje\w+"\}',
            r'    \{"iss":"aje\w+",.*\}',
        ],
        consecutive=True,
    )
    shown = result.stdout.str()
    assert "eyJ" not in shown and "BEGIN PRIVATE" not in shown


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("setup", "@pytest.fixture\ndef broken(yc_iam_credentials):\n    yc_iam_credentials.token()\n    assert False"),
        ("teardown", "@pytest.fixture\ndef broken(yc_iam_credentials):\n    yc_iam_credentials.token()\n    yield\n    assert False"),
    ],
)  # fmt: skip
def test_so_does_one_before_or_after_the_test(suite, when, code):
    result = suite(f"import pytest\n\n{code}\n\ndef test_it(broken):\n    pass\n")
    result.assert_outcomes(errors=1, passed=int(when == "teardown"))
    result.stdout.re_match_lines([r"-+ yc-iam emulator -+", r".*Z POST /iam/v1/tokens -> 200 accepted for aje\w+"])


def test_a_failure_without_requests_says_so(suite):
    result = suite("def test_it(yc_iam_emulator):\n    assert False\n")
    result.stdout.fnmatch_lines(["*- yc-iam emulator -*", "it received nothing"], consecutive=True)


def test_tests_without_it_show_nothing_and_a_test_that_passes_neither(suite):
    result = suite(
        """
        def test_fails():
            assert False

        def test_passes(yc_iam_credentials):
            yc_iam_credentials.token()
        """
    )
    result.assert_outcomes(failed=1, passed=1)
    assert "emulator" not in result.stdout.str()


def test_nothing_is_imported_before_a_fixture_is_asked_for(suite):
    suite(
        """
        import sys

        def test_unused(request):
            assert request.config.pluginmanager.hasplugin("yc_iam")
            assert not [name for name in sys.modules if name.partition(".")[0] == "yc_iam"]
        """
    ).assert_outcomes(passed=1)


def test_it_is_typed_and_documented(suite):
    result = suite("", "--fixtures")
    result.stdout.fnmatch_lines(["yc_iam_emulator *", "*A `yc_iam.testing.Emulator` that runs during the test."])


def test_the_plugin_can_be_left_out():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:yc_iam", "--fixtures", "--collect-only", "-c", "/dev/null", __file__],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "yc_iam_emulator" not in done.stdout
