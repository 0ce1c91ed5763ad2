"""vectors/responses.json"""

import base64
import json

from common import NEW_YEAR, compact, http_date, rfc3339, write_cases

HOUR = 3600
NOON = rfc3339(NEW_YEAR + 12 * HOUR)
TOKEN = "t1.9euelZqExampleTokenOfNoService"
LONG_TOKEN = "t1." + "9euelZqExampleTokenOfNoService-_" * 4 + "." + "AbCdEf0123456789-_" * 5
JWT = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhamUifQ.c2lnbmF0dXJlLW9mLW5vLXNlcnZpY2U"
OAUTH_TOKEN = "y0_AgAAAAExampleOfNoAccount-0123456789"
API_KEY = "AQVNExampleOfNoService0123456789"
REQUEST_ID = "5b6e7a1c-0000-4000-8000-00000000abcd"
JSON_TYPE = [["Content-Type", "application/json"]]
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"


def answer(status, body, headers=JSON_TYPE, now=NEW_YEAR):
    body = body if isinstance(body, dict) else {"text": body}
    return {"now": now, "status": status, "headers": headers, "body": body}


def ok_body(value=TOKEN, expires=NOON, **more):
    return compact({"iamToken": value, "expiresAt": expires, **more})


def token(name, body, expires_at, value=TOKEN, headers=JSON_TYPE, status=200, now=NEW_YEAR):
    return {"name": name, **answer(status, body, headers, now),
            "token": {"value": value, "expires_at": expires_at, "issued_at": now}}  # fmt: skip


FAULTS = {
    "invalid_response": "remote", "invalid_token": "remote", "oversize_response": "remote", "token_expired": "clock",
    "html_response": "network", "empty_response": "network", "truncated_response": "network", "redirect_refused": "network",
    "timeout": "network",
}  # fmt: skip
TRANSIENT = ("empty_response", "truncated_response", "timeout", "rate_limited", "server_error")


def error(name, code, status, body, headers=JSON_TYPE, says=(), hides=(), request_id=None, retry_after=None, now=NEW_YEAR):
    expected = {
        "code": code, "fault": FAULTS.get(code, "remote"), "transient": code in TRANSIENT,
        "status": status, "request_id": request_id, "retry_after": retry_after,
    }  # fmt: skip
    if says:
        expected["says"] = list(says)
    if hides:
        expected["hides"] = list(hides)
    return {"name": name, **answer(status, body, headers, now), "error": expected}


def status_body(code, message, request_id=None):
    details = [{"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": request_id}] if request_id else []
    return compact({"code": code, "message": message, "details": details})


def tokens():
    yield token("plain", ok_body(), NEW_YEAR + 12 * HOUR)
    yield token("status_201", ok_body(), NEW_YEAR + 12 * HOUR, status=201)
    yield token("status_299", ok_body(), NEW_YEAR + 12 * HOUR, status=299)
    yield token("of_64_kib", {"join": [{"text": ok_body()}, {"repeat": " ", "times": 65536 - len(ok_body())}]}, NEW_YEAR + 12 * HOUR)
    yield token("no_headers", ok_body(), NEW_YEAR + 12 * HOUR, headers=[])
    yield token("text_plain", ok_body(), NEW_YEAR + 12 * HOUR, headers=[["content-type", "text/plain; charset=utf-8"]])
    yield token("long_token", ok_body(LONG_TOKEN), NEW_YEAR + 12 * HOUR, value=LONG_TOKEN)
    yield token("padded_token", ok_body("t1.a-b_c~d+e/f.g=="), NEW_YEAR + 12 * HOUR, value="t1.a-b_c~d+e/f.g==")
    yield token("unknown_fields", ok_body(subject={"id": "aje", "names": [None, 1.5]}), NEW_YEAR + 12 * HOUR)
    yield token("white_space", " \r\n\t" + json.dumps({"iamToken": TOKEN, "expiresAt": NOON}, indent=4) + "\n\n", NEW_YEAR + 12 * HOUR)
    yield token("escaped_token", '{"iamToken":"t1.\\u0039euelZqExampleTokenOfNoService","expiresAt":"%s"}' % NOON, NEW_YEAR + 12 * HOUR)
    yield token("last_of_duplicate_fields", '{"iamToken":"t1.first","iamToken":"%s","expiresAt":"%s"}' % (TOKEN, NOON), NEW_YEAR + 12 * HOUR)
    for digits in range(10):
        fraction = "." + "123456789"[:digits] if digits else ""
        millis = int("123456789"[:digits].ljust(3, "0")[:3]) if digits else 0
        yield token(f"fraction_of_{digits}_digits", ok_body(expires=f"2026-01-01T06:00:00{fraction}Z"), NEW_YEAR + 6 * HOUR + millis / 1000)
    yield token("fraction_is_cut_not_rounded", ok_body(expires="2026-01-01T05:59:59.999999999Z"), NEW_YEAR + 6 * HOUR - 0.001)
    for name, text, hours in (
        ("zero", "2026-01-01T06:00:00+00:00", 6), ("minus_zero", "2026-01-01T06:00:00-00:00", 6), ("moscow", "2026-01-01T09:00:00+03:00", 6),
        ("moscow_and_fraction", "2026-01-01T09:00:00.000000+03:00", 6), ("new_york", "2026-01-01T01:00:00-05:00", 6),
        ("half_an_hour", "2026-01-01T11:30:00+05:30", 6), ("over_midnight", "2025-12-31T20:00:00-10:00", 6), ("lower_case", "2026-01-01t06:00:00z", 6),
    ):  # fmt: skip
        yield token(f"offset_{name}", ok_body(expires=text), NEW_YEAR + hours * HOUR)
    yield token("ends_in_a_second", ok_body(expires="2026-01-01T00:00:01Z"), NEW_YEAR + 1)
    yield token("exactly_twelve_hours", ok_body(), NEW_YEAR + 12 * HOUR)
    # Not trusted for longer than any token lives.
    yield token("twelve_hours_and_a_second", ok_body(expires="2026-01-01T12:00:01Z"), NEW_YEAR + 12 * HOUR)
    yield token("a_year", ok_body(expires="2027-01-01T00:00:00Z"), NEW_YEAR + 12 * HOUR)
    yield token("the_last_second", ok_body(expires="9999-12-31T23:59:59Z"), NEW_YEAR + 12 * HOUR)
    yield token("the_last_nanosecond", ok_body(expires="9999-12-31T23:59:59.999999999Z"), NEW_YEAR + 12 * HOUR)
    yield token("leap_day", ok_body(expires="2028-02-29T00:00:00Z"), 1835395200, now=1835395200 - HOUR)
    yield token("now_with_a_fraction", ok_body(), NEW_YEAR + 12 * HOUR, now=NEW_YEAR + 0.5)


def not_an_answer():
    def bad(name, code, body, **more):
        return error(name, code, 200, body, **more)

    plain = ok_body()
    for name, body in (
        ("garbage", "correct horse battery staple"), ("number", "42"), ("string", '"t1.x"'), ("null", "null"), ("true", "true"),
        ("array", "[]"), ("array_around", "[" + plain + "]"), ("token_only", TOKEN), ("two_objects", plain + plain),
        ("trailing_comma", plain[:-1] + ",}"), ("single_quotes", plain.replace('"', "'")), ("form", f"iamToken={TOKEN}"),
        ("raw_line_break_in_string", plain.replace("t1.", "t1.\n")), ("lone_surrogate", plain.replace("t1.", "t1.\\ud800")), ("byte_order_mark", "\ufeff" + plain),
    ):  # fmt: skip
        yield bad(f"body_{name}", "invalid_response", body, hides=[TOKEN])
    for name, fields in (
        ("no_fields", {}), ("no_token", {"expiresAt": NOON}), ("no_end", {"iamToken": TOKEN}), ("snake_case", {"iam_token": TOKEN, "expires_at": NOON}),
        ("null_token", {"iamToken": None, "expiresAt": NOON}), ("null_end", {"iamToken": TOKEN, "expiresAt": None}),
        ("token_is_number", {"iamToken": 1, "expiresAt": NOON}), ("token_is_array", {"iamToken": [TOKEN], "expiresAt": NOON}),
        ("token_is_object", {"iamToken": {"value": TOKEN}, "expiresAt": NOON}), ("token_is_boolean", {"iamToken": True, "expiresAt": NOON}),
        ("end_is_number", {"iamToken": TOKEN, "expiresAt": NEW_YEAR + HOUR}), ("end_is_object", {"iamToken": TOKEN, "expiresAt": {"seconds": NEW_YEAR}}),
    ):  # fmt: skip
        yield bad(f"body_{name}", "invalid_response", compact(fields), hides=[TOKEN])
    for name, text in (
        ("empty", ""), ("date", "2026-01-01"), ("no_offset", "2026-01-01T06:00:00"), ("seconds", str(NEW_YEAR + HOUR)), ("word", "tomorrow"),
        ("month_13", "2026-13-01T06:00:00Z"), ("february_30", "2026-02-30T06:00:00Z"), ("hour_25", "2026-01-01T25:00:00Z"), ("minute_60", "2026-01-01T06:60:00Z"),
        ("http_date", http_date(NEW_YEAR + HOUR)), ("year_10000", "10000-01-01T06:00:00Z"), ("signed_year", "+2026-01-01T06:00:00Z"),
        ("no_fraction_after_point", "2026-01-01T06:00:00.Z"), ("comma", "2026-01-01T06:00:00,5Z"), ("space_around", " 2026-01-01T06:00:00Z"), ("more_behind", "2026-01-01T06:00:00ZZ"),
        ("before_1970", "1969-12-31T23:59:59Z"), ("no_leap_day", "2026-02-29T00:00:00Z"), ("offset_without_colon", "2026-01-01T06:00:00+0300"),
    ):  # fmt: skip
        yield bad(f"end_{name}", "invalid_response", ok_body(expires=text), says=["`expiresAt`"], hides=[TOKEN])
    for name, value in (
        ("line_break", TOKEN[:10] + "\n" + TOKEN[10:]), ("line_break_at_end", TOKEN + "\n"), ("crlf_header", TOKEN + "\r\nX-Injected: 1"), ("space", TOKEN[:10] + " " + TOKEN[10:]),
        ("tab", TOKEN + "\t"), ("nul", TOKEN + "\x00"), ("delete", TOKEN + "\x7f"), ("escape", "\x1b[31m" + TOKEN), ("not_ascii", TOKEN + "é"), ("emoji", TOKEN + "😀"),
        ("quote", TOKEN + '"'), ("comma", TOKEN + "," + TOKEN), ("empty", ""), ("blank", " "), ("bearer", "Bearer " + TOKEN),
    ):  # fmt: skip
        yield bad(f"token_{name}", "invalid_token", ok_body(value), says=["`iamToken`"], hides=[TOKEN[:10], TOKEN[10:]])
    yield bad("token_a_second_late", "token_expired", ok_body(expires=rfc3339(NEW_YEAR - 1)), hides=[TOKEN])
    yield bad("token_ends_within_a_second", "token_expired", ok_body(expires="2026-01-01T00:00:00.999Z"), hides=[TOKEN])
    yield bad("token_ends_now", "token_expired", ok_body(expires=rfc3339(NEW_YEAR)), hides=[TOKEN])
    yield bad("token_years_late", "token_expired", ok_body(expires="1970-01-01T00:00:00Z"), hides=[TOKEN])
    for name, body in (("empty", ""), ("blank", " \r\n\t ")):
        yield bad(f"body_{name}", "empty_response", body)
    yield error("status_204", "empty_response", 204, "", headers=[])
    for cut in (1, 2, 11, 12, 20, len(plain) - 24, len(plain) - 2, len(plain) - 1):
        yield bad(f"cut_after_{cut}", "truncated_response", plain[:cut], hides=[TOKEN])
    yield bad("html_200", "html_response", HTML, headers=[["content-type", "text/html; charset=utf-8"]])
    yield bad("html_200_undeclared", "html_response", "\n  " + HTML, headers=[])
    yield bad("html_200_upper_case", "html_response", "Please sign in", headers=[["CONTENT-TYPE", "TEXT/HTML"]])
    yield bad("garbage_of_100_kb", "oversize_response", {"repeat": "garbage ", "times": 12800})
    yield bad("garbage_of_60_kb", "invalid_response", {"repeat": "garbage ", "times": 7500})
    yield bad("answer_of_100_kb", "oversize_response", {"join": [{"text": plain}, {"repeat": " ", "times": 102400}]}, hides=[TOKEN])
    yield bad("answer_of_64_kib_and_a_byte", "oversize_response", {"join": [{"text": plain}, {"repeat": " ", "times": 65537 - len(plain)}]}, hides=[TOKEN])
    yield bad("not_utf8", "invalid_response", {"base64": base64.b64encode(plain.encode().replace(b"t1.", b"t1.\xff\xfe")).decode()}, hides=[TOKEN])
    yield bad("binary", "invalid_response", {"base64": base64.b64encode(bytes(range(1, 256))).decode()})
    yield bad("gzip", "invalid_response", {"base64": "H4sIAAAAAAAAA6tWykwsyVGyUlAqMQQAq8NqQg8AAAA="}, headers=[["content-encoding", "gzip"]])
    yield bad("nested_60_kb", "invalid_response", {"repeat": "[", "times": 60000})
    yield bad("nested_100_kb", "oversize_response", {"repeat": "[", "times": 102400})
    yield bad("nested_inside", "invalid_response", {"join": [{"text": '{"iamToken":"%s","expiresAt":"%s","x":' % (TOKEN, NOON)}, {"repeat": '{"a":', "times": 10000}]}, hides=[TOKEN])


def refusals():
    codes = {
        400: "bad_request", 401: "unauthenticated", 403: "permission_denied", 404: "not_found", 408: "timeout", 429: "rate_limited",
        500: "server_error", 501: "server_error", 502: "server_error", 503: "server_error", 504: "server_error", 599: "server_error",
        300: "redirect_refused", 301: "redirect_refused", 302: "redirect_refused", 303: "redirect_refused", 307: "redirect_refused", 308: "redirect_refused",
        100: "unexpected_status", 199: "unexpected_status", 402: "unexpected_status", 405: "unexpected_status", 409: "conflict",
        410: "unexpected_status", 418: "unexpected_status", 499: "unexpected_status", 600: "unexpected_status", 999: "unexpected_status",
    }  # fmt: skip
    for status, code in codes.items():
        yield error(f"status_{status}", code, status, status_body(13, "something of the service", REQUEST_ID), says=[str(status), "`something of the service`"], request_id=REQUEST_ID)
        yield error(f"status_{status}_silent", code, status, "", headers=[], says=[str(status)])
    yield error("redirect_with_location", "redirect_refused", 307, "", headers=[["location", "https://evil.example/?t=" + TOKEN]], hides=[TOKEN])
    for status, code in ((403, "html_response"), (404, "html_response"), (407, "html_response"), (502, "server_error"), (503, "server_error"), (302, "redirect_refused"), (429, "rate_limited")):
        yield error(f"html_{status}", code, status, HTML, headers=[["Content-Type", "text/html"]], hides=["Please sign in"])

    key_not_found = "Key 'ajeexamplekey0000001' was not found"
    yield error("unknown_key", "unauthenticated", 401, status_body(16, key_not_found, REQUEST_ID), says=["`" + key_not_found + "`", f"(request ID `{REQUEST_ID}`)"], request_id=REQUEST_ID)
    yield error("request_id_from_header", "unauthenticated", 401, status_body(16, "no"), headers=[["X-Request-Id", REQUEST_ID]], request_id=REQUEST_ID)
    yield error("request_id_from_details_first", "unauthenticated", 401, status_body(16, "no", REQUEST_ID), headers=[["x-request-id", "other"]], request_id=REQUEST_ID)
    yield error("request_id_after_another_detail", "bad_request", 400, compact({"code": 3, "message": "no", "details": [{"@type": "x", "fieldViolations": []}, {"requestId": REQUEST_ID}]}), request_id=REQUEST_ID)
    yield error("request_id_with_line_break", "unauthenticated", 401, status_body(16, "no", "a\r\nb"), hides=["a\r\nb"])
    for name, secret in (("oauth_token", OAUTH_TOKEN), ("iam_token", TOKEN), ("api_key", API_KEY)):
        yield error(f"request_id_that_is_an_{name}", "unauthenticated", 401, status_body(16, "no", secret), hides=[secret, secret[6:]])
        yield error(f"request_id_that_is_an_{name}_in_a_header", "unauthenticated", 401, status_body(16, "no"), headers=[["x-request-id", secret]], hides=[secret, secret[6:]])
    yield error("request_id_from_header_where_the_details_repeat_a_token", "unauthenticated", 401, status_body(16, "no", OAUTH_TOKEN), headers=[["x-request-id", REQUEST_ID]], request_id=REQUEST_ID, hides=[OAUTH_TOKEN[6:]])
    for name, request_id in (("of_128_characters", "a" * 128), ("of_129_characters", "a" * 129)):
        yield error(f"request_id_{name}", "unauthenticated", 401, status_body(16, "no", request_id), request_id=request_id if len(request_id) == 128 else None)
    yield error("request_id_too_long", "unauthenticated", 401, status_body(16, "no", "a" * 200), hides=["a" * 200])
    yield error("oauth_shape", "unauthenticated", 401, compact({"error": "invalid_client", "error_description": "unknown client"}), says=["`unknown client`"])
    yield error("oauth_shape_short", "bad_request", 400, compact({"error": "invalid_request"}), says=["`invalid_request`"])
    yield error("kubernetes_shape", "unauthenticated", 401, compact({"kind": "Status", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}), says=["`Unauthorized`"])
    for name, body in (("array", "[]"), ("number", "1"), ("garbage", "oops"), ("message_is_number", '{"message":1}'), ("details_is_object", '{"details":{}}'), ("cut", '{"code":16,"mess'), ("empty_message", '{"message":""}')):
        yield error(f"status_401_{name}", "unauthenticated", 401, body)
    yield error("garbage_of_100_kb_and_401", "unauthenticated", 401, {"repeat": "garbage ", "times": 12800})
    yield error("nested_100_kb_and_500", "server_error", 500, {"repeat": "[", "times": 102400})
    words = status_body(16, "such a long answer")
    for name, size, shown in (("64_kib", 65536, {"says": ["such a long answer"]}), ("64_kib_and_a_byte", 65537, {"says": ["did not say why"], "hides": ["such a long answer"]})):
        yield error(f"refusal_of_{name}", "unauthenticated", 401, {"join": [{"text": words}, {"repeat": " ", "times": size - len(words)}]}, **shown)
    yield error("words_in_a_web_page", "html_response", 403, status_body(7, "Please sign in"), headers=[["Content-Type", "text/html"]], says=["web page"], hides=["Please sign in"])
    yield error("message_with_token", "unauthenticated", 401, status_body(16, f"The token {LONG_TOKEN} is invalid"), hides=[LONG_TOKEN[:40], LONG_TOKEN[-40:]], says=["The token ", " is invalid"])
    yield error("message_with_jwt", "bad_request", 400, status_body(3, f"cannot verify jwt={JWT}"), hides=[JWT, "eyJpc3MiOiJhamUifQ", "c2lnbmF0dXJlLW9mLW5vLXNlcnZpY2U"], says=["cannot verify"])
    yield error("message_with_escaped_token", "bad_request", 400, status_body(3, f"body was: \\n{LONG_TOKEN}\\n and url ?t%3D{LONG_TOKEN}"), hides=[LONG_TOKEN[:40], LONG_TOKEN[-40:]])
    yield error("message_with_pem", "bad_request", 400, status_body(3, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END PRIVATE KEY----- is bad"), hides=["MIIEvQIBADANBgkqhkiG9w0BAQEF"], says=["is bad"])
    yield error("message_with_control_characters", "bad_request", 400, status_body(3, "a\r\nb\x1b[31mc`d"), hides=["\r", "\n", "\x1b", "c`d"])
    yield error("message_with_invisible_characters", "bad_request", 400, status_body(3, "a\u202eb\u200bc\ufeffd\u00ade\u2066f\U000e0041g"), says=["`a b c d e f g`"], hides=["\u202e", "\u200b", "\ufeff", "\u00ad", "\u2066", "\U000e0041"])
    yield error("message_of_300_characters", "bad_request", 400, status_body(3, "é" * 300), says=["`" + "é" * 300 + "`"])
    yield error("message_of_301_characters", "bad_request", 400, status_body(3, "é" * 301), says=["`" + "é" * 300 + "…`"])
    yield error("message_of_100_000_characters", "bad_request", 400, {"join": [{"text": '{"message":"'}, {"repeat": "long ", "times": 10000}, {"text": '"}'}]}, says=["…`"], hides=["long " * 100])

    def retry(name, value, expected, status=503, more=()):
        return error(name, {503: "server_error", 429: "rate_limited", 401: "unauthenticated"}[status], status, status_body(14, "no"),
                     headers=[["Retry-After", value], *more], retry_after=expected)  # fmt: skip

    date = ["Date", http_date(NEW_YEAR)]
    yield retry("retry_after_seconds", "120", 120)
    yield retry("retry_after_429", "3600", 3600, 429)
    yield retry("retry_after_401", "120", 120, 401)
    yield retry("retry_after_zero", "0", 0)
    yield retry("retry_after_white_space", " 120 ", 120)
    yield retry("retry_after_date", http_date(NEW_YEAR + 120), 120, 503, [date])
    yield retry("retry_after_date_without_date", http_date(NEW_YEAR + 120), 120, 429)
    yield retry("retry_after_date_in_the_past", http_date(NEW_YEAR - 120), 0, 503, [date])
    for name, value in (("word", "soon"), ("negative", "-5"), ("fraction", "1.5"), ("empty", ""), ("too_large", "99999999999999999999")):
        yield retry(f"retry_after_{name}", value, None)


def main():
    cases = [*tokens(), *not_an_answer(), *refusals()]
    write_cases("responses", "What the service, or something in its place, may answer, and the token or the error that comes of it.", cases)


if __name__ == "__main__":
    main()
