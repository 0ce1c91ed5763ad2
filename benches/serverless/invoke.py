"""Calls a function of the current folder once, as the services do: arguments are the entry point, the event and the context's token, as JSON."""

import importlib
import json
import sys
from types import SimpleNamespace

entry_point, event, token = sys.argv[1:]
sys.path.insert(0, "")
module, _, name = entry_point.rpartition(".")
answer = getattr(importlib.import_module(module), name)(json.loads(event), SimpleNamespace(token=json.loads(token)))
if "body" in answer:
    answer = json.loads(answer["body"])
assert answer["keys"] == ["user"], answer
