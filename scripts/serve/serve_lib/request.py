"""One request as a CGI program (RFC 3875): it reads the environment and standard input, and writes a response."""

import json
import os
import signal
import sys
import time

from . import ClientLeft, Refusal, lake, monitor, parameters
from .answers import Answer
from .parameters import Parameters, bad
from .pipeline import Pipeline, Request
from .state import State
from .streams import Behind, Events, Lines, Relay

# How long the head of a response waits for the first record, so that an early failure can still choose the status: for a stream
# that follows the lake, and for one that ends.
FIRST_RECORD = (0.5, 5)
# The same for a client that may have all records, which the status must say.
LAST_RECORD = 10
COUNTING = 5
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(directory):
    try:
        serve(directory)
    except ClientLeft:
        # It arrived during the cleanup. The other processes of the group end; the rest is done when this process ends.
        undisturbed()
        os.killpg(0, signal.SIGTERM)


def serve(directory):
    # Values nest up to 500 levels, each with three levels of JSON.
    sys.setrecursionlimit(20000)
    # A separate group, so that all processes of a request can be ended together.
    try:
        os.setsid()
    except PermissionError:
        pass  # It is a group leader already.
    for number in ENDING:
        signal.signal(number, leave)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    began = time.monotonic()
    state = State(directory)
    environment = os.environ
    method = environment.get("REQUEST_METHOD", "")
    path, _, query = environment.get("REQUEST_URI", "").partition("?")
    route = path if path in ROUTES else "other"
    origin = [f"Access-Control-Allow-Origin: {state.allow_origin}"] if state.allow_origin else []
    answer = Answer(framed=state.framed, without_body=method == "HEAD", headers=origin)
    failure, broken = None, False
    try:
        failure = respond(state, answer, route, method, query, environment)
    except (ClientLeft, BrokenPipeError):
        pass
    except Exception as error:
        # If the response has begun, its last chunk is missing, so that no client takes it for complete. The exit status agrees.
        failure = {"message": f"{type(error).__name__}: {error}"}
        broken = True
    finally:
        undisturbed()
        monitor.count_request(state, route, answer.status)
    if failure:
        words = json.dumps(failure, ensure_ascii=True)
        print(f"soroban-serve: {method} {route}: {answer.status} after {time.monotonic() - began:.1f} s: {words}", file=sys.stderr)
    if broken:
        sys.exit(1)


def respond(state, answer, route, method, query, environment):
    """Gives the response. Returns the data for the log."""
    try:
        if route == "other":
            raise Refusal(404, f"there are {', '.join(ROUTES)}")
        methods, handler = ROUTES[route]
        if ("GET" if method == "HEAD" else method) not in methods:
            allowed = ", ".join(("HEAD", *methods) if "GET" in methods else methods)
            raise Refusal(405, f"{route} takes {allowed}", headers=[f"Allow: {allowed}"])
        return handler(state, answer, route, method, query, environment)
    except Refusal as refusal:
        answer.error(refusal)
        return refusal.members if refusal.status >= 500 else None
    except Exception:
        if answer.status is None:
            answer.error(Refusal(500, "the request could not be served; see the server's log"))
        raise


def leave(number, frame):
    # The server sends more than one signal, and the second may arrive while the first is handled.
    if not undisturbed.begun:
        undisturbed.begun = True
        raise ClientLeft


def undisturbed():
    """The cleanup takes a moment, and nothing interrupts it."""
    undisturbed.begun = True
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


undisturbed.begun = False


def records(state, answer, route, method, query, environment):
    """Answers /invocations and /events. Returns the failure of a stage."""
    of_events = route == "/events"
    wanted = Parameters(query)
    request = None
    if method == "POST":
        body = read_body(state, environment)
        request = Request(body)
    last_seen = environment.get("HTTP_LAST_EVENT_ID", "")
    # A browser reconnects with the original URL: the last id in its header is newer.
    after = last_seen or wanted.after
    as_events = "text/event-stream" in environment.get("HTTP_ACCEPT", "")
    form = Events(of_events) if as_events else Lines()

    state.take_place()
    pipeline = plan(state, wanted, request, None, of_events)
    try:
        pipeline.check()
    finally:
        end(pipeline)
    if request:
        take_range(wanted, body)
    ledgers, follow, after = place(state, wanted, after, of_events)
    pipeline = plan(state, wanted, request, (ledgers, follow, None if of_events else after), of_events)
    behind = Behind(after, int(after[:19]) >> 32) if of_events and after else None
    if method == "HEAD":
        answer.begin(form.kind)
        return None
    if ledgers == "":
        # Everything that was requested comes before the client's last record.
        if as_events and last_seen:
            answer.whole(204, "")
            return None
        answer.begin(form.kind)
        answer.piece(form.preamble + form.end())
        answer.end()
        return None
    try:
        pipeline.run()
        relay = Relay(pipeline, answer.descriptor)
        return send(state, answer, route, pipeline, relay, form, behind, not follow, bool(as_events and last_seen and not follow))
    finally:
        end(pipeline)


def end(pipeline):
    """Ends the rest of a pipeline, undisturbed."""
    if not pipeline.running and not pipeline.is_starting:
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        # The group is ended, and this process belongs to it.
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING}
        pipeline.stop()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def plan(state, wanted, request, where, of_events):
    ledgers, follow, after = where or ("", False, None)
    return Pipeline(
        state, ledgers=ledgers, follow=follow, after=after, conditions=wanted.filter, request=request, style=wanted.style,
        footprints=wanted.footprints, events=of_events,
    )  # fmt: skip


def read_body(state, environment):
    kind = environment.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    # Clients that do not set a type send forms by default.
    if kind not in ("", "application/json", "application/x-www-form-urlencoded"):
        raise Refusal(415, f"the body is a GetInvocationsRequest, application/json, not {kind[:100]}")
    length = environment.get("CONTENT_LENGTH", "")
    if not length.isascii() or not length.isdigit():
        raise Refusal(411, "the length of the body is missing (Content-Length)")
    if len(length) > 10 or int(length) > state.max_body:
        raise Refusal(413, f"a body of {length[:20]} bytes is larger than {state.max_body} (--max-body)")
    left, parts = int(length), []
    while left and (part := os.read(0, left)):
        parts.append(part)
        left -= len(part)
    if left:
        raise bad(f"the body ends {left} bytes before its length")
    return b"".join(parts)


def take_range(wanted, body):
    """The range of a request that event-filter has accepted; the query may narrow it."""
    try:
        request = json.loads(body)
        numbers = [request.get(snake, request.get(camel)) for snake, camel in RANGE]
    except (ValueError, RecursionError, AttributeError):
        raise bad("the body is not a valid JSON object") from None
    start, end = (parameters.ledger(name[0], str(number or 0)) for name, number in zip(RANGE, numbers))
    wanted.start = max(filter(None, (wanted.start, start)), default=None)
    wanted.end = min(filter(None, (wanted.end, end)), default=None)
    wanted.check_range()


RANGE = (("start_ledger", "startLedger"), ("end_ledger", "endLedger"))


def place(state, wanted, after, of_events):
    """The ledgers to read: the range ("" for nothing), whether to wait for later ones, and the id after which to continue."""
    try:
        found = lake.ends(state.lake)
    except OSError as error:
        raise Refusal(503, f"the data lake cannot be read: {error.strerror}", headers=["Retry-After: 5"]) from None
    first, last = (found[0][0], found[1][1]) if found else (None, None)
    start, end, seen = wanted.start, wanted.end, None
    if after == "now":
        start, after = max(start or 0, last + 1) if last else start, None
        if end and start and end < start:
            return "", False, None
    elif after:
        seen = parameters.cursor(after, of_events)
        start = max(start or 0, seen)
        if end and seen > end:
            return "", False, after
    asked = [number for number in (seen, start or None, end) if number is not None]
    if found and asked and min(asked) < first:
        members = {"first_ledger": first, "last_ledger": last}
        raise Refusal(410, f"ledger {min(asked)} is no longer here: the first one is {first}, the last one {last}", **members)
    start = start or first
    follow = not (last and end and end <= last)
    return (f"{start}-{end or ''}" if start else f"-{end}" if end else None), follow, after


def send(state, answer, route, pipeline, relay, form, behind, ends, may_be_nothing):
    counted_bytes = counted_records = 0
    counted_at = time.monotonic()

    def count():
        nonlocal counted_bytes, counted_records, counted_at
        monitor.count_sent(state, route, answer.sent - counted_bytes, form.records - counted_records)
        counted_bytes, counted_records, counted_at = answer.sent, form.records, time.monotonic()

    def passed():
        """The next piece that the client has not received; None if nothing arrives for as long as a stream may be silent."""
        data = relay.read(patience)
        if not behind or data is None:
            return data
        return behind.take(data) if data else behind.end()

    patience = LAST_RECORD if may_be_nothing else FIRST_RECORD[ends]
    first = passed()
    while first == b"" and not relay.is_over:
        first = passed()
    failure = None
    if relay.is_over and not first:
        failure = pipeline.wait()
        if failure:
            monitor.count_failure(state, failure["tool"])
            status = 503 if failure["status"] == 4 else 500
            message, tool = failure.pop("message"), failure.pop("tool")
            raise Refusal(status, message, tool=tool, tool_status=failure["status"], ledger=failure["ledger"])
        if may_be_nothing:
            answer.whole(204, "")
            return None
    answer.begin(form.kind)
    answer.piece(form.preamble)
    try:
        data, patience = first or b"", state.heartbeat
        while True:
            if data:
                answer.piece(form.take(data))
            elif data is None and form.is_whole:
                answer.piece(form.heartbeat)
            if relay.is_over:
                break
            if time.monotonic() - counted_at >= COUNTING:
                count()
            data = passed()
        failure = pipeline.wait()
        if failure:
            monitor.count_failure(state, failure["tool"])
        answer.piece(form.error(failure) if failure else form.end())
        answer.end()
    finally:
        # A client that disconnects has still received data.
        undisturbed()
        count()
    return failure


ROUTES = {
    "/invocations": (("GET", "POST"), records),
    "/events": (("GET",), records),
    "/health": (("GET",), monitor.health),
    "/metrics": (("GET",), monitor.metrics),
}
