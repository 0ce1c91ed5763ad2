import sys

from yc_iam import Credentials

assert Credentials.service_account(sys.argv[1]).token().value.startswith("t1.")
