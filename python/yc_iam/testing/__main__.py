"""Runs the emulator by itself: `python -m yc_iam.testing [--port N] [--key-file PATH]`.

Writes a fresh key file, prints one line of JSON, `{"url": …, "key_file": …}`, and lives until its standard input closes.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from contextlib import ExitStack

from yc_iam.testing import Emulator


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m yc_iam.testing",
        description="Emulates the service on 127.0.0.1 until standard input closes.",
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="the port; by default a free one")
    parser.add_argument(
        "--key-file", metavar="PATH", help="where to write a fresh key file; by default a temporary one"
    )
    arguments = parser.parse_args()
    # So that being ended, too, takes the temporary key file away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        emulator = stack.enter_context(Emulator(port=arguments.port))
        path = arguments.key_file
        if path is None:
            path = os.path.join(stack.enter_context(tempfile.TemporaryDirectory(prefix="yc-iam-")), "key.json")
        key = emulator.service_account_key()
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(key)
        except OSError as error:
            parser.error(f"the key file cannot be written: {error.strerror or error}")
        print(json.dumps({"url": emulator.url, "key_file": path}), flush=True)
        while sys.stdin.readline():
            pass


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
