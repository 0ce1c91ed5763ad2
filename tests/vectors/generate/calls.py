"""calls/*.json: whole calls. Each scene is a list of steps; times are seconds after `START`."""

import api_answers as answers
import api_tasks as tasks
from api_tasks import ACCOUNT, CREDENTIAL, OPERATION, OPERATION_URL, SECRET, VERSION
from common import VECTORS, compact, http_date, write
from exchange import GLOBAL
from scene import FIRST, SECOND, START, THIRD, broken, fail, moved, poll, respond

CALLS = VECTORS.parent / "calls"
KEY = tasks.idempotency_key()
SECRET_URL = f"{GLOBAL['lockbox']}/lockbox/v1/secrets/{SECRET}/payload"
CREDENTIALS_URL = GLOBAL["iam"] + tasks.PATHS["federated_credentials"]
PAYLOAD = {"lockbox_payload": answers.payload(("password", "p4ss"))}
MADE = {"federated_credential": answers.CREDENTIAL_ANSWER}
RUNNING = compact(answers.OPERATION_JSON)
CREATED = compact({**answers.OPERATION_JSON, "done": True, "response": answers.CREDENTIAL_JSON})
GONE = compact({**answers.OPERATION_JSON, "done": True, "response": {}})
DONE = {"operation": {**answers.OPERATION_ANSWER, "done": True, "response": answers.CREDENTIAL_JSON}}
FAILED = {"code": 9, "message": "the service account is being deleted", "details": [{"@type": "type.googleapis.com/x", "reason": "GONE"}]}
LOOK_URL = OPERATION_URL + OPERATION
GET_SECRET, CREATE, DELETE, WAIT = tasks.lockbox_get(), answers.CREATE, answers.DELETE, answers.WAIT
ANYTHING = tasks.plain_request(method="POST", body="{}")


def authorize(token=FIRST, refused=None, at=None, after=None):
    """A token is asked for, and given."""
    return [poll(at, after, authorize={"refused": refused}), {"authorize": token}]


def send(at=None, after=None, token=FIRST, as_=None, idempotency_key=None, **more):
    headers = {"authorization": f"Bearer {token}", "idempotency-key": idempotency_key}
    return poll(at, after, perform="http", headers=headers, **({"as": as_} if as_ else {}), **more)


def wait(low, high=None, at=None, after=None):
    return poll(at, after, wait={"until": low} if high is None else {"until_min": low, "until_max": high})


def done(answer, at=None, after=None):
    return poll(at, after, done=answer)


def refuse(status, at=None, after=None, **more):
    return respond(status, compact({"code": 13, "message": "no"}), at=at, after=after, **more)


def secret(**more):
    return respond(200, compact({"entries": [{"key": "password", "textValue": "p4ss"}], "versionId": VERSION}), **more)


def tokens():
    first = [*authorize(), send(url=SECRET_URL, method="GET", timeout=10, body=None)]
    yield "happy_path", "A token, a request, an answer; the answer stays.", GET_SECRET, [*first, secret(after=0.2), done(PAYLOAD), done(PAYLOAD, after=3600)], {}
    yield "poll_often", "Polling changes nothing: the same question, the same effect, the same wait.", GET_SECRET, [
        *[poll(after=0.1, authorize={"refused": None})] * 50, {"authorize": FIRST}, *[send(as_="only")] * 3, refuse(503), *[wait(5, 5.4)] * 3, send(at="until", as_="second"),
        *[send(after=0.1)] * 3, secret(effect="only"), send(), secret(effect="second"), done(PAYLOAD)], {}  # fmt: skip
    refused = [*first, refuse(401)]
    yield "refused_once", "A 401: the credentials are told, and a new token is tried once.", GET_SECRET, [
        *refused, *authorize(SECOND, refused=FIRST), send(token=SECOND), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "refused_twice", "The second 401 is the end.", GET_SECRET, [
        *refused, *authorize(SECOND, refused=FIRST), send(token=SECOND), refuse(401), fail("unauthenticated", status=401, says=["no"])], {}  # fmt: skip
    yield "refused_same_token", "Where there is no other token, it is not sent again.", GET_SECRET, [
        *refused, *authorize(FIRST, refused=FIRST), fail("unauthenticated", status=401, says=["no"])], {}  # fmt: skip
    yield "refused_poll_often", "The refused token is named for as long as there is no other.", GET_SECRET, [
        *refused, *[poll(after=1, authorize={"refused": FIRST})] * 5, {"authorize": SECOND}, send(token=SECOND)], {}  # fmt: skip
    yield "refused_after_tries", "A 401 among other failures: the tries count on.", GET_SECRET, [
        *authorize(), send(), refuse(503), wait(0, 0.2), send(at="until"), refuse(401), *authorize(SECOND, refused=FIRST), send(token=SECOND), refuse(503),
        wait(0, 0.6), send(at="until", token=SECOND), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "forbidden_is_not_refused", "A 403 is no matter of the token.", GET_SECRET, [*first, refuse(403), fail("permission_denied", status=403, says=["lockbox.payloadViewer"])], {}
    strange, echo = "ExampleOfNoAccount.0123456789", compact({"code": 7, "message": "the token ExampleOfNoAccount.0123456789 is bad"})
    shown = {"says": ["the token", "is bad"], "hides": [strange[4:], strange[:16]]}
    yield "echoed_token", "A service, or whatever is in between, may repeat the token: it is not shown, whatever it looks like.", GET_SECRET, [
        *authorize(strange), send(token=strange), {"authorize": FIRST}, respond(403, echo), fail("permission_denied", **shown)], {}  # fmt: skip
    yield "echoed_token_of_a_failure", "Nor what the transport says of it.", GET_SECRET, [
        *authorize(strange), send(token=strange), broken("other", f"the token {strange} is bad"), fail("transport_failed", **shown)], {}  # fmt: skip
    revoked = {"tokens_revoke": {"token": strange}}
    yield "echoed_token_to_revoke", "Nor the one that is to be ended.", revoked, [*authorize(), send(), respond(403, echo), fail("permission_denied", **shown)], {}
    for name, token in (("empty", ""), ("line_break", "t1.a\r\nx-injected: 1"), ("space", "t1.a b"), ("not_ascii", "t1.é")):
        yield f"unfit_token_{name}", "What cannot go into a header is not sent.", GET_SECRET, [
            *authorize(token), fail("invalid_credential", hides=["x-injected", "t1.a"])], {}  # fmt: skip
    yield "unfit_token_unasked", "Nor if it was not asked for.", GET_SECRET, [
        *authorize(), send(), {"authorize": "t1.a\r\nx-injected: 1"}, refuse(503), wait(0, 0.2), poll(at="until", fail={"code": "invalid_credential", "hides": ["x-injected"]})], {}  # fmt: skip
    yield "token_changes_between_looks", "A token that is handed over in between is used from the next request on.", WAIT, [
        *authorize(), send(url=LOOK_URL), respond(200, RUNNING), {"authorize": SECOND}, wait(0.5), send(at="until", token=SECOND), respond(200, CREATED), done(DONE)], {}  # fmt: skip
    yield "refused_again_much_later", "While an operation is waited for, a token can end more than once.", WAIT, [
        *authorize(), send(), refuse(401), *authorize(SECOND, refused=FIRST), send(token=SECOND), respond(200, RUNNING), wait(0.5), send(at="until", token=SECOND), refuse(401),
        *authorize(THIRD, refused=SECOND), send(token=THIRD), respond(200, CREATED), done(DONE)], {}  # fmt: skip
    yield "authorized_late", "The time that the token takes is the call's.", GET_SECRET, [
        poll(authorize={"refused": None}), *authorize(at=55), send(timeout=5), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "authorized_too_late", "With no time left, nothing is sent.", GET_SECRET, [
        poll(authorize={"refused": None}), moved({"authorize": FIRST}, at=60), fail("timeout", status=None)], {}  # fmt: skip
    late = {"says": ["no token"], "hides": [FIRST]}
    yield "no_token_in_time", "A call does not outlive its time while it waits for a token; one that comes later changes nothing.", GET_SECRET, [
        poll(authorize={"refused": None, "until": 60}), poll(at=59.999, authorize={"refused": None, "until": 60}), fail("timeout", at=60, **late), {"authorize": FIRST}, fail("timeout", **late)], {}  # fmt: skip
    yield "no_other_token_in_time", "Nor while it waits for another one.", GET_SECRET, [
        *authorize(), send(), refuse(401, at=2), poll(authorize={"refused": FIRST, "until": 5}), fail("timeout", at=5, **late)], {"timeout": 5}  # fmt: skip
    yield "no_other_token_in_time_for_the_look", "What it waits for goes on without it.", WAIT, [
        *authorize(), send(), respond(200, RUNNING), wait(0.5), send(at="until"), refuse(401), poll(authorize={"refused": FIRST, "until": 600}),
        fail("operation_unfinished", at=600, says=[f"`{OPERATION}`"])], {}  # fmt: skip


CEILINGS = (0.2, 0.4, 0.8, 1.6)


def tries(break_it, token=FIRST, at=0, **sent):
    """Five tries that fail alike, at once."""
    steps = []
    for number, ceiling in enumerate(CEILINGS):
        steps += [send(token=token, **({"at": "until"} if number else {}), **sent), break_it(), poll(wait={"until_min": 0, "until_max": 3 + at})]
    return [*steps, send(at="until", token=token, **sent), break_it()]


def retries():
    for name, break_it, code in (
        ("503", lambda: refuse(503), "server_error"), ("429", lambda: refuse(429), "rate_limited"), ("408", lambda: refuse(408), "timeout"),
        ("connection", lambda: broken("connection", "reset"), "connection_failed"), ("timeout", lambda: broken("timeout"), "timeout"), ("empty", lambda: respond(200, ""), "empty_response"),
        ("truncated", lambda: respond(200, '{"entries": ['), "truncated_response"),
    ):  # fmt: skip
        yield f"five_tries_{name}", "Five tries, and then the error.", GET_SECRET, [*authorize(), *tries(break_it), fail(code), fail(code, after=100)], {}
    yield "back_off_grows", "Each pause may be twice as long as the one before.", GET_SECRET, [
        *authorize(), send(), refuse(500), wait(0, 0.2), send(at=10), refuse(500), wait(10, 10.4), send(at=20), refuse(500), wait(20, 20.8), send(at=30), refuse(500), wait(30, 31.6),
        send(at="until"), secret(), done(PAYLOAD)], {}  # fmt: skip
    for kind, code in (("tls", "tls_failed"), ("other", "transport_failed"), ("cancelled", "cancelled")):
        yield f"not_tried_again_{kind}", "What another try cannot mend, or nobody waits for.", GET_SECRET, [*authorize(), send(), broken(kind, "why"), fail(code, says=["why"])], {}
    yield "unrepeatable_failure", "A request that is not the library's own is not sent again.", ANYTHING, [*authorize(), send(timeout=60), broken("connection"), fail("connection_failed")], {}
    for status in (429, 503, 200):
        response = {"response": {"status": status, "headers": [], "body": {"text": "x"}}}
        yield f"unrepeatable_{status}", "Its answer is the caller's, whatever it is.", ANYTHING, [*authorize(), send(), respond(status, "x"), done(response)], {}
    unauthorized = {"response": {"status": 401, "headers": [], "body": {"text": "x"}}}
    yield "unrepeatable_refused", "Only a 401, where the request was not carried out, is answered by sending it once more.", ANYTHING, [
        *authorize(), send(), respond(401, "x"), *authorize(SECOND, refused=FIRST), send(token=SECOND, timeout=60, body="{}"), respond(401, "x"), done(unauthorized)], {}  # fmt: skip
    yield "unrepeatable_refused_same_token", "With no other token, the 401 is the answer.", ANYTHING, [
        *authorize(), send(), respond(401, "x"), *authorize(FIRST, refused=FIRST), done(unauthorized)], {}  # fmt: skip
    yield "unrepeatable_refused_in_time", "Nor with none that comes in time.", ANYTHING, [
        *authorize(), send(), respond(401, "x", at=2), poll(authorize={"refused": FIRST, "until": 5}), poll(at=4.999, authorize={"refused": FIRST, "until": 5}), done(unauthorized, at=5)], {"timeout": 5}  # fmt: skip
    yield "retry_after_seconds", "`Retry-After` is obeyed, with the pause on top.", GET_SECRET, [
        *authorize(), send(), refuse(429, retry_after="7"), wait(7, 7.2), send(at="until"), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "retry_after_date", "A date is read against the answer's own.", GET_SECRET, [
        *authorize(), send(), refuse(503, date=1000, retry_after=http_date(START + 1009)), wait(9, 9.2), send(at="until"), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "retry_after_too_long", "Longer than half a minute is the caller's decision.", GET_SECRET, [*authorize(), send(), refuse(429, retry_after="31"), fail("rate_limited", retry_after=31)], {}
    yield "retry_after_beyond_the_end", "So is longer than the call may last.", GET_SECRET, [
        *authorize(), send(timeout=5), refuse(429, retry_after="5"), fail("rate_limited", retry_after=5)], {"timeout": 5}  # fmt: skip
    yield "retry_after_huge", "No number makes a call wait for ever.", GET_SECRET, [*authorize(), send(), refuse(429, retry_after="4294967295"), fail("rate_limited")], {}


def deadlines():
    yield "timeouts_are_cut", "A request gets what is left of the call's time.", GET_SECRET, [
        *authorize(), send(timeout=10), broken("timeout", at=10), wait(10, 10.2), send(at=11, timeout=1), secret(), done(PAYLOAD)], {"timeout": 12}  # fmt: skip
    yield "no_time_for_another_try", "Where the next try would begin too late, the error comes at once.", GET_SECRET, [
        *authorize(), send(timeout=3), broken("timeout", at=3), fail("timeout", fault="network")], {"timeout": 3}  # fmt: skip
    yield "default_time", "A call has a minute.", GET_SECRET, [*authorize(), send(timeout=10), broken("connection", at=50), wait(50, 50.2), send(at=58, timeout=2)], {}
    yield "frozen_while_waiting", "Whoever comes back after the end gets no request.", GET_SECRET, [*authorize(), send(), refuse(503), wait(0, 0.2), fail("timeout", at=3600)], {}
    yield "frozen_in_flight", "An answer that is there counts, however late.", GET_SECRET, [*authorize(), send(), secret(at=3600), done(PAYLOAD)], {}
    for name, timeout in (("no_time", 0), ("negative_time", -1)):
        yield name, "Without time there is no request.", GET_SECRET, [fail("timeout")], {"timeout": timeout}
    yield "request_takes_the_whole_time", "A program's own request may take all the time that the program gives.", ANYTHING, [
        *authorize(), send(timeout=20), broken("timeout", at=20), fail("timeout")], {"timeout": 20}  # fmt: skip
    yield "request_takes_minutes", "Be it more than the minute that is the default.", ANYTHING, [
        *authorize(at=50), send(timeout=300), respond(401, "x", at=150), *authorize(SECOND, refused=FIRST), send(token=SECOND, timeout=200)], {"timeout": 300}  # fmt: skip
    yield "request_takes_weeks", "As far as the timers of all platforms go.", ANYTHING, [*authorize(), send(timeout=2_000_000)], {"timeout": 1e15}
    yield "no_token_for_ages", "A time is never later than the year 9999.", ANYTHING, [poll(authorize={"refused": None, "until": 253402300799 - START})], {"timeout": 1e15}
    yield "one_try_takes_no_minutes", "A request that may be sent again has its own time.", GET_SECRET, [*authorize(), send(timeout=10)], {"timeout": 300}


def clocks():
    yield "clock_set_back_in_back_off", "A wait is not lengthened by hours.", GET_SECRET, [
        *authorize(), send(), refuse(503, retry_after="5"), wait(5, 5.2), send(at=-7200), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "clock_set_back_a_little", "A clock that NTP pulls back by a second at most ends no wait.", GET_SECRET, [
        *authorize(at=100), send(), refuse(503, retry_after="5"), wait(105, 105.2), wait(105, 105.2, at=99), send(at="until"), secret(), done(PAYLOAD)], {}
    yield "clock_set_back_a_little_more", "By a thousandth more than a second, it does.", GET_SECRET, [
        *authorize(at=100), send(), refuse(503, retry_after="5"), wait(105, 105.2), send(at=98.999), secret(), done(PAYLOAD)], {}  # fmt: skip
    yield "clock_set_back_in_flight", "Nor has the call more time.", GET_SECRET, [
        *authorize(), send(), broken("timeout", at=10), wait(10, 10.2), send(at=-7200, timeout=2), broken("timeout", at=-7198), fail("timeout")], {"timeout": 12}  # fmt: skip
    yield "clock_set_back_before_the_token", "Nor while the token is got.", GET_SECRET, [
        poll(authorize={"refused": None, "until": 10}), poll(at=8, authorize={"refused": None, "until": 10}), poll(at=-86400, authorize={"refused": None, "until": -86398}), *authorize(), send(timeout=2), secret(), done(PAYLOAD)], {"timeout": 10}  # fmt: skip
    yield "clock_set_back_between_looks", "An operation is looked at again, and not hours later.", WAIT, [
        *authorize(), send(), respond(200, RUNNING), wait(0.5), send(at=-7200), respond(200, RUNNING), wait(-7199), send(at="until"), respond(200, CREATED), done(DONE)], {}  # fmt: skip
    yield "clock_set_forward_in_flight", "A clock that is set forward uses up the time: what came, counts.", WAIT, [
        *authorize(), send(), respond(200, CREATED, at=7200), done(DONE)], {}  # fmt: skip
    yield "clock_set_forward_between_looks", "What is still to come, does not.", WAIT, [
        *authorize(), send(), respond(200, RUNNING), wait(0.5), fail("operation_unfinished", at=7200, says=[f"`{OPERATION}`"])], {}  # fmt: skip


def operations():
    looks, at = [], 0
    for pause in (0.5, 1, 2, 4, 8, 8, 8):
        looks += [respond(200, RUNNING), wait(at + pause), send(at="until", url=LOOK_URL, method="GET", body=None)]
        at += pause
    yield "operation_is_waited_for", "The looks grow rarer, to one in eight seconds.", WAIT, [*authorize(), send(url=LOOK_URL, method="GET"), *looks, respond(200, CREATED), done(DONE)], {}
    created = [*authorize(), send(url=CREDENTIALS_URL, method="POST", idempotency_key=KEY)]
    yield "create", "A change, looks without its key, and what was made.", CREATE, [*created, *looks, respond(200, CREATED), done(MADE)], {}
    yield "create_done_at_once", "What is done at once needs no look.", CREATE, [*created, respond(200, CREATED), done(MADE)], {}
    yield "delete", "What is deleted leaves nothing to say.", DELETE, [
        *authorize(), send(url=f"{CREDENTIALS_URL}/{CREDENTIAL}", method="DELETE", body=None, idempotency_key=KEY), respond(200, RUNNING), wait(0.5), send(at="until", url=LOOK_URL),
        respond(200, GONE), done({"nothing": True})], {}  # fmt: skip
    yield "create_is_tried_again", "Each try of a change has the same idempotency key, with a new token too; the looks have none.", CREATE, [
        *authorize(), *tries(lambda: broken("connection"), idempotency_key=KEY, url=CREDENTIALS_URL)[:-1], refuse(401), *authorize(SECOND, refused=FIRST),
        send(token=SECOND, idempotency_key=KEY, url=CREDENTIALS_URL), respond(200, RUNNING, at=10), wait(10.5), send(at="until", token=SECOND, url=LOOK_URL), respond(200, CREATED), done(MADE)], {}  # fmt: skip
    yield "create_conflict", "A change that was refused is not tried again.", CREATE, [*created, refuse(409), fail("conflict", status=409)], {}
    looked = [respond(200, RUNNING), wait(0.5), send(at="until", url=LOOK_URL)]
    for state in (True, False):
        failed = compact({**answers.OPERATION_JSON, "done": state, "error": FAILED})
        name = "operation_fails" if state else "operation_fails_before_it_is_done"
        says = [f"`{OPERATION}`", "the service account is being deleted", "GONE"]
        yield name, "The service's words and details are in the error.", CREATE, [*created, *looked, respond(200, failed), fail("operation_failed", fault="remote", transient=False, says=says, hides=["not known"])], {}
    yield "operation_not_found", "A look that finds no operation ends the call.", WAIT, [*authorize(), send(), refuse(404), fail("not_found", status=404, says=["operation's ID"])], {}
    yield "created_operation_not_found", "After a change, every error names the operation.", CREATE, [*created, *looked, refuse(404), fail("not_found", status=404, says=[f"`{OPERATION}`"])], {}
    yield "created_operation_cancelled", "Cancelling too.", CREATE, [*created, *looked, broken("cancelled"), fail("cancelled", says=[f"`{OPERATION}`"])], {}
    yield "look_is_tried_again", "Each look has its own five tries.", WAIT, [
        *authorize(), *tries(lambda: refuse(503))[:-1], respond(200, RUNNING, at=10), wait(10.5), *[{**step, "at": 10.5} if index == 0 else step for index, step in enumerate(tries(lambda: refuse(502), at=11))],
        fail("server_error", status=502)], {}  # fmt: skip
    yield "operation_unfinished", "Where the next look would come too late, the operation goes on without the call.", WAIT, [
        *authorize(), send(timeout=2), respond(200, RUNNING), wait(0.5), send(at="until", timeout=1.5), respond(200, RUNNING), wait(1.5), send(at="until", timeout=0.5), respond(200, RUNNING),
        fail("operation_unfinished", fault="remote", transient=True, says=[f"`{OPERATION}`", "by its ID"])], {"timeout": 2}  # fmt: skip
    yield "operation_unfinished_in_flight", "A last look that is cut short says nothing about the operation.", WAIT, [
        *authorize(), send(timeout=0.75), respond(200, RUNNING), wait(0.5), send(at="until", timeout=0.25), broken("timeout", at=0.75), fail("operation_unfinished")], {"timeout": 0.75}  # fmt: skip
    yield "created_operation_unfinished", "A change that was begun is an operation by then.", CREATE, [
        *created, respond(200, RUNNING, at=1), wait(1.5), send(at="until", timeout=0.5, url=LOOK_URL), respond(200, RUNNING), fail("operation_unfinished", says=[f"`{OPERATION}`"])], {"timeout": 2}  # fmt: skip
    yield "change_without_time", "Before the service has taken the change, there is no operation to name.", CREATE, [
        *authorize(), send(timeout=2, idempotency_key=KEY), broken("timeout", at=2), fail("timeout")], {"timeout": 2}  # fmt: skip
    yield "operation_default_time", "An operation is waited for ten minutes.", WAIT, [
        *authorize(), send(timeout=10), respond(200, RUNNING, at=590), wait(590.5), send(at=598, timeout=2), respond(200, RUNNING, at=599.5), fail("operation_unfinished")], {}  # fmt: skip


def lists():
    def url(token=None):
        return tasks.with_query(CREDENTIALS_URL, ("serviceAccountId", ACCOUNT), ("pageSize", 1000), ("pageToken", token))

    def page(token, number, at=None):
        item = {**answers.CREDENTIAL_JSON, "id": f"credential{number}"}
        return respond(200, compact({"federatedCredentials": [item], "nextPageToken": token}), at=at)

    def items(*numbers):
        return {"federated_credentials": {"items": [{**answers.CREDENTIAL_ANSWER, "id": f"credential{number}"} for number in numbers], "next_page_token": None}}

    first = [*authorize(), send(url=url())]
    yield "pages", "Page after page until the last, without a pause.", answers.LIST, [
        *first, page("two&x=1", 1), send(url=url("two&x=1")), page("three", 2), send(url=url("three")), page("", 3), done(items(1, 2, 3))], {}  # fmt: skip
    yield "pages_one_fails", "A page that fails is tried again, and none is read twice.", answers.LIST, [
        *first, page("two", 1), send(url=url("two")), refuse(503), wait(0, 0.2), send(at="until", url=url("two")), page(None, 2), done(items(1, 2))], {}  # fmt: skip
    yield "pages_refused_in_between", "A token that ends in between is renewed, and the page asked for again.", answers.LIST, [
        *first, page("two", 1), send(url=url("two")), refuse(401), *authorize(SECOND, refused=FIRST), send(token=SECOND, url=url("two")), page("", 2), done(items(1, 2))], {}  # fmt: skip
    yield "pages_run_out_of_time", "All pages share the call's time.", answers.LIST, [
        *first, page("two", 1, at=4), send(url=url("two"), timeout=1), page("three", 2, at=5), fail("timeout")], {"timeout": 5}  # fmt: skip
    yield "same_page_token_twice", "A page that names itself as the next is no list.", answers.LIST, [
        *first, page("two", 1), send(url=url("two")), page("two", 2), fail("invalid_response", says=["no end"])], {}  # fmt: skip
    endless = []
    for number in range(1, 100):
        endless += [page(f"page{number}", number), send(url=url(f"page{number}"))]
    yield "endless_list", "After a hundred pages, it is enough.", answers.LIST, [*first, *endless, page("page100", 100), fail("invalid_response", says=["no end"])], {}
    empty = respond(200, compact({"nextPageToken": "two"}))
    yield "empty_page_in_between", "An empty page is not the last if it names another.", answers.LIST, [*first, empty, send(url=url("two")), page("", 1), done(items(1))], {}


def reports():
    first = [*authorize(), send(as_="first")]
    yield "report_twice", "The second report of an effect is dropped.", GET_SECRET, [*first, secret(), refuse(500, effect="first"), done(PAYLOAD), refuse(401, effect="first"), done(PAYLOAD)], {}
    yield "late_report", "So is one that comes while another try is under way.", GET_SECRET, [
        *first, broken("timeout"), wait(0, 0.2), secret(effect="first"), wait(0, 0.2), send(at="until", as_="second"), secret(effect="first"), send(), secret(effect="second"), done(PAYLOAD)], {}  # fmt: skip
    yield "report_after_a_refusal", "So is one that comes while a token is got.", GET_SECRET, [*first, refuse(401), secret(effect="first"), poll(authorize={"refused": FIRST})], {}
    yield "foreign_reports", "A report on what was never asked for is the caller's mistake, and changes nothing.", GET_SECRET, [
        secret(effect=1, raises="unexpected_outcome"), *first, *[secret(effect=number, raises="unexpected_outcome") for number in (0, 2, 9_007_199_254_740_991)],
        moved({"file": {"text": "x"}, "raises": {"code": "unexpected_outcome"}}), send(), secret(), done(PAYLOAD)], {}  # fmt: skip


def main():
    known = set()
    for name, shows, task, steps, more in (*tokens(), *retries(), *deadlines(), *clocks(), *operations(), *lists(), *reports()):
        assert name not in known, name
        known.add(name)
        scene = {"name": name, "shows": shows, "start": START, "task": task, "entropy": tasks.entropy_text(), **more, "steps": steps}
        write(CALLS / f"{name}.json", scene)
    for path in CALLS.glob("*.json"):
        if path.stem not in known:
            path.unlink()


if __name__ == "__main__":
    main()
