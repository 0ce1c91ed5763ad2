"""What a user does first, in whichever interpreter is to be tried: a JWT, and a token from the emulator.

Called with a directory. Leaves there, for a judge outside, the key's public half, what was signed and the signature.
"""

import base64
import json
import pathlib
import platform
import sys

import yc_iam
from yc_iam import Credentials, ServiceAccountKey
from yc_iam.testing import Emulator

place = pathlib.Path(sys.argv[1])

with Emulator() as emulator:
    key_file = emulator.service_account_key()
    key = ServiceAccountKey.from_json(key_file)
    signed, signature = key.sign_jwt(lifetime=600).rsplit(".", 1)
    token = Credentials.service_account(key_file, endpoints=emulator.endpoints).token()
    assert token.value.startswith("t1."), "not a token"
    assert len(emulator.requests) == 1, "one exchange is enough"

(place / "public.pem").write_text(json.loads(key_file)["public_key"])
(place / "signed").write_text(signed)
(place / "signature").write_bytes(base64.urlsafe_b64decode(signature + "=="))
print(f"CPython {platform.python_version()} on {platform.machine()}, {pathlib.Path(yc_iam.__file__).parent}")
