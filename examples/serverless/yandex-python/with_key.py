"""Reads a Lockbox secret as the service account of a key file: the function needs none of its own."""

import json
import os

from yc_iam import Credentials

# Outside of the handler: later invocations find the token that an earlier one got, and renew it when its time comes.
creds = Credentials.service_account(os.environ["YC_SERVICE_ACCOUNT_KEY_FILE"])


def handler(event, context):
    secret = creds.lockbox.get(os.environ["SECRET_ID"])
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"version": secret.version_id, "keys": secret.keys()}),
    }
