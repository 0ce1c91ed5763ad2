"""vectors/signing_inputs.json and vectors/jwts.json: header and claims, written by hand and encoded here."""

import keys
from common import NEW_YEAR, base64url, write_cases

AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
KAZAKHSTAN = "https://iam.api.yandexcloud.kz/iam/v1/tokens"


def header(key_id=keys.ID):
    return '{"typ":"JWT","alg":"PS256","kid":"' + key_id + '"}'


def claims(audience, issued_at, lifetime=3600, account=keys.ACCOUNT):
    """`audience` is a JSON string without its quotes."""
    return '{"iss":"%s","aud":"%s","iat":%d,"exp":%d}' % (account, audience, issued_at, issued_at + lifetime)


def signing_input(*arguments, key_id=keys.ID):
    return base64url(header(key_id).encode()) + "." + base64url(claims(*arguments).encode())


def signing_inputs():
    def case(name, text, now=NEW_YEAR, endpoints="default", key="plain"):
        return {"name": name, "key": key, "now": now, "endpoints": endpoints, "signing_input": text}

    custom = {"iam": "https://iam.example.org"}
    return [
        case("default", signing_input(AUDIENCE, NEW_YEAR)),
        case("kazakhstan", signing_input(KAZAKHSTAN, NEW_YEAR), endpoints="kazakhstan"),
        case("custom_iam", signing_input("https://iam.example.org/iam/v1/tokens", NEW_YEAR), endpoints=custom),
        case("custom_audience", signing_input("urn:example:audience", NEW_YEAR), endpoints={**custom, "audience": "urn:example:audience"}),
        case("emulator", signing_input("http://127.0.0.1:8080/iam/v1/tokens", NEW_YEAR), endpoints={"iam": "http://127.0.0.1:8080"}),
        case("fraction_is_cut", signing_input(AUDIENCE, NEW_YEAR), now=NEW_YEAR + 0.999),
        case("epoch", signing_input(AUDIENCE, 0), now=0),
        case("last_second_of_9999", signing_input(AUDIENCE, 253402300799), now=253402300799),
        case("pkcs1_key", signing_input(AUDIENCE, NEW_YEAR), key="pkcs1"),
        case("rsa4096_key", signing_input(AUDIENCE, NEW_YEAR), key="rsa4096"),
        case("longest_id", signing_input(AUDIENCE, NEW_YEAR, key_id="i" * 50), key="longest_id"),
    ]


def jwts():
    def case(name, claims_text, now=NEW_YEAR, lifetime=3600, audience=None, key="plain"):
        return {"name": name, "key": key, "now": now, "lifetime": lifetime, "audience": audience,
                "header": header(), "claims": claims_text}  # fmt: skip

    def bad(name, code, now=NEW_YEAR, lifetime=3600, audience=None):
        error = {"code": code, "fault": "caller", "transient": False}
        return {"name": name, "key": "plain", "now": now, "lifetime": lifetime, "audience": audience, "error": error}

    yield case("default", claims(AUDIENCE, NEW_YEAR))
    yield case("one_second", claims(AUDIENCE, NEW_YEAR, 1), lifetime=1)
    yield case("half_an_hour", claims(AUDIENCE, NEW_YEAR, 1800), lifetime=1800)
    yield case("fraction_of_now_is_cut", claims(AUDIENCE, NEW_YEAR, 60), now=NEW_YEAR + 0.75, lifetime=60)
    yield case("audience", claims("https://example.org/", NEW_YEAR), audience="https://example.org/")
    yield case("audience_of_kazakhstan", claims(KAZAKHSTAN, NEW_YEAR), audience=KAZAKHSTAN)
    yield case("audience_with_quote_and_backslash", claims('a\\"b\\\\c', NEW_YEAR), audience='a"b\\c')
    yield case("audience_with_control_characters", claims("a\\nb\\tc\\u0001\\u001f\x7f", NEW_YEAR), audience="a\nb\tc\x01\x1f\x7f")
    yield case("audience_not_ascii", claims("аудитория/😀", NEW_YEAR), audience="аудитория/😀")
    yield case("rsa3072", claims(AUDIENCE, NEW_YEAR), key="rsa3072")
    yield case("rsa2056", claims(AUDIENCE, NEW_YEAR), key="rsa2056")
    for name, value in (
        ("zero", 0), ("half", 0.5), ("negative", -1), ("too_long", 3601), ("just_too_long", 3600.5), ("fraction", 59.999),
        ("milliseconds", 3600000), ("nan", "NaN"), ("infinite", "Infinity"), ("huge", 1e300),
    ):  # fmt: skip
        yield bad(f"lifetime_{name}", "invalid_lifetime", lifetime=value)
    for name, value in (
        ("negative", -1), ("just_negative", -0.001), ("milliseconds", NEW_YEAR * 1000), ("after_9999", 253402300800),
        ("nan", "NaN"), ("infinite", "Infinity"), ("minus_infinite", "-Infinity"),
    ):  # fmt: skip
        yield bad(f"now_{name}", "invalid_time", now=value)
    yield bad("audience_empty", "invalid_audience", audience="")


def main():
    write_cases("signing_inputs", "What is signed, byte for byte.", signing_inputs())
    write_cases("jwts", "Header and claims of a JWT that `sign_jwt` makes.", list(jwts()))


if __name__ == "__main__":
    main()
