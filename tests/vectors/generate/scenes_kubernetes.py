"""Scenes of a pod's own token, for the API server of its cluster."""

from scene import *  # noqa: F403
from subjects import subject_token

PATH = "/var/run/secrets/kubernetes.io/serviceaccount/token"
SOURCE = {"kubernetes_token": {"token_file": PATH}}


def token(begins=0, lives=3600, **more):
    return subject_token(START + begins, lives, **more)


def read(**more):
    return perform("read_file", path=PATH, **more)


def scenes():
    first, second, third = token(), token(50), token(3000)
    minute = {"fresh_until_min": 48.6, "fresh_until_max": 59.4}

    def scene(name, shows, *steps):
        return f"kubernetes_token_{name}", shows, list(steps), {"source": SOURCE, "signing": "steps"}

    yield scene(
        "each_minute", "The file is read again within each minute, whatever the token says of its end; while that is done, the old token serves.",
        read(), busy(LOST_AFTER), file(first + "\n"), use(first, issued_at=0, expires_at=3600, **minute), use(first, at=48.5),
        read(at=59.4), use(first), file(first), use(first, issued_at=59.4, expires_at=3600, fresh_until_min=108, fresh_until_max=118.8), use(first, at=107.9),
        read(at=118.8), file(second), use(second, issued_at=118.8, expires_at=3650),
    )  # fmt: skip
    for name, shows, step in (
        ("unreadable", "cannot be read", broken("file", "No such file or directory")),
        ("empty", "is empty", file("")),
        ("cut_off", "was cut off", file(first[:100])),
    ):  # fmt: skip
        code = "unreadable_file" if name == "unreadable" else "invalid_credential"
        yield scene(
            f"{name}_while_the_old_one_lives", f"A file that {shows} is looked at again after 30 s; the last good token serves until a minute before its end.",
            read(), file(first), use(first), read(at=60), step, use(first), use(first, at=89.999), read(at=90), step, use(first),
            read(at=3539.999), step, use(first), read(at=3540), step, fail(code, fault="config", transient=False, says=["`" + PATH + "`"], hides=["eyJ"]),
            fail(code, after=0.999), read(after=0.001), file(token(3500)), use(token(3500), issued_at=3541, expires_at=7100),
        )  # fmt: skip
    for name, shows, step, code, says in (
        ("missing", "is not there", broken("file", "No such file or directory"), "unreadable_file", ["No such file"]),
        ("blank", "is blank", file(" \n\t"), "invalid_credential", ["is empty"]),
        ("html", "holds a web page", file("<html>no</html>"), "invalid_credential", ["is not a JWT"]),
        ("line_break", "holds a line break within the token", file(first[:40] + "\r\nx-injected: 1" + first[40:]), "invalid_credential", ["is not a JWT"]),
        ("ended", "holds a token that has ended", file(token(-3635)), "invalid_credential", ["ended 35 s ago"]),
        ("ends_now", "holds a token that ends now", file(token(-3600)), "invalid_credential", ["ended 0 s ago"]),
        ("end_is_text", "holds a token whose end is no number", file(token(exp="soon")), "invalid_credential", ["`exp`", "no number"]),
        ("oversize", "holds more than a token", reported({"file": {"repeat": "x", "times": 16385}}, None, None, None, None), "invalid_credential", ["longer than"]),
        ("not_text", "is not text", reported({"file": {"base64": "/w=="}}, None, None, None, None), "invalid_credential", ["not text"]),
    ):  # fmt: skip
        yield scene(
            name, f"A file that {shows} is an error at once, and is looked at again after a second.",
            read(), step, fail(code, fault="config", transient=False, says=["`" + PATH + "`", *says], hides=["eyJ"]), fail(code, after=0.999), read(after=0.001), file(first), use(first),
        )  # fmt: skip
    yield scene(
        "ends_within_a_second", "A token that is good for less than a second is of no use: nobody reads the file again and again.",
        read(at=0.001), file(token(-3599)), fail("token_expired", fault="clock", transient=False, hides=["eyJ"]), fail("token_expired", after=0.999), read(after=0.001), file(first), use(first),
    )  # fmt: skip
    legacy = token(exp=None)
    yield scene(
        "without_an_end", "A token without an end, as older clusters mount them, is taken for an hour, and read again each minute all the same.",
        read(), file(legacy), use(legacy, issued_at=0, expires_at=3600, **minute), read(at=60), file(legacy), use(legacy, issued_at=60, expires_at=3660),
    )  # fmt: skip
    yield scene(
        "refused", "A token that the API server refused is dropped, and the file read again at once.",
        read(), file(first), use(first), invalidate(first, True), read(), grant(FIRST, raises="unexpected_outcome"), file(third), use(third), invalidate(first, False), use(third),
    )  # fmt: skip
    yield scene(
        "near_its_end", "A token of ten minutes is left a minute before its end; one of thirty seconds a tenth before, and renewed before that.",
        read(), file(token(0, 600)), use(token(0, 600), expires_at=600, **minute), read(at=539.999), use(token(0, 600)), file(token(0, 570)), use(token(0, 570), at=541, expires_at=570),
        read(at=568),
    )  # fmt: skip
