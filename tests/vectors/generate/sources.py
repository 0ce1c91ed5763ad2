"""vectors/sources.json, subject_tokens.json, access_tokens.json, environments.json"""

from urllib.parse import urlencode

from common import NEW_YEAR, compact, http_date, pem, rfc3339, write_cases
from exchange import GLOBAL, HEADERS, TOKENS
from keys import key_file
from subjects import ACCOUNT, EXCHANGE_URL, HEADER, SIGNATURE, encode, subject_token, workload_identity

IAM = "https://iam.api.cloud.yandex.net"
METADATA = "/computeMetadata/v1/instance/service-accounts/default/token"
OAUTH_TOKEN = "y0_AgAAAAExampleOfNoAccount-0123456789"
IAM_TOKEN = "t1.9euelZqExampleTokenOfNoService"
API_KEY = "AQVNExampleOfNoService0123456789"
STATIC_KEY = "YCAJEExampleOfNoService01"
JWT = subject_token()
LONGEST = {"oauth": 4000, "fixed": 4096}  # the service's limits
USER_AGENT = ["user-agent", "yc-iam/*"]
TOKEN_FILE = "/var/run/secrets/tokens/sa"


def case(name, source, environment=None, now=NEW_YEAR, endpoints="default", **outcome):
    return {"name": name, "source": source, "environment": environment or {}, "endpoints": endpoints, "now": now, **outcome}


def refused(name, source, code, environment=None, says=(), hides=(), fault="config"):
    error = {"code": code, "fault": fault, "transient": False, "says": list(says), "hides": list(hides)}
    return case(name, source, environment, error=error)


def post(url, body, content_type="application/json", extra=()):
    headers = [["content-type", content_type], *HEADERS[1:], *extra]
    return {"method": "POST", "url": url, "headers": headers, "body": body, "timeout": 10, "use_proxy": True}


def get(url, headers, timeout, use_proxy):
    return {"method": "GET", "url": url, "headers": headers, "body": None, "timeout": timeout, "use_proxy": use_proxy}


def exchange(token, url=EXCHANGE_URL, account=ACCOUNT):
    urn = "urn:ietf:params:oauth:"
    body = urlencode([
        ("grant_type", urn + "grant-type:token-exchange"), ("requested_token_type", urn + "token-type:access_token"),
        ("audience", account), ("subject_token", token), ("subject_token_type", urn + "token-type:id_token"),
    ])  # fmt: skip
    return post(url, body, "application/x-www-form-urlencoded")


def metadata(base="http://169.254.169.254"):
    return get(base + METADATA, [["metadata-flavor", "Google"], USER_AGENT], 1, False)


def oauth():
    request = post(IAM + TOKENS, compact({"yandexPassportOauthToken": OAUTH_TOKEN}))
    yield case("oauth", {"oauth": OAUTH_TOKEN}, request=request)
    yield case("oauth_with_white_space", {"oauth": f" {OAUTH_TOKEN}\r\n"}, request=request)
    kazakhstan = post("https://iam.api.yandexcloud.kz" + TOKENS, compact({"yandexPassportOauthToken": OAUTH_TOKEN}))
    yield case("oauth_in_kazakhstan", {"oauth": OAUTH_TOKEN}, endpoints="kazakhstan", request=kazakhstan)
    yield case("oauth_of_the_old_kind", {"oauth": "AQAAAAAExample"}, request=post(IAM + TOKENS, compact({"yandexPassportOauthToken": "AQAAAAAExample"})))
    longest = OAUTH_TOKEN.ljust(LONGEST["oauth"], "x")
    yield case("oauth_as_long_as_can_be", {"oauth": longest}, request=post(IAM + TOKENS, compact({"yandexPassportOauthToken": longest})))


def wrong_credentials():
    for source, name, good in (("oauth", "an OAuth token", OAUTH_TOKEN), ("fixed", "an IAM token", IAM_TOKEN)):
        def give(token):
            return {"oauth": token} if source == "oauth" else {"fixed": {"token": token}}
        for kind, token, says in (
            ("empty", "", "nothing was given"), ("blank", " \t\n", "nothing was given"), ("api_key", API_KEY, "an API key was given"),
            ("static_key", STATIC_KEY, "a static access key was given"), ("jwt", JWT, "a JWT was given"),
            ("other_token", IAM_TOKEN if source == "oauth" else OAUTH_TOKEN, "was given where"),
            ("key_file", compact(key_file()), "a JSON text was given"), ("oversize", good + "x" * 5000, "characters were given"),
            ("line_break_inside", good[:9] + "\r\nx-injected: 1" + good[9:], "characters that no token has"),
            ("one_too_long", good + "x" * (LONGEST[source] + 1 - len(good)), "characters were given"), ("nul_inside", good + "\x00x", "characters that no token has"), ("not_ascii", good + "é", "characters that no token has"),
        ):  # fmt: skip
            hides = [token.strip()[3:12]] if len(token.strip()) > 12 and kind not in ("key_file",) else []
            yield refused(f"{source}_{kind}", give(token), "invalid_credential", says=[says, name], hides=hides)


def fixed():
    yield case("fixed", {"fixed": {"token": IAM_TOKEN}}, use=IAM_TOKEN, expires_at=253402300799)
    yield case("fixed_with_an_end", {"fixed": {"token": f"\n{IAM_TOKEN} ", "expires_at": NEW_YEAR + 3600}}, use=IAM_TOKEN, expires_at=NEW_YEAR + 3600)
    longest = IAM_TOKEN.ljust(LONGEST["fixed"], "x")
    yield case("fixed_as_long_as_can_be", {"fixed": {"token": longest}}, use=longest, expires_at=253402300799)
    yield refused("fixed_and_ended", {"fixed": {"token": IAM_TOKEN, "expires_at": NEW_YEAR - 35}}, "invalid_credential", says=["ended 35 s ago"], hides=["9euelZq"])
    yield refused("fixed_and_ending_now", {"fixed": {"token": IAM_TOKEN, "expires_at": NEW_YEAR}}, "invalid_credential", says=["ended 0 s ago"])


def function():
    answer = {"access_token": IAM_TOKEN, "expires_in": 43200, "token_type": "Bearer"}
    yield case("function_object", {"function": compact(answer)}, use=IAM_TOKEN, expires_at=NEW_YEAR + 43200)
    yield case("function_text_of_an_object", {"function": compact(compact(answer))}, use=IAM_TOKEN, expires_at=NEW_YEAR + 43200)
    yield case("function_fraction", {"function": compact({**answer, "expires_in": 600.5})}, use=IAM_TOKEN, expires_at=NEW_YEAR + 600.5)
    yield case("function_forever", {"function": compact({**answer, "expires_in": 1e300})}, use=IAM_TOKEN, expires_at=NEW_YEAR + 43200)
    for name, text in (("null", "null"), ("text_null", '"null"')):
        yield refused(f"function_{name}", {"function": text}, "no_service_account", says=["the function has no service account"])
    for name, text, says in (
        ("empty", "", "is not JSON"), ("empty_text", '""', "not of JSON"), ("bare_token", IAM_TOKEN, "is not JSON"), ("quoted_token", f'"{IAM_TOKEN}"', "not of JSON"),
        ("number", "1", "is not an object"), ("array", "[]", "is not an object"), ("empty_object", "{}", "has no `access_token`"),
        ("no_end", compact({"access_token": IAM_TOKEN}), "has no `expires_in`"), ("end_as_text", compact({**answer, "expires_in": "1"}), "not a number"),
        ("ended", compact({**answer, "expires_in": 0}), "`0`"), ("ended_before", compact({**answer, "expires_in": -9}), "`-9`"),
        ("token_not_text", compact({**answer, "access_token": 1}), "not a string"), ("token_empty", compact({**answer, "access_token": ""}), "characters"),
        ("token_with_line_break", compact({**answer, "access_token": IAM_TOKEN + "\r\nx: y"}), "characters"),
    ):  # fmt: skip
        yield refused(f"function_{name}", {"function": text}, "invalid_credential", says=[says], hides=["9euelZq"])


def kubernetes():
    yield case("kubernetes_token", {"kubernetes_token": {"token_file": "/var/run/secrets/kubernetes.io/serviceaccount/token"}}, read_file="/var/run/secrets/kubernetes.io/serviceaccount/token")


def workload():
    yield case("workload_file", workload_identity(token_file=TOKEN_FILE), read_file=TOKEN_FILE)
    yield case("workload_variable", workload_identity(token_env="CI_TOKEN"), read_variable="CI_TOKEN")
    yield case("workload_supplier", workload_identity(token_supplier=True), supply=True)
    yield case("workload_value", workload_identity(token=JWT), request=exchange(JWT))
    yield case("workload_value_in_kazakhstan", workload_identity(token=JWT), endpoints="kazakhstan", request=exchange(JWT, "https://auth.yandexcloud.kz/oauth/token"))
    yield case("workload_value_elsewhere", workload_identity(token=JWT), endpoints={"auth": "https://auth.example.org/base/"}, request=exchange(JWT, "https://auth.example.org/base/oauth/token"))
    url = {"url": "https://issuer.example.org/token?x=1&y=%20", "headers": [["X-Api-Key", "s3cret"]], "field": "value"}
    accept = ["accept", "application/json"]
    yield case("workload_url", workload_identity(token_url=url), request=get(url["url"], [["x-api-key", "s3cret"], accept, USER_AGENT], 5, True))
    plain = {"url": "http://169.254.169.254/x", "headers": [["Accept", "text/plain"]]}
    yield case("workload_url_link_local", workload_identity(token_url=plain), request=get(plain["url"], [["accept", "text/plain"], USER_AGENT], 5, False))
    actions = {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example.org/token?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job-token"}
    headers = [["authorization", "Bearer job-token"], accept, USER_AGENT]
    github = workload_identity(github_actions={"audience": "https://github.com/o r&g"})
    yield case("github_actions", github, actions, request=get(actions["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=https%3A%2F%2Fgithub.com%2Fo+r%26g", headers, 5, True))
    yield case("github_actions_default_audience", workload_identity(github_actions={}), actions, request=get(actions["ACTIONS_ID_TOKEN_REQUEST_URL"], headers, 5, True))
    no_query = {**actions, "ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example.org/token"}
    yield case("github_actions_without_a_query", workload_identity(github_actions={"audience": "a"}), no_query, request=get("https://actions.example.org/token?audience=a", headers, 5, True))
    for name in actions:
        rest = {other: value for other, value in actions.items() if other != name}
        yield refused(f"github_actions_without_{name.lower()}", github, "missing_variable", rest, says=[f"`{name}`", "id-token: write"])
        yield refused(f"github_actions_with_empty_{name.lower()}", github, "missing_variable", {**rest, name: " "}, says=[f"`{name}`"])
    injected = {**actions, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "a\r\nx-injected: 1"}
    yield refused("github_actions_injection", github, "invalid_argument", injected, says=["`authorization`"], hides=["x-injected"], fault="caller")
    for name, account in (("empty", ""), ("oversize", "a" * 51), ("with_space", "a b"), ("with_line_break", "a\nb"), ("token", IAM_TOKEN)):
        source = {"workload_identity": {"service_account_id": account, "token_file": TOKEN_FILE}}
        yield refused(f"workload_account_{name}", source, "invalid_argument", says=["`service_account_id`"], hides=["9euelZq"], fault="caller")
    for name, url, code in (
        ("plain_http", "http://issuer.example.org/", "insecure_endpoint"), ("relative", "/token", "invalid_endpoint"), ("empty", "", "invalid_endpoint"),
        ("user", "https://user:password@example.org/", "invalid_endpoint"), ("line_break", "https://example.org/\r\nx: y", "invalid_endpoint"), ("fragment", "https://example.org/#x", "invalid_endpoint"),
        ("backslash", "https://example.org\\@evil.example/", "invalid_endpoint"), ("ftp", "ftp://example.org/", "invalid_endpoint"),
        ("plain_http_in_a_private_network", "http://10.0.0.1/", "insecure_endpoint"), ("user_alone", "https://user@example.org/", "invalid_endpoint"), ("backslash_in_path", "https://example.org/a\\b", "invalid_endpoint"),
    ):  # fmt: skip
        yield refused(f"workload_url_{name}", workload_identity(token_url={"url": url}), code, says=["the subject token's URL"], hides=["password"])
    for name, header in (("name_empty", ["", "x"]), ("name_with_colon", ["a:", "x"]), ("name_with_line_break", ["a\r\nb", "x"]), ("value_with_line_break", ["a", "x\r\ny: s3cret"]), ("value_not_ascii", ["a", "é"]), ("host", ["Host", "x"])):
        yield refused(f"workload_header_{name}", workload_identity(token_url={"url": "https://example.org/", "headers": [header]}), "invalid_argument", hides=["s3cret"], fault="caller")


def impersonation():
    own = {"fixed": {"token": IAM_TOKEN}}
    request = post(IAM + TOKENS + ":createForServiceAccount", compact({"serviceAccountId": ACCOUNT}), extra=[["authorization", f"Bearer {IAM_TOKEN}"]])
    yield case("impersonation", {"impersonate": {"service_account_id": ACCOUNT, "source": own}}, request=request)
    yield case("impersonation_through_metadata", {"impersonate": {"service_account_id": ACCOUNT, "source": {"metadata": {}}}}, request=metadata())
    for name, account in (("empty", ""), ("oversize", "a" * 51), ("with_quote", 'a"b')):
        yield refused(f"impersonation_account_{name}", {"impersonate": {"service_account_id": account, "source": own}}, "invalid_argument", says=["`service_account_id`"], fault="caller")


def chain():
    def default(name, environment, choice, **outcome):
        return case(f"default_{name}", {"default": {}}, environment, choice=choice, **outcome)

    key = compact(key_file())
    key_variable, ydb_file, ydb_key = "YC_SERVICE_ACCOUNT_KEY_FILE", "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", "YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS"
    tokens = ("YC_IAM_TOKEN", "YC_TOKEN", "YDB_ACCESS_TOKEN_CREDENTIALS")
    oauth_request = post(IAM + TOKENS, compact({"yandexPassportOauthToken": OAUTH_TOKEN}))
    file, account = "YC_WORKLOAD_IDENTITY_TOKEN_FILE", "YC_SERVICE_ACCOUNT_ID"
    yield default("key_file", {key_variable: "/etc/key.json"}, f"`{key_variable}`", read_file="/etc/key.json")
    yield default("key_file_at_home", {key_variable: "~/key.json", "HOME": "/home/me"}, f"`{key_variable}`", read_file="/home/me/key.json")
    yield default("key_file_at_home_on_windows", {key_variable: "~\\key.json", "USERPROFILE": "C:\\Users\\me"}, f"`{key_variable}`", read_file="C:\\Users\\me\\key.json")
    yield default("key_file_at_two_homes", {key_variable: "~/key.json", "HOME": "/home/me", "USERPROFILE": "C:\\Users\\me"}, f"`{key_variable}`", read_file="/home/me/key.json")
    yield default("key_file_at_home_of_nobody", {key_variable: "~/key.json"}, f"`{key_variable}`", read_file="~/key.json")
    yield default("key_file_at_another_home", {key_variable: "~you/key.json", "HOME": "/home/me"}, f"`{key_variable}`", read_file="~you/key.json")
    yield default("key_file_of_ydb", {ydb_file: " key.json\n"}, f"`{ydb_file}`", read_file="key.json")
    for token in tokens:
        yield default(token.lower(), {token: IAM_TOKEN}, f"`{token}`", use=IAM_TOKEN, expires_at=253402300799)
    for token in ("YC_TOKEN", "YC_OAUTH_TOKEN"):
        yield default(f"{token.lower()}_with_oauth", {token: OAUTH_TOKEN}, f"`{token}`", request=oauth_request)
    yield default("workload_identity", {file: TOKEN_FILE, account: ACCOUNT}, f"`{file}`", read_file=TOKEN_FILE)
    yield default("ydb_metadata", {"YDB_METADATA_CREDENTIALS": "1"}, "metadata", request=metadata())
    yield default("metadata_address", {"YC_METADATA_ADDR": "127.0.0.1:8080"}, "metadata", request=metadata())
    yield default("nothing", {}, "metadata", request=metadata())
    yield default("nothing_but_empty_ones", {key_variable: "", "YC_TOKEN": " ", "YDB_METADATA_CREDENTIALS": "0"}, "metadata", request=metadata())
    function_token = compact({"access_token": IAM_TOKEN, "expires_in": 43200, "token_type": "Bearer"})
    yield case("default_function", {"default": {"function_token": function_token}}, choice="`context.token`", use=IAM_TOKEN, expires_at=NEW_YEAR + 43200)
    everything = {
        key_variable: "1", ydb_file: "2", ydb_key: key, "YC_IAM_TOKEN": IAM_TOKEN, "YC_TOKEN": IAM_TOKEN, "YDB_ACCESS_TOKEN_CREDENTIALS": IAM_TOKEN,
        "YC_OAUTH_TOKEN": OAUTH_TOKEN, file: "8", account: ACCOUNT, "YDB_METADATA_CREDENTIALS": "1",
    }  # fmt: skip
    firsts = [{"read_file": "1"}, {"read_file": "2"}, None, *[{"use": IAM_TOKEN, "expires_at": 253402300799}] * 3, {"request": oauth_request}, {"read_file": "8"}, None, {"request": metadata()}]
    for index, (name, first) in enumerate(zip(everything, firsts)):
        if first:
            rest = dict(list(everything.items())[index:])
            choice = "metadata" if name == "YDB_METADATA_CREDENTIALS" else f"`{name}`"
            yield default(f"from_{name.lower()}_on", rest, choice, **first)
    for variable, value, code, fault in (
        (key_variable, "{", "invalid_json", "key"), (key_variable, API_KEY, "api_key_given", "key"), (key_variable, pem("rsa2048_a"), "bare_pem_given", "key"),
        (ydb_key, "key.json", "path_given", "key"), ("YC_TOKEN", API_KEY, "invalid_credential", "config"), ("YC_IAM_TOKEN", OAUTH_TOKEN, "invalid_credential", "config"),
        ("YDB_ACCESS_TOKEN_CREDENTIALS", STATIC_KEY, "invalid_credential", "config"), ("YC_OAUTH_TOKEN", IAM_TOKEN, "invalid_credential", "config"),
    ):  # fmt: skip
        yield refused(f"default_{variable.lower()}_{code}_{value[:1].encode().hex()}", {"default": {}}, code, {variable: value}, says=[f"`{variable}`"], hides=[value[4:]] if len(value) > 8 else [], fault=fault)
    yield refused("default_without_the_account", {"default": {}}, "missing_variable", {file: TOKEN_FILE}, says=[f"`{file}`", f"`{account}`"])
    yield refused("default_with_a_bad_account", {"default": {}}, "invalid_argument", {file: TOKEN_FILE, account: "a b"}, says=[f"`{account}`"], fault="caller")
    yield refused("default_function_null", {"default": {"function_token": "null"}}, "no_service_account")
    for name, environment in (("ydb_metadata", {"YDB_METADATA_CREDENTIALS": " 1"}), ("metadata_address", {"YC_METADATA_ADDR": "127.0.0.1"})):
        yield case(f"default_{name}_needs_no_probe", {"default": {"probe_metadata": False}}, environment, choice="metadata", request=metadata())
    yield refused("default_ydb_metadata_zero", {"default": {"probe_metadata": False}}, "no_credentials", {"YDB_METADATA_CREDENTIALS": "0"}, says=["`YDB_METADATA_CREDENTIALS` is not `1`"])
    listed = [f"`{name}` is not set" for name in everything if name not in (account, "YDB_METADATA_CREDENTIALS")]
    says = [*listed, "`context.token`", "`YDB_METADATA_CREDENTIALS` is not `1`", "`YC_METADATA_ADDR` is not set", "not to be probed"]
    yield refused("default_empty", {"default": {"probe_metadata": False}}, "no_credentials", says=says)
    yield refused("default_empty_variables", {"default": {"probe_metadata": False}}, "no_credentials", {"YC_TOKEN": ""}, says=["`YC_TOKEN` is empty"])


def subject_tokens():
    def good(name, text, token, now=NEW_YEAR):
        return {"name": name, "now": now, "content": text if isinstance(text, dict) else {"text": text}, "subject_token": token}

    def bad(name, text, says, hides=(), now=NEW_YEAR):
        content = text if isinstance(text, dict) else {"text": text}
        error = {"code": "invalid_subject_token", "fault": "config", "transient": False, "says": [f"`{TOKEN_FILE}`", says], "hides": [SIGNATURE[:12], *hides]}
        return {"name": name, "now": now, "content": content, "error": error}

    yield good("plain", JWT, JWT)
    yield good("white_space", f" \n{JWT}\r\n\t", JWT)
    yield good("byte_order_mark", "\ufeff" + JWT, JWT)
    yield good("no_times", subject_token(exp=None, iat=None, nbf=None), subject_token(exp=None, iat=None, nbf=None))
    yield good("last_second", JWT, JWT, now=NEW_YEAR + 3599)
    yield good("issuer_a_minute_ahead", JWT, JWT, now=NEW_YEAR - 60)
    yield good("fraction", subject_token(exp=NEW_YEAR + 5.5), subject_token(exp=NEW_YEAR + 5.5))
    yield bad("empty", "", "is empty")
    yield bad("blank", " \n", "is empty")
    # Whether it is good now, the service says: this machine's clock may be off.
    yield good("ended", JWT, JWT, now=NEW_YEAR + 3635)
    yield good("ended_now", JWT, JWT, now=NEW_YEAR + 3600)
    for name, token in (("ended_before_all_time", subject_token(exp=-1e300)), ("begins_after_all_time", subject_token(exp=1e300, nbf=1e300))):
        yield good(name, token, token)
    yield good("not_yet", JWT, JWT, now=NEW_YEAR - 61)
    yield good("not_yet_by_iat", subject_token(nbf=None), subject_token(nbf=None), now=NEW_YEAR - 600)
    yield bad("word", "hello", "three parts")
    yield bad("two_parts", JWT.rpartition(".")[0], "three parts")
    yield bad("four_parts", JWT + ".x", "three parts")
    yield bad("header_not_json", "eyJ." + JWT.partition(".")[2], "header cannot be decoded")
    yield bad("claims_not_json", ".".join([JWT.split(".")[0], "!!!!", SIGNATURE]), "claims part cannot be decoded")
    yield bad("claims_an_array", encode([], HEADER), "claims part cannot be decoded")
    yield bad("no_signature", JWT.rpartition(".")[0] + ".", "no signature")
    yield bad("signature_not_base64", JWT.rpartition(".")[0] + ".no=signature", "no signature")
    yield bad("line_break_inside", JWT[:20] + "\r\n" + JWT[20:], "cannot be decoded")
    yield bad("not_text", {"base64": "//79"}, "is not text")
    longest = subject_token(padding="x").ljust(16384, "A")
    yield good("as_long_as_can_be", longest, longest)
    yield bad("one_too_long", longest + "A", "longer than any issuer's")
    yield bad("oversize", {"join": [{"text": JWT}, {"repeat": "A", "times": 20000}]}, "longer than any issuer's")
    yield bad("html", "<!DOCTYPE html><html></html>", "three parts")
    yield bad("iam_token", IAM_TOKEN, "three parts", hides=["9euelZq"])


def access_tokens():
    json_type = [["Content-Type", "application/json"]]
    fields = {"access_token": IAM_TOKEN, "token_type": "Bearer", "expires_in": 43200}

    def answer(name, status, body, headers=json_type, **outcome):
        body = body if isinstance(body, str) else compact(body)
        return {"name": name, "now": NEW_YEAR, "status": status, "headers": headers, "body": {"text": body}, **outcome}

    def good(name, body, lives, headers=json_type):
        return answer(name, 200, body, headers, token={"value": IAM_TOKEN, "expires_at": NEW_YEAR + lives, "issued_at": NEW_YEAR})

    def bad(name, status, body, code, fault, transient=False, says=(), headers=json_type):
        error = {"code": code, "fault": fault, "transient": transient, "status": status, "says": list(says), "hides": ["9euelZq"]}
        return answer(name, status, body, headers, error=error)

    yield good("plain", fields, 43200)
    yield good("text_plain", fields, 43200, headers=[["Content-Type", "text/plain"]])
    yield good("no_token_type", {"access_token": IAM_TOKEN, "expires_in": 900}, 900)
    yield good("fraction", {**fields, "expires_in": 900.25}, 900.25)
    yield good("too_long", {**fields, "expires_in": 99999999}, 43200)
    yield good("absurd", {**fields, "expires_in": 1e300}, 43200)
    yield good("issued_token_type", {**fields, "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}, 43200)
    yield bad("no_token", 200, {"expires_in": 1}, "invalid_response", "remote", says=["`access_token`"])
    yield bad("token_null", 200, {**fields, "access_token": None}, "invalid_response", "remote", says=["`access_token`"])
    yield bad("token_number", 200, {**fields, "access_token": 1}, "invalid_response", "remote", says=["not a string"])
    yield bad("token_injection", 200, {**fields, "access_token": IAM_TOKEN + "\r\nx: y"}, "invalid_token", "remote", says=["`access_token`"])
    yield bad("token_empty", 200, {**fields, "access_token": ""}, "invalid_token", "remote")
    yield bad("no_end", 200, {"access_token": IAM_TOKEN}, "invalid_response", "remote", says=["`expires_in`"])
    yield bad("end_text", 200, {**fields, "expires_in": "43200"}, "invalid_response", "remote", says=["`expires_in`"])
    yield good("lives_for_a_second", {**fields, "expires_in": 1}, 1)
    yield bad("ended", 200, {**fields, "expires_in": 0}, "invalid_response", "remote", says=["`expires_in`", "`0`"])
    yield bad("ended_before", 200, {**fields, "expires_in": -7}, "invalid_response", "remote", says=["`expires_in`", "`-7`"])
    yield bad("the_other_shape", 200, {"iamToken": IAM_TOKEN, "expiresAt": rfc3339(NEW_YEAR + 9)}, "invalid_response", "remote")
    yield bad("array", 200, "[]", "invalid_response", "remote")
    yield bad("web_page", 200, "<html></html>", "html_response", "network")
    yield bad("empty", 200, "", "empty_response", "network", True)
    yield bad("truncated", 200, '{"access_token":"t1.x', "truncated_response", "network", True)
    oauth_error = {"error": "invalid_request", "error_description": "the subject token is not good: " + IAM_TOKEN}
    yield bad("oauth_400", 400, oauth_error, "bad_request", "remote", says=["the subject token is not good", "federat"])
    yield bad("oauth_401", 401, {"error": "invalid_client"}, "unauthenticated", "remote", says=["invalid_client", "federat"])
    yield bad("status_403", 403, {"code": 7, "message": "Permission denied"}, "permission_denied", "remote", says=["Permission denied"])
    yield bad("status_404", 404, {"code": 5, "message": "not found"}, "not_found", "remote", says=["federat"])
    yield bad("unavailable", 503, {"code": 14, "message": "later"}, "server_error", "remote", True)


def environments():
    kazakhstan = {
        "iam": "https://iam.api.yandexcloud.kz", "auth": "https://auth.yandexcloud.kz", "metadata": GLOBAL["metadata"],
        "lockbox": "https://dpl.lockbox.api.yandexcloud.kz", "operation": "https://operation.api.yandexcloud.kz",
    }  # fmt: skip

    def good(name, environment, urls):
        return {"name": name, "environment": environment, "expect": {**urls, "audience": urls["iam"] + TOKENS}}

    def bad(name, environment, code, says):
        return {"name": name, "environment": environment, "error": {"code": code, "fault": "config", "transient": False, "says": [says]}}

    yield good("nothing", {}, GLOBAL)
    yield good("empty", {"YC_IAM_ENDPOINT": "", "YC_ENDPOINT": " ", "YC_METADATA_ADDR": ""}, GLOBAL)
    here = "http://127.0.0.1:8080"
    yield good("all_at", {"YC_IAM_ENDPOINT": here + "/"}, {name: here for name in GLOBAL})
    yield good("installation", {"YC_ENDPOINT": "api.cloud.yandex.net:443"}, GLOBAL)
    yield good("kazakhstan", {"YC_ENDPOINT": "api.yandexcloud.kz:443"}, kazakhstan)
    yield good("kazakhstan_as_url", {"YC_ENDPOINT": "https://api.yandexcloud.kz/"}, kazakhstan)
    yield good("all_at_wins", {"YC_IAM_ENDPOINT": here, "YC_ENDPOINT": "nowhere.example"}, {name: here for name in GLOBAL})
    for name, address, url in (("host", "127.0.0.1", "http://127.0.0.1"), ("host_and_port", "localhost:1234", "http://localhost:1234"), ("url", "https://metadata.example.org/", "https://metadata.example.org"), ("ipv6", "[::1]:80", "http://[::1]:80")):
        yield good(f"metadata_{name}", {"YC_METADATA_ADDR": address}, {**GLOBAL, "metadata": url})
    yield good("metadata_wins", {"YC_IAM_ENDPOINT": here, "YC_METADATA_ADDR": "127.0.0.1:81"}, {**{name: here for name in GLOBAL}, "metadata": "http://127.0.0.1:81"})
    yield bad("other_installation", {"YC_ENDPOINT": "api.example.org:443"}, "invalid_endpoint", "`api.example.org:443`")
    yield bad("metadata_elsewhere", {"YC_METADATA_ADDR": "metadata.example.org"}, "insecure_endpoint", "`metadata`")
    yield bad("metadata_injection", {"YC_METADATA_ADDR": "127.0.0.1\r\nx: y"}, "invalid_endpoint", "`metadata`")


def main():
    assert http_date(NEW_YEAR)
    cases = [*oauth(), *wrong_credentials(), *fixed(), *function(), *kubernetes(), *workload(), *impersonation(), case("metadata", {"metadata": {}}, request=metadata()), *chain()]
    cases.append(case("metadata_elsewhere", {"metadata": {}}, endpoints={"metadata": "http://127.0.0.1:8080"}, request=metadata("http://127.0.0.1:8080")))
    write_cases("sources", "What each source does first, and what it refuses to be made from.", cases)
    write_cases("subject_tokens", "The content of a token file → what is sent as the subject token, or an error.", list(subject_tokens()))
    write_cases("access_tokens", "The answer of the token exchange → token or error.", list(access_tokens()))
    write_cases("environments", "Environment variables → endpoints.", list(environments()))


if __name__ == "__main__":
    main()
