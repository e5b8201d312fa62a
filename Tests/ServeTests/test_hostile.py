"""Hostile requests. Each is rejected, and leaves no process or file."""

import json
import os
import random
import socket
import tempfile
import threading
import unittest

from common import LAKE, Server, descendants, needs_lighttpd, wait_until

SEED = 20
INJECTIONS = [
    "$(id)", "`id`", ";id", "|id", "&&id", "\nid", "\r\nX-Injected: 1", "%0d%0aX-Injected:%201", "@/etc/passwd", "%40/etc/passwd", "@-",
    "@/dev/stdin", "--request=/etc/passwd", "--help", "--version", "-", "--", "'", '"', "\\", "*", "?", "~", "%", "%%", "%zz", "%u0041",
    "%00", "a%00b", "%ff%fe", "%c0%af", "%ed%a0%80", "../../etc/passwd", "/dev/zero", "{}", "[]", "/(/", "/[[:x:]]/", "/(a*)*b/", "hex:",
    "hex:zz", ">", ">=", "=" * 50, "9" * 400, "-1", "1e9", "0x10", "NaN", "٣", "\u202e", "A" * 3000, "/" + "(" * 500 + "/",
    "/a{1,255}{1,255}/", "0.0.0.0=1", '"', "a,b,c,,", ",", "&", "=", "==", "a=b=c", "null", "true", "2024-13-45", "1" * 30 + "d",
    "CCY3NLZZETB5VXNO6FFFFXJFCVOIJCF6XJGCVDIKENQAYASXQKBTIXI7", "AAAADwAAAAh0cmFuc2Zlcg=",
]  # fmt: skip
NAMES = [
    "contract", "involves", "function", "account", "type", "result", "tx", "topic", "event_type", "arg", "data", "state", "value_type", "has",
    "change", "durability", "affects", "min_args", "max_args", "since", "until", "recent", "max_count", "any_call", "succeeded", "any",
    "start_ledger", "end_ledger", "ledgers", "style", "after", "request", "spec", "network", "", "stats", "metrics", "help",
]  # fmt: skip
# Ends a stream soon, whatever else is requested.
BOUND = "end_ledger=1026&max_count=1"


def line(target, method="GET", version="HTTP/1.1", headers=(), body=b""):
    head = [f"{method} {target} {version}", "Host: x", "Connection: close", *headers, "", ""]
    return "\r\n".join(head).encode("utf-8", "surrogatepass") + body


def quoted(text):
    """Unescaped where a request line allows it: servers receive worse than clients usually send."""
    return "".join(c if " " < c <= "~" and c not in "#" else "".join(f"%{b:02x}" for b in c.encode()) for c in text)


def requests():
    chosen = random.Random(SEED)
    for value in INJECTIONS:
        for name in chosen.sample(NAMES, 5):
            bound = "&".join(part for part in BOUND.split("&") if not part.startswith(name + "="))
            yield line(f"/invocations?{bound}&{name}={quoted(value)}")
        yield line(f"/invocations?{quoted(value)}")
        yield line(f"/{quoted(value)}")
        yield line("/invocations?" + BOUND, headers=[f"Last-Event-ID: {quoted(value)}"])
        yield post(json.dumps({"endLedger": 1026, "functionNames": [value]}).encode())
    for method in ("", "get", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND", "G" * 5000, "GET\0", "\x16\x03\x01"):
        yield line("/invocations?" + BOUND, method)
    for path in (
        "/../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//", "///invocations", "/./invocations", "/request",
        "/request/../lighttpd.conf", "/../settings.json", "/settings.json", "/counters.json", "/invocations/..", "/invocations%00", "/" * 3000,
        "/invocations;x", "/invocations#x", "*", "", "invocations", "http://elsewhere/invocations?" + BOUND, "/health?" + "x" * 5000,
        "/health/../../etc/passwd", "/metrics%2f..", "/cgi-bin/request", "/\\..\\..\\etc\\passwd", "/" + "a" * 20000, "/invocations?" + "&" * 9000,
        "/invocations?" + BOUND + "&function=a" * 300, "/~root/", "/.git/config", "/invocations?" + "a=" * 4000,
    ):  # fmt: skip
        yield line(path)
    for version in ("HTTP/0.9", "HTTP/1.0", "HTTP/2.0", "HTTP/3", "HTTP/1.1 x", "HTTQ/1.1", "", "HTTP/" + "1" * 999):
        yield line("/invocations?" + BOUND, version=version)
    for header in (
        "Content-Length: 99999999999999999999", "Content-Length: -5", "Content-Length: abc", "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4", "Expect: 100-continue",
        "Expect: rubbish", "Host: y\r\nHost: z", "Range: bytes=0-1", "Range: bytes=" + "0-1," * 900, "X: " + "y" * 30000, "Accept: " + "text/" * 900,
        " folded: x", "No colon", "Name\0: x", ": no name", "Upgrade: h2c\r\nHTTP2-Settings: AAAA\r\nConnection: Upgrade, HTTP2-Settings",
        "Upgrade: websocket", "Proxy: http://127.0.0.1:1/", "Cookie: " + "a=b; " * 900, "Last-Event-ID: " + "1" * 500, "Last-Event-ID: 1\r\nLast-Event-ID: 2",
    ):  # fmt: skip
        yield line("/invocations?" + BOUND, headers=[header])
        yield line("/invocations?" + BOUND, "POST", headers=[header], body=b"{}\r\n0\r\n\r\n")
    for body in (
        b"", b"{", b"[]", b"null", b"{}" * 2, b'{"a":1}', b'{"endLedger":-1}', b'{"endLedger":1e9}', b'{"endLedger":"' + b"9" * 5000 + b'"}',
        b'{"functionNames":"x"}', b'{"functionNames":[' + b"[" * 5000 + b"]}", b"[" * 100000, b'{"a":' * 3000, b"\xff\xfe", b"\0" * 100,
        b'{"functionNames":["\\ud800"]}', b'{"endLedger":1026,"functionNames":["\\u0000"]}', b'{"contractIds":["@/etc/passwd"]}',
        b'{"endLedger":1026,"endLedger":0}', b'{"endLedger":1026,"end_ledger":0}', b'{"startLedger":5000000000}', b"a=b&c=d", b"<xml/>",
        b'{"contentFilter":{"topicFilters":[{"pattern":"("}]}}', b'{"contentFilter":{"topicFilters":[{"pattern":"' + b"(a*)*" * 2000 + b'"}]}}',
        b'{"options":{"includeRawXdr":true}}', b"\x1f\x8b\x08\0\0\0\0\0", b"{}" + b" " * (2 << 20), b'{"timeFilter":{"startTime":"x"}}',
    ):  # fmt: skip
        yield post(body)
    body = b'{"endLedger":1026,"functionNames":["swap"]}'
    for length in (0, 1, len(body) - 1, len(body) + 1, 5000, 1 << 40):
        yield post(body, length)
    for _ in range(60):
        yield bytes(chosen.randrange(256) for _ in range(chosen.choice([1, 10, 100, 1000, 10000])))
    whole = line("/invocations?" + BOUND)
    for _ in range(60):
        mutated = bytearray(whole)
        for _ in range(chosen.randrange(1, 6)):
            mutated[chosen.randrange(len(mutated))] = chosen.randrange(256)
        yield bytes(mutated)
    for cut in range(1, len(whole), 4):
        yield whole[:cut]


def post(body, length=None):
    length = len(body) if length is None else length
    return line("/invocations", "POST", headers=["Content-Type: application/json", f"Content-Length: {length}"], body=body)


@needs_lighttpd
class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        # No file may appear where the server and its requests keep theirs.
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = self.folder = folder.name
        self.addCleanup(lambda: os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before))
        self.server = Server(LAKE, "--streams", "6", "--write-timeout", "2", "--heartbeat", "0.5")
        self.addCleanup(self.server.stop)

    def files(self):
        return {path for folder, _, names in os.walk(self.folder) for path in names if not path.endswith(".pyc")}

    def check(self):
        """Only the web server runs, and it responds."""
        wait_until(lambda: len(descendants(self.server.process.pid)) == 1, "the end of everything but the server")
        status, _, body = self.server.get("/health")
        self.assertEqual((status, json.loads(body)["streams"]), (200, 0))
        self.assertEqual(len(self.server.get("/invocations?end_ledger=1026")[2].splitlines()), 6)
        # The process of a response ends, and frees its slot, a moment after the client has the complete response.
        wait_until(lambda: len(descendants(self.server.process.pid)) == 1, "the end of that request")

    def test_all_are_answered_or_dropped(self):
        self.check()
        self.server.get("/metrics")
        before = self.files()
        everything = list(requests())
        self.assertGreaterEqual(len(everything), 500)
        answers = [None] * len(everything)
        numbers = iter(range(len(everything)))
        lock = threading.Lock()

        def work():
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                # The server takes a closed write side for a disconnected client; half of the clients wait for the response.
                answers[number] = self.server.raw(everything[number], patience=3 if number % 2 else 20, keep_open=number % 2 == 1)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        known = (100, 200, 204, 206, 301, 400, 403, 404, 405, 408, 410, 411, 413, 414, 415, 416, 417, 431, 501, 503, 505)
        for number, (request, answer) in enumerate(zip(everything, answers)):
            with self.subTest(request[:200]):
                self.assertNotIn(b"uid=", answer)
                self.assertNotIn(b"root:", answer)
                self.assertNotIn(b"\nX-Injected", answer.partition(b"\r\n\r\n")[0])
                self.assertNotIn(self.folder.encode(), answer)
                self.assertNotIn(b"serve_lib", answer)
                if answer:
                    status = int(answer.split()[1]) if answer.startswith(b"HTTP/") else 400
                    # 500 is the web server's response if the client has closed its side.
                    self.assertIn(status, known if number % 2 else (*known, 500))
        self.check()
        # The last requests may still be counted.
        wait_until(lambda: self.files() == before, "the end of all requests")
        self.assertNotIn("Traceback", self.server.log())

    def test_clients_that_dawdle_hold_no_place(self):
        """Some clients send a request in small pieces, some do not read the response; other clients are served meanwhile."""
        slow = []
        for number in range(20):
            connection = socket.create_connection(("127.0.0.1", self.server.port))
            slow.append(connection)
            connection.sendall(post(b"{}", 5000)[: 40 + 10 * number])
        self.check()
        for connection in slow:
            connection.close()
        deaf = []
        for _ in range(6):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect(("127.0.0.1", self.server.port))
            # Few enough records for the system's buffers, in pieces of any size, so that the server has no reason to give up.
            connection.sendall(line("/invocations?start_ledger=1050&style=sep51"))
            deaf.append(connection)
        for connection in deaf:
            self.assertEqual(connection.recv(12, socket.MSG_PEEK), b"HTTP/1.1 200")
        wait_until(lambda: json.loads(self.server.get("/health")[2])["streams"] == 6, "streams that nobody reads")
        for connection in deaf:
            connection.close()
        self.check()

    def test_clients_that_leave_at_any_moment(self):
        chosen = random.Random(SEED)
        for _ in range(60):
            with socket.create_connection(("127.0.0.1", self.server.port)) as connection:
                connection.sendall(line("/invocations?start_ledger=1024", headers=["Accept: text/event-stream"]))
                connection.settimeout(chosen.random() / 10)
                try:
                    connection.recv(chosen.randrange(1, 5000))
                except TimeoutError:
                    pass
        self.check()


if __name__ == "__main__":
    unittest.main()
