"""The words that scenes are written in."""

from common import NEW_YEAR, compact, http_date, rfc3339  # noqa: F401 (http_date is for the scenes)

START = NEW_YEAR
TWELVE_HOURS = 43200
LOST_AFTER = 15  # the request's ten seconds, and five of grace
FUNCTION = 30  # what a function of the program may take, in seconds
LOST_FUNCTION_AFTER = 35  # the same, and five of grace
LOST_RENEWAL_AFTER = 8  # with a good token in the hand, a request gets three seconds only
FIRST, SECOND, THIRD = "t1.first-token-of-the-scene", "t1.second-token-of-the-scene", "t1.third-token-of-the-scene"


def moved(step, at=None, after=None):
    clock = {name: value for name, value in (("at", at), ("after", after)) if value is not None}
    return {**clock, **step}


def poll(at=None, after=None, **expect):
    return moved({"poll": expect}, at, after)


def use(value, at=None, after=None, **expect):
    return poll(at, after, use=value, **expect)


def perform(kind="http", at=None, after=None, **expect):
    """`as_` names the effect."""
    if "as_" in expect:
        expect["as"] = expect.pop("as_")
    return poll(at, after, perform=kind, **expect)


def wait(at=None, after=None, in_flight=False, **expect):
    return poll(at, after, wait={"in_flight": in_flight, **expect})


def busy(until, at=None, after=None):
    return wait(at, after, in_flight=True, until=until)


def back_off(low, high, at=None, after=None):
    return wait(at, after, until_min=low, until_max=high)


def fail(code, at=None, after=None, **expect):
    return poll(at, after, fail={"code": code, **expect})


def headers(date=None, retry_after=None):
    """`date` is when the service says that it is, in seconds after the start."""
    found = []
    if date is not None:
        found.append(["Date", http_date(START + date)])
    if retry_after is not None:
        found.append(["Retry-After", retry_after])
    return found


def respond(status, body="", at=None, after=None, date=None, retry_after=None, raises=None, effect=None):
    response = {"status": status, "headers": headers(date, retry_after), "body": {"text": body}}
    return reported({"respond": response}, at, after, raises, effect)


def grant(value, expires_at=TWELVE_HOURS, **more):
    return respond(200, compact({"iamToken": value, "expiresAt": rfc3339(START + expires_at)}), **more)


def refuse(status, message="refused", **more):
    return respond(status, compact({"code": 13, "message": message}), **more)


def signed(length=256, at=None, after=None, raises=None, effect=None):
    return reported({"sign": {"repeat": "Z", "times": length}}, at, after, raises, effect)


def file(text, at=None, after=None, raises=None, effect=None):
    """What a file, a variable or the supplier holds."""
    return reported({"file": {"text": text}}, at, after, raises, effect)


def broken(kind, detail="", at=None, after=None, raises=None, effect=None):
    return reported({"break": {"kind": kind, "detail": detail}}, at, after, raises, effect)


def reported(step, at, after, raises, effect):
    if effect is not None:
        step["effect"] = effect
    if raises is not None:
        step["raises"] = {"code": raises}
    return moved(step, at, after)


def invalidate(value, dropped, at=None, after=None):
    return moved({"invalidate": value, "dropped": dropped}, at, after)


def fetched(value=FIRST, expires_at=TWELVE_HOURS):
    """A token is got at the time 0."""
    return [perform(), grant(value, expires_at), use(value)]
