"""What is left of a private key in the memory, and in a core dump, of a process that used it and let it go."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from marked import Marked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the memory of another process is read as Linux shows it")

# The key is read by the package itself: no string of Python's ever holds it.
PROGRAM = """
import asyncio, gc, json, os, resource, sys
from yc_iam import AsyncCredentials, Credentials, Endpoints, Response, ServiceAccountKey

def answer(request):
    body = json.dumps({"iamToken": "t1.memory", "expiresAt": "2099-01-01T00:00:00Z"}).encode()
    return Response(200, {"content-type": "application/json"}, body)

os.environ["YC_SERVICE_ACCOUNT_KEY_FILE"] = "key.json"
key = ServiceAccountKey.from_file("key.json")
how = {"endpoints": Endpoints.default(), "transport": answer}
made = [Credentials.service_account(it, **how) for it in (key, "key.json")] + [Credentials.default(**how)]
for credentials in made:
    for _ in range(2):
        credentials.invalidate(credentials.token())
async def tokens():
    for credentials in (AsyncCredentials.service_account(key, **how), AsyncCredentials.default(**how)):
        await credentials.token()
asyncio.run(tokens())
for _ in range(3):
    key.sign_jwt()
for step in ("kept", "gone"):
    if step == "gone":
        del key, made, credentials
        gc.collect()
    print(step, flush=True)
    if "abort" in sys.stdin.readline():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
        os.abort()
"""


def windows(data, size=16):
    return {data[start : start + size] for start in range(0, len(data) - size + 1, size)}


def needles(marked):
    """The numbers as DER has them and as big-number arithmetic has them, and the lines of the text, but for the first, which is
    every key's."""
    for name, number in marked.numbers.items():
        yield f"{name}, most significant byte first", windows(number)
        yield f"{name}, least significant byte first", windows(number[::-1])
    for line in marked.pem.splitlines()[2:-1]:
        yield "PEM", windows(line.encode())


def finder(marked):
    """What finds places and names in bytes."""
    wanted = {needle: name for name, some in needles(marked) for needle in some}
    pattern = re.compile(b"|".join(re.escape(needle) for needle in wanted))
    return lambda held: [(hit.start(), wanted[hit.group()]) for hit in pattern.finditer(held)]


def searched(pid, marked):
    """What is found in the writable memory of a process, and where: a name of a secret, and of a mapping."""
    find = finder(marked)
    found = {}
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            place, access, *_, name = (line.split(maxsplit=5) + [""])[:6]
            if "rw" not in access or name.startswith(("[vvar", "[vsyscall")):
                continue
            start, end = (int(number, 16) for number in place.split("-"))
            memory.seek(start)
            held = memory.read(end - start)
            for place, secret in find(held):
                where = f"{secret} in {name.strip() or 'anonymous memory'}"
                found.setdefault(where, []).append(start + place)
    return found


def started(tmp_path, marked):
    (tmp_path / "key.json").write_text(json.dumps(marked.key))
    return subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_nothing_is_left_of_a_key(tmp_path):
    marked = Marked()
    child = started(tmp_path, marked)
    with child:
        try:
            assert child.stdout.readline() == "kept\n"
            kept = searched(child.pid, marked)
            child.stdin.write("\n")
            child.stdin.flush()
            assert child.stdout.readline() == "gone\n"
            gone = searched(child.pid, marked)
        except PermissionError:
            pytest.skip("this system lets nobody read the memory of another process")
        finally:
            child.kill()
    # The search does find what is there.
    assert kept
    assert gone == {}, {where: len(places) for where, places in gone.items()}


@pytest.mark.parametrize("step", ["kept", "gone"])
def test_a_core_dump(step, tmp_path):
    """What lies on the disk when the process dies. Of a key that is in use there is something, or nothing was looked at."""
    with open("/proc/sys/kernel/core_pattern") as pattern:
        if pattern.read(1) in "|/":
            pytest.skip("this system puts core dumps elsewhere")
    marked = Marked()
    with started(tmp_path, marked) as child:
        while child.stdout.readline().strip() != step:
            child.stdin.write("\n")
            child.stdin.flush()
        child.communicate("abort\n")
    dumps = [path for path in tmp_path.iterdir() if path.name != "key.json"]
    if not dumps:
        pytest.skip("this system allows no core dump")
    held = dumps[0].read_bytes()
    dumps[0].unlink()
    found = {secret for _, secret in finder(marked)(held)}
    assert bool(found) == (step == "kept"), found
