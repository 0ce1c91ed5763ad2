"""Who is measured against whom."""

from __future__ import annotations

import pathlib


def make_key_file(path: pathlib.Path) -> str:
    from yc_iam.testing import Emulator

    with Emulator() as emulator:
        path.write_text(emulator.service_account_key())
    return str(path)


def cold_starts(python: str, node: pathlib.Path, key_file: str) -> dict[str, dict[str, list[str]]]:
    """Command lines of programs that read the key file and sign one JWT; `bare` does nothing."""
    scripts = pathlib.Path(__file__).resolve().parent / "python"

    def py(name: str) -> list[str]:
        return [python, str(scripts / name), key_file]

    def js(name: str) -> list[str]:
        return ["node", str(node / name), key_file]

    return {
        "python cold": {
            "bare": py("cold_bare.py"),
            "yc-iam": py("cold_yc_iam.py"),
            "PyJWT": py("cold_pyjwt.py"),
        },
        "node cold": {
            "bare": js("cold_bare.cjs"),
            "yc-iam, platform": js("cold_yc_iam_platform.cjs"),
            "yc-iam, core": js("cold_yc_iam_core.cjs"),
            "fast-jwt": js("cold_fast_jwt.cjs"),
            "jose": js("cold_jose.mjs"),
        },
    }


def signatures(python: str, node: pathlib.Path, root: pathlib.Path, key_file: str) -> dict[str, list[str]]:
    """Command lines of programs that measure one signature by themselves."""
    scripts = pathlib.Path(__file__).resolve().parent / "python"
    published, default_limbs = root / "js/dist", root / "target/bench/default-limbs/dist"
    signer = ["node", str(node / "warm_signer.mjs"), key_file]
    return {
        "python signature": [python, str(scripts / "warm.py"), key_file],
        "node signature": ["node", str(node / "warm.mjs"), key_file],
        "wasm signer": [*signer, "as published", str(published), "default limbs", str(default_limbs)],
    }
