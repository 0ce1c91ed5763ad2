"""`python -m yc_iam`: the command `yc-iam`."""

from __future__ import annotations

import sys

from yc_iam._command import main

if __name__ == "__main__":
    sys.exit(main())
