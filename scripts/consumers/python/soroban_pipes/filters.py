"""The selection of records: the conditions of event-filter, which its manual describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Union

#: One value, or several that are alternatives.
OneOrMore = Union[str, int, Sequence[Union[str, int]]]


class Filter(TypedDict, total=False):
    """Values of one condition are alternatives; different conditions must all match, unless `any` is set."""

    contract: OneOrMore
    involves: OneOrMore
    function: OneOrMore
    account: OneOrMore
    type: OneOrMore
    result: OneOrMore
    tx: OneOrMore
    topic: OneOrMore
    event_type: OneOrMore
    arg: OneOrMore
    data: OneOrMore
    state: OneOrMore
    value_type: OneOrMore
    has: OneOrMore
    change: OneOrMore
    durability: OneOrMore
    affects: OneOrMore
    stage: OneOrMore
    min_args: int
    max_args: int
    since: str
    until: str
    recent: str
    #: End after this many records.
    max_count: int
    any_call: bool
    succeeded: bool
    failed: bool
    any: bool
    invert_match: bool
    #: A GetInvocationsRequest of the gRPC service in protobuf-JSON; other conditions select from its results.
    request: Mapping[str, Any]


_FLAGS = frozenset(("any_call", "succeeded", "failed", "any", "invert_match"))


def conditions(wanted: Filter) -> list[tuple[str, str | None]]:
    """The conditions one by one, with `_` in their names; the value is None for an option without one."""
    found: list[tuple[str, str | None]] = []
    for name, value in wanted.items():
        if name == "request" or value is None:
            continue
        if name in _FLAGS:
            if value:
                found.append((name, None))
        elif isinstance(value, (str, int)):
            found.append((name, str(value)))
        else:
            assert isinstance(value, Sequence)
            found += [(name, str(one)) for one in value]
    return found


def wants_footprints(wanted: Filter) -> bool:
    """Whether footprint operations are requested."""
    types = wanted.get("type", ())
    named = [types] if isinstance(types, (str, int)) else types
    return any(word in ("extend", "restore") for one in named for word in str(one).split(","))
