"""vectors/api_answers.json"""

import base64
import json

import api_tasks as tasks
from api_tasks import ACCOUNT, CREDENTIAL, FEDERATION, FOLDER, ISSUER, OPERATION, SUBJECT, VERSION
from common import NEW_YEAR, compact, http_date, write_cases
from responses import FAULTS, HTML, JSON_TYPE, REQUEST_ID, TRANSIENT, status_body

MARKED = "marked-value-that-nobody-may-see"
IAM_TOKEN = "t1.9euelZqExampleTokenOfNoService"

GET_SECRET = tasks.lockbox_get()
GET_BY_NAME = tasks.lockbox_get_by_name("db")
CREATE = tasks.federated_credentials_create()
GET_CREDENTIAL = {"federated_credentials_get": {"federated_credential_id": CREDENTIAL}}
LIST_PAGE = {"federated_credentials_list_page": {"service_account_id": ACCOUNT}}
LIST = {"federated_credentials_list": {"service_account_id": ACCOUNT}}
DELETE = {"federated_credentials_delete": {"federated_credential_id": CREDENTIAL}}
GET_FEDERATION = {"federations_get": {"federation_id": FEDERATION}}
LIST_FEDERATIONS = {"federations_list_page": {"folder_id": FOLDER}}
LOOK = {"operations_get": {"operation_id": OPERATION}}
WAIT = {"operations_wait": {"operation_id": OPERATION}}
REVOKE = {"tokens_revoke": {"token": IAM_TOKEN}}
ANYTHING = tasks.plain_request()

CREATED = "2026-01-01T00:00:00Z"
CREDENTIAL_JSON = {"id": CREDENTIAL, "serviceAccountId": ACCOUNT, "federationId": FEDERATION, "externalSubjectId": SUBJECT, "createdAt": CREATED}
CREDENTIAL_ANSWER = {"id": CREDENTIAL, "service_account_id": ACCOUNT, "federation_id": FEDERATION, "external_subject_id": SUBJECT, "created_at": NEW_YEAR}
FEDERATION_JSON = {
    "id": FEDERATION, "name": "k8s", "folderId": FOLDER, "description": "of tests", "disabled": True, "audiences": [ISSUER, "two"], "issuer": ISSUER,
    "jwksUrl": ISSUER + "/jwks.json", "labels": {"a": "1", "b": ""}, "createdAt": "2026-01-01T03:00:00.5+03:00",
}  # fmt: skip
FEDERATION_ANSWER = {
    "id": FEDERATION, "name": "k8s", "folder_id": FOLDER, "description": "of tests", "disabled": True, "audiences": [ISSUER, "two"], "issuer": ISSUER,
    "jwks_url": ISSUER + "/jwks.json", "labels": {"a": "1", "b": ""}, "created_at": NEW_YEAR + 0.5,
}  # fmt: skip
OPERATION_JSON = {
    "id": OPERATION, "description": "Create it", "createdAt": CREATED, "createdBy": ACCOUNT, "modifiedAt": "2026-01-01T00:00:01Z", "done": False,
    "metadata": {"@type": "type.googleapis.com/x", "federatedCredentialId": CREDENTIAL},
}  # fmt: skip
OPERATION_ANSWER = {
    "id": OPERATION, "description": "Create it", "created_at": NEW_YEAR, "created_by": ACCOUNT, "modified_at": NEW_YEAR + 1, "done": False,
    "metadata": OPERATION_JSON["metadata"], "error": None, "response": None,
}  # fmt: skip


def given(name, task, status, body, headers):
    body = body if isinstance(body, dict) and set(body) <= {"text", "base64", "repeat", "times", "join"} and body else {"text": body if isinstance(body, str) else compact(body)}
    return {"name": name, "task": task, "now": NEW_YEAR, "status": status, "headers": headers, "body": body}


def good(name, task, body, status=200, headers=JSON_TYPE, **answer):
    return {**given(name, task, status, body, headers), "answer": answer}


def bad(name, task, code, body, status=200, headers=JSON_TYPE, says=(), hides=(), request_id=None, retry_after=None, shows_status=True):
    expected = {"code": code, "fault": FAULTS.get(code, "remote"), "transient": code in TRANSIENT or code == "operation_unfinished",
                "status": status if shows_status else None, "request_id": request_id, "retry_after": retry_after}  # fmt: skip
    expected.update({key: list(value) for key, value in (("says", says), ("hides", hides)) if value})
    return {**given(name, task, status, body, headers), "error": expected}


def b64(data):
    return base64.b64encode(data).decode("ascii")


def entry(key, value):
    return {"key": key, "value": {"base64": b64(value)} if isinstance(value, bytes) else {"text": value}}


def payload(*entries):
    return {"version_id": VERSION, "entries": [entry(key, value) for key, value in entries]}


def lockbox():
    def listed(*entries, **more):
        return {"entries": list(entries), "versionId": VERSION, **more}

    def got(name, body, *entries):
        return good(name, GET_SECRET, body, lockbox_payload=payload(*entries))

    def wrong(name, body, *says):
        return bad(name, GET_SECRET, "invalid_response", body, says=says, hides=[MARKED])

    all_bytes = bytes(range(256))
    yield got("lockbox_text", listed({"key": "password", "textValue": "p4ss\r\nword é \0"}), ("password", "p4ss\r\nword é \0"))
    yield got("lockbox_binary", listed({"key": "der", "binaryValue": b64(all_bytes)}), ("der", all_bytes))
    yield got("lockbox_both_kinds_in_order", listed({"key": "z", "textValue": "1"}, {"key": "a", "binaryValue": b64(b"\xff")}, {"key": "m", "textValue": "3"}),
              ("z", "1"), ("a", b"\xff"), ("m", "3"))  # fmt: skip
    yield got("lockbox_no_entries", {"versionId": VERSION})
    yield got("lockbox_null_entries", {"entries": None, "versionId": VERSION})
    yield got("lockbox_empty_list", listed())
    yield got("lockbox_value_left_out", listed({"key": "empty"}), ("empty", ""))
    yield got("lockbox_null_values", listed({"key": "empty", "textValue": None, "binaryValue": None}), ("empty", ""))
    yield got("lockbox_null_beside_a_value", listed({"key": "a", "textValue": None, "binaryValue": b64(b"x")}, {"key": "b", "textValue": "y", "binaryValue": None}), ("a", "x"), ("b", "y"))
    yield got("lockbox_empty_values", listed({"key": "a", "textValue": ""}, {"key": "b", "binaryValue": ""}), ("a", ""), ("b", ""))
    yield got("lockbox_empty_key", listed({"key": "", "textValue": "x"}), ("", "x"))
    yield got("lockbox_strange_key", listed({"key": "a\n`b`\0", "textValue": "x"}), ("a\n`b`\0", "x"))
    yield got("lockbox_unknown_fields", listed({"key": "a", "textValue": "x", "kind": 7}, etag=[1.5, None]), ("a", "x"))
    yield got("lockbox_large", listed({"key": "a", "textValue": "x" * 65_536}), ("a", "x" * 65_536))
    yield got("lockbox_as_an_object", {"entries": {"a": b64(b"1")}, "versionId": VERSION}, ("a", "1"))
    for name, value in (
        ("not_base64", "*" + MARKED), ("no_padding", "YQ"), ("too_much_padding", "YQ==="), ("padding_in_between", "YQ==YQ=="), ("url_alphabet", "-_-_"), ("line_break", "YWJj\nYWJj"),
        ("space", "YWJj YWJj"), ("loose_bits", "YR=="), ("not_ascii", "éé=="), ("number", 7), ("list", [MARKED]), ("object", {"value": MARKED}), ("boolean", True),
    ):  # fmt: skip
        yield wrong(f"lockbox_binary_{name}", listed({"key": "der", "binaryValue": value}), "`der`")
        yield bad(f"lockbox_by_name_{name}", GET_BY_NAME, "invalid_response", {"entries": {"der": value}, "versionId": VERSION}, says=["`der`"], hides=[MARKED])
    for name, value in (("number", 7), ("list", [MARKED]), ("object", {"value": MARKED}), ("boolean", False)):
        yield wrong(f"lockbox_text_{name}", listed({"key": "password", "textValue": value}), "`password`")
        yield wrong(f"lockbox_key_{name}", listed({"key": value, "textValue": MARKED}), "`key`")
        yield wrong(f"lockbox_version_{name}", {"entries": [{"key": "a", "textValue": MARKED}], "versionId": value}, "`versionId`")
        yield wrong(f"lockbox_entry_{name}", listed(value))
    yield wrong("lockbox_both_values", listed({"key": "a", "textValue": MARKED, "binaryValue": b64(b"x")}), "`a`")
    yield wrong("lockbox_key_missing", listed({"textValue": MARKED}), "`key`")
    yield wrong("lockbox_entry_null", listed(None), "`key`")
    yield wrong("lockbox_version_missing", {"entries": [{"key": "a", "textValue": MARKED}]}, "`versionId`")
    yield wrong("lockbox_version_null", {"entries": [], "versionId": None}, "`versionId`")
    for name, value in (("number", 7), ("text", MARKED), ("boolean", True)):
        yield wrong(f"lockbox_entries_{name}", {"entries": value, "versionId": VERSION}, "`entries`")
    yield wrong("lockbox_key_in_an_error", listed({"key": "a\r\n`" + "b" * 200, "textValue": 1}))
    by_name = {"entries": {"zeta": b64(all_bytes), "alpha": b64("é".encode()), "empty": ""}, "versionId": VERSION}
    yield good("lockbox_by_name", GET_BY_NAME, by_name, lockbox_payload=payload(("alpha", "é"), ("empty", ""), ("zeta", all_bytes)))
    yield good("lockbox_by_name_no_entries", GET_BY_NAME, {"versionId": VERSION}, lockbox_payload=payload())
    yield bad("lockbox_by_name_null", GET_BY_NAME, "invalid_response", {"entries": {"der": None}, "versionId": VERSION}, says=["`der`"])


NOT = {"text": "marked", "number": 7, "boolean": True, "list": [MARKED], "object": {"a": MARKED}}


def fields(prefix, task, base, answer_kind, answer, required, texts, times=("createdAt",), others=()):
    """Each field left out, null, and of each wrong type."""
    yield good(f"{prefix}_whole", task, base, **{answer_kind: answer})
    yield good(f"{prefix}_unknown_fields", task, {**base, "etag": {"a": [None, 1.5]}}, **{answer_kind: answer})
    for name in required:
        yield bad(f"{prefix}_{name}_missing", task, "invalid_response", {k: v for k, v in base.items() if k != name}, says=[f"`{name}`"])
        yield bad(f"{prefix}_{name}_null", task, "invalid_response", {**base, name: None}, says=[f"`{name}`"])
    snake = {"createdAt": "created_at", "modifiedAt": "modified_at", "folderId": "folder_id", "jwksUrl": "jwks_url", "createdBy": "created_by"}
    nothing = {name: "" for name in texts} | {name: None for name in times} | {name: empty for name, _, empty in others}
    for name, empty in nothing.items():
        expected = {**answer, snake.get(name, name): empty}
        yield good(f"{prefix}_{name}_missing", task, {k: v for k, v in base.items() if k != name}, **{answer_kind: expected})
        yield good(f"{prefix}_{name}_null", task, {**base, name: None}, **{answer_kind: expected})
    for names, kind in ((required, "text"), (texts, "text"), (times, "text"), *(((name,), kind) for name, kind, _ in others)):
        for name in names:
            for label, value in NOT.items():
                if label != kind:
                    yield bad(f"{prefix}_{name}_is_{label}", task, "invalid_response", {**base, name: value}, says=[f"`{name}`"], hides=[MARKED])
    for name in times:
        for label, value in (("date", "2026-01-01"), ("word", "today"), ("no_offset", "2026-01-01T00:00:00"), ("month_13", "2026-13-01T00:00:00Z"), ("crlf", "2026-01-01T00:00:00Z\r\n")):
            yield bad(f"{prefix}_{name}_is_{label}", task, "invalid_response", {**base, name: value}, says=[f"`{name}`"])
        # What the documentation says of every time: years 1 to 9999, 0 to 9 digits of a fraction.
        for label, value, time in (("first_of_all", "0001-01-01T00:00:00Z", None), ("before_1970", "1969-12-31T23:59:59.999Z", None), ("last_of_all", "9999-12-31T23:59:59.999999999Z", 253402300799)):
            yield good(f"{prefix}_{name}_is_{label}", task, {**base, name: value}, **{answer_kind: {**answer, snake[name]: time}})


def resources():
    yield from fields("credential", GET_CREDENTIAL, CREDENTIAL_JSON, "federated_credential", CREDENTIAL_ANSWER, ("id", "serviceAccountId", "federationId", "externalSubjectId"), ())
    yield from fields("federation", GET_FEDERATION, FEDERATION_JSON, "federation", FEDERATION_ANSWER, ("id", "issuer"), ("name", "folderId", "description", "jwksUrl"),
                      others=(("disabled", "boolean", True), ("audiences", "list", []), ("labels", "object", {})))  # fmt: skip
    # Requests say `disabled`, answers say `enabled`, or leave it out where it is false.
    silent = {key: value for key, value in FEDERATION_JSON.items() if key != "disabled"}
    for name, said, enabled in (("enabled", {"enabled": True}, True), ("not_enabled", {"enabled": False}, False), ("enabled_left_out", {}, False), ("enabled_null", {"enabled": None}, False), ("not_disabled", {"disabled": False}, True)):  # fmt: skip
        yield good(f"federation_{name}", GET_FEDERATION, {**silent, **said}, federation={**FEDERATION_ANSWER, "disabled": not enabled})
    yield bad("federation_enabled_of_text", GET_FEDERATION, "invalid_response", {**FEDERATION_JSON, "enabled": "yes"}, says=["`enabled`"])
    yield bad("federation_audiences_of_numbers", GET_FEDERATION, "invalid_response", {**FEDERATION_JSON, "audiences": ["a", 1]}, says=["`audiences`"])
    yield bad("federation_labels_of_numbers", GET_FEDERATION, "invalid_response", {**FEDERATION_JSON, "labels": {"a": 1}}, says=["`labels`"])
    control = {**FEDERATION_JSON, "description": "a\r\nb\0\u0085"}
    yield good("federation_control_characters", GET_FEDERATION, control, federation={**FEDERATION_ANSWER, "description": "a\r\nb\0\u0085"})
    for prefix, task, items, one, kind, answer in (
        ("credentials", LIST_PAGE, "federatedCredentials", CREDENTIAL_JSON, "federated_credentials", CREDENTIAL_ANSWER),
        ("federations", LIST_FEDERATIONS, "federations", FEDERATION_JSON, "federations", FEDERATION_ANSWER),
    ):  # fmt: skip
        yield good(f"{prefix}_page", task, {items: [one, one], "nextPageToken": "CAUQAg=="}, **{kind: {"items": [answer, answer], "next_page_token": "CAUQAg=="}})
        yield good(f"{prefix}_last_page", task, {items: [one], "nextPageToken": ""}, **{kind: {"items": [answer], "next_page_token": None}})
        yield good(f"{prefix}_empty_object", task, {"text": "{}"}, **{kind: {"items": [], "next_page_token": None}})
        yield good(f"{prefix}_null", task, {items: None, "nextPageToken": None}, **{kind: {"items": [], "next_page_token": None}})
        for label, value in NOT.items():
            if label != "list":
                yield bad(f"{prefix}_items_are_{label}", task, "invalid_response", {items: value}, says=[f"`{items}`"], hides=[MARKED])
            if label != "text":
                yield bad(f"{prefix}_token_is_{label}", task, "invalid_response", {items: [], "nextPageToken": value}, says=["`nextPageToken`"], hides=[MARKED])
            yield bad(f"{prefix}_item_is_{label}", task, "invalid_response", {items: [one, value]}, hides=[MARKED])
        yield bad(f"{prefix}_item_without_id", task, "invalid_response", {items: [one, {}]}, says=["`id`"])
    yield good("credentials_all_on_one_page", LIST, {"federatedCredentials": [CREDENTIAL_JSON] * 3}, federated_credentials={"items": [CREDENTIAL_ANSWER] * 3, "next_page_token": None})
    yield bad("credentials_same_page_for_ever", LIST, "invalid_response", {"federatedCredentials": [CREDENTIAL_JSON], "nextPageToken": "again"}, says=["no end"])
    yield bad("credentials_page_token_too_long", LIST, "invalid_response", {"nextPageToken": "a" * 2001}, says=["`nextPageToken`"])


def operations():
    others = (("done", "boolean", False),)
    yield from fields("operation", LOOK, OPERATION_JSON, "operation", OPERATION_ANSWER, ("id",), ("description", "createdBy"), ("createdAt", "modifiedAt"), others)
    for label, value in (("empty", ""), ("slash", "a/b"), ("dots", "../x"), ("query", "a?b"), ("crlf", "a\r\nx-injected: 1"), ("space", "a "), ("too_long", "a" * 51), ("not_ascii", "é"), ("token", "t1.marked-token-of-nobody")):
        for task, prefix in ((LOOK, "operation"), (WAIT, "waited"), (CREATE, "created")):
            yield bad(f"{prefix}_id_{label}", task, "invalid_response", {**OPERATION_JSON, "id": value}, says=["`id`"], hides=["x-injected", "marked"])
    done = {**OPERATION_JSON, "done": True}
    response = {"@type": "type.googleapis.com/x", "z": [1, None, "é"], "a": {}}
    yield good("operation_done", LOOK, {**done, "response": response}, operation={**OPERATION_ANSWER, "done": True, "response": response})
    yield good("operation_no_metadata", LOOK, {k: v for k, v in OPERATION_JSON.items() if k != "metadata"}, operation={**OPERATION_ANSWER, "metadata": {}})
    status = {"code": 9, "message": "in use", "details": [{"@type": "type.googleapis.com/y", "by": "x"}]}
    for state in (True, False):
        body = {**OPERATION_JSON, "done": state, "error": status}
        label = "done" if state else "not_done"
        # One look shows the state, whatever it is.
        yield good(f"operation_error_{label}", LOOK, body, operation={**OPERATION_ANSWER, "done": state, "error": status})
        for task, prefix in ((WAIT, "waited"), (CREATE, "created"), (DELETE, "deleted")):
            yield bad(f"{prefix}_error_{label}", task, "operation_failed", body, says=[f"`{OPERATION}`", "`in use`", "by", "type.googleapis.com/y"], shows_status=False)
    yield good("operation_error_bare", LOOK, {**done, "error": {}}, operation={**OPERATION_ANSWER, "done": True, "error": {"code": 0, "message": "", "details": []}})
    for label, value in (("empty", {}), ("message_is_number", {"code": 3, "message": 7}), ("code_is_text", {"code": "3", "message": "no"}), ("details_are_text", {"code": 3, "details": "no"})):
        yield bad(f"waited_error_{label}", WAIT, "operation_failed", {**done, "error": value}, says=[f"`{OPERATION}`"], shows_status=False)
    for label, value in NOT.items():
        if label != "object":
            yield bad(f"waited_error_is_{label}", WAIT, "invalid_response", {**done, "error": value}, says=["`error`"], hides=[MARKED])
    strange = {"code": 3, "message": f"no\r\n`{IAM_TOKEN}` " + "x" * 500, "details": [{"token": IAM_TOKEN}]}
    yield bad("waited_error_is_cleaned", WAIT, "operation_failed", {**done, "error": strange}, says=["no"], hides=[IAM_TOKEN, "\r", "x" * 301], shows_status=False)
    for code in range(18):
        yield bad(f"waited_error_code_{code}", WAIT, "operation_failed", {**done, "error": {"code": code, "message": "no"}}, says=["`no`"], shows_status=False)
    yield good("waited_done", WAIT, {**done, "response": {}}, operation={**OPERATION_ANSWER, "done": True, "response": {}})
    yield good("waited_done_without_response", WAIT, done, operation={**OPERATION_ANSWER, "done": True})
    for task, prefix in ((WAIT, "waited"), (CREATE, "created"), (DELETE, "deleted")):
        yield bad(f"{prefix}_never_done", task, "operation_unfinished", OPERATION_JSON, says=[f"`{OPERATION}`"], shows_status=False)
    yield good("created_at_once", CREATE, {**done, "response": CREDENTIAL_JSON}, federated_credential=CREDENTIAL_ANSWER)
    yield good("created_federation_at_once", tasks.federations_create(), {**done, "response": FEDERATION_JSON}, federation=FEDERATION_ANSWER)
    yield good("updated_federation_at_once", tasks.federations_update(name="k8s"), {**done, "response": FEDERATION_JSON}, federation=FEDERATION_ANSWER)
    for label, value in (("missing", None), ("empty", {}), ("text", "marked"), ("list", [CREDENTIAL_JSON]), ("without_id", {k: v for k, v in CREDENTIAL_JSON.items() if k != "id"})):
        yield bad(f"created_response_{label}", CREATE, "invalid_response", {**done, "response": value}, says=[f"`{OPERATION}`"])
    for label, value in (("missing", None), ("empty", {}), ("text", "marked")):
        yield good(f"deleted_response_{label}", DELETE, {**done, "response": value}, nothing=True)
    yield good("deleted_federation", {"federations_delete": {"federation_id": FEDERATION}}, {**done, "response": {}}, nothing=True)


def revoking():
    yield good("revoked", REVOKE, {"subjectId": ACCOUNT}, subject=ACCOUNT)
    yield good("revoked_unknown_fields", REVOKE, {"subjectId": ACCOUNT, "at": 1}, subject=ACCOUNT)
    yield bad("revoked_without_subject", REVOKE, "invalid_response", {"text": "{}"}, says=["`subjectId`"])
    for label, value in (("null", None), *NOT.items()):
        if label != "text":
            yield bad(f"revoked_subject_is_{label}", REVOKE, "invalid_response", {"subjectId": value}, says=["`subjectId`"], hides=[MARKED])


EACH = (("lockbox", GET_SECRET), ("by_name", GET_BY_NAME), ("get", GET_CREDENTIAL), ("page", LIST_PAGE), ("list", LIST), ("create", CREATE), ("delete", DELETE), ("update", tasks.federations_update(name="x")),
        ("look", LOOK), ("wait", WAIT), ("revoke", REVOKE))  # fmt: skip


def no_answers():
    """What is no answer of any service, to each kind of task."""
    for prefix, task in EACH:
        for label, code, body in (
            ("empty", "empty_response", ""), ("white_space", "empty_response", " \r\n"), ("html", "html_response", HTML), ("word", "invalid_response", "correct horse"), ("number", "invalid_response", "42"),
            ("null", "invalid_response", "null"), ("array", "invalid_response", "[]"), ("text", "invalid_response", '"x"'), ("brace", "truncated_response", "{"), ("half", "truncated_response", '{"id": "a'),
            ("deep", "invalid_response", {"repeat": '{"a":', "times": 100_000}), ("garbage", "invalid_response", {"repeat": "garbage ", "times": 20_000}),
            ("binary", "invalid_response", {"base64": b64(bytes(range(256)) * 4)}), ("not_utf_8", "invalid_response", {"base64": b64(b'{"id":"\xff"}')}),
        ):  # fmt: skip
            yield bad(f"{prefix}_body_{label}", task, code, body)
        yield bad(f"{prefix}_body_oversize", task, "oversize_response", {"repeat": "x", "times": 8 * 1024 * 1024 + 1})
        yield bad(f"{prefix}_body_html_by_type", task, "html_response", "{}", headers=[["content-type", "text/html"]])


def statuses():
    named = {400: "bad_request", 401: "unauthenticated", 403: "permission_denied", 404: "not_found", 408: "timeout", 409: "conflict", 429: "rate_limited"}
    for prefix, task in EACH:
        for status in (100, 301, 302, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 418, 422, 429, 500, 501, 502, 503, 504, 599, 600):
            code = named.get(status) or ("redirect_refused" if 300 <= status < 400 else "server_error" if 500 <= status < 600 else "unexpected_status")
            body = status_body(7, f"no, {IAM_TOKEN}", REQUEST_ID)
            yield bad(f"{prefix}_status_{status}", task, code, body, status, says=["no"], hides=[IAM_TOKEN], request_id=REQUEST_ID)
    for status in (400, 403, 404, 409, 500):
        code = named.get(status, "server_error")
        yield bad(f"status_{status}_html", GET_SECRET, "html_response" if status < 500 else code, HTML, status)
        yield bad(f"status_{status}_empty", GET_SECRET, code, "", status)
        yield bad(f"status_{status}_garbage", GET_SECRET, code, {"repeat": "garbage ", "times": 20_000}, status)
    yield bad("status_204", GET_SECRET, "empty_response", "", 204)
    yield bad("retry_after_too_long", GET_SECRET, "rate_limited", "{}", 429, [["Retry-After", "60"]], retry_after=60)
    yield bad("retry_after_date_too_far", GET_SECRET, "server_error", "{}", 503, [["Retry-After", http_date(NEW_YEAR + 90)], ["Date", http_date(NEW_YEAR)]], retry_after=90)
    yield bad("request_id_of_the_header", GET_SECRET, "permission_denied", "{}", 403, [["X-Request-Id", REQUEST_ID]], request_id=REQUEST_ID)


def plain_requests():
    for status in (100, 200, 201, 204, 206, 301, 304, 400, 401, 403, 404, 409, 429, 500, 503, 599):
        body = "" if status in (100, 204, 304) else f'{{"status": {status}}}'
        yield good(f"request_status_{status}", ANYTHING, body, status, response={"status": status, "headers": JSON_TYPE, "body": {"text": body}})
    twice = [["Set-Cookie", "a=1"], ["set-cookie", "b=2"], ["X-Empty", ""]]
    yield good("request_headers_as_they_came", ANYTHING, "", 200, twice, response={"status": 200, "headers": twice, "body": {"text": ""}})
    yield good("request_head", tasks.plain_request(method="HEAD"), "", 200, [["content-length", "7"]], response={"status": 200, "headers": [["content-length", "7"]], "body": {"text": ""}})
    every_byte = {"base64": b64(bytes(range(256)))}
    yield good("request_binary", ANYTHING, every_byte, 200, [], response={"status": 200, "headers": [], "body": every_byte})
    large = {"repeat": "x", "times": 9 * 1024 * 1024}
    yield good("request_large", ANYTHING, large, 200, [], response={"status": 200, "headers": [], "body": large})
    yield good("request_html", ANYTHING, HTML, 200, [], response={"status": 200, "headers": [], "body": {"text": HTML}})


def main():
    assert json.loads(compact(CREDENTIAL_JSON)) == CREDENTIAL_JSON
    cases = [*lockbox(), *resources(), *operations(), *revoking(), *no_answers(), *statuses(), *plain_requests()]
    write_cases("api_answers", "What each task makes of an answer.", cases)


if __name__ == "__main__":
    main()
