"""Writes every vector and transcript anew."""

import sys

sys.dont_write_bytecode = True

import api_answers
import api_requests
import calls
import commands
import exchange
import explanations
import external_keys
import jwts
import keys
import kubeconfigs
import kubernetes
import pem
import redact
import refresh
import responses
import signatures
import sources
import transcripts

MODULES = [
    pem,
    keys,
    external_keys,
    jwts,
    exchange,
    signatures,
    responses,
    refresh,
    redact,
    sources,
    explanations,
    kubernetes,
    kubeconfigs,
    transcripts,
    api_requests,
    api_answers,
    calls,
    commands,
]

for module in MODULES:
    module.main()
