"""Where the vectors live, how they are written, and the small encodings that they share."""

import base64
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

VECTORS = Path(__file__).resolve().parent.parent
PEM = VECTORS / "pem"
TRANSCRIPTS = VECTORS.parent / "transcripts"

# 2026-01-01T00:00:00Z, the "now" of most cases.
NEW_YEAR = 1767225600


def pem(name):
    return (PEM / f"{name}.pem").read_text("ascii")


def write(path, document):
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    print(f"{path.relative_to(VECTORS.parent)}: {len(document.get('cases', document.get('steps', ())))}")


def write_cases(name, about, cases):
    names = [case["name"] for case in cases]
    twice = {n for n in names if names.count(n) > 1}
    assert not twice, f"{name}: {twice}"
    write(VECTORS / f"{name}.json", {"about": about, "cases": cases})


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def rfc3339(seconds):
    """With as many fraction digits as needed, up to three."""
    whole, millis = divmod(round(seconds * 1000), 1000)
    text = (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=whole)).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{millis:03}" if millis else "") + "Z"


def http_date(seconds):
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    return f"{days[moment.weekday()]}, {moment.day:02} {months[moment.month - 1]} {moment.year} {moment:%H:%M:%S} GMT"
