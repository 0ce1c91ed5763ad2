"""What a user downloads and unpacks, in units of 1000 bytes."""

from __future__ import annotations

import gzip
import pathlib
import tarfile

import install

TESTING_KIT = ("testing.", "yc_iam_emulator")


def measure(root: pathlib.Path) -> dict[str, float]:
    with tarfile.open(install.newest(root / "target/npm", "*.tgz")) as tarball:
        files = {pathlib.PurePath(member.name).name: member.size for member in tarball.getmembers() if member.isfile()}
    client = sum(size for name, size in files.items() if not name.startswith(TESTING_KIT))
    return {
        "wasm_gzipped": gzipped(root / "js/dist/yc_iam.wasm"),
        "signer_wasm_gzipped": gzipped(root / "js/dist/yc_iam_signer.wasm"),
        "npm_unpacked": client / 1000,
        "npm_unpacked_with_testing_kit": sum(files.values()) / 1000,
        "wheel": install.newest(root / "target/wheels", "*.whl").stat().st_size / 1000,
    }


def gzipped(file: pathlib.Path) -> float:
    return len(gzip.compress(file.read_bytes(), 9)) / 1000
