"""What is left of a private key in the memory of a process that used it and let it go."""

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
import gc, json, sys
from yc_iam import Credentials, Endpoints, Response, ServiceAccountKey

def answer(request):
    body = json.dumps({"iamToken": "t1.memory", "expiresAt": "2099-01-01T00:00:00Z"}).encode()
    return Response(200, {"content-type": "application/json"}, body)

key = ServiceAccountKey.from_file("key.json")
made = [Credentials.service_account(it, endpoints=Endpoints.default(), transport=answer) for it in (key, "key.json")]
for credentials in made:
    credentials.token()
for _ in range(3):
    key.sign_jwt()
for step in ("kept", "gone"):
    if step == "gone":
        del key, made, credentials
        gc.collect()
    print(step, flush=True)
    sys.stdin.readline()
"""


def windows(data, size=16):
    return {data[start : start + size] for start in range(0, len(data) - size + 1, size)}


def needles(marked):
    """The numbers as DER has them and as big-number arithmetic has them. Of the text, SECURITY.md says who may keep a copy."""
    for name, number in marked.numbers.items():
        yield f"{name}, most significant byte first", windows(number)
        yield f"{name}, least significant byte first", windows(number[::-1])


def searched(pid, marked):
    """What is found in the writable memory of a process, and where: a name of a secret, and of a mapping."""
    wanted = {needle: name for name, some in needles(marked) for needle in some}
    pattern = re.compile(b"|".join(re.escape(needle) for needle in wanted))
    found = {}
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            place, access, *_, name = (line.split(maxsplit=5) + [""])[:6]
            if "rw" not in access or name.startswith(("[vvar", "[vsyscall")):
                continue
            start, end = (int(number, 16) for number in place.split("-"))
            memory.seek(start)
            held = memory.read(end - start)
            for hit in pattern.finditer(held):
                where = f"{wanted[hit.group()]} in {name.strip() or 'anonymous memory'}"
                found.setdefault(where, []).append(start + hit.start())
    return found


def test_nothing_is_left_of_a_key(tmp_path):
    marked = Marked()
    (tmp_path / "key.json").write_text(json.dumps(marked.key))
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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
