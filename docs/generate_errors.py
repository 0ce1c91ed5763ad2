"""Writes docs/errors.md from the codes that the installed package knows.

python docs/generate_errors.py
"""

from __future__ import annotations

from pathlib import Path

import yc_iam

PAGE = Path(__file__).with_name("errors.md")

HEAD = """\
<!-- Written by docs/generate_errors.py: do not edit. -->

# Errors

Every failure is a `YcIamError`. Python raises one of its subclasses; JavaScript throws it, and `error.fault` tells them apart; in Rust it is `Error`.

| attribute | |
| --- | --- |
| `code` | one of the codes below; stable, for programs |
| message | what happened and, at its end, the hint; for people: its wording may change |
| `fault` | who must act |
| `transient` | whether trying again can help; an exchange has been tried five times by then, unless the service asked for a pause of more than 30 s |
| `hint` | what to do next, where that is known |
| `status`, `request_id` / `requestId` | the HTTP status and the service's ID for the request, where there was an answer |
| `retry_after` / `retryAfter` | for how many seconds the service asked not to be called again, where it did |

No error holds a byte of a key or a token.

```python
from yc_iam import Credentials, YcIamError

try:
    Credentials.service_account("no-such-file.json")
except YcIamError as error:
    print(error.code, error.fault, error.transient, error.hint)
    assert error.code == "unreadable_file"
```

```js
import { Credentials, YcIamError } from "yc-iam";

try {
  Credentials.serviceAccount("no-such-file.json");
  throw new Error("there is such a file");
} catch (error) {
  if (!(error instanceof YcIamError)) throw error;
  console.log(error.code, error.fault, error.transient, error.hint);
}
```
"""

FAULTS = {
    "key": ("InvalidKeyError", 3, "The key file is damaged, or it is something else."),
    "config": ("ConfigurationError", 4, "Files, variables, endpoints, credentials: whoever set this up must act."),
    "caller": ("UsageError", 2, "The program that calls this package must change."),
    "remote": ("RemoteError", 5, "The service answered, and refused or failed."),
    "network": ("NetworkError", 6, "The network, or something on the way."),
    "clock": ("ClockError", 7, "A clock is wrong."),
}


def page() -> str:
    """The page's text."""
    codes = yc_iam.error_codes()
    parts = [HEAD]
    unknown = {fault for _, fault, _, _ in codes} - set(FAULTS)
    if unknown:
        raise SystemExit(f"describe these faults in FAULTS: {', '.join(sorted(unknown))}")
    for fault, (error, status, meaning) in FAULTS.items():
        rows = [
            f"| `{code}` | {'yes' if transient else 'no'} | {description} |"
            for code, its_fault, transient, description in codes
            if its_fault == fault
        ]
        parts.append(
            f"## `{fault}`\n\n{meaning} Python: `{error}`; the command's exit code: {status}.\n\n"
            "| code | transient | |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
