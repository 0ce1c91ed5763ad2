"""A server that loads the application once and forks its workers off."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers import exchanges, subject

pytest.importorskip("gunicorn", reason="gunicorn is for systems that fork")

WORKERS = 2


@contextmanager
def served(directory, **variables):
    """The address of gunicorn with the application of `preloaded.py`."""
    line = [sys.executable, "-m", "gunicorn", "preloaded:app", "--preload", "--workers", str(WORKERS)]
    line += ["--bind", "127.0.0.1:0", "--pythonpath", str(Path(__file__).parent)]
    server = subprocess.Popen(line, cwd=directory, env={**os.environ, **variables}, stderr=subprocess.PIPE, text=True)
    said, address = [], Future()

    def read():
        # To its end: a server that nobody reads comes to a halt.
        for each in server.stderr:
            said.append(each)
            found = re.search(r"Listening at: (http://127\.0\.0\.1:\d+) ", each)
            if found:
                address.set_result(found.group(1))
        if not address.done():
            address.set_exception(AssertionError("".join(said)))

    with server, ThreadPoolExecutor(1) as reader:
        reader.submit(read)
        try:
            yield address.result(60)
        finally:
            server.terminate()
            server.wait(30)


def ask(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


def test_workers_that_were_forked_off(emulator, key_file_content, tmp_path):
    key_file = tmp_path / "key.json"
    key_file.write_text(key_file_content)
    # Long enough for the second request to come to the other worker.
    emulator.order_fault(delay=1.0, times=WORKERS)
    with served(tmp_path, EMULATOR=emulator.url, KEY_FILE=str(key_file)) as url:
        with ThreadPoolExecutor(WORKERS) as pool:
            first = list(pool.map(ask, [url] * WORKERS))
            again = list(pool.map(ask, [url] * 20))
    of_process = {each["process"]: each["authorization"] for each in first}
    assert len(of_process) == len(set(of_process.values())) == WORKERS
    assert all(subject(emulator, each) for each in of_process.values())
    # Each goes on with its own.
    assert all(of_process[each["process"]] == each["authorization"] for each in again)
    assert len(exchanges(emulator)) == WORKERS
