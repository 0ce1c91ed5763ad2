"""vectors/explanations.json"""

import base64
import json

from common import NEW_YEAR, VECTORS, compact, pem, write_cases
from keys import ACCOUNT, BANNER, CREATED, ID, answer_of_the_api, fields, key_file
from redact import API_KEY, IAM_TOKEN, OAUTH_TOKEN, STATIC_ID, STATIC_SECRET
from subjects import ISSUER, SIGNATURE, encode, subject_token

AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
KZ_AUDIENCE = "https://iam.api.yandexcloud.kz/iam/v1/tokens"
SUBJECT = "system:serviceaccount:default:default"
BEGINS, HOUR = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"
JTI = "0f4f8e0c-0000-4000-8000-0000000000aa"

# RFC 7515, appendix A.1 (the same token is in RFC 7519, section 3.1); RFC 7519, section 6.1; RFC 7516, appendix A.1.
JOE = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
RFC_SIGNED = f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{JOE}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
RFC_UNSIGNED = f"eyJhbGciOiJub25lIn0.{JOE}."
RFC_HEADER_OF_JWE = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ"
RFC_JWE = f"{RFC_HEADER_OF_JWE}.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ"

NEEDED = [["note", "federation_needed"], ["note", "credential_needed"]]
MATCHES = {"iss": ["note", "issuer_matches"], "aud": ["note", "audience_matches"], "sub": ["note", "subject_matches"]}


def b64(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def content(given):
    if isinstance(given, dict):
        return given
    return {"text": given} if isinstance(given, str) else {"base64": b64(given)}


def case(name, given, kind, facts=(), findings=(), says=(), hides=(), now=NEW_YEAR + 60, endpoints="default", federation=None, credential=None):
    explanation = {
        "kind": kind, "good": all(finding[0] != "error" for finding in findings),
        "facts": [list(fact) for fact in facts], "findings": [list(finding) for finding in findings],
    }  # fmt: skip
    if says:
        explanation["says"] = list(says)
    if hides:
        explanation["hides"] = list(hides)
    expected = {n: {"text": v if isinstance(v, str) else json.dumps(v)} for n, v in (("federation", federation), ("credential", credential)) if v is not None}
    return {"name": name, "content": content(given), "now": now, "endpoints": endpoints, **({"expected": expected} if expected else {}), "explanation": explanation}


def key_facts(bits=2048, created="15 days ago"):
    return [("id", ID), ("service_account_id", ACCOUNT), ("created_at", "2026-01-15T09:30:00Z", created), ("algorithm", "PS256"), ("bits", str(bits))]


def key_cases():
    now = NEW_YEAR + 30 * 86400
    secret = pem("rsa2048_a").splitlines()[3]
    good = fields(key_file())
    yield case("key_file", good, "service_account_key", key_facts(), now=now, hides=[secret])
    camel = {"id": ID, "serviceAccountId": ACCOUNT, "createdAt": CREATED, "privateKey": BANNER + pem("rsa4096")}
    yield case("key_file_in_camel_case", fields(camel), "service_account_key", key_facts(4096), now=now)
    yield case("key_file_as_the_api_answers", fields(answer_of_the_api()), "service_account_key", key_facts(), now=now, hides=[secret])
    yield case("key_file_in_base64", b64(good), "service_account_key", [*key_facts(), ("encoding", "base64")], [["note", "base64"]], now=now)
    yield case("key_file_in_json_in_quotes", json.dumps(good), "service_account_key", key_facts(), [["error", "quoted"]], now=now)
    yield case("key_file_whose_algorithm_is_wrong", fields({**key_file(), "key_algorithm": "RSA_4096"}), "service_account_key", key_facts(), [["warning", "algorithm_mismatch"]], now=now)
    start = key_facts()[:3]
    yield case("key_file_of_another_banner", fields({**key_file(), "private_key": BANNER.replace(ID, "ajeotherkey000000001") + pem("rsa2048_a")}), "service_account_key", start, [["error", "key_id_mismatch"]], now=now, hides=[secret])
    yield case("key_file_without_a_private_key", fields(key_file(without="private_key")), "service_account_key", start, [["error", "missing_field"]], now=now)
    yield case("key_file_without_an_account", fields(key_file(without="service_account_id")), "service_account_key", [start[0], start[2]], [["error", "missing_field"]], now=now)
    yield case("key_file_of_an_elliptic_curve", fields(key_file(pem("ec_p256"))), "service_account_key", start, [["error", "unsupported_key_type"]], now=now)
    yield case("key_file_of_1024_bits", fields(key_file(pem("rsa1024"))), "service_account_key", start, [["error", "unsupported_key_size"]], now=now)
    yield case("key_file_that_is_encrypted", fields(key_file(pem("encrypted"))), "service_account_key", start, [["error", "encrypted_key"]], now=now)
    yield case("key_file_that_was_cut", good[: len(good) // 2], "service_account_key", [], [["error", "invalid_json"]], now=now, hides=[secret])
    yield case("key_file_whose_id_is_a_secret", fields({**key_file(), "id": IAM_TOKEN[:48]}), "service_account_key", start[1:], [["error", "key_id_mismatch"]], now=now, hides=[IAM_TOKEN[3:20]])
    yield case("key_file_whose_date_is_none", fields({**key_file(), "created_at": STATIC_SECRET}), "service_account_key", [f for f in key_facts() if f[0] != "created_at"], [["warning", "invalid_created_at"]], now=now, hides=[STATIC_SECRET[3:]])
    yield case(
        "key_file_of_another_account", good, "service_account_key", key_facts(), [["error", "other_service_account"]], now=now,
        credential={"external_subject_id": SUBJECT, "service_account_id": "ajeotheraccount00001"}, says=[ACCOUNT, "ajeotheraccount00001"],
    )  # fmt: skip


def pem_cases():
    block = pem("rsa2048_a")
    secret = block.splitlines()[3]
    yield case("bare_private_key", block, "private_key", [("bits", "2048")], [["error", "bare_pem_given"]], hides=[secret])
    yield case("bare_private_key_with_its_first_line", BANNER + block, "private_key", [("id", ID), ("bits", "2048")], [["error", "bare_pem_given"]], hides=[secret])
    yield case("bare_private_key_of_pkcs1", pem("rsa2048_a_pkcs1"), "private_key", [("bits", "2048")], [["error", "bare_pem_given"]])
    yield case("bare_private_key_in_base64", b64(block), "private_key", [("bits", "2048"), ("encoding", "base64")], [["error", "bare_pem_given"], ["note", "base64"]], hides=[secret])
    yield case("bare_private_key_that_was_cut", block[:900], "private_key", [], [["error", "invalid_pem"], ["error", "bare_pem_given"]], hides=[secret])
    yield case("bare_private_key_of_ed25519", pem("ed25519"), "private_key", [], [["error", "unsupported_key_type"], ["error", "bare_pem_given"]])
    yield case("bare_public_key", pem("public"), "public_key", [], [["error", "public_key_given"]])
    yield case("bare_certificate", pem("certificate"), "certificate", [], [["error", "certificate_given"]])
    yield case("pem_of_something", "-----BEGIN PARTY-----\nAAAA\n-----END PARTY-----\n", "pem", [], [["error", "unknown"]])


def word_cases():
    for kind, word in (("iam_token", IAM_TOKEN), ("oauth_token", OAUTH_TOKEN), ("api_key", API_KEY), ("static_key", STATIC_ID), ("static_key", STATIC_SECRET)):
        name = {STATIC_ID: "static_key_id", STATIC_SECRET: "static_key_secret"}.get(word, kind)
        facts, hides, note = [("length", f"{len(word)} characters")], [word[6:], word[6:20]], ["note", "opaque"]
        yield case(name, word, kind, facts, [note], hides=hides)
        yield case(f"{name}_with_space_around", f"\ufeff  {word}\r\n", kind, facts, [note], hides=hides)
        yield case(f"{name}_in_quotes", f'"{word}"', kind, facts, [["error", "quoted"], note], hides=hides)
        yield case(f"{name}_in_lines", f"{word[:20]}\n{word[20:]}\n", kind, facts, [["error", "line_breaks"], note], hides=hides)
        yield case(f"{name}_in_base64", b64(word), kind, [*facts, ("encoding", "base64")], [note, ["note", "base64"]], hides=[*hides, b64(word)[:12]])
    length = ("length", f"{len(IAM_TOKEN)} characters")
    yield case("iam_token_in_a_header", f"Authorization: Bearer {IAM_TOKEN}", "iam_token", [length], [["warning", "header_given"], ["note", "opaque"]])
    answer = {"iamToken": IAM_TOKEN, "expiresAt": "2026-01-01T12:00:00.123456789Z"}
    ends = ("expires_at", "2026-01-01T12:00:00Z")
    yield case("iam_token_in_an_answer", json.dumps(answer), "iam_token", [length, (*ends, "in 11 h")], [["note", "opaque"], ["note", "in_json"]], hides=[IAM_TOKEN[6:20]])
    yield case("iam_token_in_an_old_answer", json.dumps(answer), "iam_token", [length, (*ends, "2 days ago")], [["error", "expired"], ["note", "opaque"], ["note", "in_json"]], now=NEW_YEAR + 86400 * 3)
    created = {"api_key": {"id": "ajeapikey00000000001", "service_account_id": ACCOUNT}, "secret": API_KEY}
    yield case("api_key_as_printed", json.dumps(created), "api_key", [("length", f"{len(API_KEY)} characters"), ("id", "ajeapikey00000000001"), ("service_account_id", ACCOUNT)], [["note", "opaque"], ["note", "in_json"]], hides=[API_KEY[6:20]])
    yield case("iam_token_with_a_comma", IAM_TOKEN + ",", "iam_token", [("length", f"{len(IAM_TOKEN) + 1} characters")], [["error", "invalid_characters"], ["note", "opaque"]])


def own(header=None, **claims):
    claims = {"iss": ACCOUNT, "aud": AUDIENCE, "iat": NEW_YEAR, "exp": NEW_YEAR + 3600, **claims}
    return encode({n: v for n, v in claims.items() if v is not None}, header or {"typ": "JWT", "alg": "PS256", "kid": ID})


HEADER_FACTS = [("key_id", ID), ("algorithm", "PS256"), ("type", "JWT")]


def own_facts(aud=AUDIENCE, times=None, header=HEADER_FACTS, iss=ACCOUNT):
    times = [("issued_at", BEGINS, "1 min ago"), ("expires_at", HOUR, "in 59 min"), ("lifetime", "3600 s", "1 h")] if times is None else times
    audiences = [("audience", one) for one in (aud if isinstance(aud, list) else [aud] if aud else [])]
    return [*([("issuer", iss)] if iss else []), *audiences, *times, *header]


def own_cases():
    times = own_facts()[2:5]
    kind = "service_account_jwt"

    def facts(**changes):
        return own_facts(**{"times": times, **changes})

    def wrong(name, jwt, code, **more):
        changes = more.pop("facts", {})
        return case(f"own_jwt_{name}", jwt, kind, facts(**changes), [["error", code]], hides=[SIGNATURE[:8]], **more)

    yield case("own_jwt", own(), kind, facts(), hides=[SIGNATURE[:8]])
    yield case("own_jwt_with_a_list_of_audiences", own(aud=[AUDIENCE]), kind, facts())
    yield wrong("for_kazakhstan", own(), "wrong_audience", endpoints="kazakhstan", says=[AUDIENCE, KZ_AUDIENCE])
    yield case("own_jwt_for_kazakhstan_at_home", own(aud=KZ_AUDIENCE), kind, facts(aud=KZ_AUDIENCE), endpoints="kazakhstan")
    yield wrong("with_a_slash", own(aud=AUDIENCE + "/"), "wrong_audience", facts={"aud": AUDIENCE + "/"}, says=["slash at the end"])
    yield wrong("with_the_host_only", own(aud="https://iam.api.cloud.yandex.net"), "wrong_audience", facts={"aud": "https://iam.api.cloud.yandex.net"})
    yield wrong("without_audience", own(aud=None), "missing_audience", facts={"aud": None})
    yield wrong("without_issuer", own(iss=None), "missing_issuer", facts={"iss": None})
    yield wrong("without_key_id", own({"typ": "JWT", "alg": "PS256"}), "missing_key_id", facts={"header": HEADER_FACTS[1:]})
    yield wrong("signed_otherwise", own({"typ": "JWT", "alg": "RS256", "kid": ID}), "wrong_algorithm", facts={"header": [HEADER_FACTS[0], ("algorithm", "RS256"), HEADER_FACTS[2]]}, says=["RS256", "PS256"])
    long = [times[0], ("expires_at", "2026-01-01T01:00:01Z", "in 59 min"), ("lifetime", "3601 s", "60 min")]
    yield wrong("that_lives_too_long", own(exp=NEW_YEAR + 3601), "lifetime_too_long", facts={"times": long}, says=["3601 s", "3600 s"])
    yield wrong("that_does_not_end", own(exp=None), "missing_expires_at", facts={"times": times[:1]})
    yield wrong("that_never_began", own(iat=None), "missing_issued_at", facts={"times": times[1:2]})
    ended = [("issued_at", BEGINS, "2 h ago"), ("expires_at", HOUR, "1 h ago"), times[2]]
    yield wrong("that_ended", own(), "expired", facts={"times": ended}, now=NEW_YEAR + 7200)
    at_end = [("issued_at", BEGINS, "1 h ago"), ("expires_at", HOUR, "now"), times[2]]
    yield wrong("that_ends_now", own(), "expired", facts={"times": at_end}, now=NEW_YEAR + 3600)
    early = [("issued_at", BEGINS, "in 61 s"), ("expires_at", HOUR, "in 61 min"), times[2]]
    yield wrong("that_has_not_begun", own(), "not_yet_valid", facts={"times": early}, now=NEW_YEAR - 61)
    soon = [("issued_at", BEGINS, "in 1 min"), ("expires_at", HOUR, "in 61 min"), times[2]]
    yield case("own_jwt_of_a_clock_a_minute_ahead", own(), kind, facts(times=soon), now=NEW_YEAR - 60)
    millis = own(iat=NEW_YEAR * 1000, exp=(NEW_YEAR + 3600) * 1000)
    yield case("own_jwt_in_milliseconds", millis, kind, facts(times=[]), [["error", "time_in_milliseconds"], ["error", "time_in_milliseconds"]])
    yield case("own_jwt_whose_times_are_texts", own(iat=str(NEW_YEAR)), kind, facts(times=times[1:2]), [["error", "invalid_time"]])
    yield case("own_jwt_of_another_account", own(), kind, facts(), [["error", "other_service_account"]], credential={"externalSubjectId": SUBJECT, "serviceAccountId": "ajeotheraccount00001"})
    cut = own().rsplit(".", 1)[0]
    yield case("own_jwt_without_signature", cut, kind, facts(), [["error", "damaged_jwt"]])
    yield case("header_of_a_jwt", own().split(".")[0], "jwt", [*HEADER_FACTS, ("encoding", "base64")], [["error", "damaged_jwt"], ["note", "base64"]])


def pod_facts(aud=(ISSUER,), sub=SUBJECT, iss=ISSUER, platform=None, other="jti", times=None):
    platform = platform or [("namespace", "default"), ("service_account", "default"), ("bound_to", "the service account only")]
    times = times or [("issued_at", BEGINS, "1 min ago"), ("not_before", BEGINS, "1 min ago"), ("expires_at", HOUR, "in 59 min"), ("lifetime", "3600 s", "1 h")]
    header = [("key_id", "first"), ("algorithm", "RS256"), ("type", "JWT")]
    return [*platform, ("issuer", iss), *[("audience", one) for one in aud], ("subject", sub), *times, *header, *([("other_claims", other)] if other else [])]


def workload_cases():
    kind, hides = "kubernetes_token", [JTI, SIGNATURE[:8]]
    yield case("pod_token", subject_token(), kind, pod_facts(), NEEDED, says=[f"`{ISSUER}`", SUBJECT, "in 59 min"], hides=hides)
    claim = {
        "namespace": "shop", "node": {"name": "node-1", "uid": "u1"}, "pod": {"name": "web-0", "uid": "u2"},
        "serviceaccount": {"name": "web", "uid": "u3"}, "warnafter": NEW_YEAR + 3607,
    }  # fmt: skip
    bound = [("namespace", "shop"), ("service_account", "web"), ("pod", "web-0"), ("node", "node-1"), ("bound_to", "the pod")]
    token = subject_token(sub="system:serviceaccount:shop:web", **{"kubernetes.io": claim})
    yield case("pod_token_bound_to_a_pod", token, kind, pod_facts(sub="system:serviceaccount:shop:web", platform=bound), NEEDED, hides=["u1", "u2", "u3"])
    ended = [("issued_at", BEGINS, "3 h ago"), ("not_before", BEGINS, "3 h ago"), ("expires_at", HOUR, "2 h ago"), ("lifetime", "3600 s", "1 h")]
    yield case("pod_token_that_ended", subject_token(), kind, pod_facts(times=ended), [["error", "expired"], *NEEDED], now=NEW_YEAR + 3 * 3600, says=["it ended 2 h ago"])
    legacy = {
        "iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": "shop", "kubernetes.io/serviceaccount/secret.name": "web-token-x",
        "kubernetes.io/serviceaccount/service-account.name": "web", "kubernetes.io/serviceaccount/service-account.uid": "0000-uid", "sub": "system:serviceaccount:shop:web",
    }  # fmt: skip
    facts = [
        ("namespace", "shop"), ("service_account", "web"), ("secret", "web-token-x"), ("issuer", "kubernetes/serviceaccount"), ("subject", "system:serviceaccount:shop:web"),
        ("key_id", "first"), ("algorithm", "RS256"), ("type", "JWT"), ("other_claims", "kubernetes.io/serviceaccount/service-account.uid"),
    ]  # fmt: skip
    yield case("pod_token_of_the_old_kind", encode(legacy), kind, facts, [["error", "legacy_token"]], hides=["0000-uid"])
    person = {"actor": "a-person", "repository": "o/r", "ref": "refs/heads/main", "environment": "production", "job_workflow_ref": "o/r/.github/workflows/x.yml@refs/heads/main"}
    sub = "repo:o/r:environment:production"
    token = subject_token(iss="https://token.actions.githubusercontent.com", aud="https://github.com/o", sub=sub, **person, **{"kubernetes.io": None})
    platform = [("repository", "o/r"), ("ref", "refs/heads/main"), ("environment", "production")]
    yield case("github_actions_token", token, "github_actions_token", pod_facts(["https://github.com/o"], sub, "https://token.actions.githubusercontent.com", platform, "actor, job_workflow_ref, jti"), NEEDED, hides=["a-person", JTI])
    gitlab = {"project_path": "g/p", "pipeline_id": "1", "ref": "main", "ref_type": "branch", "user_email": "a-person@example.org"}
    sub = "project_path:g/p:ref_type:branch:ref:main"
    token = subject_token(iss="https://gitlab.example.org", aud="yandex", sub=sub, **gitlab, **{"kubernetes.io": None})
    platform = [("project", "g/p"), ("ref", "main"), ("ref_type", "branch")]
    yield case("gitlab_token", token, "gitlab_token", pod_facts(["yandex"], sub, "https://gitlab.example.org", platform, "jti, pipeline_id, user_email"), NEEDED, hides=["a-person"])
    openssl = json.loads((VECTORS.parent / "emulator/openssl_tokens.json").read_text("utf-8"))
    for token, kid, alg in zip(openssl["tokens"], ("r", "e"), ("RS256", "ES256"), strict=True):
        facts = [
            ("issuer", openssl["issuer"]), ("audience", openssl["audience"]), ("subject", openssl["subject"]), ("issued_at", "2023-11-14T22:13:20Z", "1 min ago"),
            ("expires_at", "2023-11-14T23:13:20Z", "in 59 min"), ("lifetime", "3600 s", "1 h"), ("key_id", kid), ("algorithm", alg), ("type", "JWT"),
        ]  # fmt: skip
        yield case(f"oidc_token_that_openssl_signed_{alg}", token, "oidc_token", facts, NEEDED, now=openssl["iat"] + 60, hides=[token.split(".")[2][:8]])
    joe = [("issuer", "joe"), ("expires_at", "2011-03-22T18:43:00Z", "now")]
    other = ("other_claims", "http://example.com/is_root")
    errors = [["error", "expired"], ["error", "missing_subject"]]
    yield case("jwt_of_rfc_7515", RFC_SIGNED, "jwt", [*joe, ("algorithm", "HS256"), ("type", "JWT"), other], [*errors, ["error", "symmetric_algorithm"]], now=1300819380, hides=["dBjftJeZ"])
    yield case("unsigned_jwt_of_rfc_7519", RFC_UNSIGNED, "jwt", [*joe, ("algorithm", "none"), other], [*errors, ["error", "unsigned"], ["error", "damaged_jwt"]], now=1300819380)
    yield case("encrypted_jwt_of_rfc_7516", RFC_JWE, "encrypted_jwt", [("algorithm", "RSA-OAEP")], [["error", "encrypted"]], hides=["OKOawDo1", "48V1_ALb", "5eym8TW_", "XFBoMYUZ"])
    yield case("jwt_whose_claims_are_garbage", "eyJhbGciOiJSUzI1NiJ9.AAAA.AAAA", "jwt", [("algorithm", "RS256")], [["error", "damaged_jwt"]])
    yield case("pod_token_in_lines", "\n".join(subject_token()[at : at + 76] for at in range(0, len(subject_token()), 76)), kind, pod_facts(), [["error", "line_breaks"], *NEEDED], hides=hides)
    yield case("pod_token_without_audience", subject_token(aud=None), kind, pod_facts([]), [["error", "missing_audience"], NEEDED[1]])
    yield case("pod_token_with_a_subject_that_lies", subject_token(sub="a\u202eb\nc\u0007"), kind, pod_facts(sub="a b c"), NEEDED, hides=["\u202e", "\u0007"])
    for place, cut in (("line_break", "\n"), ("invisible_character", "\u200b")):
        token = subject_token(sub=IAM_TOKEN[:9] + cut + IAM_TOKEN[9:])
        yield case(f"pod_token_with_a_secret_as_subject_and_a_{place}", token, kind, pod_facts(sub="[IAM token redacted]"), NEEDED, hides=[IAM_TOKEN[10:18]])
    yield case("pod_token_with_a_secret_as_subject", subject_token(sub=IAM_TOKEN), kind, pod_facts(sub="[IAM token redacted]"), NEEDED, hides=[IAM_TOKEN[4:12]])


UNKNOWN_STATE = ["warning", "federation_state_unknown"]


def federation(**changes):
    return {"id": "ajefederation0000001", "folderId": "b1gexample0000000001", "name": "cluster", "audiences": [ISSUER], "issuer": ISSUER, "jwksUrl": f"{ISSUER}/jwks.json", "enabled": True, **changes}


def credential(subject=SUBJECT, **changes):
    return {"id": "ajecredential0000001", "serviceAccountId": ACCOUNT, "federationId": "ajefederation0000001", "externalSubjectId": subject, **changes}


def snake(value):
    return {"".join("_" + c.lower() if c.isupper() else c for c in name): v for name, v in value.items()}


def comparison_cases():
    kind, acts = "kubernetes_token", ("acts_as", ACCOUNT)

    def compared(name, different, code=None, says=(), token=None, facts=None, **given):
        given = {"federation": federation(), "credential": credential(), **given}
        findings = ([["error", code]] if code else []) + [MATCHES[claim] for claim in ("iss", "aud", "sub") if claim not in different]
        return case(f"compared_{name}", token or subject_token(), kind, [*(facts or pod_facts()), acts], findings, says, **given)

    yield compared("and_equal", "")
    yield compared("and_equal_in_snake_case", "", federation=snake(federation()), credential=snake(credential()))
    yield compared("and_equal_in_lists_of_one", "", federation=json.dumps([federation()]), credential=json.dumps([credential()]))
    yield compared("with_a_second_audience", "", federation=federation(audiences=["other", ISSUER]))
    for name, code, issuer, says in (
        ("a_slash", "issuer_trailing_slash", ISSUER + "/", "slash at the end"), ("http", "issuer_scheme", ISSUER.replace("https", "http"), "`http` and `https`"),
        ("letter_case", "issuer_letter_case", ISSUER.replace("catexample", "CatExample"), "upper and lower case"), ("a_space", "issuer_white_space", ISSUER + " ", "white space"),
        ("an_invisible_space", "issuer_white_space", ISSUER + "\u200b", "white space or invisible"), ("another_cluster", "issuer_other_cluster", ISSUER.replace("catexample", "catother"), "different clusters"),
        ("another_issuer", "issuer_differs", "https://issuer.example.org", "different"), ("several_things", "issuer_differs", ISSUER.replace("https", "http") + "/", "slash at the end"),
    ):  # fmt: skip
        yield compared(f"issuer_with_{name}", ["iss"], code, [says], federation=federation(issuer=issuer))
    for name, code, audiences, says in (
        ("a_slash", "audience_trailing_slash", ["other", ISSUER + "/"], "slash at the end"), ("http", "audience_scheme", [ISSUER.replace("https", "http")], "`http` and `https`"),
        ("letter_case", "audience_letter_case", [ISSUER.upper()], "upper and lower case"), ("another_cluster", "audience_other_cluster", [ISSUER + "2"], "different clusters"),
        ("another_audience", "audience_differs", ["yandex"], "--audience=yandex"),
    ):  # fmt: skip
        code_says = [says, f"`aud` is `{ISSUER}`", "kubectl create token"]
        yield compared(f"audience_with_{name}", ["aud"], code, code_says, federation=federation(audiences=audiences))
    api_server = "https://kubernetes.default.svc.cluster.local"
    yield compared("audience_of_the_api_server", ["aud"], "audience_differs", [api_server, ISSUER, "audience: " + ISSUER], subject_token(aud=[api_server]), pod_facts([api_server]))
    yield compared("no_audience", ["aud"], "missing_audience", [ISSUER], subject_token(aud=None), pod_facts([]))
    for name, code, subject, says in (
        ("another_namespace", "subject_wrong_namespace", "system:serviceaccount:shop:default", "the namespaces are different"),
        ("another_name", "subject_wrong_name", "system:serviceaccount:default:web", "names are different"),
        ("both_different", "subject_differs", "system:serviceaccount:shop:web", "different"),
        ("no_prefix", "subject_missing_prefix", "default:default", "`system:serviceaccount:<namespace>:`"), ("a_path", "subject_missing_prefix", "default/default", "lacks the prefix"),
        ("the_name_only", "subject_missing_prefix", "default", "lacks the prefix"), ("a_space", "subject_white_space", SUBJECT + "\n", "white space"),
        ("letter_case", "subject_letter_case", SUBJECT.upper(), "upper and lower case"), ("something_else", "subject_differs", "repo:o/r", "different"),
    ):  # fmt: skip
        yield compared(f"subject_with_{name}", ["sub"], code, [says], credential=credential(subject))
    long = "system:serviceaccount:default:" + "d" * 971
    facts = [("subject", long[:300] + "…") if fact[0] == "subject" else fact for fact in pod_facts()]
    yield compared("subject_that_is_too_long", ["sub"], "subject_too_long", ["1000"], subject_token(sub=long), facts)
    yield compared("with_a_disabled_federation", "", "federation_disabled", federation=federation(enabled=None, disabled=True))
    yield compared("with_a_federation_that_is_not_enabled", "", "federation_disabled", federation=federation(enabled=False))
    yield compared("with_a_federation_that_is_not_disabled", "", federation=federation(enabled=None, disabled=False))
    made = compared("with_a_federation_that_does_not_say_whether", "", federation=federation(enabled=None))
    made["explanation"]["findings"].insert(0, UNKNOWN_STATE)
    yield made
    yield compared("with_a_credential_of_another_federation", "", "credential_of_other_federation", ["ajeother"], credential=credential(federationId="ajeother"))
    yield case("compared_with_a_federation_alone", subject_token(), kind, pod_facts(), [MATCHES["iss"], MATCHES["aud"]], federation=federation())
    yield case("compared_with_a_credential_alone", subject_token(), kind, [*pod_facts(), acts], [MATCHES["sub"]], credential=credential())
    for name, given in (
        ("broken", {"federation": "{"}), ("a_list_of_two", {"federation": json.dumps([federation(), federation()])}), ("an_empty_list", {"credential": "[]"}), ("a_number", {"credential": "1"}),
        ("without_issuer", {"federation": {"audiences": []}}), ("with_an_audience_that_is_a_number", {"federation": federation(audiences=[1])}), ("with_audiences_that_are_a_text", {"federation": federation(audiences="x")}),
        ("with_disabled_as_text", {"federation": federation(enabled=None, disabled="no")}), ("with_an_issuer_that_is_a_number", {"federation": federation(issuer=1)}),
        ("without_subject", {"credential": {"serviceAccountId": ACCOUNT}}), ("the_wrong_way_round", {"federation": credential()}),
    ):  # fmt: skip
        made = case(f"compared_with_something_{name}", subject_token(), kind, **given)
        del made["explanation"]
        yield {**made, "error": {"code": "invalid_argument", "fault": "caller", "transient": False}}


def federation_facts(*audiences, issuer=ISSUER, disabled="no"):
    return [
        ("id", "ajefederation0000001"), ("folder_id", "b1gexample0000000001"), ("issuer", issuer), *[("audience", one) for one in audiences],
        ("jwks_url", f"{ISSUER}/jwks.json"), ("disabled", disabled),
    ]  # fmt: skip


def federation_cases():
    kind = "oidc_federation"
    yield case("federation", json.dumps(federation()), kind, federation_facts(ISSUER))
    yield case("federation_in_snake_case", json.dumps(snake(federation())), kind, federation_facts(ISSUER))
    yield case("federation_in_a_list", json.dumps([federation()]), kind, federation_facts(ISSUER))
    yield case("federation_that_is_disabled", json.dumps(federation(enabled=None, disabled=True)), kind, federation_facts(ISSUER, disabled="yes"), [["error", "federation_disabled"]])
    unknown = federation_facts(ISSUER, disabled="not said")
    yield case("federation_that_does_not_say_whether", json.dumps(federation(enabled=None)), kind, unknown, [UNKNOWN_STATE], ["enabled: true"])
    yield case("federation_written_by_hand", compact({"issuer": ISSUER, "audiences": [ISSUER]}), kind, [("issuer", ISSUER), ("audience", ISSUER), ("disabled", "not said")])
    printed = {name: value for name, value in snake(federation()).items() if name != "enabled"}
    yield case("federation_that_does_not_say_whether_in_snake_case", json.dumps(printed), kind, unknown, [UNKNOWN_STATE])
    yield case("federation_without_audience", json.dumps(federation(audiences=[])), kind, federation_facts(), [["error", "missing_audience"]])
    yield case("federation_whose_audience_is_another", json.dumps(federation(audiences=["yandex"])), kind, federation_facts("yandex"), [["note", "audience_lacks_issuer"]])
    yield case("federation_whose_audience_has_a_slash", json.dumps(federation(audiences=[ISSUER + "/"])), kind, federation_facts(ISSUER + "/"), [["warning", "audience_like_issuer"]])
    yield case("federation_without_issuer", json.dumps(federation(issuer=None)), kind, [], [["error", "invalid_argument"]])
    kind = "federated_credential"
    ids = [("id", "ajecredential0000001"), ("service_account_id", ACCOUNT), ("federation_id", "ajefederation0000001")]
    yield case("credential", json.dumps(credential()), kind, [*ids, ("subject", SUBJECT), ("namespace", "default"), ("service_account", "default")])
    for name, subject, finding in (
        ("of_github", "repo:o/r:ref:refs/heads/main", None), ("without_prefix", "default:default", ["warning", "subject_missing_prefix"]), ("of_a_path", "default/web", ["warning", "subject_missing_prefix"]),
        ("without_name", "system:serviceaccount:default", ["error", "subject_malformed"]), ("with_a_space", SUBJECT + " ", ["error", "subject_white_space"]), ("too_long", "x" * 1001, ["error", "subject_too_long"]),
    ):  # fmt: skip
        facts = [*ids, ("subject", subject.strip() if len(subject) < 300 else subject[:300] + "…")]
        yield case(f"credential_{name}", json.dumps(credential(subject)), kind, facts, [finding] if finding else [])
    found = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks.json", "response_types_supported": ["id_token"]}
    yield case("openid_configuration", json.dumps(found), "openid_configuration", [("issuer", ISSUER), ("jwks_url", f"{ISSUER}/jwks.json")], [["note", "federation_needed"]])


def other_cases():
    yield case("nothing", "", "empty", [], [["error", "empty"]])
    yield case("white_space", " \r\n\t\ufeff", "empty", [], [["error", "empty"]])
    yield case("web_page", "<!DOCTYPE html><html><body>Sign in</body></html>", "html", [], [["error", "html"]])
    for name, path in (("a_path", "/home/me/key.json"), ("a_path_of_windows", "C:\\keys\\key.json"), ("a_name_of_a_file", "key.json"), ("a_token_file", "/var/run/secrets/tokens/sa")):
        yield case(name, path, "path", [], [["error", "path_given"]], hides=[path])
    yield case("words", "the quick brown fox", "unknown", [], [["error", "unknown"]], hides=["quick"])
    yield case("utf_16", "\ufeff{}".encode("utf-16-le"), "binary", [], [["error", "utf16"]])
    yield case("der", bytes([0x30, 0x82, 0x04, 0xA4, 0xFF]), "binary", [], [["error", "der"]])
    yield case("bytes", bytes([0xFF, 0x00, 0x80]), "binary", [], [["error", "not_text"]])
    yield case("json_of_something", compact({"hello": "world"}), "json", [], [["error", "unknown"]], hides=["world"])
    yield case("json_list", "[1,2]", "json", [], [["error", "unknown"]])
    yield case("json_that_is_broken", '{"hello": ', "json", [], [["error", "invalid_json"]])
    yield case("json_that_is_deep", {"repeat": "[", "times": 100000}, "json", [], [["error", "invalid_json"]])
    yield case("too_large", {"repeat": "x", "times": 262145}, "too_large", [], [["error", "too_large"]])
    yield case("large", {"repeat": "x", "times": 262144}, "unknown", [], [["error", "unknown"]])


def main():
    groups = (key_cases, pem_cases, word_cases, own_cases, workload_cases, comparison_cases, federation_cases, other_cases)
    write_cases("explanations", "What is said about keys, tokens and the JSON around them.", [case for group in groups for case in group()])


if __name__ == "__main__":
    main()
