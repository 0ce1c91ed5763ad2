import sys

from yc_iam import ServiceAccountKey

assert ServiceAccountKey.from_file(sys.argv[1]).sign_jwt().count(".") == 2
