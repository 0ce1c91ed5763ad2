"""Reads a Lockbox secret from AWS Lambda, as the service account of a key file."""

import os

from yc_iam import Credentials

# Outside of the handler: later invocations find the token that an earlier one got, and renew it when its time comes.
creds = Credentials.service_account(os.environ["YC_SERVICE_ACCOUNT_KEY_FILE"])


def handler(event, context):
    secret = creds.lockbox.get(event["secretId"])
    return {"version": secret.version_id, "keys": secret.keys()}
