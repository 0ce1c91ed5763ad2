"""Every way to a token, well and badly: a marked key and marked tokens are found nowhere."""

from __future__ import annotations

import itertools
import json

import pytest

from helpers import result
from looks import assert_quiet, look_at
from marked import ACCOUNT, of_error, views
from outcomes import OUTCOMES
from yc_iam import Endpoints, ServiceAccountKey, YcIamError

ENDPOINTS = Endpoints.all_at("http://127.0.0.1:9")


def sources(kind, marked, tmp_path, transport, broken):
    """Credentials of every kind. `broken`: what is looked up fails as well."""
    more = {"endpoints": ENDPOINTS, "transport": transport}
    key_file, token_file = tmp_path / "key.json", tmp_path / "token"
    content = json.dumps(marked.key)
    key_file.write_text(content)
    token_file.write_text(marked.subject + ("\n" + marked.oauth if broken else ""))

    def supplier():
        if broken:
            raise RuntimeError(f"{marked.subject} and {marked.oauth}")
        return marked.subject

    def signer(data):
        if broken:
            raise RuntimeError(f"cannot sign {data!r} with {marked.pem}")
        return bytes(256)

    context = {"access_token": marked.iam, "expires_in": 600, "token_type": "Bearer"}
    oauth = kind.oauth(marked.oauth, **more)
    return {
        "a key": kind.service_account(marked.key, **more),
        "a key's content": kind.service_account(content, **more),
        "a key's path": kind.service_account(key_file, **more),
        "a signer": kind.service_account(content, signer=signer, **more),
        "oauth": oauth,
        "a token's file": kind.workload_identity(ACCOUNT, token_file=token_file, **more),
        "a token's variable": kind.workload_identity(ACCOUNT, token_env="MARKED_TOKEN", **more),
        "a token": kind.workload_identity(ACCOUNT, token=marked.subject, **more),
        "a supplier": kind.workload_identity(ACCOUNT, token=supplier, **more),
        "a token's URL": kind.workload_identity(
            ACCOUNT, token_url="https://a.example/t", token_headers={"x": marked.header}, token_field="value", **more
        ),
        "metadata": kind.metadata(**more),
        "a function": kind.function(context, **more),
        "fixed": kind.fixed(marked.iam, **more),
        "impersonation": kind.impersonate(ACCOUNT, oauth, **more),
        "default": kind.default(**more),
    }


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_source(outcome, kind, marked, tmp_path, monkeypatch, records, capfd):
    monkeypatch.setenv("MARKED_TOKEN", marked.subject)
    monkeypatch.setenv("YC_TOKEN", marked.oauth)
    failed = 0
    for broken in (False, True) if outcome == "good" else (False,):
        made = sources(kind, marked, tmp_path, lambda request: OUTCOMES[outcome](marked, request), broken)
        for credentials in made.values():
            failed += look_at(marked, credentials.token) is not None
            for thing in (credentials, credentials._source, credentials._session, credentials._fresh):
                for text in views(thing):
                    marked.assert_hidden(text)
    # A fixed token and a function's need no answer. Broken: a signer, a file and a supplier; all else is well.
    assert failed == (3 if outcome == "good" else 13 if outcome != "a token that has ended" else failed)
    assert_quiet(marked, records, capfd)


def test_what_is_refused_at_once(kind, marked, tmp_path):
    """A secret in the place of something else."""
    fields = marked.key
    secrets = [marked.oauth, marked.iam, marked.subject, marked.pem, json.dumps(fields)]
    makers = [
        lambda it: kind.oauth(it if it is not marked.oauth else marked.oauth + "\n"),
        lambda it: kind.fixed(it if it is not marked.iam else marked.iam + "\n"),
        lambda it: kind.service_account(it if it != json.dumps(fields) else it[:-40]),
        lambda it: kind.service_account({**fields, "private_key": it if it != marked.pem else it.replace("M", "N")}),
        lambda it: kind.service_account({**fields, "id": it}),
        lambda it: kind.workload_identity(it, token="x"),
        lambda it: kind.workload_identity(ACCOUNT, token=it + "!").token(),
        lambda it: kind.workload_identity(ACCOUNT, token_file=it).token(),
        lambda it: kind.workload_identity(ACCOUNT, token_env=it).token(),
        lambda it: kind.workload_identity(ACCOUNT, token_url=it),
        lambda it: kind.function(it),
        lambda it: kind.impersonate(it, kind.metadata()),
        lambda it: ServiceAccountKey.from_json(it + "}"),
        lambda it: ServiceAccountKey.external("a", "b", it),
        lambda it: Endpoints.custom(iam=it),
        lambda it: ServiceAccountKey.from_dict(fields).sign_jwt(audience=it, lifetime=0),
    ]  # fmt: skip
    # What takes a value of the caller's shows it in its own frame, by its name.
    refused = 0
    for it, make in itertools.product(secrets, makers):
        try:
            result(make(it))
        except YcIamError as error:
            refused += 1
            for text in of_error(error):
                marked.assert_hidden(text)
    assert refused > 60
