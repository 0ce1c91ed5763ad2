"""Reads a Lockbox secret as the function's own service account, whose token comes with each invocation."""

import json
import os

from yc_iam import Credentials


def handler(event, context):
    creds = Credentials.function(context)
    secret = creds.lockbox.get(os.environ["SECRET_ID"])
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"version": secret.version_id, "keys": secret.keys()}),
    }
