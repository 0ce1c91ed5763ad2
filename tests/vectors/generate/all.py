"""Writes every vector and transcript anew."""

import sys

sys.dont_write_bytecode = True

import exchange
import external_keys
import jwts
import keys
import pem
import redact
import refresh
import responses
import signatures
import sources
import transcripts

for module in (pem, keys, external_keys, jwts, exchange, signatures, responses, refresh, redact, sources, transcripts):
    module.main()
