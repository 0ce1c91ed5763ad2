"""Scenes in which the network, the service, a clock or a signer is the trouble."""

from scene import *  # noqa: F403

# The longest back-off after each try: full jitter under a ceiling that doubles.
CEILINGS = (0.2, 0.4, 0.8, 1.6)


def five_tries(failure):
    return five_tries_of("http", failure)


def five_tries_of(kind, failure):
    """Five tries at their back-offs; the sum of those before bounds when each can come."""
    steps, latest = [], 0.0
    for ceiling in CEILINGS:
        latest = round(latest + ceiling, 3)
        steps += [perform(kind, at="until") if steps else perform(kind), failure, back_off(0, latest)]
    return [*steps, perform(kind, at="until"), failure]


def scenes():
    yield from retries()
    yield from refusals()
    yield from clocks()
    yield from signers()


def retries():
    yield "five_tries", "A failure that may pass is tried five times with growing pauses; then the error stands for a second, and a poll begins anew.", [
        *five_tries(refuse(503, "down")), fail("server_error", status=503, transient=True, says=["`down`"]), fail("server_error", after=0.999), perform(after=0.001), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip

    for kind, code in (("connection", "connection_failed"), ("timeout", "timeout")):
        yield f"five_tries_{kind}", f"The same for the failure `{kind}` of the host's transport.", [
            *five_tries(broken(kind, "the host's words")), fail(code, transient=True, fault="network", status=None, says=["`the host's words`"]),
        ], {}  # fmt: skip

    yield "five_tries_of_all_kinds", "What may pass: a cut answer, an empty one, 408, 429 without a time, and a proxy's 502 page.", [
        perform(), respond(200, '{"iamToken":"t1.'), back_off(0, 0.2), perform(at="until"), respond(200), back_off(0, 0.6), perform(at="until"), refuse(408), back_off(0, 1.4),
        perform(at="until"), refuse(429), back_off(0, 3), perform(at="until"), respond(502, "<html>"), fail("server_error", status=502),
    ], {}  # fmt: skip

    yield "waiting_for_the_next_try", "During a back-off nobody sends anything, and polling often does not shorten it.", [
        perform(), refuse(503, retry_after="1"), back_off(1, 1.2), back_off(1, 1.2, at=0.5), back_off(1, 1.2, at=0.999), perform(at="until"), wait(in_flight=True, until_min=16, until_max=16.2), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip

    yield "retry_after_seconds", "`Retry-After` in seconds is the least pause; jitter comes on top.", [
        perform(), refuse(429, retry_after="5"), back_off(5, 5.2), wait(at=4.999), perform(at="until"), refuse(503, retry_after="20"), back_off(25, 25.6), perform(at="until"), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip

    yield "retry_after_date", "`Retry-After` as a date is read against the answer's own `Date`.", [
        perform(), refuse(503, retry_after=http_date(START + 8), date=1, after=1), back_off(8, 8.2), perform(at="until"), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip

    yield "retry_after_too_long", "Nobody is kept waiting for more than half a minute: the error says when, and stands until then.", [
        perform(), refuse(503, retry_after="120"), fail("server_error", retry_after=120), fail("server_error", at=100, retry_after=20), fail("server_error", at=119.999, retry_after=0.001), perform(at=120), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip

    yield "retry_after_that_is_over", "What is left of a `Retry-After` is never less than nothing, nor more where the clock is pulled back a little.", [
        perform(), refuse(401, retry_after="0"), fail("unauthenticated", retry_after=0), fail("unauthenticated", at=0.5, retry_after=0), perform(at=1), refuse(503, retry_after="120"), fail("server_error", at=0.5, retry_after=120),
    ], {}  # fmt: skip

    yield "renewal_fails_quietly", "A renewal that fails shows nothing as long as the old token lives, and is left alone for half a minute.", [
        *fetched(), perform(at=4000), broken("connection"), use(FIRST), use(FIRST, at=4029.999), perform(at=4030), refuse(401), use(FIRST), use(FIRST, at=4059.999),
        perform(at=4060), use(FIRST), grant(SECOND, 4060 + TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "renewal_obeys_retry_after", "While the old token lives, a longer `Retry-After` lengthens the quiet time.", [
        *fetched(), perform(at=4000), refuse(429, retry_after="600"), use(FIRST), use(FIRST, at=4599.999), perform(at=4600), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip

    yield "token_dies_in_quiet_time", "When the old token dies, the quiet time is over: a token is needed now.", [
        *fetched(expires_at=1000), perform(at=930), broken("connection"), use(FIRST), use(FIRST, at=939.999), perform(at=940), broken("connection"), back_off(940, 940.2), perform(at="until"), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip

    yield "token_dies_before_a_short_retry_after", "The service's own wish outlives the token: a short one is waited for.", [
        *fetched(expires_at=1000), perform(at=930), refuse(503, retry_after="20"), use(FIRST), wait(at=940, until=950), perform(at="until"), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip

    yield "token_dies_before_a_long_retry_after", "… and a long one is told as an error instead of keeping everybody waiting.", [
        *fetched(expires_at=1000), perform(at=930), refuse(503, retry_after="600"), use(FIRST, at=939.999), fail("server_error", at=940, retry_after=590), fail("server_error", at=1529, retry_after=1), perform(at=1530), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip


def refusals():
    for status, code in ((400, "bad_request"), (401, "unauthenticated"), (403, "permission_denied"), (404, "not_found"), (307, "redirect_refused"), (409, "conflict")):
        yield f"not_retried_{status}", f"Status {status} is not tried again; the error stands for a second for all who waited.", [
            perform(), busy(LOST_AFTER), refuse(status), fail(code, status=status, transient=False), fail(code), fail(code, after=0.999), perform(after=0.001),
        ], {}  # fmt: skip

    for kind, code, fault in (("tls", "tls_failed", "network"), ("other", "transport_failed", "network"), ("file", "unreadable_file", "config"), ("signing", "signing_failed", "config")):
        yield f"not_retried_{kind}", f"Nor is the host's failure `{kind}`; its words are shown without their secrets.", [
            perform(), broken(kind, "no way: t1.9euelZqExampleTokenOfNoService\r\n`"), fail(code, fault=fault, transient=False, says=["no way"], hides=["9euelZq", "\r", "\n"]), perform(after=1),
        ], {}  # fmt: skip

    yield "not_retried_bad_answers", "An answer that is no answer is an error at once.", [
        perform(), respond(200, "<html>"), fail("html_response"), perform(after=1), respond(200, "[]"), fail("invalid_response"), perform(after=1), grant("t1.line\nbreak"), fail("invalid_token"),
        perform(after=1), grant(FIRST, expires_at=-5), fail("token_expired"), perform(after=1), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip


    yield "error_that_nobody_heard", "An error that nobody came for in its second is not told later: a poll begins anew. But the next one is told, however late, so that a slow caller does not try for ever.", [
        perform(), refuse(403), perform(after=3600), refuse(403), fail("permission_denied", after=3600), fail("permission_denied", after=0.999), perform(after=0.001),
        refuse(404), perform(after=5), refuse(404), fail("not_found", after=-5), perform(after=5), refuse(404), fail("not_found"), perform(after=1), grant(FIRST), use(FIRST),
    ], {}  # fmt: skip

    yield "error_that_nobody_heard_and_retry_after", "… and the service's own wish still counts from the answer, and not from when somebody came.", [
        perform(), refuse(503, retry_after="120"), perform(at=3600), refuse(503, retry_after="120"), fail("server_error", at=3650, retry_after=70), fail("server_error", at=3719.999, retry_after=0.001), perform(at=3720),
    ], {}  # fmt: skip


def clocks():
    for name, offset in (("slow", 300), ("fast", -300), ("years_slow", 10 * 365 * 86400)):
        yield f"clock_{name}", "A 401 whose `Date` shows that this machine's clock is off is answered once, at once, with a JWT on the service's time.", [
            perform(iat=0), refuse(401, date=offset), perform(iat=offset), grant(FIRST, offset + TWELVE_HOURS, date=offset),
            use(FIRST, issued_at=offset, expires_at=offset + TWELVE_HOURS, fresh_until_min=3240, fresh_until_max=3960), use(FIRST, at=3240),
            perform(at=3961, iat=3961 + offset), use(FIRST), grant(SECOND, 3961 + offset + TWELVE_HOURS, date=3961 + offset), use(SECOND), perform(at=3961 + TWELVE_HOURS - 60),
        ], {}  # fmt: skip

    yield "clock_corrected_once", "A second refusal is final, even when its `Date` differs again; the next flight still knows the service's time.", [
        perform(iat=0), refuse(401, date=300), perform(iat=300), refuse(401, date=600), fail("unauthenticated"), perform(after=1, iat=601), refuse(401, date=601), fail("unauthenticated"),
    ], {}  # fmt: skip

    for status, code in ((400, "bad_request"), (403, "permission_denied")):
        yield f"clock_off_and_{status}", f"The same for {status}: it is not known how the service words it.", [
            perform(), refuse(status, date=-900), perform(iat=-900), refuse(status, date=-900), fail(code),
        ], {}  # fmt: skip

    yield "clock_off_and_404", "A clock makes nothing disappear: 404 is final, and its `Date` is not believed.", [
        perform(), refuse(404, date=900), fail("not_found"), perform(after=1, iat=1),
    ], {}  # fmt: skip

    yield "clock_off_and_503", "A failure that may pass keeps its pause, and its `Date` is not believed.", [
        perform(), refuse(503, date=900), back_off(0, 0.2), perform(at=0.2, iat=0),
    ], {}  # fmt: skip

    yield "clock_of_somebody_else", "A refusal that is not in the service's own form is somebody else's, and so is its `Date`.", [
        perform(), respond(401, "<html>", date=900), fail("html_response"), perform(after=1, iat=1), respond(403, "", date=900), fail("permission_denied"),
        perform(after=1, iat=2), respond(401, compact({"message": "go away"}), date=900), fail("unauthenticated"), perform(after=1, iat=3), respond(400, "[400]", date=900), fail("bad_request"),
        perform(after=1, iat=4), respond(401, compact({"code": 16}), date=900), fail("unauthenticated"), perform(after=1, iat=5), respond(401, compact({"code": "16", "message": "no"}), date=900), fail("unauthenticated"),
        perform(after=1, iat=6), respond(401, compact({"code": 16, "message": "no"}).ljust(65537), date=900), fail("unauthenticated"), perform(after=1, iat=7),
        respond(401, compact({"code": 16, "message": "no"}).ljust(65536), date=907), perform(iat=907),
    ], {}  # fmt: skip

    yield "proxy_with_an_old_date", "A proxy's answer with a `Date` of long ago keeps no token alive for longer.", [
        *fetched(), perform(at=4000), respond(502, "<html>", date=-START), use(FIRST), use(FIRST, at=4029.999), perform(at=4030, iat=4030), respond(502, "<html>", date=-START), use(FIRST),
        perform(at=TWELVE_HOURS - 60), respond(502, "<html>", date=-START), back_off(TWELVE_HOURS - 60, TWELVE_HOURS), perform(at=4 * TWELVE_HOURS, iat=4 * TWELVE_HOURS), grant(SECOND, 5 * TWELVE_HOURS), use(SECOND),
    ], {}  # fmt: skip

    yield "proxy_with_a_date_ahead", "… and one with tomorrow's `Date` takes no living token away.", [
        *fetched(), perform(at=4000), respond(502, "<html>", date=4000 + 86400), use(FIRST), use(FIRST, at=4029.999), perform(at=4030, iat=4030), use(FIRST), respond(503, "", date=4030 + 86400), use(FIRST),
        perform(at=4060, iat=4060), respond(200, "<html>", date=86400), use(FIRST), perform(at=4090, iat=4090), respond(200, compact({"hello": "world"}), date=86400), use(FIRST),
        perform(at=4120, iat=4120), grant(SECOND, 4120 + TWELVE_HOURS, date=4120), use(SECOND, issued_at=4120),
    ], {}  # fmt: skip

    yield "refusal_with_a_bad_date", "A refusal's `Date` makes the next JWT, and judges no token: what came with a token's own answer stands.", [
        *fetched(), perform(at=4000), refuse(401, date=4000 + 86400), perform(iat=4000 + 86400), use(FIRST), refuse(401, date=4000), use(FIRST), use(FIRST, at=4029.999),
        perform(at=4030, iat=4030), refuse(401, date=4030 - 86400), perform(iat=4030 - 86400), use(FIRST), refuse(401, date=4030), use(FIRST), perform(at=TWELVE_HOURS - 60), broken("connection"), back_off(TWELVE_HOURS - 60, TWELVE_HOURS),
    ], {}  # fmt: skip

    day = 86400
    yield "clock_set_back_while_a_token_is_held", "A clock that was a day ahead is set right: the token is renewed at once, and lives no longer than it would have.", [
        perform(at=day, iat=day), grant(FIRST, TWELVE_HOURS, date=0), use(FIRST, issued_at=0, expires_at=TWELVE_HOURS),
        perform(at=60), use(FIRST, fresh_until_max=60), broken("connection"), use(FIRST), use(FIRST, at=89.999), perform(at=90), broken("connection"),
        use(FIRST, at=119.999), perform(at=120), grant(SECOND, 120 + TWELVE_HOURS, date=120), use(SECOND, issued_at=120, fresh_until_min=120 + 3240, fresh_until_max=120 + 3960),
    ], {}  # fmt: skip

    yield "clock_set_back_keeps_no_token_alive", "The time that a token was seen to live does not come again, however often the clock is set back.", [
        *fetched(), perform(at=4000), broken("connection"), use(FIRST), use(FIRST, at=4029),
        perform(at=29), broken("connection"), use(FIRST), perform(at=38000), broken("connection"), use(FIRST),
        # 42,000 s of its life were seen: 1,140 s are left before its last minute.
        perform(at=-86400), broken("connection"), use(FIRST, fresh_until_max=-86400), perform(at=-86000), broken("connection"), use(FIRST), use(FIRST, at=-85970.001), perform(at=-85290), broken("connection"), use(FIRST, at=-85260.001),
        perform(at=-85260), broken("connection"), back_off(-85260, -85259.8), perform(at=-85000), grant(SECOND, -85000 + TWELVE_HOURS, date=-85000), use(SECOND, issued_at=-85000),
    ], {}  # fmt: skip

    yield "clock_set_back_a_little", "NTP sets a clock back by a second at most now and then, which is nothing.", [
        *fetched(), use(FIRST, at=100), use(FIRST, at=99.001), use(FIRST, at=100), use(FIRST, at=99, fresh_until_min=3240), perform(at=98.999), use(FIRST),
    ], {}  # fmt: skip

    yield "clock_ahead_for_a_moment", "A clock that was far ahead for a moment has ended no token.", [
        *fetched(), perform(at=10 * day), broken("connection"), wait(until_min=10 * day, until_max=10 * day + 0.2), use(FIRST, at=10), use(FIRST, at=3240), perform(at=3961),
    ], {}  # fmt: skip

    yield "clock_off_and_token", "A token's end is judged by the service's clock: this one would have ended yesterday by ours.", [
        perform(), grant(FIRST, TWELVE_HOURS - 86400, date=-86400), use(FIRST, issued_at=-86400, expires_at=TWELVE_HOURS - 86400, fresh_until_min=3240, fresh_until_max=3960),
    ], {}  # fmt: skip

    for name, date in (("ahead", 2), ("behind", -2), ("in_between", 1)):
        yield f"clock_right_{name}", "`Date` counts whole seconds and travels: a difference of up to two is none.", [
            perform(), refuse(401, date=date, after=0.25), fail("unauthenticated"), perform(after=1, iat=1),
        ], {}  # fmt: skip

    yield "clock_right_at_once", "The same where the answer takes no time.", [
        perform(), refuse(401, date=2), fail("unauthenticated"), perform(after=1, iat=1), refuse(401, date=-1), fail("unauthenticated"), perform(after=1, iat=2),
    ], {}  # fmt: skip

    for name, sent, received, date in (("slow", 0, 0.999, 3), ("fast", 10.001, 10.5, 8)):
        yield f"clock_hardly_{name}", "A difference of a thousandth more than two seconds is one.", [
            perform(at=sent), refuse(401, date=date, at=received), perform(iat=date), refuse(401, date=date), fail("unauthenticated"),
        ], {}  # fmt: skip

    for name, date in (("missing", None), ("garbage", "yesterday"), ("empty", "")):
        step = refuse(401)
        step["respond"]["headers"] = [] if date is None else [["Date", date]]
        yield f"clock_unknown_{name}", "Without a readable `Date` nothing is known of the clock, and nothing is tried again.", [perform(), step, fail("unauthenticated")], {}

    yield "frozen_process", "A process that was frozen between request and answer: a `Date` from in between says nothing against the clock.", [
        perform(), refuse(401, date=1, at=7200), fail("unauthenticated"), perform(after=1, iat=7201), grant(FIRST, 60000, date=7202, at=14000),
        use(FIRST, issued_at=14000, expires_at=14000 + TWELVE_HOURS), perform(at=18000, iat=18000),
    ], {}  # fmt: skip

    yield "frozen_process_with_known_offset", "… and nothing against what was learnt of it before.", [
        perform(), refuse(401, date=300), perform(iat=300), grant(FIRST, TWELVE_HOURS, date=300), use(FIRST),
        perform(at=4000, iat=4300), grant(SECOND, 4300 + TWELVE_HOURS, date=4310, at=6000), use(SECOND, issued_at=6300, expires_at=4300 + TWELVE_HOURS), perform(at=10000, iat=10300),
    ], {}  # fmt: skip

    yield "clock_set_right", "A clock that was off and is set right is noticed at the next answer.", [
        perform(), refuse(401, date=300), perform(iat=300), grant(FIRST, 300 + TWELVE_HOURS, date=300), use(FIRST),
        perform(at=4300, iat=4600), grant(SECOND, 4300 + TWELVE_HOURS, date=4300), use(SECOND, issued_at=4300), perform(at=8300, iat=8300),
    ], {}  # fmt: skip

    yield "clock_set_right_in_flight", "A clock that is set back during the exchange: only the time of the answer counts.", [
        perform(at=3600, iat=3600), grant(FIRST, TWELVE_HOURS, at=10, date=10), use(FIRST, issued_at=10, expires_at=TWELVE_HOURS), perform(at=4000, iat=4000),
    ], {}  # fmt: skip

    yield "clock_set_back_in_flight", "Nobody waits for a flight that, by the clock, begins in the future.", [
        perform(at=3600, as_="before"), busy(3600 + LOST_AFTER), perform(at=0, as_="after", iat=0), busy(LOST_AFTER), grant(FIRST, effect="before"), busy(LOST_AFTER), grant(SECOND, effect="after"), use(SECOND),
    ], {}  # fmt: skip

    yield "clock_set_back_in_a_renewal", "A renewal that fails after the clock was set back is left alone as any other: the old token serves.", [
        *fetched(), perform(at=4000), broken("connection", at=400), use(FIRST), use(FIRST, at=429.999), perform(at=430), grant(SECOND), use(SECOND),
    ], {}  # fmt: skip

    yield "clock_set_back_in_back_off", "Nor for a pause, a quiet time or an error from the future.", [
        perform(at=3600), refuse(503, retry_after="20"), back_off(3620, 3620.2), perform(at=0), refuse(503, retry_after="120"), fail("server_error", retry_after=120), perform(at=-3600),
        grant(FIRST), use(FIRST),
    ], {}  # fmt: skip


def signers():
    for name, length in (("empty", 0), ("short", 255), ("long", 257), ("base64", 344)):
        yield f"signature_{name}", "A signature that is not as long as the key's modulus never goes out.", [
            perform("sign"), signed(length), fail("signing_failed", fault="config", transient=False, says=[f"{length} bytes", "256"]), perform("sign", after=1), signed(), perform("http"), grant(FIRST), use(FIRST),
        ], {"signing": "steps"}  # fmt: skip

    yield "signer_fails", "A signer that cannot sign ends the flight; while an old token lives, it serves.", [
        perform("sign"), broken("signing", "the KMS said no"), fail("signing_failed", says=["`the KMS said no`"]), perform("sign", after=1), signed(), perform("http"), grant(FIRST), use(FIRST),
        perform("sign", at=4000), broken("signing"), use(FIRST), use(FIRST, at=4029.999), perform("sign", at=4030),
    ], {"signing": "steps"}  # fmt: skip

    yield "signer_too_slow", "A signer has half a minute. Who takes over signs the same, so that the first signature counts, whosever it is.", [
        perform("sign", as_="slow", iat=0, timeout=FUNCTION), busy(LOST_FUNCTION_AFTER), busy(LOST_FUNCTION_AFTER, at=34.999), perform("sign", at=LOST_FUNCTION_AFTER, as_="second", iat=0),
        broken("signing", "too late to be heard", effect="slow", at=36), busy(2 * LOST_FUNCTION_AFTER), grant(FIRST, effect="slow", raises="unexpected_outcome"), signed(effect="slow", at=40),
        perform("http", iat=0), signed(effect="second"), broken("signing", effect="second"), busy(40 + LOST_AFTER), grant(FIRST), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip

    yield "signer_too_slow_for_a_renewal", "The same while the old token serves; a signature counts once.", [
        perform("sign"), signed(), perform("http"), grant(FIRST), use(FIRST),
        perform("sign", at=4000, as_="slow", iat=4000), use(FIRST), perform("sign", at=4035, as_="second", iat=4000), use(FIRST), perform("sign", at=4070, iat=4000),
        signed(effect="second", at=4071), perform("http", iat=4000), signed(effect="slow"), use(FIRST), grant(SECOND, 4071 + TWELVE_HOURS), use(SECOND),
    ], {"signing": "steps"}  # fmt: skip

    yield "signer_lost", "After five minutes, or where the clock was set back, there is something new to sign, and what was to be signed before is of no use.", [
        perform("sign", as_="lost", iat=0), perform("sign", at=299, iat=0), perform("sign", at=334, as_="new", iat=334), signed(effect="lost"), busy(334 + LOST_FUNCTION_AFTER),
        perform("sign", at=300, iat=300), signed(effect="new"), busy(300 + LOST_FUNCTION_AFTER), signed(), perform("http", iat=300), grant(FIRST), use(FIRST),
    ], {"signing": "steps"}  # fmt: skip

    yield "signer_times_out", "A host that stops waiting for a signer says so: it may pass, and is tried again.", [
        *five_tries_of("sign", broken("timeout")), fail("timeout", transient=True, says=["the signer", "30 s"], hides=["the service"]),
    ], {"signing": "steps"}  # fmt: skip

    yield "signature_of_4096_bits", "The right length follows from the key.", [
        perform("sign"), signed(256), fail("signing_failed"), perform("sign", after=1), signed(512), perform("http"), grant(FIRST), use(FIRST),
    ], {"signing": "steps", "key": "rsa4096"}  # fmt: skip
