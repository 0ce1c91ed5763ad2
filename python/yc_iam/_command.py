"""The command `yc-iam`: a loop around the core's program, which knows every flag and every word of output."""

from __future__ import annotations

import os
import sys
import time

from yc_iam._core import AuthorizeWith, Emulate, Exit, Perform, Program
from yc_iam._effects import do, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import TextIO

    from yc_iam._sync import Credentials


def main() -> int:
    """Runs the command with the process's arguments, and gives the exit code."""
    try:
        return _run()
    except KeyboardInterrupt:
        return 130


def _run() -> int:
    # What is not text in an argument becomes a character that nothing accepts.
    arguments = [os.fsencode(argument).decode("utf-8", "replace") for argument in sys.argv[1:]]
    program = Program(arguments, os.urandom(16), sys.stdin is None or sys.stdin.isatty())
    credentials: Credentials | None = None
    while True:
        step = program.poll(time.time())
        if isinstance(step, Exit):
            if _printed(program, step.output):
                _write(sys.stderr, step.errors.encode())
                return step.code
        elif isinstance(step, Perform):
            report(program, step, do(step.action), time.time())
        elif isinstance(step, AuthorizeWith):
            credentials = _authorize(program, step, credentials)
        elif isinstance(step, Emulate):
            _emulate(program, step)
        else:
            time.sleep(max(step.until - time.time(), 0.001))


def _authorize(program: Program, step: AuthorizeWith, credentials: Credentials | None) -> Credentials | None:
    from yc_iam._sync import Credentials
    from yc_iam.errors import YcIamError

    try:
        credentials = credentials or Credentials(step.source(), step.endpoints, None)
        if step.refused is not None:
            credentials.invalidate(step.refused)
        program.authorize(credentials.token())
    except YcIamError as error:
        program.fail(error)
    return credentials


def _emulate(program: Program, settings: Emulate) -> None:
    try:
        with _running(settings) as (url, key_file), _End() as end:
            if _printed(program, settings.announcement(url, key_file).encode()):
                end.wait()
    except FileError as error:
        program.emulated("file", error.reason)
    except OSError as error:
        program.emulated("connection", error.strerror or str(error))
    else:
        program.emulated()


class FileError(Exception):
    """The key file cannot be written."""

    def __init__(self, error: OSError) -> None:
        self.reason = error.strerror or str(error)


def _running(settings: Emulate) -> AbstractContextManager[tuple[str, str]]:
    """Runs the emulator: its URL, and the path of its key file."""
    from contextlib import ExitStack, contextmanager
    from tempfile import TemporaryDirectory

    from yc_iam.testing import Emulator

    @contextmanager
    def running() -> Iterator[tuple[str, str]]:
        emulator = Emulator(
            port=settings.port, token_lifetime=settings.token_lifetime, clock_tolerance=settings.clock_tolerance
        )
        with emulator, ExitStack() as stack:
            key = emulator.service_account_key()
            try:
                path = settings.key_file
                if path is None:
                    path = os.path.join(stack.enter_context(TemporaryDirectory(prefix="yc-iam-")), "key.json")
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                    file.write(key)
            except OSError as error:
                raise FileError(error) from error
            yield emulator.url, path

    return running()


class _End:
    """From here on, an interruption or a request to end is noted, and can be waited for; it is lost at no time."""

    def __enter__(self) -> _End:
        import signal
        import socket

        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno())
        # What is ignored, as by a shell for its background, stays so.
        noted = [signal.SIGTERM] if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else [signal.SIGTERM, signal.SIGINT]
        self._before = [(number, signal.signal(number, lambda *_: None)) for number in noted]
        return self

    def wait(self) -> None:
        self._reader.recv(1)

    def __exit__(self, *_: object) -> None:
        import signal

        for number, handler in self._before:
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()


def _printed(program: Program, content: bytes) -> bool:
    """Whether it could be written to standard output; if not, the program says so next."""
    problem = _write(sys.stdout, content)
    if problem is not None:
        program.unwritten(problem)
    return problem is None


def _write(stream: TextIO | None, content: bytes) -> str | None:
    """Why it cannot be written, if that is so. What is closed takes everything, and so does what nobody reads any more."""
    if stream is None or not content:
        return None
    rest = memoryview(content)
    try:
        # With PYTHONUNBUFFERED, what writes is the file itself, which may take a part only.
        while rest:
            written = stream.buffer.write(rest)
            if written is None:
                # Nor need it wait until there is room.
                import select

                select.select([], [stream], [])
            else:
                rest = rest[written:]
        stream.flush()
    except OSError as error:
        # The interpreter flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return None if isinstance(error, BrokenPipeError) else error.strerror or str(error)
    return None
