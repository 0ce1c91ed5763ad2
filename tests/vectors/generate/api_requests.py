"""vectors/api_requests.json"""

import api_tasks as tasks
from api_tasks import ACCOUNT, CREDENTIAL, ENTROPY, FEDERATION, FOLDER, ISSUER, OPERATION, SECRET, SUBJECT, VERSION
from common import write_cases
from exchange import GLOBAL

KAZAKHSTAN = {"iam": "https://iam.api.yandexcloud.kz", "lockbox": "https://dpl.lockbox.api.yandexcloud.kz", "operation": "https://operation.api.yandexcloud.kz"}
LOOPBACK = {place: "http://127.0.0.1:8080" for place in ("iam", "lockbox", "operation")}
CUSTOM = {"iam": "https://example.org/iam/", "lockbox": "https://example.org:8443/lockbox", "operation": "https://example.org/op"}
PLACES = {"default": GLOBAL, "kazakhstan": KAZAKHSTAN, "loopback": LOOPBACK, "custom": {k: v.rstrip("/") for k, v in CUSTOM.items()}}

CRLF = "a\r\nx-injected: 1"
WILD = "a&b=c#d%e+f/g?h;i \"j\" <k> \\ ~ * é Ж 😀"


def case(name, task, expected, endpoints="default", entropy=ENTROPY):
    return {"name": name, "task": task, "endpoints": endpoints, "entropy": tasks.entropy_text(entropy), "request": expected}


def everywhere(name, task, make):
    for place, urls in PLACES.items():
        given = {"loopback": LOOPBACK, "custom": CUSTOM}.get(place, place)
        yield case(name if place == "default" else f"{name}_at_{place}", task, make(urls), given)


def bad(name, task, code="invalid_argument", says=(), hides=("x-injected",)):
    error = {"code": code, "fault": "caller" if code == "invalid_argument" else "config", "transient": False, "status": None}
    if says:
        error["says"] = list(says)
    return {"name": name, "task": task, "error": {**error, "hides": list(hides)}}


def lockbox():
    path = "/lockbox/v1/secrets"
    yield from everywhere("lockbox_get", tasks.lockbox_get(), lambda at: tasks.request("GET", f"{at['lockbox']}{path}/{SECRET}/payload"))
    url = f"{GLOBAL['lockbox']}{path}/{SECRET}/payload"
    yield case("lockbox_get_version", tasks.lockbox_get(version_id=VERSION), tasks.request("GET", f"{url}?versionId={VERSION}"))
    yield case("lockbox_get_white_space", tasks.lockbox_get(f" {SECRET}\n"), tasks.request("GET", url))
    yield case("lockbox_get_longest_id", tasks.lockbox_get("a" * 50), tasks.request("GET", f"{GLOBAL['lockbox']}{path}/{'a' * 50}/payload"))

    def by_name(at, name, version=None):
        pairs = (("folderAndName.folderId", FOLDER), ("folderAndName.secretName", name), ("versionId", version))
        return tasks.request("GET", tasks.with_query(f"{at['lockbox']}{path}:getEx", *pairs))

    yield from everywhere("lockbox_get_by_name", tasks.lockbox_get_by_name("db"), lambda at: by_name(at, "db"))
    yield case("lockbox_get_by_name_version", tasks.lockbox_get_by_name("db", version_id=VERSION), by_name(GLOBAL, "db", VERSION))
    for label, name in (("wild", WILD), ("only_percent", "%"), ("encoded_already", "%26"), ("space_at_the_end", "db "), ("dots", ".."), ("longest", "é" * 100)):
        yield case(f"lockbox_get_by_name_{label}", tasks.lockbox_get_by_name(name), by_name(GLOBAL, name))
    for label, name in (("empty", ""), ("blank", " \t"), ("crlf", CRLF), ("nul", "a\0"), ("c1", "a\x85"), ("too_long", "a" * 101), ("huge", "a" * 5_000)):
        yield bad(f"lockbox_get_by_name_{label}", tasks.lockbox_get_by_name(name), says=["`name`"])


# What no ID is. The last ones look like credentials, and must not be shown.
NO_IDS = (
    ("empty", ""), ("blank", " \n"), ("too_long", "a" * 51), ("crlf", CRLF), ("slash", "a/../b"), ("dots", ".."), ("query", "a?b=c"),
    ("ampersand", "a&b"), ("fragment", "a#b"), ("percent", "a%2fb"), ("space", "a b"), ("nul", "a\0b"), ("not_ascii", "идентификатор"), ("colon", "a:revoke"),
    ("url", "https://example.org"), ("iam_token", "t1.marked-token-of-nobody"), ("oauth_token", "y0_marked-token-of-nobody"),
)  # fmt: skip


def identifiers():
    page = {"page_size": 10}
    for task, argument in (
        (tasks.lockbox_get(), "secret_id"), (tasks.lockbox_get(version_id=VERSION), "version_id"), (tasks.lockbox_get_by_name("db"), "folder_id"),
        (tasks.lockbox_get_by_name("db", version_id=VERSION), "version_id"), (tasks.federated_credentials_create(), "service_account_id"),
        (tasks.federated_credentials_create(), "federation_id"), ({"federated_credentials_get": {}}, "federated_credential_id"),
        ({"federated_credentials_list": {}}, "service_account_id"), ({"federated_credentials_list_page": page}, "service_account_id"),
        ({"federated_credentials_delete": {}}, "federated_credential_id"), (tasks.federations_create(), "folder_id"), ({"federations_get": {}}, "federation_id"),
        ({"federations_list": {}}, "folder_id"), ({"federations_list_page": page}, "folder_id"), (tasks.federations_update(name="x"), "federation_id"),
        ({"federations_delete": {}}, "federation_id"), ({"operations_get": {}}, "operation_id"), ({"operations_wait": {}}, "operation_id"),
    ):  # fmt: skip
        (kind, fields), = task.items()
        for label, value in NO_IDS:
            more = "_with_version" if "version_id" in fields and argument != "version_id" else ""
            yield bad(f"{kind}_{argument}{more}_{label}", {kind: {**fields, argument: value}}, says=[f"`{argument}`"], hides=("x-injected", "marked"))


def resources():
    for kind, path, one, id_name, of_name, of in (
        ("federated_credentials", tasks.PATHS["federated_credentials"], CREDENTIAL, "federated_credential_id", "service_account_id", ACCOUNT),
        ("federations", tasks.PATHS["federations"], FEDERATION, "federation_id", "folder_id", FOLDER),
    ):  # fmt: skip
        parameter = {"service_account_id": "serviceAccountId", "folder_id": "folderId"}[of_name]
        url = GLOBAL["iam"] + path
        yield from everywhere(f"{kind}_get", {f"{kind}_get": {id_name: one}}, lambda at: tasks.request("GET", f"{at['iam']}{path}/{one}"))
        yield from everywhere(f"{kind}_delete", {f"{kind}_delete": {id_name: one}}, lambda at: tasks.request("DELETE", f"{at['iam']}{path}/{one}", change=True))
        listed = tasks.with_query(url, (parameter, of), ("pageSize", 1000))
        yield case(f"{kind}_list", {f"{kind}_list": {of_name: of}}, tasks.request("GET", listed))
        for label, size, token in (
            ("first", None, None), ("size_1", 1, None), ("size_1000", 1000, None), ("second", None, "CAUQAg=="), ("size_and_token", 5, "CAUQAg=="),
            ("wild_token", None, WILD), ("crlf_token", None, CRLF), ("longest_token", None, "a" * 2000),
        ):  # fmt: skip
            fields = {of_name: of, **({"page_size": size} if size else {}), **({"page_token": token} if token else {})}
            expected = tasks.with_query(url, (parameter, of), ("pageSize", size), ("pageToken", token))
            yield case(f"{kind}_list_page_{label}", {f"{kind}_list_page": fields}, tasks.request("GET", expected))
        for label, more, says in (
            ("size_0", {"page_size": 0}, "`page_size`"), ("size_1001", {"page_size": 1001}, "`page_size`"), ("size_huge", {"page_size": 4294967295}, "`page_size`"),
            ("token_empty", {"page_token": ""}, "`page_token`"), ("token_too_long", {"page_token": "a" * 2001}, "`page_token`"),
        ):  # fmt: skip
            yield bad(f"{kind}_list_page_{label}", {f"{kind}_list_page": {of_name: of, **more}}, says=[says])


def federated_credentials():
    def body(subject=SUBJECT):
        return {"serviceAccountId": ACCOUNT, "federationId": FEDERATION, "externalSubjectId": subject}

    path = tasks.PATHS["federated_credentials"]
    yield from everywhere(
        "federated_credentials_create", tasks.federated_credentials_create(), lambda at: tasks.request("POST", at["iam"] + path, body(), change=True)
    )
    for label, entropy in (("all_ones", b"\xff" * 16), ("one_bit", b"\0" * 15 + b"\1")):
        expected = tasks.request("POST", GLOBAL["iam"] + path, body(), change=True, entropy=entropy)
        yield case(f"idempotency_key_{label}", tasks.federated_credentials_create(), expected, entropy=entropy)
    without = tasks.request("POST", GLOBAL["iam"] + path, body())
    yield case("no_idempotency_key_without_entropy", tasks.federated_credentials_create(), without, entropy=b"\0" * 16)
    for label, subject in (
        ("wild", WILD), ("github", "repo:octo-org/octo-repo:ref:refs/heads/main"), ("inner_space", "a b"), ("quotes", 'a"b\\c'), ("longest", "é" * 1000),
        ("like_a_token", "t1.looks-like-a-token-but-is-a-subject"),
    ):  # fmt: skip
        expected = tasks.request("POST", GLOBAL["iam"] + path, body(subject), change=True)
        yield case(f"federated_credentials_create_subject_{label}", tasks.federated_credentials_create(external_subject_id=subject), expected)
    for label, subject in (
        ("empty", ""), ("blank", " "), ("leading_space", " a"), ("trailing_space", "a "), ("no_break_space", "a\u00a0"), ("crlf", CRLF), ("line_break", "a\n"), ("nul", "\0"), ("c1", "a\u0085b"),
        ("too_long", "a" * 1001), ("huge", "a" * 5_000),
    ):  # fmt: skip
        task = tasks.federated_credentials_create(external_subject_id=subject)
        yield bad(f"federated_credentials_create_subject_{label}", task, says=["`external_subject_id`"])


def federations():
    path = tasks.PATHS["federations"]

    def created(label, given, sent):
        base = {"folderId": FOLDER, "name": "k8s", "description": None, "disabled": None, "audiences": [ISSUER], "issuer": ISSUER, "jwksUrl": ISSUER + "/jwks.json"}
        body = {key: value for key, value in {**base, **sent}.items() if value is not None}
        return case(label, tasks.federations_create(**given), tasks.request("POST", GLOBAL["iam"] + path, body, change=True))

    yield created("federations_create", {}, {})
    everything = {"description": 'of "k8s" \\ é', "disabled": True, "labels": {"b": "2", "a": "1"}}
    yield created("federations_create_all", everything, {**everything, "labels": {"a": "1", "b": "2"}})
    yield created("federations_create_enabled", {"disabled": False, "description": "", "labels": {}}, {"description": "", "disabled": False, "labels": {}})
    for label, given in (
        ("name_wild", {"name": WILD}), ("audiences_100", {"audiences": ["é" * 255, *(["a"] * 99)]}), ("description_256", {"description": "é" * 256}),
        ("labels_64", {"labels": {f"k{n:02}": "v" for n in range(64)}}), ("label_wild", {"labels": {'"\r\n': "\0"}}),
    ):  # fmt: skip
        yield created(f"federations_create_{label}", given, given)
    urls = (("port", "https://example.org:8443/x"), ("query", "https://example.org/x?a=b"), ("ipv6", "https://[2001:db8::1]/x"), ("bare", "https://example.org"))
    for label, url in urls:
        yield created(f"federations_create_issuer_{label}", {"issuer": url}, {"issuer": url})
        yield created(f"federations_create_jwks_url_{label}", {"jwks_url": url}, {"jwksUrl": url})

    def updated(name, changes, body):
        return case(name, tasks.federations_update(**changes), tasks.request("PATCH", f"{GLOBAL['iam']}{path}/{FEDERATION}", body, change=True))

    yield updated("federations_update_name", {"name": "new"}, {"updateMask": "name", "name": "new"})
    yield updated("federations_update_disabled", {"disabled": False}, {"updateMask": "disabled", "disabled": False})
    yield updated("federations_update_description_away", {"description": ""}, {"updateMask": "description", "description": ""})
    yield updated("federations_update_labels_away", {"labels": {}}, {"updateMask": "labels", "labels": {}})
    all_changes = {"labels": {"a": "1"}, "jwks_url": "https://example.org/k", "audiences": ["a", "b"], "disabled": True, "description": "d", "name": "n"}
    all_sent = {"updateMask": "name,description,disabled,audiences,jwksUrl,labels", "name": "n", "description": "d", "disabled": True, "audiences": ["a", "b"],
                "jwksUrl": "https://example.org/k", "labels": {"a": "1"}}  # fmt: skip
    yield updated("federations_update_all", all_changes, all_sent)
    yield bad("federations_update_nothing", tasks.federations_update())
    yield bad("federations_update_issuer", tasks.federations_update(issuer=ISSUER), says=["`issuer`"])

    longest = "https://example.org/" + "a" * 7980
    yield updated("federations_update_url_as_long_as_can_be", {"jwks_url": longest}, {"updateMask": "jwksUrl", "jwksUrl": longest})

    for missing in ("name", "audiences", "issuer", "jwks_url"):
        yield bad(f"federations_create_without_{missing}", tasks.federations_create(**{missing: None}), says=[f"`{missing}`"])
    wrong = [("name", label, value) for label, value in (("empty", ""), ("blank", " "), ("crlf", CRLF), ("too_long", "a" * 101))]
    wrong += [("description", label, value) for label, value in (("crlf", CRLF), ("too_long", "a" * 257))]
    wrong += [("audiences", label, value) for label, value in (
        ("none", []), ("too_many", ["a"] * 101), ("one_empty", ["a", ""]), ("one_too_long", ["a" * 256]), ("one_crlf", ["a", CRLF]),
    )]  # fmt: skip
    wrong += [("labels", "too_many", {f"k{n:02}": "v" for n in range(65)})]
    for argument in ("issuer", "jwks_url"):
        wrong += [(argument, label, value) for label, value in (
            ("empty", ""), ("http", "http://example.org"), ("loopback", "http://127.0.0.1/"), ("no_scheme", "example.org"), ("upper_case_scheme", "HTTPS://example.org"),
            ("no_host", "https://"), ("no_host_but_port", "https://:443"), ("user", "https://user@example.org"), ("user_and_password", "https://user:marked@example.org"), ("crlf", "https://example.org/\r\nx-injected: 1"),
            ("space", "https://example.org/a b"), ("not_ascii", "https://пример.рф"), ("backslash", "https://example.org\\@evil.example"), ("bad_port", "https://example.org:x"),
            ("too_long", "https://example.org/" + "a" * 7981),
        )]  # fmt: skip
    for argument, label, value in wrong:
        yield bad(f"federations_create_{argument}_{label}", tasks.federations_create(**{argument: value}), says=[f"`{argument}`"], hides=("x-injected", "marked"))
        if argument != "issuer":
            yield bad(f"federations_update_{argument}_{label}", tasks.federations_update(**{argument: value}), says=[f"`{argument}`"], hides=("x-injected", "marked"))


def others():
    for kind in ("operations_get", "operations_wait"):
        task = {kind: {"operation_id": OPERATION}}
        yield from everywhere(kind, task, lambda at: tasks.request("GET", f"{at['operation']}/operations/{OPERATION}"))
    yield case("operations_get_with_all_characters", {"operations_get": {"operation_id": "aZ09-_"}}, tasks.request("GET", f"{GLOBAL['operation']}/operations/aZ09-_"))
    dead = "t1.9euelZqExampleTokenOfNoService"
    yield from everywhere("tokens_revoke", {"tokens_revoke": {"token": dead}}, lambda at: tasks.request("POST", at["iam"] + "/iam/v1/tokens:revoke", {"iamToken": dead}))
    longest = dead.ljust(4096, "x")
    yield case("tokens_revoke_as_long_as_can_be", {"tokens_revoke": {"token": longest}}, tasks.request("POST", GLOBAL["iam"] + "/iam/v1/tokens:revoke", {"iamToken": longest}))
    yield case("tokens_revoke_white_space", {"tokens_revoke": {"token": f"\n{dead} "}}, tasks.request("POST", GLOBAL["iam"] + "/iam/v1/tokens:revoke", {"iamToken": dead}))
    for label, token in (
        ("empty", ""), ("blank", " \n"), ("oauth_token", "y0_marked-oauth-token"), ("api_key", "AQVNmarked-api-key"), ("jwt", "eyJmarked.e30.c2ln"), ("json", '{"iamToken":"marked"}'),
        ("crlf", "t1.marked\r\nx-injected: 1"), ("inner_space", "t1.marked token"), ("not_ascii", "t1.marked-é"), ("too_long", "t1.marked" + "a" * 4088), ("quote", 't1.marked"'),
    ):  # fmt: skip
        yield bad(f"tokens_revoke_{label}", {"tokens_revoke": {"token": token}}, "invalid_credential", hides=("marked", "x-injected"))


def plain_requests():
    url = "https://compute.api.cloud.yandex.net/compute/v1/instances"

    def sent(method="GET", url=url, headers=(), body=None, agent=True):
        sent_headers = [list(header) for header in headers]
        sent_headers += [["user-agent", "yc-iam/*"]] if agent else []
        return {"method": method, "url": url, "headers": [*sent_headers, ["authorization", f"Bearer {tasks.TOKEN}"]], "body": body, "timeout": 60,
                "use_proxy": url.startswith("https://")}  # fmt: skip

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        yield case(f"request_{method.lower()}", tasks.plain_request(method=method), sent(method))
    yield case("request_lower_case", tasks.plain_request(method="patch"), sent("PATCH"))
    yield case("request_body", tasks.plain_request(method="POST", body='{"é": "\r\n"}'), sent("POST", body='{"é": "\r\n"}'))
    yield case("request_empty_body", tasks.plain_request(method="POST", body=""), sent("POST", body=""))
    yield case("request_headers", tasks.plain_request(headers=[["X-One", "1"], ["x-two", ""], ["X-One", "again"]]),
               sent(headers=[["x-one", "1"], ["x-two", ""], ["x-one", "again"]]))  # fmt: skip
    yield case("request_user_agent", tasks.plain_request(headers=[["User-Agent", "mine/1"]]), sent(headers=[["user-agent", "mine/1"]], agent=False))
    yield case("request_authorization_is_replaced", tasks.plain_request(headers=[["Authorization", "Bearer other"]]), sent())
    for label, good in (
        ("query", url + "?folderId=b1g&filter=name%3D%22a%22"), ("fragment", url + "#top"), ("port", "https://example.org:8443/"), ("ipv6", "https://[2001:db8::1]/"), ("at_in_path", "https://example.org/@me"),
        ("http_loopback", "http://127.0.0.1:8080/x"), ("http_localhost", "http://localhost/x"), ("http_loopback_ipv6", "http://[::1]:8080/x"),
    ):  # fmt: skip
        yield case(f"request_url_{label}", tasks.plain_request(good), sent(url=good))
    for label, wrong in (
        ("http", "http://example.org/"), ("http_link_local", "http://169.254.169.254/"), ("http_like_loopback", "http://127.0.0.1.example.org/"), ("ftp", "ftp://example.org/"), ("ftp_loopback", "ftp://127.0.0.1/"), ("empty", ""), ("relative", "/compute/v1"),
        ("no_scheme", "example.org"), ("no_host", "https://"), ("no_host_but_path", "https:///x"), ("user", "https://marked@example.org/"), ("user_and_password", "https://user:marked@example.org/"),
        ("http_user_like_loopback", "http://127.0.0.1@example.org/"), ("http_password_like_port", "http://localhost:80@example.org/"), ("http_backslash", "http://127.0.0.1\\@example.org/"),
        ("backslash", "https://example.org\\@evil.example/"), ("bad_port", "https://example.org:0/"), ("leading_space", " https://example.org/"), ("upper_case_http", "HTTP://example.org/"),
    ):  # fmt: skip
        yield bad(f"request_url_{label}", tasks.plain_request(wrong), "insecure_endpoint", hides=("marked",))
    for label, wrong in (
        ("crlf", "https://example.org/\r\nx-injected:1"), ("space", "https://example.org/a b"), ("not_ascii", "https://example.org/é"), ("not_ascii_host", "https://пример.рф/"), ("nul", "https://example.org/\0"),
        ("backslash_in_path", "https://example.org/a\\b"), ("tab_in_host", "https://exam\tple.org/"),
    ):  # fmt: skip
        yield bad(f"request_url_{label}", tasks.plain_request(wrong), says=["`url`"], hides=("\r", "\n"))
    for label, method in (("empty", ""), ("unknown", "BREW"), ("trace", "TRACE"), ("connect", "CONNECT"), ("crlf", "GET / HTTP/1.1\r\nx-injected: 1"), ("space", "GET ")):
        yield bad(f"request_method_{label}", tasks.plain_request(method=method), hides=("\r", "\n"))
    for label, name, value in (
        ("name_empty", "", "marked"), ("name_space", "x y", "marked"), ("name_colon", "x:", "marked"), ("name_crlf", CRLF, "marked"), ("name_not_ascii", "x-é", "marked"), ("host", "Host", "marked"),
        ("content_length", "content-length", "0"), ("transfer_encoding", "Transfer-Encoding", "chunked"), ("connection", "connection", "close"), ("value_crlf", "x-a", "marked\r\nx-injected: 1"),
        ("value_nul", "x-a", "marked\0"), ("value_not_ascii", "x-a", "marked-é"), ("value_tab", "x-a", "marked\tmarked"), ("authorization_crlf", "authorization", "marked\r\nx-injected: 1"),
    ):  # fmt: skip
        yield bad(f"request_header_{label}", tasks.plain_request(headers=[[name, value]]), hides=("marked", "\r", "\n"))


def main():
    cases = [*lockbox(), *identifiers(), *resources(), *federated_credentials(), *federations(), *others(), *plain_requests()]
    write_cases("api_requests", "The first request of each task, whole; and what no task is made of.", cases)


if __name__ == "__main__":
    main()
