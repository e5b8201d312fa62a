"""The parameters of a request, and the options of the filters that they become.

Names come only from the tables below. A value becomes part of one argument, `--option=value`, of a program that is run without a
shell. A value is never the name of a file: options that read files are not in the tables, and `@FILE` is rejected.
"""

import re
from urllib.parse import unquote_to_bytes

from . import Refusal
from .lake import LAST_LEDGER

# Options of event-filter that have a value and can be repeated.
REPEATED = {
    "contract", "involves", "function", "account", "type", "result", "tx", "topic", "event_type", "arg", "data", "state",
    "value_type", "has", "change", "durability", "affects", "stage",
}  # fmt: skip
ONCE = {"min_args", "max_args", "since", "until", "recent", "max_count"}
FLAGS = {"any_call", "succeeded", "failed", "any", "invert_match"}
# Options of event-filter that accept @FILE.
LISTS = {"contract", "involves", "account", "tx", "affects"}
OURS = {"start_ledger", "end_ledger", "ledgers", "style", "after"}
STYLES = ("native", "sep51", "proto", "raw")
KNOWN = REPEATED | ONCE | FLAGS | OURS

MOST_PARAMETERS = 200
EVENT_ID = re.compile(r"([0-9]{19})-([0-9]{10})\Z")


def bad(message):
    return Refusal(400, message, tool_status=2)


def pairs(query):
    """The names and values of a query, strictly decoded."""
    if not query:
        return []
    parts = query.split("&")
    if len(parts) > MOST_PARAMETERS:
        raise bad(f"there are {len(parts)} parameters, and {MOST_PARAMETERS} are the most")
    found = []
    for part in parts:
        name, _, value = part.partition("=")
        if part:
            found.append((_decoded(name), _decoded(value)))
    return found


def _decoded(text):
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise bad("a percent sign in the query is not followed by two hexadecimal digits")
    try:
        decoded = unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeError:
        raise bad("the query is not UTF-8") from None
    if "\0" in decoded:
        raise bad("a parameter holds a NUL character")
    return decoded


class Parameters:
    """The options of a query. Ledgers are None if the query does not name them."""

    def __init__(self, query):
        self.filter = []
        self.start = self.end = self.after = None
        self.style = "native"
        self.footprints = False
        seen = set()
        for written, value in pairs(query):
            name = written.replace("-", "_")
            if name not in KNOWN:
                raise bad(f"there is no parameter '{written[:100]}'; there are {', '.join(sorted(KNOWN))}")
            if name not in REPEATED:
                if name in seen:
                    raise bad(f"{name} is given twice")
                seen.add(name)
            self._take(name, value)
        if "ledgers" in seen and seen & {"start_ledger", "end_ledger"}:
            raise bad("ledgers is another way to give start_ledger and end_ledger: only one of them goes")
        self.check_range()

    def _take(self, name, value):
        option = "--" + name.replace("_", "-")
        if name in FLAGS:
            if value.lower() in ("1", "true", ""):
                self.filter.append(option)
            elif value.lower() not in ("0", "false"):
                raise bad(f"{name} is 1 or 0, not '{value[:100]}'")
        elif name in REPEATED or name in ONCE:
            if name in LISTS and value.startswith("@"):
                raise bad(f"{name}: no file can be named here; give each value as a parameter of its own")
            self.footprints |= name == "type" and any(word in ("extend", "restore") for word in value.split(","))
            self.filter.append(f"{option}={value}")
        elif name == "style":
            if value not in STYLES:
                raise bad(f"style is one of {', '.join(STYLES)}, not '{value[:100]}'")
            self.style = value
        elif name == "after":
            self.after = value
        elif name == "ledgers":
            match = re.fullmatch("([0-9]{1,10})(-?)([0-9]{0,10})|-([0-9]{1,10})", value, re.ASCII)
            if not match or (match[1] and match[3] and not match[2]):
                raise bad(f"ledgers is a range, A-B, A-, -B or N, not '{value[:100]}'")
            self.start = ledger("ledgers", match[1]) if match[1] else None
            end = match[4] or match[3] or ("" if match[2] else match[1])
            self.end = ledger("ledgers", end) if end else None
        elif name == "start_ledger":
            self.start = ledger(name, value) or None
        else:
            self.end = ledger(name, value) or None

    def check_range(self):
        if self.start and self.end and self.start > self.end:
            raise bad(f"a range from ledger {self.start} to {self.end} is empty")


def ledger(name, value):
    """A ledger's number; 0 means none."""
    if not re.fullmatch("[0-9]{1,10}", value, re.ASCII) or int(value) > LAST_LEDGER:
        raise bad(f"{name} is a number from 0 to {LAST_LEDGER}, not '{value[:100]}'")
    return int(value)


def cursor(value, of_events):
    """The ledger of the last record that a client received."""
    match = EVENT_ID.match(value) if of_events else re.fullmatch("[0-9]{1,19}", value, re.ASCII)
    number = match and int(match[1] if of_events else value)
    if not match or number >= 2**63:
        kind = "an event's id, 19 digits, a dash and 10 digits" if of_events else "a meta.toid, a decimal number"
        raise bad(f"what to go on after is {kind}, not '{value[:100]}'")
    return number >> 32
