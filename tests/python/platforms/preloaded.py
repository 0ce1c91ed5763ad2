"""A WSGI application whose credentials are made when it is imported: by gunicorn's first process, before it forks."""

from __future__ import annotations

import json
import os

from yc_iam import Credentials, Endpoints

endpoints = Endpoints.custom(iam=os.environ["EMULATOR"])
credentials = Credentials.service_account(os.environ["KEY_FILE"], endpoints=endpoints)


def app(environ, start_response):
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps({"process": os.getpid(), "authorization": credentials.authorization()}).encode()]
