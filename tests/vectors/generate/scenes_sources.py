"""Scenes of the other sources: where their credentials come from, and what goes wrong there."""

import json

from common import base64url, compact, pem
from scene import *  # noqa: F403
from scenes_trouble import five_tries_of
from subjects import ACCOUNT, SIGNATURE, subject_token, workload_identity

PATH = "/var/run/secrets/tokens/sa"
IAM_URL = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
EXCHANGE = "https://auth.yandex.cloud/oauth/token"
METADATA_URL = "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token"
OAUTH_TOKEN = "y0_AgAAAAExampleOfNoAccount-0123456789"
# Tokens are opaque: that these look like none is no reason to show them.
STRANGE_OAUTH_TOKEN, STRANGE_TOKEN = "AgAAAAExampleOfNoAccount-0123456789", "ExampleOfNoAccount.0123456789"
FILE = workload_identity(token_file=PATH)


def pod_token(begins=0, lives=3600, **more):
    return subject_token(START + begins, lives, **more)


def lend(value, lives=TWELVE_HOURS, **more):
    return respond(200, compact({"access_token": value, "token_type": "Bearer", "expires_in": lives}), **more)


def ask(url, **more):
    return perform("http", url=url, **more)


def read(**more):
    return perform("read_file", path=PATH, **more)


def by_file(begins=0, value=FIRST, **more):
    return [read(), file(pod_token(begins)), ask(EXCHANGE), lend(value, **more), use(value)]


def scenes():
    for name, shows, source, steps, *environment in (*oauth(), *echoes(), *workload(), *metadata(), *others(), *chain()):
        yield name, shows, steps, {"source": source, "signing": "steps", **({"environment": environment[0]} if environment else {})}


def oauth():
    yield "oauth", "An OAuth token is exchanged as it is; a refusal says what to look at.", {"oauth": OAUTH_TOKEN}, [
        ask(IAM_URL), grant(FIRST), use(FIRST, expires_at=TWELVE_HOURS), ask(IAM_URL, at=4000, timeout=3), use(FIRST), refuse(401), use(FIRST),
        use(FIRST, at=4029.999), ask(IAM_URL, at=4030), grant(SECOND, 4030 + TWELVE_HOURS), use(SECOND), invalidate(SECOND, True),
        ask(IAM_URL, timeout=10), refuse(401), fail("unauthenticated", says=["OAuth token"]),
    ]  # fmt: skip


def echo(status, token):
    return respond(status, compact({"code": 16, "message": f"the token {token} is bad"}))


def echoed(code, token, **more):
    return fail(code, says=["the token", "is bad"], hides=[token[4:], token[:16]], **more)


def echoes():
    yield "echoed_oauth_token", "A service, or whatever is in between, may repeat what it was sent: no token is shown, whatever it looks like.", {"oauth": STRANGE_OAUTH_TOKEN}, [
        ask(IAM_URL), echo(401, STRANGE_OAUTH_TOKEN), echoed("unauthenticated", STRANGE_OAUTH_TOKEN),
        ask(IAM_URL, after=1), broken("other", f"the token {STRANGE_OAUTH_TOKEN} is bad"), echoed("transport_failed", STRANGE_OAUTH_TOKEN),
    ]  # fmt: skip
    header, claims = (base64url(json.dumps(part, indent=1).encode()) for part in ({"alg": "RS256"}, {"exp": START + 3600, "iss": "https://example.org"}))
    token = f"{header}.{claims}.{SIGNATURE}"
    yield "echoed_subject_token", "… nor one whose JSON is indented, and which does not begin as others do.", FILE, [
        read(), file(token), ask(EXCHANGE), echo(400, token), echoed("bad_request", token),
        read(after=1), file(token), ask(EXCHANGE), broken("other", f"the token {token} is bad"), echoed("transport_failed", token),
    ]  # fmt: skip
    trade, other = IAM_URL + ":createForServiceAccount", {"impersonate": {"service_account_id": ACCOUNT, "source": {"oauth": OAUTH_TOKEN}}}
    yield "echoed_token_of_ones_own", "… nor the one that is traded for another.", other, [
        ask(IAM_URL), grant(STRANGE_TOKEN), ask(trade), echo(403, STRANGE_TOKEN), echoed("permission_denied", STRANGE_TOKEN),
        ask(trade, after=1), broken("other", f"the token {STRANGE_TOKEN} is bad"), echoed("transport_failed", STRANGE_TOKEN),
    ]  # fmt: skip


def workload():
    yield "pod_token_rotates", "The kubelet writes a new token now and then: the file is read at each renewal.", FILE, [
        read(), file(pod_token()), ask(EXCHANGE, subject_token=pod_token()), lend(FIRST), use(FIRST, issued_at=0, expires_at=TWELVE_HOURS),
        read(at=4000), use(FIRST), file(pod_token(3900) + "\n"), ask(EXCHANGE, subject_token=pod_token(3900), timeout=3), lend(SECOND), use(SECOND, issued_at=4000),
    ]  # fmt: skip

    for name, shows, step, code, says in (
        ("missing", "is missing", broken("file", "No such file or directory"), "unreadable_file", ["`" + PATH + "`", "No such file"]),
        ("empty", "is empty", file(""), "invalid_subject_token", ["`" + PATH + "`", "is empty"]),
        ("not_a_jwt", "holds something else", file("hello"), "invalid_subject_token", ["`" + PATH + "`", "three parts"]),
    ):  # fmt: skip
        yield f"pod_token_{name}", f"A token file that {shows} is an error at once, and is looked at again after a second.", FILE, [
            read(), step, fail(code, fault="config", transient=False, says=says), fail(code, after=0.999), read(after=0.001), file(pod_token()), ask(EXCHANGE), lend(FIRST), use(FIRST),
        ]  # fmt: skip
        yield f"pod_token_{name}_while_the_old_one_lives", f"… but while the old IAM token lives, a file that {shows} hurts nobody.", FILE, [
            *by_file(), read(at=4000), step, use(FIRST), use(FIRST, at=4029.999), read(at=4030), step, use(FIRST), read(at=TWELVE_HOURS - 60), step, fail(code),
            read(after=1), file(pod_token(TWELVE_HOURS - 60)), ask(EXCHANGE), lend(SECOND), use(SECOND),
        ]  # fmt: skip

    yield "pod_token_refused", "What the exchange says of the subject token is passed on, with a hint at the federation.", FILE, [
        read(), file(pod_token()), ask(EXCHANGE),
        respond(400, compact({"error": "invalid_request", "error_description": "bad subject " + pod_token()})), fail("bad_request", says=["bad subject", "federat"], hides=["eyJ"]),
    ]  # fmt: skip

    ended = compact({"error": "invalid_request", "error_description": "it ended"})
    yield "pod_token_ended", "Whether a token has ended, the service says, whose clock is right; if it refuses it, the hint says what this machine's clock says.", FILE, [
        read(), file(pod_token(-3635)), ask(EXCHANGE, subject_token=pod_token(-3635)), respond(400, ended), fail("bad_request", transient=False, says=["`it ended`", "`" + PATH + "`", "ended 35 s ago"], hides=["eyJ"]),
        fail("bad_request", after=0.999), read(after=0.001), file(pod_token()), ask(EXCHANGE), lend(FIRST), use(FIRST),
    ]  # fmt: skip
    yield "pod_token_ended_while_the_old_one_lives", "… but while the old IAM token lives, that hurts nobody.", FILE, [
        *by_file(), read(at=4000), file(pod_token(300)), ask(EXCHANGE), respond(401, ended), use(FIRST), use(FIRST, at=4029.999), read(at=4030), file(pod_token(4030)), ask(EXCHANGE), lend(SECOND), use(SECOND),
    ]  # fmt: skip
    for name, claim, more in (("nbf", 361, {"iat": None}), ("iat", 361, {"nbf": None})):
        early = pod_token(claim, **more)
        yield f"pod_token_begins_later_by_{name}", "The same where it begins more than a minute from now.", FILE, [
            read(), file(pod_token(60, **more)), ask(EXCHANGE), respond(400, ended), fail("bad_request", says=["federat"], hides=["begins in"]),
            read(after=300), file(early), ask(EXCHANGE), respond(400, ended), fail("bad_request", says=["`" + PATH + "`", "begins in 61 s"], hides=["eyJ"]),
        ]  # fmt: skip
    yield "pod_token_and_a_slow_clock", "A clock that is two minutes slow keeps no new token from being sent, and is corrected by the answer.", FILE, [
        read(), file(pod_token(120)), ask(EXCHANGE, subject_token=pod_token(120)), lend(FIRST, 3600, date=120), use(FIRST, issued_at=120, expires_at=3720),
    ]  # fmt: skip
    yield "pod_token_and_a_fast_clock", "Nor does one that is two hours fast.", FILE, [
        read(at=7200), file(pod_token()), ask(EXCHANGE, subject_token=pod_token()), lend(FIRST, 3600, date=0), use(FIRST, issued_at=0, expires_at=3600),
    ]  # fmt: skip
    yield "pod_token_refused_for_the_clock", "Where the service refuses it and shows that this machine's clock was off, it is sent once more, and the hint is by the right clock.", FILE, [
        read(at=7200), file(pod_token()), ask(EXCHANGE), respond(400, ended, date=0), read(), file(pod_token()), ask(EXCHANGE),
        respond(400, ended, date=0), fail("bad_request", says=["`it ended`", "federat"], hides=["ended 3600 s ago"]),
    ]  # fmt: skip

    yield "pod_token_exchange_is_tried_again", "A service that fails is asked again, with the file read again.", FILE, [
        read(), file(pod_token()), ask(EXCHANGE), refuse(503), back_off(0, 0.2), read(at="until"), file(pod_token()), ask(EXCHANGE), lend(FIRST), use(FIRST),
    ]  # fmt: skip

    yield "pod_token_exchange_fails", "What becomes of the exchange is not the file's fault.", FILE, [
        read(), file(pod_token()), ask(EXCHANGE), broken("tls", "no certificate"), fail("tls_failed", fault="network", says=["no certificate"], hides=[PATH]),
    ]  # fmt: skip

    yield "variable", "A subject token in a variable, as GitLab sets one; without it, the variable is named.", workload_identity(token_env="CI_TOKEN"), [
        perform("read_variable", path="CI_TOKEN"), broken("variable"), fail("missing_variable", fault="config", says=["`CI_TOKEN`"]),
        perform("read_variable", after=1), file(""), fail("invalid_subject_token", says=["`CI_TOKEN`"]), perform("read_variable", after=1), file(pod_token()), ask(EXCHANGE), lend(FIRST), use(FIRST),
    ]  # fmt: skip

    yield "supplier", "A subject token from a function of the program; its failure is the program's.", workload_identity(token_supplier=True), [
        perform("supply", timeout=FUNCTION), busy(LOST_FUNCTION_AFTER), broken("supplier", "no idea"), fail("supplier_failed", fault="caller", says=["`no idea`"]), perform("supply", after=1), file(pod_token()), ask(EXCHANGE), lend(FIRST), use(FIRST),
        perform("supply", at=4000), broken("supplier"), use(FIRST), perform("supply", at=4030), grant(SECOND, raises="unexpected_outcome"), file(pod_token(4000)), ask(EXCHANGE), lend(SECOND), use(SECOND),
    ]  # fmt: skip

    yield "supplier_too_slow", "A supplier has half a minute. Who takes over asks for the same, and the first token counts, whosever it is.", workload_identity(token_supplier=True), [
        perform("supply", as_="slow"), perform("supply", at=LOST_FUNCTION_AFTER, as_="second"), broken("supplier", effect="slow"), busy(2 * LOST_FUNCTION_AFTER), file(pod_token(), effect="slow", at=40),
        ask(EXCHANGE, subject_token=pod_token()), file(pod_token(30), effect="second"), lend(FIRST), use(FIRST),
    ]  # fmt: skip

    yield "supplier_times_out", "A host that stops waiting for a supplier says so.", workload_identity(token_supplier=True), [
        *five_tries_of("supply", broken("timeout")), fail("timeout", transient=True, says=["the supplier", "30 s"], hides=["the service"]),
    ]  # fmt: skip

    yield "pod_token_read_late", "A file that is read late is as good as one that is read in time, and a read that never ends is a failure that may pass.", FILE, [
        read(as_="slow", timeout=10), busy(LOST_AFTER), read(at=LOST_AFTER, as_="second"), file(pod_token(), effect="slow", at=16), ask(EXCHANGE, as_="exchange"), file(pod_token(), effect="second"),
        broken("timeout"), back_off(16, 16.2), read(at="until"), broken("timeout"), wait(until_min=16, until_max=16.6), read(at="until"), file(pod_token()), ask(EXCHANGE), lend(FIRST), use(FIRST),
    ]  # fmt: skip

    url = "https://issuer.example.org/token"
    yield "token_url_with_a_bad_date", "The clock of whoever issues subject tokens is not the service's.", workload_identity(token_url={"url": url}), [
        ask(url), respond(403, compact({"error": "refused"}), date=86400), fail("permission_denied"), ask(url, after=1), respond(200, pod_token(), date=86400), ask(EXCHANGE), lend(FIRST), use(FIRST, issued_at=1, expires_at=1 + TWELVE_HOURS),
    ]  # fmt: skip

    yield "token_url", "A subject token from a URL, in a field of its answer.", workload_identity(token_url={"url": url, "headers": [["x-key", "k"]], "field": "value"}), [
        ask(url, timeout=5), respond(200, compact({"value": pod_token()})), ask(EXCHANGE, subject_token=pod_token()), lend(FIRST), use(FIRST),
        ask(url, at=4000, timeout=3), respond(200, compact({"token": pod_token(4000)})), use(FIRST), invalidate(FIRST, True),
        ask(url), respond(200, compact({"token": "x"})), fail("invalid_response", status=200, says=["`value`"]), ask(url, after=1), respond(403, "{}"), fail("permission_denied", says=["the subject token's URL", "headers"]),
        ask(url, after=1), respond(200, "<html>"), fail("html_response"), ask(url, after=1), respond(200, compact({"value": ""})), fail("invalid_subject_token"),
        ask(url, after=1), refuse(503), back_off(4004, 4004.2), ask(url, at="until"), broken("connection"), wait(until_min=4004, until_max=4004.6),
    ]  # fmt: skip

    yield "token_url_plain", "Without a field, the whole answer is the subject token.", workload_identity(token_url={"url": url}), [
        ask(url), respond(200, pod_token() + "\n"), ask(EXCHANGE, subject_token=pod_token()), lend(FIRST), use(FIRST),
    ]  # fmt: skip

    yield "subject_token_value", "A subject token that was passed in serves until it ends.", workload_identity(token=pod_token()), [
        ask(EXCHANGE), lend(FIRST, 3000), use(FIRST), ask(EXCHANGE, at=2990), lend(SECOND), use(SECOND), invalidate(SECOND, True), ask(EXCHANGE, at=3600), respond(401, ended), fail("unauthenticated", says=["ended 0 s ago"]),
    ]  # fmt: skip


def metadata():
    source = {"metadata": {}}
    yield "metadata", "The first request is a probe of a second; later ones may take five, or three while a token lives.", source, [
        ask(METADATA_URL, timeout=1), busy(6), lend(FIRST), use(FIRST), ask(METADATA_URL, at=4000, timeout=3), refuse(500), use(FIRST), ask(METADATA_URL, at=4030), lend(SECOND), use(SECOND),
        invalidate(SECOND, True), ask(METADATA_URL, timeout=5), broken("timeout"), back_off(4030, 4030.2), ask(METADATA_URL, at="until"), lend(THIRD), use(THIRD),
    ]  # fmt: skip
    for kind in ("connection", "timeout"):
        yield f"metadata_not_here_{kind}", "Not on the cloud: one probe says so, and nothing is tried again.", source, [
            ask(METADATA_URL, timeout=1), broken(kind, after=1), fail("metadata_unavailable", fault="config", transient=False, says=["YC_METADATA_ADDR"]), fail("metadata_unavailable", after=0.999), ask(METADATA_URL, after=0.001, timeout=1), lend(FIRST), use(FIRST),
        ]  # fmt: skip
    yield "metadata_probe_given_up", "A probe that its owner gave up, or that failed otherwise, says nothing of where this is.", source, [
        ask(METADATA_URL, timeout=1), broken("cancelled"), ask(METADATA_URL, timeout=1), broken("other", "no socket"), fail("transport_failed", says=["no socket"]), ask(METADATA_URL, after=1, timeout=1), lend(FIRST), use(FIRST),
    ]  # fmt: skip
    yield "metadata_no_service_account", "404: the VM has no service account.", source, [
        ask(METADATA_URL), refuse(404), fail("no_service_account", fault="config", status=404, transient=False), ask(METADATA_URL, after=1, timeout=5), lend(FIRST), use(FIRST),
    ]  # fmt: skip
    yield "metadata_answer_takes_seconds", "A life in seconds counts from the answer.", source, [
        ask(METADATA_URL), lend(FIRST, 1800, after=3), use(FIRST, issued_at=3, expires_at=1803),
    ]  # fmt: skip
    yield "metadata_clock_set_back_in_flight", "… and from the clock's later reading, where it was set back meanwhile.", source, [
        ask(METADATA_URL, at=3600), lend(FIRST, 1800, at=10), use(FIRST, issued_at=10, expires_at=1810),
    ]  # fmt: skip
    yield "metadata_with_a_date", "The metadata service is of the cloud, and so is its clock.", source, [
        ask(METADATA_URL), lend(FIRST, 1800, date=300), use(FIRST, issued_at=300, expires_at=2100),
    ]  # fmt: skip
    yield "metadata_answer_read_late", "… but from the request where the process was frozen before it read the answer.", source, [
        ask(METADATA_URL), lend(FIRST, 1800, after=600), use(FIRST, issued_at=600, expires_at=1800), use(FIRST, at=1570), ask(METADATA_URL, at=1740),
    ]  # fmt: skip
    yield "metadata_answer_read_too_late", "… and if the token ended meanwhile, another is asked for at once.", source, [
        ask(METADATA_URL), lend(FIRST, 900, after=1200), ask(METADATA_URL, timeout=5), lend(SECOND, 900), use(SECOND, issued_at=1200, expires_at=2100),
    ]  # fmt: skip
    google = "ya29.c.ExampleOfNoAccount-0123456789"
    yield "metadata_of_another_cloud", "Google's metadata has the same address, path and header: its token is not taken.", source, [
        ask(METADATA_URL), lend(google, 3600), fail("metadata_unavailable", fault="config", transient=False, says=["Google Cloud"], hides=[google[:12], google[7:]]),
    ]  # fmt: skip
    yield "metadata_with_a_token_of_an_unknown_kind", "Any other token is taken where the metadata service was chosen.", source, [ask(METADATA_URL), lend("opaque-token"), use("opaque-token")]
    yield "metadata_token_without_a_life", "A token that has ended when it comes, or within the same second, is no token: nobody asks for one after the other.", source, [
        ask(METADATA_URL), lend(FIRST, 0), fail("invalid_response", fault="remote", says=["`expires_in`", "`0`"]), fail("invalid_response", after=0.999), ask(METADATA_URL, after=0.001), lend(FIRST, -5), fail("invalid_response", says=["`-5`"]),
        ask(METADATA_URL, after=1), lend(FIRST, 0.005), fail("invalid_response", fault="remote"), fail("invalid_response", after=0.999), ask(METADATA_URL, after=0.001), lend(FIRST, 0.999), fail("invalid_response"),
        ask(METADATA_URL, after=1), lend(FIRST, 10), use(FIRST), ask(METADATA_URL, after=8.9), lend(SECOND, 0.1), use(FIRST), perform(after=9),
    ]  # fmt: skip
    yield "metadata_rate_limited", "The metadata service takes some sixty requests a second: its 429 is waited for.", source, [
        ask(METADATA_URL), refuse(429, retry_after="1"), back_off(1, 1.2), ask(METADATA_URL, at="until"), lend(FIRST, 900), use(FIRST),
    ]  # fmt: skip


def others():
    line = pem("rsa2048_a").split("\n")[3]
    yield "key_file_named_by_a_line_of_a_key", "A line of a private key in a path's place is not shown, nor repeated from the host's words.", {"key_file": line}, [
        perform("read_file", path=line), broken("file", f"no such file: open '{line}'"), fail("unreadable_file", fault="config", says=["no such file", "not shown"], hides=[line[:12], line[20:40], line[-12:]]),
    ]  # fmt: skip
    yield "key_file_named_by_a_line_of_a_key_and_words", "The same for what stands beside it, unless it is as short as any word.", {"key_file": f"{line} seven-7 eight-88"}, [
        perform("read_file", path=f"{line} seven-7 eight-88"), broken("file", f"no such file: open '{line} seven-7 eight-88'"), fail("unreadable_file", says=["seven-7", "[redacted]", "not shown"], hides=[line[:12], line[20:40], line[-12:], "eight-88"]),
    ]  # fmt: skip
    path = "/Users/Ada1/Projects/MyService/secrets/AuthorizedKey2026"
    yield "key_file_that_is_missing", "A path is shown, also one with capitals and digits.", {"key_file": path}, [
        perform("read_file", path=path), broken("file", "no such file"), fail("unreadable_file", fault="config", says=[f"`{path}`", "no such file"]),
    ]  # fmt: skip

    function = compact({"access_token": FIRST, "expires_in": 900, "token_type": "Bearer"})
    yield "function", "The token of an invocation serves until a minute before its end, and cannot be renewed.", {"function": function}, [
        use(FIRST, issued_at=0, expires_at=900), use(FIRST, at=839.999), fail("invalid_credential", at=840, says=["within a minute"]), fail("invalid_credential", at=900, says=["this invocation"]),
    ]  # fmt: skip
    yield "function_refused", "… nor after a service refused it.", {"function": function}, [
        use(FIRST), invalidate(FIRST, True), invalidate(FIRST, False), fail("invalid_credential", says=["refused"]),
    ]  # fmt: skip

    yield "fixed", "A fixed token without a known end serves until a service refuses it.", {"fixed": {"token": FIRST}}, [
        use(FIRST, issued_at=0), use(FIRST, at=100 * TWELVE_HOURS, issued_at=100 * TWELVE_HOURS), invalidate(SECOND, False), invalidate(FIRST, True), fail("invalid_credential", fault="config", says=["refused by a service"]), fail("invalid_credential", after=100),
    ]  # fmt: skip
    yield "fixed_with_an_end", "With a known end, it serves until a minute before.", {"fixed": {"token": FIRST, "expires_at": START + 7200}}, [
        use(FIRST, issued_at=0, expires_at=7200), use(FIRST, at=7139.999), fail("invalid_credential", at=7140, says=["within a minute"]), fail("invalid_credential", at=7200, says=["ended 0 s ago"]),
    ]  # fmt: skip

    other = {"impersonate": {"service_account_id": ACCOUNT, "source": {"oauth": OAUTH_TOKEN}}}
    trade = IAM_URL + ":createForServiceAccount"
    yield "impersonation", "Two steps: a token of one's own, then one of the other account. A second try keeps what the first one got.", other, [
        ask(IAM_URL), grant(FIRST), ask(trade), refuse(503), back_off(0, 0.2), ask(trade, at=0.2), grant(SECOND, 3600), use(SECOND), ask(trade, at=3235), use(SECOND), grant(THIRD), use(THIRD),
        ask(IAM_URL, at=7300), use(THIRD), grant(FIRST, 7300 + TWELVE_HOURS), ask(trade), use(THIRD), grant(SECOND, 7300 + TWELVE_HOURS), use(SECOND),
    ]  # fmt: skip
    yield "impersonation_forbidden", "The account may not act as the other: the error says which role is missing.", other, [
        ask(IAM_URL), grant(FIRST), ask(trade), refuse(403), fail("permission_denied", says=["iam.serviceAccounts.tokenCreator"]),
    ]  # fmt: skip
    yield "impersonation_through_no_metadata", "What keeps a token of one's own from being got is said as its source says it.", {"impersonate": {"service_account_id": ACCOUNT, "source": {"metadata": {}}}}, [
        ask(METADATA_URL, timeout=1), broken("connection"), fail("metadata_unavailable", fault="config", transient=False, says=["YC_METADATA_ADDR"]),
    ]  # fmt: skip
    yield "impersonation_through_a_dead_token", "A token of one's own that is refused is not used twice.", other, [
        ask(IAM_URL), grant(FIRST), ask(trade), refuse(401), fail("unauthenticated"), ask(IAM_URL, after=1), grant(SECOND), ask(trade), grant(THIRD), use(THIRD),
        invalidate(THIRD, True), ask(trade), grant(FIRST), use(FIRST),
    ]  # fmt: skip
    yield "impersonation_through_a_fixed_token", "A fixed token that is refused stays refused.", {"impersonate": {"service_account_id": ACCOUNT, "source": {"fixed": {"token": FIRST}}}}, [
        ask(trade), refuse(401), fail("unauthenticated"), fail("invalid_credential", after=1, says=["refused"]),
    ]  # fmt: skip


def chain():
    yield "default_finds_nothing", "Nothing is set and nothing answers: the error lists what was tried.", {"default": {}}, [
        ask(METADATA_URL, timeout=1), broken("timeout", after=1),
        fail("no_credentials", fault="config", transient=False, says=["`YC_SERVICE_ACCOUNT_KEY_FILE` is not set", "`YC_TOKEN` is not set", "`context.token`", "metadata service does not answer"]),
    ]  # fmt: skip
    yield "default_finds_no_service_account", "The same where the machine is a VM without a service account.", {"default": {}}, [
        ask(METADATA_URL), refuse(404), fail("no_credentials", says=["no service account is attached"]),
    ]  # fmt: skip
    for name, shows, token in (("google", "Google's metadata", "ya29.c.ExampleOfNoAccount-0123456789"), ("another_cloud", "A metadata service that gives something else than IAM tokens", "opaque-token-of-another-cloud"), ("a_jwt", "The same with a JWT", pod_token()), ("no_version", "The same with a token that has no version", "t.opaque-token-of-another-cloud"), ("a_word", "The same with a word", "token.of-another-cloud")):  # fmt: skip
        yield f"default_finds_{name}", f"{shows} is not this cloud.", {"default": {}}, [
            ask(METADATA_URL, timeout=1), lend(token, 3600), fail("no_credentials", fault="config", transient=False, says=["`YC_TOKEN` is not set", "the metadata service gave"], hides=[token[:10], token[7:]]),
        ]  # fmt: skip
    refusals = (
        ("azure", "Azure's metadata", respond(400, compact({"error": "Bad request. Required metadata header not specified"})), "the service answered 400: `Bad request. Required metadata header not specified`"),
        ("aws", "Amazon's metadata, which answers to nobody without a session", respond(401, "<?xml version=\"1.0\"?><html><body><h1>401 - Unauthorized</h1></body></html>"), "a web page came with status 401"),
        ("a_login_page", "A network that sends everybody to its login page", respond(302), "the service answered 302"),
        ("a_web_page", "A web page", respond(200, "<html>"), "a web page came"),
        ("something_else", "Something that gives no token", respond(200, "{}"), "the answer has no `access_token`"),
    )  # fmt: skip
    for name, shows, answer, says in refusals:
        yield f"default_finds_{name}", f"{shows} is not this cloud: the error lists what was tried.", {"default": {}}, [
            ask(METADATA_URL, timeout=1), answer, fail("no_credentials", fault="config", transient=False, says=["`YC_TOKEN` is not set", "the metadata service gave no token", says]),
        ]  # fmt: skip
    yield "default_found_metadata", "Metadata that has given a token is no guess any more: what it says later is told as it is.", {"default": {}}, [
        ask(METADATA_URL), lend(FIRST), use(FIRST), invalidate(FIRST, True), ask(METADATA_URL), refuse(403), fail("permission_denied", status=403),
        ask(METADATA_URL, after=1), refuse(404), fail("no_service_account"),
    ]  # fmt: skip
    yield "default_takes_a_later_version", "Tokens may have another version some day.", {"default": {}}, [ask(METADATA_URL), lend("t2.example"), use("t2.example")]
    yield "default_finds_metadata", "A machine that answers the probe is the cloud.", {"default": {}}, [
        ask(METADATA_URL), lend(FIRST), use(FIRST, fresh_until_min=3240, fresh_until_max=3960), use(FIRST, at=3240),
    ]  # fmt: skip
    yield "default_takes_metadata_that_was_named", "Where the environment names the metadata service, any token of it is taken.", {"default": {}}, [
        ask(METADATA_URL), lend("opaque-token-of-another-kind"), use("opaque-token-of-another-kind"),
    ], {"YDB_METADATA_CREDENTIALS": "1"}  # fmt: skip
