"""How long to wait before another attempt."""

from __future__ import annotations

import random as _random
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime


class Backoff:
    """Between half and all of base * 2**n, at most cap. All times are given, in seconds: it reads no clock."""

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
        #: How long a stream must have been good before the delays start anew; 0: one record is enough.
        self._reset_after = reset_after
        self._longest = longest_retry_after
        self._random = random
        self._attempts = 0
        self._good_since: float | None = None

    def good(self, now: float) -> None:
        """Records come."""
        if self._good_since is None:
            self._good_since = now

    def next(self, now: float, retry_after: float | None = None) -> float:
        """The delay before the next attempt, at least what the service asked for."""
        if self._good_since is not None and now - self._good_since >= self._reset_after:
            self._attempts = 0
        self._good_since = None
        # Beyond 2**30 nothing is below the cap any more.
        full = min(self._cap, self._base * 2.0 ** min(self._attempts, 30))
        self._attempts += 1
        return max(full * (0.5 + self._random() / 2), min(retry_after or 0.0, self._longest))


def retry_after_of(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After asks for: a number, or a date; None for anything else."""
    if value is None:
        return None
    if re.fullmatch("[0-9]+", value):
        # Beyond nine digits it is cut anyway, and int() has a limit of its own.
        return float(value[:9] if len(value) < 10 else "1e9")
    if not re.match("[A-Z][a-z]{2}, ", value):
        return None
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
