"""Scenes in which one caller flies and the others wait or are served."""

from scene import *  # noqa: F403


def scenes():
    yield "happy_path", "A signature, an exchange, a token that serves without another exchange until it is stale, and its successor.", [
        perform("sign", iat=0), signed(),
        perform("http", iat=0), grant(FIRST, after=0.5),
        use(FIRST, issued_at=0.5, expires_at=TWELVE_HOURS, fresh_until_min=3240.5, fresh_until_max=3960.5),
        use(FIRST, at=3240),
        perform("sign", at=3961, iat=3961), signed(), perform("http", iat=3961), grant(SECOND, 3961 + TWELVE_HOURS, after=0.5),
        use(SECOND, issued_at=3961.5, expires_at=3961 + TWELVE_HOURS),
    ], {"signing": "steps"}  # fmt: skip

    yield "single_flight", "While one caller is on the way, the others wait for it; then all have its token.", [
        perform(as_="the only one"), busy(LOST_AFTER), busy(LOST_AFTER, after=1), busy(LOST_AFTER, after=8.999),
        grant(FIRST), use(FIRST), use(FIRST),
    ], {}  # fmt: skip

    yield "single_flight_while_signing", "Signing outside is part of the flight: nobody else signs meanwhile.", [
        perform("sign"), busy(LOST_FUNCTION_AFTER), busy(LOST_FUNCTION_AFTER, after=3), signed(),
        perform("http"), busy(3 + LOST_AFTER), grant(FIRST), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip

    yield "between_two_effects", "After the signature, whoever polls next sends the request; the one who signed may find it taken.", [
        perform("sign"), signed(after=1), perform("http", after=1, as_="sent by another"), busy(2 + LOST_AFTER),
        grant(FIRST, effect="sent by another"), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip

    yield "between_two_effects_for_long", "Five minutes after the signature, or where the clock was set back, nobody sends what it is for: a JWT is made anew.", [
        perform("sign", iat=0), signed(at=20), perform("sign", at=320, iat=320), signed(at=325), perform("sign", at=300, iat=300),
        signed(), perform("http", at=599, iat=300), grant(FIRST), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip

    yield "stale_token_serves", "While one caller renews a stale token, the others get the old one at once.", [
        *fetched(), perform(at=4000), use(FIRST), use(FIRST, after=5), grant(SECOND, 4000 + TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "expired_token_is_not_served", "A minute before its end a token is dead: one caller gets another, the others wait.", [
        *fetched(), perform(at=TWELVE_HOURS - 60), busy(TWELVE_HOURS - 60 + LOST_AFTER), grant(SECOND, 2 * TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "token_dies_in_flight", "The old token serves during its renewal only as long as it lives.", [
        *fetched(), perform(at=TWELVE_HOURS - 62), use(FIRST), use(FIRST, at=TWELVE_HOURS - 60.001), busy(TWELVE_HOURS - 62 + LOST_RENEWAL_AFTER, at=TWELVE_HOURS - 60),
        grant(SECOND, 2 * TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "same_token_again", "The service may give the same token twice: what is left of its life counts.", [
        *fetched(), perform(at=4000), grant(FIRST, after=1), use(FIRST, issued_at=4001, expires_at=TWELVE_HOURS, fresh_until_min=4001 + 3240, fresh_until_max=4001 + 3960),
        perform(at=42000), grant(FIRST), use(FIRST, issued_at=42000, fresh_until_min=42000 + 972, fresh_until_max=42000 + 1188), perform(at=TWELVE_HOURS - 60),
    ], {}  # fmt: skip

    yield "short_life", "A token that lives for half a minute still serves for most of it.", [
        *fetched(expires_at=30), use(FIRST, at=24), perform(at=25.7), use(FIRST), use(FIRST, at=26.999), busy(25.7 + LOST_RENEWAL_AFTER, at=27),
    ], {}  # fmt: skip

    yield "lost_flight", "An owner who never reports loses the flight: the next poll starts another, and a late report changes nothing.", [
        perform(as_="lost"), busy(LOST_AFTER, at=14.999), perform(at=LOST_AFTER, as_="second"),
        grant(FIRST, effect="lost", after=1), busy(2 * LOST_AFTER), grant(SECOND, effect="second", after=1), use(SECOND),
        grant(THIRD, effect="lost"), use(SECOND),
    ], {}  # fmt: skip

    yield "late_report", "A report that comes late is still good when nobody has taken the flight over.", [
        perform(), grant(FIRST, at=600), use(FIRST, issued_at=600),
    ], {}  # fmt: skip

    yield "report_twice", "A second report of the same effect is dropped.", [
        perform(), grant(FIRST), grant(SECOND), use(FIRST), broken("connection"), use(FIRST),
    ], {}  # fmt: skip

    yield "cancelled", "An owner who gives up does not spoil it for the others: the next poll starts a new flight at once.", [
        perform(as_="given up"), busy(LOST_AFTER, after=2), broken("cancelled", effect="given up"),
        perform(as_="next"), busy(2 + LOST_AFTER), grant(FIRST, effect="given up"), busy(2 + LOST_AFTER), grant(SECOND, effect="next"), use(SECOND),
    ], {}  # fmt: skip

    yield "cancelled_while_signing", "The same when the owner gives up before the signature is made.", [
        perform("sign"), broken("cancelled"), perform("sign", iat=0), signed(), perform("http"), broken("cancelled"), perform("sign"), signed(), perform("http"), grant(FIRST), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip

    yield "cancelled_renewal", "A renewal that its owner gives up starts no quiet time: it says nothing of the service.", [
        *fetched(), perform(at=4000), use(FIRST), broken("cancelled"), perform(), use(FIRST), grant(SECOND, 4000 + TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "cancelled_keeps_count", "Giving up does not count as a try, and does not make the tries before it forgotten.", [
        perform(), refuse(503), back_off(0, 0.2), perform(at="until"), refuse(503), back_off(0, 0.6), perform(at="until"), broken("cancelled"),
        perform(), refuse(503), wait(until_min=0, until_max=1.4), perform(at="until"), refuse(503), wait(until_min=0, until_max=3), perform(at="until"), refuse(503), fail("server_error"),
    ], {}  # fmt: skip

    yield "invalidate_current", "A token that an API answered 401 to is dropped, once, and replaced.", [
        *fetched(), invalidate(FIRST, True, after=10), invalidate(FIRST, False), perform(), busy(10 + LOST_AFTER), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip

    yield "invalidate_old", "A 401 to a token that was already replaced changes nothing.", [
        *fetched(), perform(at=4000), grant(SECOND, 4000 + TWELVE_HOURS), invalidate(FIRST, False), invalidate("t1.never-seen", False), invalidate("", False), use(SECOND),
    ], {}  # fmt: skip

    yield "invalidate_in_flight", "A token dropped during its renewal no longer serves; the renewal goes on.", [
        *fetched(), perform(at=4000), use(FIRST), invalidate(FIRST, True), busy(4000 + LOST_RENEWAL_AFTER), grant(SECOND, 4000 + TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "invalidate_in_quiet_time", "A token dropped while a failed renewal is left alone is replaced at once.", [
        *fetched(), perform(at=4000), broken("connection"), use(FIRST), invalidate(FIRST, True, after=1), perform(iat=4001), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip

    yield "unexpected_outcomes", "An outcome of another kind, or for an effect that was never asked for, is an error of the caller and changes nothing.", [
        grant(FIRST, effect=1, raises="unexpected_outcome"), grant(FIRST, effect=0, raises="unexpected_outcome"),
        perform("sign", as_="sign"), grant(FIRST, raises="unexpected_outcome"), file("x", raises="unexpected_outcome"), signed(effect=99, raises="unexpected_outcome"),
        broken("no such kind", raises="invalid_argument"), broken("connection", effect=99, raises="unexpected_outcome"), busy(LOST_FUNCTION_AFTER), signed(),
        perform("http"), signed(effect="sign"), signed(raises="unexpected_outcome"), file("x", raises="unexpected_outcome"), busy(LOST_AFTER), grant(FIRST), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip
