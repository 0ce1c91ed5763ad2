"""Starts one soak after the other, shows its samples as they come, and judges them. Called by `cargo xtask soak`.

Writes target/soak/<name>.json. Ends with 1 if memory, files or threads grow, or if a call hangs.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOAK = ROOT / "target" / "soak"
sys.path[:0] = [str(ROOT / "benches")]

import certificates  # noqa: E402
import judge  # noqa: E402

# A token's life in seconds; it is renewed after nine tenths of that.
LIFETIME = "20"

# V8's young generation stays small; else it takes up to 48 MB in busy times, and gives them back.
NODE = ["node", "--expose-gc", "--max-semi-space-size=1"]

PROGRAMS = {
    ("python", "weeks"): [sys.executable, "tests/soak/python/weeks.py"],
    ("python", "load"): [sys.executable, "tests/soak/python/load.py"],
    ("node", "weeks"): [*NODE, "target/soak/node/soak/weeks.mjs"],
    ("node", "load"): [*NODE, "target/soak/node/soak/load.mjs"],
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("languages", nargs="+", choices=["python", "node"])
    parser.add_argument("--minutes", type=float, default=60.0, help="of virtual weeks")
    parser.add_argument("--load", type=float, default=10.0, help="minutes of real load")
    arguments = parser.parse_args()
    SOAK.mkdir(parents=True, exist_ok=True)
    wrong = []
    for language in arguments.languages:
        if arguments.minutes:
            wrong += soaked(language, "weeks", [str(arguments.minutes * 60)], {})
        if arguments.load:
            with Service() as service:
                wrong += soaked(language, "load", [json.dumps(service.described), str(arguments.load * 60)], service.trust)
    raise SystemExit("\n".join(wrong) if wrong else 0)


class Service:
    """`service.py` in a process of its own."""

    def __enter__(self) -> Service:
        # Of its own: another soak may run at the same time.
        self.directory = tempfile.TemporaryDirectory()
        authority, certificate, key = certificates.make(pathlib.Path(self.directory.name))
        self.trust = {"SSL_CERT_FILE": str(authority), "NODE_EXTRA_CA_CERTS": str(authority)}
        command = [sys.executable, "tests/soak/service.py", str(certificate), str(key), LIFETIME]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.described = json.loads(self.process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()
        self.directory.cleanup()


def soaked(language: str, kind: str, arguments: list[str], variables: dict[str, str]) -> list[str]:
    """What is wrong with one run."""
    name = f"{language}-{kind}"
    print(f"==> {name}", flush=True)
    command = [*PROGRAMS[language, kind], *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = {**kept, "YC_IAM_ROOT": str(ROOT), **variables}
    samples: list[judge.Sample] = []
    end: dict[str, Any] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said = json.loads(line)
            if "sample" in said:
                samples.append(said["sample"])
                lines = judge.table(samples).splitlines()
                print(*(lines if len(samples) == 1 else lines[-1:]), sep="\n", flush=True)
            else:
                end = said
    (SOAK / f"{name}.json").write_text(json.dumps({"samples": samples, **end}, indent=1) + "\n")
    print(json.dumps(end), flush=True)
    found = judge.complaints(samples, end)
    if process.returncode:
        found.append(f"ended with {process.returncode}")
    print(*(found or ["flat"]), sep="\n", flush=True)
    return [f"{name}: {what}" for what in found]


if __name__ == "__main__":
    main()
