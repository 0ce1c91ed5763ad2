"""vectors/redact.json"""

from common import write_cases

IAM, JWT, API, STATIC, OAUTH, PEM = (
    "[IAM token redacted]", "[JWT redacted]", "[API key redacted]", "[static key redacted]", "[OAuth token redacted]", "[PEM redacted]",
)  # fmt: skip
IAM_TOKEN = "t1.9euelZqExampleTokenOfNoService." + "AbCdEf0123456789-_" * 5
SHORT_IAM_TOKEN = "t1.9euelZqExampleTokenOfNoService"
JWT_TEXT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhamUifQ.c2lnbmF0dXJlLW9mLW5vLXNlcnZpY2U"
API_KEY = "AQVNxExampleApiKeyOfNoService0123456789ab"
OAUTH_TOKEN = "y0_AgAAAAExampleOauthTokenOfNoService0123456789abcdefghijk"
STATIC_ID = "YCAJEExampleStaticKeyIdNo"
STATIC_SECRET = "YCPExampleStaticKeySecretOfNoService0123"
PEM_BLOCK = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEA\n-----END PRIVATE KEY-----"


def cases():
    for name, secret, shown in (
        ("iam_token", IAM_TOKEN, IAM), ("short_iam_token", SHORT_IAM_TOKEN, IAM), ("jwt", JWT_TEXT, JWT), ("api_key", API_KEY, API), ("oauth_token", OAUTH_TOKEN, OAUTH),
        ("oauth_token_1", OAUTH_TOKEN.replace("y0_", "y1_"), OAUTH), ("oauth_token_2", OAUTH_TOKEN.replace("y0_", "y2_"), OAUTH),
        ("oauth_token_of_a_later_version", OAUTH_TOKEN.replace("y0_", "y9_"), OAUTH), ("iam_token_of_a_later_version", SHORT_IAM_TOKEN.replace("t1.", "t12."), IAM),
        ("oauth_token_old", "AQAAAAAExampleOauthTokenOfNoService01", OAUTH),
        ("static_key_id", STATIC_ID, STATIC), ("static_key_secret", STATIC_SECRET, STATIC), ("pem", PEM_BLOCK, PEM),
        ("pem_of_rsa", PEM_BLOCK.replace("PRIVATE", "RSA PRIVATE"), PEM), ("pem_with_escaped_line_breaks", PEM_BLOCK.replace("\n", "\\n"), PEM),
    ):  # fmt: skip
        yield name, secret, shown
        yield f"{name}_in_a_sentence", f"the secret {secret} is out", f"the secret {shown} is out"
        yield f"{name}_in_quotes", f'{{"x": "{secret}"}}', f'{{"x": "{shown}"}}'
        yield f"{name}_twice", f"{secret},{secret}", f"{shown},{shown}"
        yield f"{name}_at_a_colon", f"key:{secret};", f"key:{shown};"
    for name, secret, shown in (("iam_token", IAM_TOKEN, IAM), ("jwt", JWT_TEXT, JWT), ("oauth_token", OAUTH_TOKEN, OAUTH)):
        yield f"{name}_in_a_header", f"Authorization: Bearer {secret}\r\n", f"Authorization: Bearer {shown}\r\n"
        yield f"{name}_in_a_form", f"a=b&subject_token={secret}&c=d", f"a=b&subject_token={shown}&c=d"
        yield f"{name}_in_a_url", f"https://example.org/x?token={secret}", f"https://example.org/x?token={shown}"
        yield f"{name}_percent_encoded", f"x%3D{secret}%26", f"x%3D{shown}%26"
        yield f"{name}_behind_an_escape", f"body: \\n{secret}\\n", f"body: \\n{shown}\\n"
    yield "nothing", "", ""
    yield "plain_text", "the service did not answer in time", "the service did not answer in time"
    yield "other_languages", "служба не ответила · 服务没有应答 😀", "служба не ответила · 服务没有应答 😀"
    yield "secret_among_other_languages", f"ключ «{API_KEY}» неверен", f"ключ «{API}» неверен"
    for name, text in (
        ("short_prefixes", "t1.small eyJ y0_ AQVN YC YCAJE t1."), ("no_version", "t.this-is-no-token-at-all y_neither-is-this-one tt1.nor-is-this-one"), ("host_names", "could not resolve host1.example.org or t1.example.io"),
        ("long_host_name", "no route to rc1a-host1.cluster-name.mdb.yandexcloud.net"), ("words", "YC is Yandex Cloud; AQVN is a prefix"),
        ("ids", "ajeexamplekey0000001 5b6e7a1c-0000-4000-8000-00000000abcd"), ("url", "https://iam.api.cloud.yandex.net/iam/v1/tokens"),
        ("dashes", "----- BEGIN -----"), ("variable_name", "`YC_WORKLOAD_IDENTITY_TOKEN_FILE` is not set"),
    ):  # fmt: skip
        yield f"left_alone_{name}", text, text
    for name, longest_left, shown in (("iam_token", "t1.9euelZqExam", IAM), ("jwt", "eyJ0eXAiOiJKV1Q", JWT), ("api_key", "AQVNxExampleApi", API), ("static_key", "YCPExampleStati", STATIC), ("oauth_token", "y0_AgAAAAExamp", OAUTH)):
        longest_left = longest_left.ljust(15, "x")
        yield f"left_alone_{name}_of_15_characters", f"the word {longest_left}", f"the word {longest_left}"
        yield f"{name}_of_16_characters", f"the word {longest_left}x", f"the word {shown}"
    for name, secret, shown in (("api_key", "AQVNEXAMPLEAPIKEYOFNOSERVICE", API), ("static_key", "YCAJEEXAMPLESTATICKEY01", STATIC), ("iam_token", "t1.EXAMPLETOKENOFNOSERVICE", IAM)):
        yield f"{name}_of_capitals", f"the word {secret}", f"the word {shown}"
    yield "left_alone_variable_name_with_digits", "`YC_EXAMPLE_2_OF_10_VARIABLES` is not set", "`YC_EXAMPLE_2_OF_10_VARIABLES` is not set"
    yield "left_alone_prefix_within_a_word", "no route to host1.example.org and kt1.example-of-a-host.org", "no route to host1.example.org and kt1.example-of-a-host.org"
    yield "assigned_to_a_variable", f"YC_SOME_LONG_VARIABLE_NAME={IAM_TOKEN}", f"YC_SOME_LONG_VARIABLE_NAME={IAM}"
    for name, text in (
        ("names_in_one_word", "YC_" * 100), ("name_assigned_to_a_name", "YC_SOME_LONG_NAME=YC_OTHER_LONG_NAME"), ("names_then_a_value", "YC_" * 20 + "=small"),
    ):  # fmt: skip
        yield f"left_alone_{name}", text, text
    yield "names_that_end_as_a_static_key", "see YC_" + "YC_" * 20 + "small", f"see {STATIC}"
    yield "static_key_assigned_to_a_name", f"YC_SOME_LONG_NAME={STATIC_SECRET}", f"YC_SOME_LONG_NAME={STATIC}"
    yield "names_with_a_hyphen_between", "YC_SOME_LONG_NAME-YC_OTHER_LONG_NAME", STATIC
    user = "[user redacted]"
    for name, url, shown in (
        ("of_a_proxy", "http://bob:hunter2@proxy.example.org:3128/", f"http://{user}@proxy.example.org:3128/"), ("without_a_password", "https://s3cret@example.org", f"https://{user}@example.org"),
        ("with_an_at_sign", "http://bob:hun@ter2@proxy:3128", f"http://{user}@proxy:3128"), ("with_a_slash", "http://bob:hun/ter2@proxy:3128", f"http://{user}@proxy:3128"),
        ("with_a_question_mark_and_a_hash", "socks5h://bob:hun?t#er2@[::1]:1080", f"socks5h://{user}@[::1]:1080"),
        ("within_a_query", "https://example.org/?proxy=http://bob:hunter2@proxy&x=1", f"https://example.org/?proxy=http://{user}@proxy&x=1"),
        ("then_another", "http://a:b@x,http://c:d@y", f"http://{user}@x,http://{user}@y"), ("and_a_token", f"http://bob:hunter2@proxy/?key={SHORT_IAM_TOKEN}", f"http://{user}@proxy/?key={IAM}"),
    ):  # fmt: skip
        yield f"url_with_a_user_{name}", url, shown
        yield f"url_with_a_user_{name}_in_quotes", f"no way to '{url}' by me@example.org", f"no way to '{shown}' by me@example.org"
    for name, text in (
        ("at_sign_in_a_path", "https://registry.example.org:443/@scope/name and http://[::1]:80/@x"), ("address", "mail me@example.org: see https://example.org"), ("file_url", "file:///home/me@work/key.json"),
    ):  # fmt: skip
        yield f"left_alone_{name}", text, text
    yield "pem_that_never_ends", "x -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF and all the rest", f"x {PEM}"
    yield "pem_whose_end_is_cut", "x " + PEM_BLOCK[:-5], f"x {PEM}"
    yield "pem_then_token", f"{PEM_BLOCK} {SHORT_IAM_TOKEN}", f"{PEM} {IAM}"
    yield "certificate_chain", f"{PEM_BLOCK}\n{PEM_BLOCK}\n", f"{PEM}\n{PEM}\n"


def main():
    write_cases("redact", "Text before and after secrets are taken out of it.", [{"name": n, "text": t, "redacted": r} for n, t, r in cases()])


if __name__ == "__main__":
    main()
