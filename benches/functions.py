"""The functions of examples/serverless: what is uploaded, in units of 1000 bytes, and how long the first answer takes.

A function's folder is made as its README says: the example, and the package as pip or npm installs it. The cold start is
a whole process, from its start to the handler's first answer, with the emulator on loopback as the cloud.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import sys
import urllib.request
import zipfile

import install
import processes

PYTHON = ["lambda-python", "yandex-python"]
NODE = ["lambda-node", "yandex-node"]
EDGE = {"cloudflare-worker": ("workerd", "worker.js"), "vercel-edge": ("edge-light", "api/secret.js")}

# Each folder's entry points.
ENTRY_POINTS = {
    "lambda-python": ["app.handler"],
    "yandex-python": ["index.handler", "with_key.handler"],
    "lambda-node": ["app.handler"],
    "yandex-node": ["index.handler", "with-key.handler"],
}

PACKED = "functions: example and dependencies, zipped, kB"
PYTHON_COLD = "functions in Python: fresh process → first answer, ms"
NODE_COLD = "functions in Node: fresh process → first answer, ms"

NPM = ["npm.cmd" if os.name == "nt" else "npm", "install", "--offline", "--no-save", "--no-package-lock", "--omit=dev"]
QUIET_NPM = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"]


def measure(root: pathlib.Path, bench: pathlib.Path, rounds: int) -> dict[str, dict[str, float]]:
    place = bench / "serverless"
    shutil.rmtree(place, ignore_errors=True)
    folders = {name: prepared(root, place, name) for name in [*PYTHON, *NODE, *EDGE]}
    packed = {name: zipped(folder, place / f"{name}.zip") for name, folder in folders.items()}
    results = {PACKED: packed}
    scripts = root / "benches/serverless"
    for title, interpreter, invoke, bare, names in [
        (PYTHON_COLD, sys.executable, "invoke.py", "python/cold_bare.py", PYTHON),
        (NODE_COLD, "node", "invoke.cjs", "node/cold_bare.cjs", NODE),
    ]:
        print(f"==> {title}: {rounds} processes of each", flush=True)
        results[title] = cold_starts(
            {
                f"{name}, {entry_point}": (folders[name], [interpreter, str(scripts / invoke), entry_point])
                for name in names
                for entry_point in ENTRY_POINTS[name]
            },
            [interpreter, str(root / "benches" / bare)],
            rounds,
        )
    return results


def prepared(root: pathlib.Path, place: pathlib.Path, name: str) -> pathlib.Path:
    """What is uploaded of a function: with its dependencies, or as bundled for the edge."""
    folder = place / name
    shutil.copytree(root / "examples/serverless" / name, folder, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    if name in PYTHON:
        wheel = install.newest(root / "target/wheels", "*.whl")
        install.run([sys.executable, *install.QUIET_PIP, "--no-index", "--no-deps", "--target", str(folder), str(wheel)])
        return folder
    tarball = install.newest(root / "target/npm", "*.tgz")
    if name in NODE:
        install.run([*NPM, *QUIET_NPM, str(tarball)], cwd=folder)
        return folder
    # wrangler and Vercel bundle with esbuild; it comes with this repository's own dependencies.
    (folder / "package.json").unlink()
    install.run([*NPM, *QUIET_NPM, str(tarball), str(root / "js/node_modules/esbuild")], cwd=folder)
    shutil.copy(root / "tests/js/runtimes/bundle.mjs", folder / "shared.mjs")
    shutil.copy(root / "benches/serverless/bundle.mjs", folder / "bundle.mjs")
    kind, entry = EDGE[name]
    bundled = place / f"{name}-bundled"
    install.run(["node", "bundle.mjs", kind, entry, str(bundled)], cwd=folder)
    return bundled


def zipped(folder: pathlib.Path, archive: pathlib.Path) -> float:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                target.write(file, file.relative_to(folder))
    return archive.stat().st_size / 1000


def cold_starts(
    functions: dict[str, tuple[pathlib.Path, list[str]]], bare: list[str], rounds: int
) -> dict[str, float]:
    from yc_iam.testing import Emulator

    with Emulator() as emulator:
        robot = emulator.create_service_account("robot")
        secret_id = emulator.create_secret("b1gfolder0000000000", "database", {"user": "app"})
        emulator.add_access_binding(secret_id, "lockbox.payloadViewer", robot)
        emulator.attach_service_account(robot)
        url = f"{emulator.url}/computeMetadata/v1/instance/service-accounts/default/token"
        request = urllib.request.Request(url, headers={"Metadata-Flavor": "Google"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            token = answer.read().decode()
        environment = {
            "YC_IAM_ENDPOINT": emulator.url,
            "YC_SERVICE_ACCOUNT_KEY_FILE": emulator.service_account_key(robot),
            "SECRET_ID": secret_id,
        }
        event = json.dumps({"secretId": secret_id})
        commands = {"bare": bare, **{name: [*command, event, token] for name, (_, command) in functions.items()}}
        places = {name: folder for name, (folder, _) in functions.items()}
        return processes.medians(commands, rounds, environment, places)
