"""Run by each interpreter, with nothing but its standard library and the wheel: what the package is for, once."""

import asyncio
import base64
import os
import subprocess
import sys
import tempfile
import threading
import warnings

import yc_iam
from yc_iam import AsyncCredentials, Credentials, ServiceAccountKey
from yc_iam.testing import Emulator, generate_private_key


def names():
    for name in yc_iam.__all__:
        assert getattr(yc_iam, name) is not None, name


def verified(jwt, private_key):
    """By OpenSSL, which is told nothing but PS256's parameters."""
    signed, _, signature = jwt.rpartition(".")
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "")
        for name, content in (
            ("key.pem", private_key.encode()),
            ("signature", base64.urlsafe_b64decode(signature + "==")),
            ("signed", signed.encode()),
        ):
            with open(path + name, "wb") as file:
                file.write(content)
        command = ["openssl", "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
        command += ["-prverify", path + "key.pem", "-signature", path + "signature", path + "signed"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert done.returncode == 0, done.stdout


def in_threads(credentials):
    values = []
    threads = [threading.Thread(target=lambda: values.append(credentials.token().value)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(values) == 20
    assert len(set(values)) == 1


async def in_tasks(credentials):
    tokens = await asyncio.gather(*(credentials.token() for _ in range(20)))
    assert len({token.value for token in tokens}) == 1


def in_a_child(credentials, key):
    """Threads are there, and what they hold is not theirs in the child: newer versions warn of that."""
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            token = credentials.token()
            assert credentials.invalidate(token)
            os.write(write, f"{token.value} {credentials.token().value} {key.sign_jwt()}".encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read) as answer:
        token, own, jwt = answer.read().split()
    os.waitpid(child, 0)
    assert token == credentials.token().value != own
    return jwt


AT_EXIT = """
import asyncio, atexit
from yc_iam import AsyncCredentials
credentials = AsyncCredentials.default()
atexit.register(lambda: print(asyncio.run(credentials.token()).value))
"""


def at_exit(key_file, endpoint):
    """Where no thread can be started any more: Python 3.12 refuses."""
    variables = {**os.environ, "YC_SERVICE_ACCOUNT_KEY_FILE": key_file, "YC_IAM_ENDPOINT": endpoint}
    line = [sys.executable, "-W", "error", "-c", AT_EXIT]
    return subprocess.run(line, stdout=subprocess.PIPE, check=True, timeout=60, env=variables).stdout.decode().strip()


def command(key_file, endpoint):
    line = [sys.executable, "-W", "error", "-m", "yc_iam", "token", "--key-file", key_file, "--endpoint", endpoint]
    return subprocess.run(line, stdout=subprocess.PIPE, check=True, timeout=60).stdout.decode().strip()


def main():
    names()
    private_key = generate_private_key()
    with Emulator() as emulator:
        content = emulator.service_account_key(private_key=private_key)
        key = ServiceAccountKey.from_json(content)
        verified(key.sign_jwt(), private_key)
        credentials = Credentials.service_account(content, endpoints=emulator.endpoints)
        in_threads(credentials)
        asyncio.run(in_tasks(AsyncCredentials.service_account(content, endpoints=emulator.endpoints)))
        # One exchange of each.
        assert len([request for request in emulator.requests if request.method == "POST"]) == 2
        with tempfile.TemporaryDirectory() as directory:
            key_file = os.path.join(directory, "key.json")
            with open(key_file, "w") as file:
                file.write(content)
            assert command(key_file, emulator.url).startswith("t1.")
            assert at_exit(key_file, emulator.url).startswith("t1.")
            if hasattr(os, "fork"):
                verified(in_a_child(credentials, key), private_key)
    print("good", yc_iam.__version__, sys.version_info[:2], os.path.dirname(yc_iam.__file__))


main()
