"""The refresh policy of the design, in Python and on its own: seconds in, the two ends of what jitter may do out.

"Fresh until the earlier of one hour after issue and a tenth of the lifetime before the end; then stale; dead 60 s before the
end. A jitter of ±10 %, derived from the seed."

Two things the sentence leaves open, as read here: a token that lives for less than ten minutes gives up its last tenth and not a
whole minute, because a minute may be all that it has; and jitter never moves the renewal into the last twentieth before death, so that
there is always a time in which the old token serves while a new one is fetched.
"""

from fractions import Fraction


def dead_at(issued_at, expires_at):
    lifetime = Fraction(expires_at - issued_at)
    return expires_at - min(60, lifetime / 10)


def stale_between(issued_at, expires_at):
    lifetime = Fraction(expires_at - issued_at)
    base = min(3600, lifetime * 9 / 10)
    usable = dead_at(issued_at, expires_at) - issued_at
    return issued_at + base * 9 / 10, issued_at + min(base * 11 / 10, usable * 19 / 20)
