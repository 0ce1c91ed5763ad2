"""What keys, tokens and federations say of themselves."""

from __future__ import annotations

import json

import pytest

from shared import assert_error, data, endpoints, key_text, vectors
from yc_iam import FederatedCredential, Federation, UsageError, YcIamError, explain
from yc_iam.testing import Issuer

SUBJECT = "system:serviceaccount:default:app"


@vectors("explanations.json")
def test_explanation(case):
    expected = {name: data(content) for name, content in case.get("expected", {}).items()}

    def work():
        return explain(data(case["content"]), now=case["now"], endpoints=endpoints(case["endpoints"]), **expected)

    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            work()
        assert_error(raised.value, case["error"])
        return
    made, wanted = work(), case["explanation"]
    assert (made.kind, made.is_good) == (wanted["kind"], wanted["good"])
    facts = [[fact.name, fact.value, fact.remark] for fact in made.facts]
    assert facts == [[*fact, ""][:3] for fact in wanted["facts"]]
    assert [[finding.severity, finding.code] for finding in made.findings] == wanted["findings"]
    for text in wanted.get("says", case.get("says", ())):
        assert text in str(made)
    for text in wanted.get("hides", case.get("hides", ())):
        assert text not in str(made) + made.to_json() + repr(made)


def test_what_a_key_says():
    made = explain(key_text("plain"))
    assert made.kind == "service_account_key" and made.is_good
    assert str(made).startswith(made.title)
    assert json.loads(made.to_json())["good"] is True
    assert explain(key_text("plain"), now=0) == explain(key_text("plain").decode(), now=0.0) != made


def test_anything_is_explained():
    for content in ("", "t1.x", "\udcff", b"\xff\x00", bytearray(b"<html>"), "{", "x" * 2_000_000):
        made = explain(content)
        assert made.kind and made.title and str(made)


def test_an_external_token_is_compared(private_key):
    issuer = Issuer(private_key=private_key)
    token = issuer.pod_token("default", "app")
    federation = Federation("ajef1", "b1gf1", "ci", issuer.url, [issuer.url], issuer.jwks_url)
    credential = FederatedCredential("ajec1", "ajes1", "ajef1", SUBJECT)
    assert explain(token, federation=federation, credential=credential).is_good
    other = FederatedCredential("ajec1", "ajes1", "ajef1", SUBJECT.replace("app", "ap"))
    made = explain(token, federation=federation, credential=other)
    assert not made.is_good and "error" in {finding.severity for finding in made.findings}
    as_json = {"issuer": "https://elsewhere.example", "audiences": [issuer.url]}
    for given in (as_json, json.dumps(as_json), json.dumps(as_json).encode()):
        assert not explain(token, federation=given).is_good
    with pytest.raises(UsageError):
        explain(token, federation="nothing")
