"""vectors/requests.json and vectors/endpoints.json"""

import json

import jwts
from common import NEW_YEAR, base64url, write_cases

TOKENS = "/iam/v1/tokens"
GLOBAL = {
    "iam": "https://iam.api.cloud.yandex.net",
    "auth": "https://auth.yandex.cloud",
    "metadata": "http://169.254.169.254",
    "lockbox": "https://payload.lockbox.api.cloud.yandex.net",
    "operation": "https://operation.api.cloud.yandex.net",
}
HEADERS = [["content-type", "application/json"], ["accept", "application/json"], ["user-agent", "yc-iam/*"]]


def request_case(name, endpoints, url, audience=None, signature=b"\x5a" * 256, key="plain"):
    signed = jwts.signing_input(audience or url, NEW_YEAR)
    body = '{"jwt":"%s.%s"}' % (signed, base64url(signature))
    assert json.loads(body)
    return {
        "name": name, "key": key, "now": NEW_YEAR, "endpoints": endpoints,
        "signature": {"repeat": chr(signature[0]), "times": len(signature)},
        "request": {"method": "POST", "url": url, "headers": HEADERS, "body": body, "timeout": 10, "use_proxy": url.startswith("https://")},
    }  # fmt: skip


def requests():
    return [
        request_case("default", "default", jwts.AUDIENCE),
        request_case("kazakhstan", "kazakhstan", jwts.KAZAKHSTAN),
        request_case("custom", {"iam": "https://iam.example.org:8443/base/"}, "https://iam.example.org:8443/base" + TOKENS),
        request_case("loopback", {"iam": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080" + TOKENS),
        request_case("audience", {"audience": jwts.AUDIENCE, "iam": "https://proxy.example.org"}, "https://proxy.example.org" + TOKENS, jwts.AUDIENCE),
        request_case("signature_of_4096_bits", "default", jwts.AUDIENCE, signature=b"\x01" * 512, key="rsa4096"),
        request_case("signature_of_2056_bits", "default", jwts.AUDIENCE, signature=b"\x7e" * 257, key="rsa2056"),
    ]


def endpoints():
    def good(name, overrides):
        urls = {**GLOBAL, **{place: overrides[place].rstrip("/") for place in GLOBAL if place in overrides}}
        url = urls["iam"] + TOKENS
        return {"name": name, "overrides": overrides, "expect": {"url": url, "audience": overrides.get("audience", url), **urls}}

    def bad(name, code, overrides, says=()):
        error = {"code": code, "fault": "caller" if code == "invalid_audience" else "config", "transient": False}
        if says:
            error["says"] = list(says)
        return {"name": name, "overrides": overrides, "error": error}

    yield good("nothing", {})
    yield good("all", {place: f"https://{place}.example.org" for place in GLOBAL})
    yield good("slash_at_the_end", {"iam": "https://iam.example.org/"})
    yield good("slashes_at_the_end", {"iam": "https://iam.example.org///"})
    yield good("path", {"iam": "https://example.org/yandex/iam"})
    yield good("path_and_slash", {"iam": "https://example.org/yandex/iam/"})
    yield good("port", {"iam": "https://iam.example.org:65535"})
    yield good("ipv4", {"iam": "https://192.0.2.1"})
    yield good("ipv6", {"iam": "https://[2001:db8::1]:8443"})
    yield good("ipv6_without_port", {"iam": "https://[2001:db8::1]"})
    yield good("audience", {"audience": "https://iam.api.cloud.yandex.net/iam/v1/tokens"})
    yield good("audience_of_any_kind", {"audience": "urn:example:a b"})
    for name, url in (
        ("127_0_0_1", "http://127.0.0.1:8080"), ("127_9_9_9", "http://127.9.9.9"), ("ipv6", "http://[::1]:8080"),
        ("localhost", "http://localhost:8080"),
    ):  # fmt: skip
        yield good(f"http_on_loopback_{name}", {place: url for place in GLOBAL})
    yield good("http_metadata", {"metadata": "http://169.254.169.254"})
    yield good("http_metadata_with_port", {"metadata": "http://169.254.169.254:80"})

    for place in ("iam", "auth", "lockbox", "operation"):
        yield bad(f"http_{place}", "insecure_endpoint", {place: "http://example.org"}, [f"`{place}`", "`http://example.org`"])
        yield bad(f"http_link_local_{place}", "insecure_endpoint", {place: "http://169.254.169.254"}, [f"`{place}`"])
    yield bad("http_metadata_in_a_private_network", "insecure_endpoint", {"metadata": "http://10.0.0.1"}, ["`metadata`"])
    yield bad("http_metadata_elsewhere", "insecure_endpoint", {"metadata": "http://metadata.example.org"}, ["`metadata`"])
    for name, host in (
        ("other_link_local", "169.254.169.253"), ("private", "10.0.0.1"), ("unspecified", "0.0.0.0"), ("localhost_dot_com", "localhost.example.org"),
        ("loopback_as_name", "127.0.0.1.example.org"), ("ipv6", "[2001:db8::1]"), ("decimal", "2130706433"), ("short", "127.1"),
        ("octal", "0177.0.0.1"), ("mapped", "[::ffff:192.0.2.1]"), ("trailing_dot", "example.org."),
    ):  # fmt: skip
        yield bad(f"http_{name}", "insecure_endpoint", {"iam": f"http://{host}"})
    for name, url in (
        ("empty", ""), ("blank", " "), ("slash", "/"), ("host_only", "iam.example.org"), ("host_and_port", "iam.example.org:443"),
        ("no_host", "https://"), ("no_host_but_port", "https://:443"), ("no_host_but_path", "https:///iam"), ("three_slashes", "https:///"),
        ("ftp", "ftp://example.org"), ("file", "file:///etc/passwd"), ("no_scheme", "//example.org"), ("empty_scheme", "://example.org"),
        ("user", "https://user@example.org"), ("user_and_password", "https://user:secret@example.org"), ("query", "https://example.org?x=1"),
        ("query_in_path", "https://example.org/a?x=1"), ("fragment", "https://example.org#x"), ("space", "https://exa mple.org"),
        ("leading_space", " https://example.org"), ("trailing_line_break", "https://example.org\n"), ("crlf", "https://example.org\r\nx-injected: 1"),
        ("crlf_in_path", "https://example.org/a\r\n\r\nGET /"), ("nul", "https://example.org\x00"), ("tab", "https://exam\tple.org"),
        ("backslash", "https://example.org\\@evil.example"), ("percent", "https://example.org/%0d%0a"), ("not_ascii", "https://пример.рф"),
        ("port_zero", "https://example.org:0"), ("port_too_large", "https://example.org:65536"), ("port_not_a_number", "https://example.org:http"),
        ("port_empty", "https://example.org:"), ("port_signed", "https://example.org:+443"), ("two_ports", "https://example.org:1:2"), ("ipv6_open", "https://[::1"),
        ("ipv6_without_brackets", "https://2001:db8::1"), ("ipv6_bad", "https://[::g]"), ("ipv6_then_more", "https://[::1]x"), ("ipv6_zone", "https://[fe80::1%25eth0]"),
        ("bracket_in_name", "https://exa[mple.org"), ("dot_dot", "https://example.org/../x"), ("dot_dot_at_the_end", "https://example.org/x/.."),
        ("dot", "https://example.org/./x"), ("empty_path_part", "https://example.org//x"), ("scheme_in_path", "https://https://example.org"),
    ):  # fmt: skip
        yield bad(f"url_{name}", "invalid_endpoint", {"iam": url}, ["`iam`"])
    yield bad("bad_place_is_named", "invalid_endpoint", {"iam": "https://example.org", "operation": "nonsense"}, ["`operation`"])
    # As written: the audience is compared as text, and nobody but the user knows which spelling the service expects.
    yield good("upper_case_host", {"iam": "https://IAM.Example.ORG/Base"})
    yield bad("upper_case_scheme", "invalid_endpoint", {"iam": "HTTPS://iam.example.org"})
    yield bad("upper_case_insecure_scheme", "invalid_endpoint", {"iam": "HTTP://example.org"})
    yield bad("audience_empty", "invalid_audience", {"audience": ""})


def main():
    write_cases("requests", "The request that exchanges a JWT for a token, whole.", requests())
    write_cases("endpoints", "Which URLs are taken as endpoints, and what follows from them.", list(endpoints()))


if __name__ == "__main__":
    main()
