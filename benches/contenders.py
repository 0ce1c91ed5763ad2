"""Who is measured against whom: command lines. `bare` does nothing; `…, no more` is what any of the others pays."""

from __future__ import annotations

import pathlib
from dataclasses import dataclass

Commands = dict[str, list[str]]


@dataclass(frozen=True)
class Programs:
    """The scripts, with the interpreters that run them."""

    root: pathlib.Path
    python: str
    node: pathlib.Path
    key_file: pathlib.Path

    def py(self, name: str, *arguments: str) -> list[str]:
        return [self.python, str(self.root / "benches/python" / name), *arguments]

    def js(self, name: str, *arguments: str) -> list[str]:
        return ["node", str(self.node / name), *arguments]

    def _all(self, python: bool, scripts: dict[str, str]) -> Commands:
        run = self.py if python else self.js
        return {name: run(script, str(self.key_file)) for name, script in scripts.items()}

    def python_first_jwt(self) -> Commands:
        return self._all(True, {"bare": "cold_bare.py", "yc-iam": "cold_yc_iam.py", "PyJWT": "cold_pyjwt.py"})

    def node_first_jwt(self) -> Commands:
        scripts = {
            "bare": "cold_bare.cjs",
            "a signature, no more": "cold_floor.cjs",
            "yc-iam, platform": "cold_yc_iam_platform.cjs",
            "yc-iam, core": "cold_yc_iam_core.cjs",
            "fast-jwt": "cold_fast_jwt.cjs",
            "jose": "cold_jose.mjs",
        }
        return self._all(False, scripts)

    def python_first_token(self) -> Commands:
        scripts = {
            "bare": "cold_bare.py",
            "a request, no more": "token_floor.py",
            "yc-iam": "token_yc_iam.py",
            "PyJWT + urllib": "token_pyjwt_urllib.py",
            "PyJWT + requests": "token_pyjwt_requests.py",
            "yandexcloud": "token_yandexcloud.py",
        }
        return self._all(True, scripts)

    def node_first_token(self) -> Commands:
        scripts = {
            "bare": "cold_bare.cjs",
            "a request, no more": "token_floor.cjs",
            "yc-iam, platform": "token_yc_iam_platform.cjs",
            "yc-iam, core": "token_yc_iam_core.cjs",
            "fast-jwt + fetch": "token_fast_jwt.cjs",
            "jose + fetch": "token_jose.mjs",
            "jsonwebtoken + fetch": "token_jsonwebtoken.cjs",
            "nodejs-sdk": "token_nodejs_sdk.cjs",
        }
        return self._all(False, scripts)

    def python_memory(self) -> Commands:
        """What the same programs have in memory at their end."""
        measured = str(self.root / "benches/python/memory.py")
        return {name: [python, measured, *rest] for name, (python, *rest) in self.python_first_token().items()}

    def node_memory(self) -> Commands:
        measured = str(self.node / "memory.cjs")
        return {name: [node, "--require", measured, *rest] for name, (node, *rest) in self.node_first_token().items()}

    def one_jwt(self) -> tuple[list[str], list[str], list[str]]:
        """Programs that measure one JWT by themselves: Python's, Node's, and the core's signer in WebAssembly alone."""
        aws_lc = self.root / "target/bench/aws-lc/release/yc-iam-bench-aws-lc"
        bench = self.root / "target/bench"
        builds = {
            "yc-iam": self.root / "js/dist",
            "rsa 0.10": bench / "default-limbs/dist",
            "rsa 0.9": bench / "rsa-09/dist",
        }
        pairs = [text for name, folder in builds.items() for text in (name, str(folder))]
        key_file = str(self.key_file)
        signer = self.js("warm_signer.mjs", key_file, *pairs)
        return self.py("warm.py", key_file, str(aws_lc)), self.js("warm.mjs", key_file), signer

    def crowd(self, kind: str, count: int) -> list[str]:
        if kind == "promises":
            return self.js("crowd.mjs", str(self.key_file), str(count))
        return self.py("crowd.py", str(self.key_file), kind, str(count))

    def growth(self, python: bool, count: int) -> list[str]:
        if python:
            return self.py("growth.py", str(self.key_file), str(count))
        return ["node", "--expose-gc", str(self.node / "growth.mjs"), str(self.key_file), str(count)]
