"""The delay before another attempt."""

from __future__ import annotations

import random as _random
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime


class Backoff:
    """Between half and all of base * 2**n, at most cap. Callers pass all times, in seconds: it reads no clock."""

    def __init__(
        self,
        base: float = 0.5,
        cap: float = 30.0,
        reset_after: float = 0.0,
        longest_retry_after: float = 300.0,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._base = base
        self._cap = cap
        #: How long a stream must work before the delays start again; 0: until its first record.
        self._reset_after = reset_after
        self._longest = longest_retry_after
        self._random = random
        self._attempts = 0
        self._good_since: float | None = None

    def good(self, now: float) -> None:
        """Called when records arrive."""
        if self._good_since is None:
            self._good_since = now

    def next(self, now: float, retry_after: float | None = None) -> float:
        """The delay before the next attempt, at least the time that the service asked for."""
        if self._good_since is not None and now - self._good_since >= self._reset_after:
            self._attempts = 0
        self._good_since = None
        # Above 2**30 every delay exceeds the cap.
        full = min(self._cap, self._base * 2.0 ** min(self._attempts, 30))
        self._attempts += 1
        return max(full * (0.5 + self._random() / 2), min(retry_after or 0.0, self._longest))


def retry_after_of(value: str | None, now: float) -> float | None:
    """The seconds of a Retry-After header: a number, or a date; None for anything else."""
    if value is None:
        return None
    if re.fullmatch("[0-9]+", value):
        # A number of more than nine digits would be cut anyway, and int() has its own limit.
        return float(value[:9] if len(value) < 10 else "1e9")
    if not re.match("[A-Z][a-z]{2}, ", value):
        return None
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
