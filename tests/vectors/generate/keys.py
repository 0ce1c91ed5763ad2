"""vectors/keys.json"""

import base64
import json
import textwrap

import der
from common import compact, pem, write_cases

ID = "ajeexamplekey0000001"
ACCOUNT = "ajeexampleaccount001"
CREATED = "2026-01-15T09:30:00.123456789Z"
# Primes of 1040 and of 1008 bits, by `openssl prime -generate`.
WIDE = int(
    "d6dc8cae46cb6dccc26f469b30b1af6a81bf97eb4ecd7684188a2c1d2051c30aa819cc060ce544237a5a243414aecd0e3e829ad6589677fbf73a6436"
    "e92b3687d8235606ebcdfdc6c232257a9d8f8ce9770cdb6f57425c20445de4b5d90fa4603e39ae0c7125a03d29ccbf1246b6f75c330dec75a63d76b4"
    "79d5dec28f24453b3081",
    16,
)
NARROW = int(
    "c5f971e85efca41c1a5f9145ee2371f821a5eb1a6d8ff95f8b500a4938f7a2b17376e18aea096446998a42bb09cd0a3af08af2b6898f40d8171cdf7d"
    "af151a344cf63c639e1ece0ae2e2086870d215d3f42d6f68d0c159c2fc384d88d6f30e9b97c4921e797547bdd82157a98b0c9e09f2dc171b1564bfaa"
    "131d5379706b",
    16,
)
BANNER = f"PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{ID}>\n"


def key_file(block=None, without=None):
    """The fields of a key file as the service writes it, with this PEM block and without this field."""
    fields = {
        "id": ID,
        "service_account_id": ACCOUNT,
        "created_at": CREATED,
        "key_algorithm": "RSA_4096" if block == pem("rsa4096") else "RSA_2048",
        "public_key": pem("public"),
        "private_key": BANNER + (block or pem("rsa2048_a")),
    }
    return {name: value for name, value in fields.items() if name != without}


def answer_of_the_api():
    """What `POST /iam/v1/keys` answers."""
    key = {"id": ID, "serviceAccountId": ACCOUNT, "createdAt": CREATED, "keyAlgorithm": "RSA_2048", "publicKey": pem("public")}
    return {"key": key, "privateKey": BANNER + pem("rsa2048_a")}


def text(content):
    return {"text": content}


def raw(content):
    return {"base64": base64.b64encode(content).decode("ascii")}


def good(name, content, bits=2048, **changes):
    expect = {"id": ID, "service_account_id": ACCOUNT, "modulus_bits": bits, "created_at": CREATED, **changes}
    content = content if isinstance(content, (str, dict)) else json.dumps(content)
    return {"name": name, "content": text(content) if isinstance(content, str) else content, "expect": expect}


def fields(fields):
    """Marks a dict as the key file's fields, to be written as JSON."""
    return json.dumps(fields, indent=2) + "\n"


def bad(name, code, content, says=(), hides=()):
    error = {"code": code, "fault": "key", "transient": False}
    if says:
        error["says"] = list(says)
    if hides:
        error["hides"] = list(hides)
    return {"name": name, "content": text(content) if isinstance(content, str) else content, "error": error}


def one_line(block):
    return " ".join(block.split("\n")).strip()


def good_cases():
    plain = fields(key_file())
    encoded = base64.b64encode(plain.encode()).decode("ascii")
    for_urls = base64.urlsafe_b64encode(plain.encode()).decode("ascii")
    assert for_urls != encoded and encoded.endswith("=")
    a = pem("rsa2048_a")
    inner = der.pkcs1(der.rsa_numbers(der.from_pem(pem("rsa2048_a_pkcs1"))))
    camel = {"id": ID, "serviceAccountId": ACCOUNT, "createdAt": CREATED, "keyAlgorithm": "RSA_2048",
             "publicKey": pem("public"), "privateKey": BANNER + a}  # fmt: skip
    user = key_file(without="service_account_id")
    numbers = der.rsa_numbers(inner)
    swapped = der.key_from(numbers["q"], numbers["p"], numbers["e"])
    euler = der.key_from(numbers["p"], numbers["q"], 65537, pow(65537, -1, (numbers["p"] - 1) * (numbers["q"] - 1)))
    return [
        good("plain", plain),
        good("other_key", fields(key_file(pem("rsa2048_b")))),
        good("without_banner", fields(key_file() | {"private_key": a})),
        good("banner_without_angle_brackets", fields(key_file() | {"private_key": BANNER.replace("<", "").replace(">", "") + a})),
        good("banner_and_blank_line", fields(key_file() | {"private_key": BANNER + "\n" + a})),
        good("without_final_line_break", fields(key_file() | {"private_key": (BANNER + a).rstrip("\n")})),
        good("minimal", fields({"id": ID, "service_account_id": ACCOUNT, "private_key": a}), created_at=None),
        good("compact_json", compact(key_file())),
        good("escaped_line_breaks", fields(key_file() | {"private_key": (BANNER + a).replace("\n", "\\n")})),
        good("escaped_crlf", fields(key_file() | {"private_key": (BANNER + a).replace("\n", "\\r\\n")})),
        good("crlf_in_pem", fields(key_file() | {"private_key": (BANNER + a).replace("\n", "\r\n")})),
        good("crlf_in_file", plain.replace("\n", "\r\n")),
        good("byte_order_mark", "\ufeff" + plain),
        good("white_space_around", "\n\n  " + plain + "\r\n\t\n"),
        good("without_trailing_line_break", plain.strip()),
        good("base64_of_file", encoded),
        good("base64_of_file_wrapped", "\n".join(textwrap.wrap(encoded, 76)) + "\n"),
        good("base64_of_file_wrapped_crlf", "\r\n".join(textwrap.wrap(encoded, 64)) + "\r\n"),
        good("base64_of_file_without_padding", encoded.rstrip("=")),
        good("base64_of_file_for_urls", for_urls),
        good("base64_of_file_for_urls_without_padding", for_urls.rstrip("=") + "\n"),
        good("base64_of_file_with_byte_order_mark", base64.b64encode(("\ufeff" + plain).encode()).decode("ascii")),
        good("pem_on_one_line", fields(key_file() | {"private_key": one_line(a)})),
        good("banner_and_pem_on_one_line", fields(key_file() | {"private_key": one_line(BANNER + a)})),
        good("pem_lines_of_76", fields(key_file() | {"private_key": BANNER + der.to_pem("PRIVATE KEY", der.from_pem(a), 76)})),
        good("pem_lines_indented", fields(key_file() | {"private_key": BANNER + textwrap.indent(a, "    ")})),
        good("pkcs1", fields(key_file(pem("rsa2048_a_pkcs1")))),
        good("camel_case", fields(camel)),
        good("answer_of_the_api", fields(answer_of_the_api())),
        good("answer_of_the_api_in_snake_case", fields({"key": key_file(without="private_key"), "private_key": BANNER + a})),
        good("key_that_is_an_object_beside_an_id", fields(key_file() | {"key": {"id": "ajeanotherkey0000002"}})),
        good("user_account_id", fields(user | {"user_account_id": ACCOUNT})),
        good("user_account_id_camel_case", fields(user | {"userAccountId": ACCOUNT})),
        good("null_service_account_id_and_user_account_id", fields(key_file() | {"service_account_id": None, "user_account_id": ACCOUNT})),
        good("unknown_fields", fields(key_file() | {"description": "ключ", "labels": {"a": ["b"]}, "last_used_at": None})),
        good("null_created_at", fields(key_file() | {"created_at": None}), created_at=None),
        good("longest_id", fields(key_file() | {"id": "i" * 50, "private_key": a}), id="i" * 50),
        good("rsa3072", fields(key_file(pem("rsa3072"))), 3072),
        good("rsa4096", fields(key_file(pem("rsa4096"))), 4096),
        good("rsa2049", fields(key_file(pem("rsa2049"))), 2049),
        good("rsa2050", fields(key_file(pem("rsa2050"))), 2050),
        good("rsa2056", fields(key_file(pem("rsa2056"))), 2056),
        good("exponent_3", fields(key_file(pem("rsa2048_e3")))),
        good("smaller_prime_first", fields(key_file(der.to_pem("RSA PRIVATE KEY", der.pkcs1(swapped))))),
        good("private_exponent_modulo_phi", fields(key_file(der.to_pem("RSA PRIVATE KEY", der.pkcs1(euler))))),
        # RFC 5958 lets attributes and, in version 2, the public key follow the private key.
        good("pkcs8_with_attributes", fields(key_file(der.to_pem("PRIVATE KEY", der.pkcs8(inner, extra=der.tlv(0xA0, b"")))))),
    ]


def missing_and_wrong_fields():
    for name in ("id", "service_account_id", "private_key"):
        yield bad(f"no_{name}", "missing_field", fields(key_file(without=name)), [f"`{name}`"])
        yield bad(f"null_{name}", "missing_field", fields(key_file() | {name: None}), [f"`{name}`"])
        for kind, value in (("number", 17), ("array", ["x"]), ("object", {"x": 1}), ("boolean", True)):
            yield bad(f"{name}_is_{kind}", "invalid_field", fields(key_file() | {name: value}), [f"`{name}`"])
    answer = answer_of_the_api()
    for name, field in (("id", "id"), ("serviceAccountId", "service_account_id")):
        rest = {n: v for n, v in answer["key"].items() if n != name}
        yield bad(f"answer_of_the_api_without_{field}", "missing_field", fields(answer | {"key": rest}), [f"`{field}`"])
    yield bad("answer_of_the_api_without_private_key", "missing_field", fields({"key": answer["key"]}), ["`private_key`"])
    yield bad("answer_of_the_api_whose_key_is_a_text", "missing_field", fields(answer | {"key": "x"}), ["`id`"])
    yield bad("empty_object", "missing_field", "{}")
    yield bad("static_key_file", "missing_field", compact({"access_key": {"id": ID, "key_id": "YCAJEexample"}, "secret": "YCPexample"}))
    yield bad("created_at_is_number", "invalid_field", fields(key_file() | {"created_at": 1767225600}), ["`created_at`"])
    for name, value in (
        ("empty", ""), ("too_long", "i" * 51), ("with_space", "aje example"), ("with_crlf", "aje\r\nx-injected: 1"),
        ("with_quote", 'aje"example'), ("not_ascii", "ajeпример"), ("with_nul", "aje\x00example"), ("only_blank", " "),
    ):  # fmt: skip
        yield bad(f"id_{name}", "invalid_field", fields(key_file() | {"id": value}), ["`id`"])
        yield bad(f"service_account_id_{name}", "invalid_field", fields(key_file() | {"service_account_id": value}), ["`service_account_id`"])


def wrong_numbers():
    numbers = der.rsa_numbers(der.from_pem(pem("rsa2048_a_pkcs1")))
    other = der.rsa_numbers(der.from_pem(der_of_b()))
    p, q = numbers["p"], numbers["q"]
    # No longer odd, or far too large for any signer; all numbers belong together.
    one = der.key_from(p, q, 1, 1)
    huge = (1 << 40) + 15
    changes = {
        "modulus_of_another_key": {"n": other["n"]},
        "modulus_plus_2": {"n": numbers["n"] + 2},
        "prime_of_another_key": {"p": other["p"]},
        "second_prime_of_another_key": {"q": other["q"]},
        "private_exponent_plus_2": {"d": numbers["d"] + 2},
        "private_exponent_of_another_key": {"d": other["d"]},
        "private_exponent_plus_modulus": {"d": numbers["d"] + numbers["n"]},
        # Right modulo both p − 1 and q − 1, and still larger than RFC 8017 lets it be.
        "private_exponent_above_modulus": {"d": numbers["d"] + (p - 1) * (q - 1) * 2},
        "public_exponent_65539": {"e": 65539},
        "exponent1_plus_1": {"dp": numbers["dp"] + 1},
        "exponent2_plus_1": {"dq": numbers["dq"] + 1},
        "exponents_swapped": {"dp": numbers["dq"], "dq": numbers["dp"]},
        "coefficient_plus_1": {"qinv": numbers["qinv"] + 1},
        "zero_prime": {"p": 0},
        "prime_one": {"p": 1, "q": numbers["n"]},
        "zero_private_exponent": {"d": 0},
        "zero_public_exponent": {"e": 0},
        "public_exponent_1": one,
        "public_exponent_over_33_bits": der.key_from(p, q, huge),
        "equal_primes": {"n": p * p, "q": p, "dq": numbers["dp"], "qinv": 1},
    }
    # Wholly consistent, but not every signer takes them.
    changes["factors_of_different_sizes"] = der.key_from(WIDE, NARROW, 65537)
    changes["factors_of_different_sizes_smaller_first"] = der.key_from(NARROW, WIDE, 65537)
    changes["even_modulus"] = der.key_from(p + 1, q, 65537)
    for name, change in changes.items():
        block = der.to_pem("RSA PRIVATE KEY", der.pkcs1(numbers | change))
        yield bad(name, "inconsistent_key", fields(key_file(block)))


def der_of_b():
    inner = der.from_pem(pem("rsa2048_b"))
    _, body, _ = der.read(inner)
    at = 0
    for _ in range(3):
        _, value, at = der.read(body, at)
    return der.to_pem("RSA PRIVATE KEY", value)


def damaged_pem():
    a = pem("rsa2048_a")
    lines = a.split("\n")
    inner = der.from_pem(a)
    pkcs1 = der.from_pem(pem("rsa2048_a_pkcs1"))
    secret = lines[5]

    def block(name, code, private_key):
        return bad(name, code, fields(key_file() | {"private_key": private_key}), hides=[secret])

    yield block("empty_private_key", "invalid_pem", "")
    yield block("banner_only", "invalid_pem", BANNER)
    yield block("bare_base64", "invalid_pem", "".join(lines[1:-2]))
    yield block("begin_line_cut", "invalid_pem", a.replace("PRIVATE KEY-----", "PRIVATE KEY", 1).replace("-----END", "END"))
    yield block("no_end_line", "invalid_pem", "\n".join(lines[:-2]))
    yield block("cut_in_the_middle", "invalid_pem", a[:700])
    yield block("not_base64", "invalid_pem", a.replace(lines[5], "*" + lines[5][1:]))
    yield block("a_character_lost", "invalid_pem", a.replace(lines[5], lines[5][:-1]))
    yield block("unknown_label", "invalid_pem", a.replace("PRIVATE KEY", "SECRET KEY"))
    yield block("empty_block", "invalid_pem", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n")
    yield block("four_characters_lost", "invalid_private_key", a.replace(lines[5], lines[5][:-4]))
    yield block("der_cut", "invalid_private_key", der.to_pem("PRIVATE KEY", inner[:-7]))
    yield block("der_with_more_behind", "invalid_private_key", der.to_pem("PRIVATE KEY", inner + b"\x05\x00"))
    yield block("der_is_garbage", "invalid_private_key", der.to_pem("PRIVATE KEY", bytes(range(256)) * 4))
    yield block("rsa_oid_with_garbage_inside", "invalid_private_key", der.to_pem("PRIVATE KEY", der.pkcs8(b"\x30\x03\x02\x01\x00")))
    yield block("pkcs1_under_pkcs8_label", "invalid_private_key", der.to_pem("PRIVATE KEY", pkcs1))
    yield block("pkcs8_under_pkcs1_label", "invalid_private_key", der.to_pem("RSA PRIVATE KEY", inner))
    yield block("banner_of_another_key", "key_id_mismatch", BANNER.replace(ID, "ajeanotherkey0000002") + a)
    yield block("banner_id_is_longer", "key_id_mismatch", BANNER.replace(ID, ID + "x") + a)


def other_keys():
    def given(name, code, block, banner=BANNER):
        hides = [line for line in block.split("\n")[2:3] if line]
        return bad(name, code, fields(key_file() | {"private_key": banner + block}), hides=hides)

    for name in ("ec_p256", "ec_p256_sec1", "ed25519", "x25519", "rsapss2048"):
        yield given(name, "unsupported_key_type", pem(name))
    yield given("openssh", "unsupported_key_type", der.to_pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + bytes(200)))
    for name in ("rsa1024", "rsa2047", "rsa4104"):
        yield given(name, "unsupported_key_size", pem(name))
    for name in ("encrypted", "encrypted_pkcs1"):
        yield given(name, "encrypted_key", pem(name), "")
        yield given(f"{name}_with_banner", "encrypted_key", pem(name))
        yield given(f"{name}_on_one_line", "encrypted_key", one_line(pem(name)), "")
    for name in ("public", "public_pkcs1", "certificate"):
        yield given(f"{name}_in_private_key", "public_key_given", pem(name), "")


def something_else():
    plain = fields(key_file())
    yield bad("nothing", "empty_key", "")
    yield bad("white_space", "empty_key", " \r\n\t\n")
    yield bad("only_byte_order_mark", "empty_key", "\ufeff\n")
    yield bad("only_nul", "invalid_json", "\x00")
    yield bad("brace", "invalid_json", "{")
    yield bad("cut_json", "invalid_json", plain[:1000], hides=[plain[900:960]])
    yield bad("json_then_more", "invalid_json", plain + "}")
    yield bad("trailing_comma", "invalid_json", plain.rstrip().removesuffix("}").rstrip() + ",\n}")
    yield bad("python_dict", "invalid_json", repr(key_file()))
    yield bad("raw_line_breaks_in_string", "invalid_json", plain.replace("\\n", "\n"), hides=[pem("rsa2048_a").split("\n")[4]])
    yield bad("json_array", "invalid_json", "[" + plain + "]")
    yield bad("json_number", "invalid_json", "42")
    for name, quoted in (("json_string_of_json", json.dumps(plain)), ("single_quotes", f"'{plain.strip()}'\n"), ("double_quotes_not_escaped", f'"{plain}"')):
        yield bad(name, "invalid_json", quoted, says=["quotation marks"], hides=[pem("rsa2048_a").split("\n")[5]])
    yield bad("deeply_nested", "invalid_json", {"join": [{"text": '{"id":'}, {"repeat": "[", "times": 100000}]})
    yield bad("garbage", "invalid_json", "correct horse battery staple")
    yield bad("a_page_of_garbage", "invalid_json", {"repeat": "garbage ", "times": 12500})
    yield bad("not_utf8", "invalid_json", raw(b'{"id":"\xff\xfe"}'))
    yield bad("utf16", "invalid_json", raw(plain.encode("utf-16")))
    yield bad("base64_of_garbage", "invalid_json", base64.b64encode(b"correct horse battery staple").decode("ascii"))
    yield bad("base64_of_cut_json", "invalid_json", base64.b64encode(plain[:1000].encode()).decode("ascii"))
    yield bad("unset_variable", "invalid_json", "$YC_SERVICE_ACCOUNT_KEY")
    for name, code, content in (
        ("api_key", "api_key_given", "AQVN" + "xExampleApiKeyOfNoService0123456789ab"),
        ("oauth_token", "oauth_token_given", "y0_" + "AgAAAAExampleOauthTokenOfNoService0123456789abcdefghijk"),
        ("oauth_token_1", "oauth_token_given", "y1_" + "AQAAAAExampleOauthTokenOfNoService"),
        ("oauth_token_old", "oauth_token_given", "AQAAAAA" + "ExampleOauthTokenOfNoService01234"),
        ("iam_token", "iam_token_given", "t1." + "9euelZqExampleTokenOfNoService." + "x" * 86),
        ("static_key_id", "static_key_given", "YCAJE" + "ExampleStaticKeyIdNo"),
        ("static_key_secret", "static_key_given", "YCP" + "ExampleStaticKeySecretOfNoService0123"),
    ):
        yield bad(name, code, content, hides=[content[6:]])
        yield bad(f"{name}_and_line_break", code, content + "\n", hides=[content[6:]])
    for name, path in (
        ("file_name", "key.json"), ("absolute", "/etc/yc/key"), ("home", "~/key.json"), ("relative", "./secrets/key"),
        ("parent", "../key"), ("windows", "C:\\keys\\sa.json"), ("windows_slash", "C:/keys/sa"), ("with_spaces", "my keys/sa key.json"),
    ):  # fmt: skip
        yield bad(f"path_{name}", "path_given", path, [f"`{path}`"])
    # A line of a private key may begin with a slash: it is not shown.
    line = "/" + pem("rsa2048_a").split("\n")[3][:63]
    yield bad("path_or_line_of_a_key", "path_given", line, ["a path was given"], [line[:20], line[20:]])
    # Nor is a path around it, as in a file that was cut and put on one line.
    yield bad("path_and_line_of_a_key", "path_given", line + "\\n-----END PRIVATE KEY-----\\n", ["a path was given"], [line[:20], line[20:]])
    yield bad("path_with_capitals_and_digits", "path_given", "/Users/Ada1/Projects/Keys/robot.json", ["`/Users/Ada1/Projects/Keys/robot.json`"])
    many_words = "/Users/Ada1/Projects/MyService/Keys/AuthorizedKeyOfTheRobot2026.json"
    yield bad("long_path_with_capitals_and_digits", "path_given", many_words, [f"`{many_words}`"])
    # What has quotes is a piece of JSON.
    yield bad("rest_of_a_key_file", "invalid_json", '/yc/keys","private_key":"' + line[1:31] + '"}', ["neither a JSON object"], [line[1:20]])
    yield bad("bare_pem", "bare_pem_given", pem("rsa2048_a"), hides=[pem("rsa2048_a").split("\n")[5]])
    yield bad("bare_pem_with_banner", "bare_pem_given", BANNER + pem("rsa2048_a"), hides=[pem("rsa2048_a").split("\n")[5]])
    yield bad("bare_pem_public", "bare_pem_given", pem("public"))


def main():
    cases = good_cases()
    for group in (something_else(), missing_and_wrong_fields(), damaged_pem(), other_keys(), wrong_numbers()):
        cases.extend(group)
    write_cases("keys", "The text of a key file, and the key or the error that comes of it.", cases)


if __name__ == "__main__":
    main()
