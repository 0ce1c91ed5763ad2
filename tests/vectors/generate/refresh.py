"""vectors/refresh.json"""

import policy
from common import NEW_YEAR, rfc3339, write_cases

SEEDS = [0, 1, 2, 3, 7, 42, 1000, 65537, 4294967295, 4294967296, 9007199254740991]


def case(name, lifetime, issued_at=NEW_YEAR):
    expires_at = issued_at + lifetime
    dead = float(policy.dead_at(issued_at, expires_at))
    earliest, latest = (float(end) for end in policy.stale_between(issued_at, expires_at))
    moments = [
        (issued_at, "fresh"), (earliest - 0.001, "fresh"), (issued_at + (earliest - issued_at) / 2, "fresh"),
        (latest, "stale"), ((latest + dead) / 2, "stale"), (dead - 0.001, "stale"),
        (dead, "expired"), (expires_at, "expired"), (expires_at + 86400, "expired"),
    ]  # fmt: skip
    checks = [{"now": round(now, 3), "state": state} for now, state in moments]
    return {
        "name": name, "seeds": SEEDS, "issued_at": issued_at, "expires_at": expires_at, "expires_at_text": rfc3339(expires_at),
        "fresh_until_min": round(earliest, 3), "fresh_until_max": round(latest, 3), "checks": checks,
    }  # fmt: skip


def main():
    cases = [
        case("twelve_hours", 43200),
        case("six_hours", 21600),
        case("two_hours", 7200),
        case("where_an_hour_is_a_tenth_before_the_end", 4000),
        case("an_hour", 3600),
        case("fifteen_minutes", 900),
        case("ten_minutes", 600),
        case("five_minutes", 300),
        case("a_minute", 60),
        case("ten_seconds", 10),
        case("fractions", 43199.5, NEW_YEAR + 0.25),
        case("another_year", 43200, 2524608000),
    ]
    write_cases("refresh", "Until when a token is fresh, stale, and expired, whatever the seed.", cases)


if __name__ == "__main__":
    main()
