"""The state of the server: /health and /metrics."""

import json
import os
import re
import time

from . import lake
from .answers import compact
from .pipeline import run_to_end
from .state import replace

PREFIX = "soroban_serve_"
COUNTERS = {
    "requests_total": "Requests answered, by path and status; 0 if the client left before the answer began.",
    "sent_bytes_total": "Bytes of records sent, by path.",
    "sent_records_total": "Records sent, by path.",
    "failures_total": "Streams that ended because a tool failed, by tool.",
}


def _count(state, changes):
    # The request continues even if the counters cannot be written.
    try:
        state.counters(changes)
    except OSError:
        pass


def count_request(state, route, status):
    _count(state, {f'requests_total{{path="{route}",status="{status or 0}"}}': 1})


def count_sent(state, route, sent, records):
    if sent or records:
        _count(state, {f'sent_bytes_total{{path="{route}"}}': sent, f'sent_records_total{{path="{route}"}}': records})


def count_failure(state, tool):
    _count(state, {f'failures_total{{tool="{tool}"}}': 1})


class Condition:
    """The state of the lake, and whether it is healthy."""

    def __init__(self, state):
        self.first = self.last = self.closed = None
        self.reason = None
        try:
            ends = lake.ends(state.lake)
        except OSError as error:
            self.reason = f"the data lake cannot be read: {error.strerror}"
            return
        if not ends:
            self.reason = "the data lake holds no ledgers"
            return
        self.first, self.last = ends[0][0], ends[1][1]
        self.closed = self._closed(state, ends[1])
        if self.closed is not None and state.max_age and self.age > state.max_age:
            self.reason = f"the last ledger closed {self.age} seconds ago, longer than {state.max_age:g} (--max-age)"

    @property
    def age(self):
        return None if self.closed is None else max(0, int(time.time() - self.closed))

    def _closed(self, state, newest):
        """When the last ledger closed, from its object, which is read once."""
        _, last, path, size, modified = newest
        key = [path, size, modified]
        memory = f"{state.directory}/newest.json"
        try:
            with open(memory) as file:
                known = json.load(file)
            if known["key"] == key:
                return known["closed"]
        except (OSError, ValueError, KeyError):
            pass
        measured = f"{state.directory}/newest.{os.getpid()}.prom"
        network = [f"--network={state.network}"] if state.network else []
        arguments = [state.tools["ledger-split"], "-q", *network, "--by=ledger", f"--ledgers={last}", f"--metrics={measured}", state.lake]
        status, text = run_to_end(arguments)
        found = None
        try:
            with open(measured) as file:
                found = re.search(r"^soroban_pipes_last_ledger_close_time_seconds\{.*\} ([0-9]+)$", file.read(), re.M)
            os.unlink(measured)
        except OSError:
            pass
        if status or not found:
            self.reason = f"the last ledger, {last}, cannot be read: {text.strip().replace(state.lake + '/', '')[:1000]}"
            return None
        replace(memory, json.dumps({"key": key, "closed": int(found[1])}))
        return int(found[1])


def health(state, answer, route, method, query, environment):
    now = Condition(state)
    body = {
        "status": "unhealthy" if now.reason else "healthy", "reason": now.reason, "first_ledger": now.first, "last_ledger": now.last,
        "last_ledger_closed_at": now.closed and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now.closed)),
        "age_seconds": now.age, "streams": len(state.taken()), "max_streams": state.streams, "version": state.version,
    }  # fmt: skip
    answer.whole(503 if now.reason else 200, compact(body) + "\n")


def metrics(state, answer, route, method, query, environment):
    answer.whole(200, text(state), "text/plain; version=0.0.4; charset=utf-8")


def text(state):
    """The metrics in the text format of Prometheus."""
    now = Condition(state)
    gauges = {
        "build_info": ("1, with the version of the tools.", 1),
        "start_time_seconds": ("When the server began.", state.started),
        "streams": ("Streams that are open.", len(state.taken())),
        "max_streams": ("How many streams can be open.", state.streams),
        "healthy": ("1 if /health answers 200.", 0 if now.reason else 1),
        "first_ledger": ("The first ledger of the data lake.", now.first),
        "last_ledger": ("The last ledger of the data lake.", now.last),
        "last_ledger_close_time_seconds": ("When the last ledger closed.", now.closed),
    }
    labels = {"build_info": '{version="%s"}' % re.sub(r'["\\\n]', "", state.version)}
    lines = []
    for name, (help, value) in gauges.items():
        if value is not None:
            lines += [f"# HELP {PREFIX}{name} {help}", f"# TYPE {PREFIX}{name} gauge", f"{PREFIX}{name}{labels.get(name, '')} {value}"]
    counters = state.counters()
    for name, help in COUNTERS.items():
        samples = [f"{PREFIX}{sample} {value}" for sample, value in sorted(counters.items()) if sample.startswith(name + "{")]
        if samples:
            lines += [f"# HELP {PREFIX}{name} {help}", f"# TYPE {PREFIX}{name} counter", *samples]
    return "\n".join(lines) + "\n"
