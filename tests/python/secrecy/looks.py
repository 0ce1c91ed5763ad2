"""Looks for marked secrets in all that a piece of work leaves behind."""

from __future__ import annotations

from helpers import result
from marked import locals_of, of_error, views
from yc_iam import YcIamError

# What the caller passes as text stands in the frames that take it, as in the caller's own; SECURITY.md says so.
GIVEN = {"token", "token_headers", "context", "headers", "body", "json", "arguments"}


def look_at(marked, work):
    """What comes of it, and that nothing of it shows a secret. The error, if there is one."""
    try:
        given = result(work())
    except YcIamError as error:
        for text in of_error(error):
            marked.assert_hidden(text)
        for frame, name, shown in locals_of(error):
            if name not in GIVEN:
                assert not marked.found(shown), f"{name} in {frame}: {shown[:300]}"
        return error
    for text in views(given):
        marked.assert_hidden(text)
    return None


def assert_quiet(marked, records, capfd):
    out, err = capfd.readouterr()
    marked.assert_hidden(out)
    marked.assert_hidden(err)
    for line in records.lines:
        marked.assert_hidden(line)
