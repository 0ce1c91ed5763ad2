"""For tests: an emulator of the service, on a real port of this machine.

    from yc_iam import Credentials
    from yc_iam.testing import Emulator

    with Emulator() as emulator:
        credentials = Credentials.service_account(emulator.service_account_key(), endpoints=emulator.endpoints)
        credentials.token()

`python -m yc_iam.testing` runs one by itself, for programs in any language.
"""

from __future__ import annotations

from yc_iam._core import Received, generate_private_key
from yc_iam.testing._emulator import Emulator
from yc_iam.testing._issuer import Issuer, TokenFile

__all__ = ["Emulator", "Issuer", "Received", "TokenFile", "generate_private_key"]
