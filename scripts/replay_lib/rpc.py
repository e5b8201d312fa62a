"""A Stellar RPC server of the replayed ledgers, on loopback: for ledgers, transactions and events."""

import base64
import http.server
import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections import deque

from . import Problem
from .ledgers import marked, tool

LARGEST_REQUEST = 1 << 20
# For each method: the default limit and the maximum.
LIMITS = {"getLedgers": (50, 200), "getTransactions": (50, 200), "getEvents": (100, 10_000)}
# The number of ledgers that are split at a time to find the transactions or events of a page.
AT_ONCE = 64


class Refusal(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def base64_of(content):
    return base64.b64encode(content).decode()


class Store:
    """The ledgers that have closed so far, without the oldest ones that were dropped."""

    def __init__(self, retention):
        self.retention = retention
        self.ledgers = deque(maxlen=retention)
        self.lock = threading.Lock()
        self.served = 0

    def add(self, ledger):
        with self.lock:
            self.ledgers.append(ledger)

    def all(self):
        with self.lock:
            return list(self.ledgers)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # Concurrent connections wait, as with a real server.
    request_queue_size = 128

    def __init__(self, options, passphrase, store):
        self.options, self.passphrase, self.store = options, passphrase, store
        self.asked = 0
        self.broken = False
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", options.port), Handler)

    def handle_error(self, request, client_address):
        # A client that disconnects is not an error of the server.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def count_request(self):
        with self.lock:
            self.asked += 1
            return self.asked

    # MARK: requests

    def answer(self, method, params):
        held = self.store.all()
        if not held:
            raise Refusal(-32603, "data stores are not initialized")
        name = {
            "getHealth": self.health,
            "getLatestLedger": self.latest,
            "getNetwork": self.network,
            "getLedgers": self.ledgers,
            "getTransactions": self.transactions,
            "getEvents": self.events,
        }.get(method)
        if name is None:
            raise Refusal(-32601, f"method {method} not found" if isinstance(method, str) else "method not found")
        return name(held, params)

    def health(self, held, _):
        return {
            "status": "healthy",
            "latestLedger": held[-1].sequence,
            "latestLedgerCloseTime": str(held[-1].close_time),
            "oldestLedger": held[0].sequence,
            "oldestLedgerCloseTime": str(held[0].close_time),
            "ledgerRetentionWindow": self.store.retention or len(held),
        }

    def latest(self, held, _):
        last = held[-1]
        return {
            "id": last.hash.hex(),
            "protocolVersion": last.protocol,
            "sequence": last.sequence,
            "closeTime": str(last.close_time),
            "headerXdr": base64_of(last.header_entry[32:-4]),
            "metadataXdr": base64_of(last.bytes),
        }

    def network(self, held, _):
        return {"passphrase": self.passphrase, "protocolVersion": held[-1].protocol}

    def page(self, method, params, held):
        """The first requested ledger, the cursor or None, and the limit."""
        pagination = params.get("pagination") or {}
        if not isinstance(pagination, dict):
            raise Refusal(-32602, "invalid parameters")
        cursor, start = pagination.get("cursor"), params.get("startLedger")
        default, most = LIMITS[method]
        limit = pagination.get("limit", default)
        if type(limit) is not int or not 0 <= limit:
            raise Refusal(-32602, "invalid parameters")
        if limit > most:
            raise Refusal(-32602, f"limit must not exceed {most}")
        if params.get("xdrFormat", "base64") not in ("", "base64"):
            raise Refusal(-32602, "this server knows no xdrFormat but base64")
        if cursor:
            if start:
                raise Refusal(-32602, "startLedger and cursor cannot both be set")
            return None, cursor, limit or default
        oldest, latest = held[0].sequence, held[-1].sequence
        if type(start) is not int or not oldest <= start <= latest:
            shown = start if type(start) is int else 0
            raise Refusal(
                -32602,
                f"start ledger ({shown}) must be between the oldest ledger: {oldest} and the latest ledger: {latest} for this rpc instance",
            )
        return start, None, limit or default

    @staticmethod
    def range_of(held, suffix="Time", shown=int):
        return {
            "latestLedger": held[-1].sequence,
            f"latestLedgerClose{suffix}": shown(held[-1].close_time),
            "oldestLedger": held[0].sequence,
            f"oldestLedgerClose{suffix}": shown(held[0].close_time),
        }

    def ledgers(self, held, params):
        start, cursor, limit = self.page("getLedgers", params, held)
        if cursor is not None:
            start = number_of(cursor) + 1
        found = [ledger for ledger in held if ledger.sequence >= start][:limit]
        with self.lock:
            stop = self.options.stop_serving_after
            if stop is not None and self.store.served + len(found) > stop:
                self.broken = True
            self.store.served += len(found)
        return {
            "ledgers": [
                {
                    "hash": ledger.hash.hex(),
                    "sequence": ledger.sequence,
                    "ledgerCloseTime": str(ledger.close_time),
                    "headerXdr": base64_of(ledger.header_entry),
                    "metadataXdr": base64_of(ledger.bytes),
                }
                for ledger in found
            ],
            **self.range_of(held),
            "cursor": str(found[-1].sequence if found else start - 1),
        }

    def piped(self, ledgers, *stages):
        """The tools' records for these ledgers."""
        content = b"".join(marked(ledger.bytes) for ledger in ledgers)
        for stage in stages:
            done = subprocess.run([tool(stage[0]), *stage[1:]], input=content, stdout=subprocess.PIPE, check=False)
            if done.returncode:
                raise Refusal(-32603, f"{stage[0]} ended with status {done.returncode}")
            content = done.stdout
        return [json.loads(line) for line in content.splitlines()]

    def rows(self, held, start, after, limit, *stages, key, made):
        """Rows after `after`, from as many ledgers as needed."""
        found = []
        ledgers = [ledger for ledger in held if ledger.sequence >= start]
        closed = {ledger.sequence: ledger for ledger in ledgers}
        for index in range(0, len(ledgers), AT_ONCE):
            for record in self.piped(ledgers[index : index + AT_ONCE], *stages):
                for row in made(record, closed):
                    if after is None or key(row) > after:
                        found.append(row)
                        if len(found) == limit:
                            return found
        return found

    def transactions(self, held, params):
        start, cursor, limit = self.page("getTransactions", params, held)
        after = None
        if cursor is not None:
            after = number_of(cursor)
            start = after >> 32

        def toid(row):
            return row["ledger"] << 32 | row["applicationOrder"] << 12 | 1

        def made(record, closed):
            envelope = base64.b64decode(record["envelope_xdr"])
            (code,) = struct.unpack_from(">i", base64.b64decode(record["result_xdr"]), 8)
            yield {
                # txSUCCESS, or a fee bump with a successful inner transaction.
                "status": "SUCCESS" if code in (0, 1) else "FAILED",
                "txHash": record["tx_hash"],
                "applicationOrder": record["tx_index"],
                "feeBump": struct.unpack_from(">I", envelope)[0] == 5,
                "envelopeXdr": record["envelope_xdr"],
                "resultXdr": record["result_xdr"],
                "resultMetaXdr": record["meta_xdr"],
                "ledger": record["ledger_sequence"],
                "createdAt": closed[record["ledger_sequence"]].close_time,
            }

        split = ("ledger-split", "-q", "-o", "ndjson", "--network", self.passphrase)
        found = self.rows(held, start, after, limit, split, key=toid, made=made)
        last = toid(found[-1]) if found else after or start << 32
        return {"transactions": found, **self.range_of(held, "Timestamp"), "cursor": str(last)}

    def events(self, held, params):
        """The events of smart-contract operations. The events of other operations and of fees are not included."""
        start, cursor, limit = self.page("getEvents", params, held)
        after = None
        if cursor is not None:
            after = cursor
            start = number_of(cursor.split("-")[0]) >> 32
        filters = params.get("filters") or []
        if not isinstance(filters, list) or not all(isinstance(one, dict) for one in filters):
            raise Refusal(-32602, "invalid parameters")
        if len(filters) > 5:
            raise Refusal(-32602, "maximum 5 filters per request")
        end = params.get("endLedger")
        if end in (None, 0):
            end = held[-1].sequence + 1
        if type(end) is not int:
            raise Refusal(-32602, "invalid parameters")

        def made(record, _):
            meta = record["meta"]
            (body,) = (record[name] for name in ("contract_call", "create_contract", "upload_wasm") if name in record)
            for event in body["events"]:
                toid = meta["ledger_sequence"] << 32 | meta["tx_index"] << 12 | meta["op_index"]
                row = {
                    "type": event["type"],
                    "ledger": meta["ledger_sequence"],
                    "ledgerClosedAt": meta["closed_at"],
                    "contractId": event["contract_id"] or "",
                    "id": f"{toid:019d}-{event['event_index']:010d}",
                    "operationIndex": meta["op_index"],
                    "transactionIndex": meta["tx_index"],
                    "txHash": meta["tx_hash"],
                    "inSuccessfulContractCall": True,
                    "topic": [topic["xdr"] for topic in event["topics"]],
                    "value": event["data"]["xdr"],
                }
                if row["ledger"] < end and (not filters or any(matches(row, one) for one in filters)):
                    yield row

        split = ("ledger-split", "-q", "--soroban", "--network", self.passphrase)
        extract = ("invocation-extract", "-q", "--include", "events")
        found = self.rows(held, start, after, limit, split, extract, key=lambda row: row["id"], made=made)
        last = min(end - 1, held[-1].sequence)
        place = found[-1]["id"] if len(found) == limit else f"{(last << 32) + (1 << 32) - 1:019d}-{0xFFFFFFFF:010d}"
        return {"events": found, **self.range_of(held, shown=str), "cursor": place}


def number_of(text):
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 20:
        raise Refusal(-32602, "invalid cursor")
    return int(text)


def matches(row, wanted):
    types = str(wanted.get("type") or "").split(",")
    if types != [""] and row["type"] not in types:
        return False
    if wanted.get("contractIds") and row["contractId"] not in wanted["contractIds"]:
        return False
    return not wanted.get("topics") or any(topics_match(row["topic"], one) for one in wanted["topics"])


def topics_match(topics, segments):
    rest = segments and segments[-1] == "**"
    segments = segments[:-1] if rest else segments
    if len(topics) < len(segments) or not rest and len(topics) != len(segments):
        return False
    return all(segment in ("*", topic) for segment, topic in zip(segments, topics))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "replay"
    # The time limit for a silent client.
    timeout = 60

    def log_message(self, *_):
        pass

    def do_POST(self):
        every = self.server.options.unavailable_every
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_REQUEST:
            self.close_connection = True
            self.send(413 if length.isdigit() else 411, {})
            return
        body = self.rfile.read(int(length))
        if every and self.server.count_request() % every == 0:
            self.send(503, {}, {"Retry-After": "0"})
            return
        call = None
        try:
            call = json.loads(body)
            if not isinstance(call, dict):
                raise Refusal(-32600, "invalid request")
            params = call.get("params")
            answer = {"result": self.server.answer(call.get("method"), params if isinstance(params, dict) else {})}
        except ValueError:
            answer = {"error": {"code": -32700, "message": "parse error"}}
        except Refusal as refusal:
            answer = {"error": {"code": refusal.code, "message": str(refusal)}}
        except (AttributeError, IndexError, KeyError, TypeError):
            answer = {"error": {"code": -32602, "message": "invalid parameters"}}
        self.send(200, {"jsonrpc": "2.0", "id": call.get("id") if isinstance(call, dict) else None, **answer})

    def send(self, status, answer, headers=None):
        content = json.dumps(answer, separators=(",", ":")).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(content), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.server.broken:
            # In the middle of a response, and permanently.
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            os._exit(0)
        self.wfile.write(content)


def run(steps, options, passphrase, retention):
    store = Store(retention)
    ledgers = (step.ledger for step in steps)
    first = next(ledgers, None)
    if first is None:
        raise Problem("there is no ledger to replay", 3)
    store.add(first)
    if not options.rate and not options.loop:
        for ledger in ledgers:
            store.add(ledger)
    try:
        server = Server(options, passphrase, store)
    except OSError as error:
        raise Problem(f"port {options.port}: {os.strerror(error.errno)}", 4) from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    for ledger in ledgers:
        store.add(ledger)
    while True:
        time.sleep(3600)
