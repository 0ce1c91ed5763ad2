"""What a user downloads and unpacks, in units of 1000 bytes."""

from __future__ import annotations

import gzip
import pathlib
import tarfile

import install

TESTING_KIT = ("testing.", "yc_iam_emulator")


def measure(root: pathlib.Path) -> dict[str, float]:
    archive = install.newest(root / "target/npm", "*.tgz")
    with tarfile.open(archive) as tarball:
        files = {pathlib.PurePath(member.name): member.size for member in tarball.getmembers() if member.isfile()}
    client = sum(size for path, size in files.items() if not path.name.startswith(TESTING_KIT))
    return {
        "wasm, gzipped": gzipped(root / "js/dist/yc_iam.wasm"),
        "the signer's wasm, gzipped": gzipped(root / "js/dist/yc_iam_signer.wasm"),
        "the tools' wasm, gzipped": gzipped(root / "js/dist/yc_iam_tools.wasm"),
        "npm, the tarball": archive.stat().st_size / 1000,
        "npm, unpacked, without the testing kit": client / 1000,
        "npm, unpacked": sum(files.values()) / 1000,
        "wheel": install.newest(root / "target/wheels", "*.whl").stat().st_size / 1000,
    }


def gzipped(file: pathlib.Path) -> float:
    return len(gzip.compress(file.read_bytes(), 9)) / 1000
