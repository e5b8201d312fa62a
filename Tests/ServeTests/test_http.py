"""The service under lighttpd."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from common import LAKE, SERVE, FolderCase, GrowingLake, Server, descendants, needs_lighttpd, objects, plain, toid, wait_until

EVENTS = {"Accept": "text/event-stream"}


def renumbered(ledger, old, new):
    """The ledger with another sequence, in each place of its header."""
    return ledger.replace(old.to_bytes(4, "big"), new.to_bytes(4, "big"))


@needs_lighttpd
class Following(FolderCase):
    """A lake that grows."""

    def setUp(self):
        super().setUp()
        self.lake = GrowingLake(self.folder, 4)
        self.server = Server(self.lake.path, "--heartbeat", "0.2", "--streams", "8")
        self.addCleanup(self.server.stop)

    def test_records_come_with_their_ledgers(self):
        """The second stream ends once all requested records were sent."""
        whole, part = self.server.open("/invocations?style=sep51"), self.server.open("/invocations?style=sep51&end_ledger=1049")
        received = {whole: [], part: []}
        while self.lake.coming:
            self.lake.add()
            last = 1051 - 2 * len(self.lake.coming)
            for stream, lines in received.items():
                end = last if stream is whole else min(last, 1049)
                expected = plain(f"-{end}", "sep51", lake=self.lake.path).splitlines()
                while len(lines) < len(expected):
                    line = stream[1].readline()
                    self.assertTrue(line)
                    lines += [line[:-1]] if line != b"\n" else []
                self.assertEqual(lines, expected)
        self.assertEqual(part[1].read().strip(b"\n"), b"")
        for connection, _ in received:
            connection.close()

    def test_a_stream_ends_with_the_number_of_records_asked_for(self):
        """The lake continues, but the client stops reading."""
        for target in ("/invocations?max_count=3", "/invocations?max_count=3&style=raw", "/invocations?max_count=0"):
            status, _, body = self.server.get(target)
            # A blank line keeps a silent stream alive; their number depends on the machine.
            records = [line for line in body.splitlines() if line]
            self.assertEqual((status, len(records)), (200, 0 if target.endswith("0") else 3))
        self.assertEqual(self.server.tools(), set())

    def test_a_silent_stream_shows_that_it_lives(self):
        connection, answer = self.server.open("/invocations?start_ledger=1032")
        with contextlib.closing(connection):
            self.assertEqual([answer.readline() for _ in range(3)], [b"\n"] * 3)
        stream = self.server.events("/invocations?start_ledger=1032")
        self.assertEqual([next(stream) for _ in range(4)], [(None, None, "soroban-pipes"), *[(None, None, "")] * 3])

    def test_clients_that_are_cut_off_have_every_record_once(self):
        """Two clients reconnect with the last id that they received, one in the header and one in the URL."""
        seen = {"header": [], "query": []}
        while self.lake.coming:
            for _ in range(3):
                if self.lake.coming:
                    self.lake.add()
            last = 1024 + 2 * (len(objects()) - len(self.lake.coming)) - 1
            expected = plain(f"-{last}", "native", lake=self.lake.path).splitlines()
            for kind, records in seen.items():
                after = records[-1][0] if records else None
                stream = self.server.events(
                    "/invocations" if kind == "header" else f"/invocations?after={after or 0}".replace("?after=0", ""),
                    after if kind == "header" else None,
                )
                for identity, event, data in stream:
                    if identity:
                        records.append((identity, event, data))
                        # Cut off somewhere in the middle, or once all records have arrived.
                        if len(records) == len(expected) or len(records) % 17 == 16:
                            break
                stream.close()
        for kind, records in seen.items():
            stream = self.server.events("/invocations", records[-1][0])
            while len(records) < len(expected):
                block = next(stream)
                records += [block] if block[0] else []
            stream.close()
            self.assertEqual([data.encode() for _, _, data in records], expected, kind)
            for identity, event, data in records:
                self.assertEqual(identity, toid(data))
                self.assertIn(event, json.loads(data))

    def test_a_client_that_leaves_ends_its_filters(self):
        for leave in ("close", "reset", "half-close"):
            with self.subTest(leave):
                connection, answer = self.server.open("/invocations?start_ledger=1024", EVENTS)
                answer.readline()
                self.assertEqual(len(self.server.tools()), 3)
                if leave == "reset":
                    with socket.socket(fileno=os.dup(answer.fp.fileno())) as same:
                        same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if leave == "half-close":
                    with socket.socket(fileno=os.dup(answer.fp.fileno())) as same:
                        same.shutdown(socket.SHUT_WR)
                else:
                    answer.close()
                    connection.close()
                wait_until(lambda: not self.server.tools(), "the end of the filters")
                connection.close()
        wait_until(lambda: json.loads(self.server.get("/health")[2])["streams"] == 0, "places given back")

    def test_no_more_streams_than_allowed(self):
        open_ones = [self.server.open("/invocations?start_ledger=1032") for _ in range(8)]
        status, headers, body = self.server.get("/invocations?start_ledger=1032")
        self.assertEqual((status, headers["Retry-After"]), (503, "5"))
        self.assertIn("8 streams are open", json.loads(body)["error"]["message"])
        # Other clients are still served.
        self.assertEqual(json.loads(self.server.get("/health")[2])["streams"], 8)
        open_ones.pop()[0].close()

        def is_accepted():
            connection, answer = self.server.open("/invocations?start_ledger=1032")
            open_ones.append((connection, answer))
            return answer.status == 200

        wait_until(is_accepted, "a place")
        for connection, _ in open_ones:
            connection.close()

    def test_a_stage_that_fails_is_told_in_the_stream(self):
        stream = self.server.events("/invocations?start_ledger=1032&style=sep51")
        connection, lines = self.server.open("/invocations?start_ledger=1032&style=sep51")
        next(stream)
        self.lake.add()
        expected = plain("1032-1033", "sep51", lake=self.lake.path).splitlines()
        read = []
        while len(read) < len(expected):
            block = next(stream)
            read += [block[2].encode()] if block[0] else []
        self.assertEqual(read, expected)
        for process in self.server.tools("ledger-split"):
            os.kill(process, signal.SIGKILL)
        rest = [block for block in stream if block[1]]
        self.assertEqual([(identity, event) for identity, event, _ in rest], [(None, "error")])
        told = json.loads(rest[0][2])
        self.assertEqual((told["tool"], told["status"]), ("ledger-split", 137))
        last = lines.read().strip(b"\n").splitlines()[-1]
        self.assertEqual(json.loads(last)["_schema"], "soroban-pipes.error.v1")
        self.assertEqual(json.loads(last)["tool"], "ledger-split")
        connection.close()
        wait_until(lambda: 'failures_total{tool="ledger-split"} 2' in self.server.get("/metrics")[2].decode(), "the count")

    def test_a_stream_that_is_cut_does_not_look_finished(self):
        connection, answer = self.server.open("/invocations?start_ledger=1024")
        answer.readline()
        (request,) = [process for process in descendants(self.server.process.pid) if os.getsid(process) == process]
        os.kill(request, signal.SIGKILL)
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            while answer.read(1 << 16):
                pass
        connection.close()
        wait_until(lambda: not self.server.tools(), "the end of the filters")

    def test_a_server_that_ends_ends_everything(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            with self.subTest(number):
                server = Server(self.lake.path, "--heartbeat", "60")
                clients = [server.open("/invocations?start_ledger=1032", EVENTS if n else {}) for n in range(3)]
                processes = set(wait_until(lambda: len(server.tools()) == 9 and server.tools(), "three pipelines"))
                server.process.send_signal(number)
                self.assertEqual(server.process.wait(30), -9 if number == signal.SIGKILL else 128 + number)
                server.stop()
                wait_until(lambda: not any(os.path.exists(f"/proc/{p}/exe") for p in processes), "the end of all filters")
                for connection, answer in clients:
                    with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
                        self.assertNotIn(b"event: end", answer.read())
                    connection.close()


@needs_lighttpd
class Answers(unittest.TestCase):
    """The lake of the project."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(LAKE, "--allow-origin", "*", "--heartbeat", "0.5")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_a_cursor_behind_everything_ends_a_client_for_good(self):
        last = toid(plain("-1051", "raw").splitlines()[-1])
        target = "/invocations?end_ledger=1051"
        status, _, body = self.server.get(target, headers=EVENTS | {"Last-Event-ID": last})
        self.assertEqual((status, body), (204, b""))
        # With the id in the URL, it is an empty stream that ends.
        status, _, body = self.server.get(f"{target}&after={last}", headers=EVENTS)
        self.assertEqual((status, body.count(b"event: end"), body.count(b"id:")), (200, 1, 0))

    def test_ids_can_be_sent_by_every_browser(self):
        """A longer one, or one with other characters, makes a browser send a preflight request first."""
        stream = self.server.events("/invocations?end_ledger=1051")
        for identity, event, _ in stream:
            if identity:
                self.assertRegex(identity, r"\A[0-9.-]{1,100}\Z")
                self.assertRegex(event, r"\A[a-z_]+\Z")
        self.assertEqual(event, "end")

    def test_every_style_has_the_same_ids_and_kinds(self):
        streams = {}
        for style in ("raw", "native", "sep51", "proto"):
            stream = self.server.events(f"/invocations?end_ledger=1051&type=call,create,upload&style={style}")
            streams[style] = [(identity, event) for identity, event, _ in stream if identity]
        self.assertGreater(len(streams["raw"]), 50)
        for style, found in streams.items():
            self.assertEqual(found, streams["raw"], style)

    def test_a_slow_reader_gets_everything(self):
        """More than all buffers on the way can hold, for a client that reads slowly."""
        with tempfile.TemporaryDirectory() as folder:
            # One object with many ledgers: the same ledgers under other object names would be rejected.
            ledgers = subprocess.run(
                ["ledger-split", "-q", "--by=ledger", "--ledgers=1042", LAKE], stdout=subprocess.PIPE, check=True
            ).stdout[4:]
            count, first = 800, 1000
            with open(f"{folder}/{0xFFFFFFFF - first:08X}--{first}-{first + count - 1}.xdr", "wb") as file:
                file.write(b"".join(n.to_bytes(4, "big") for n in (first, first + count - 1, count)))
                for sequence in range(first, first + count):
                    file.write(renumbered(ledgers, 1042, sequence))
            with open(f"{folder}/.config.json", "w") as file:
                file.write('{"networkPassphrase": "Standalone Network ; February 2017"}')
            expected = plain(f"-{first + count - 1}", "sep51", lake=folder)
            self.assertGreater(len(expected), 8 << 20)
            with Server(folder, "--heartbeat", "0.05") as server, socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.connect(("127.0.0.1", server.port))
                request = f"GET /invocations?style=sep51&end_ledger={first + count - 1} HTTP/1.0\r\n\r\n"
                connection.sendall(request.encode())
                received = bytearray()
                while part := connection.recv(20000):
                    received += part
                    if len(received) < 1 << 20:
                        time.sleep(0.005)
        body = bytes(received).partition(b"\r\n\r\n")[2]
        self.assertEqual([line for line in body.split(b"\n") if line], expected.splitlines())

    def test_metrics_count_each_request_once(self):
        def metrics():
            lines = self.server.get("/metrics")[2].decode().splitlines()
            return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}

        before = metrics()
        size = len(self.server.get("/invocations?end_ledger=1051")[2])
        self.server.get("/invocations?nothing=1")
        self.server.get("/nowhere")
        wait_until(lambda: metrics().get('soroban_serve_requests_total{path="other",status="404"}', 0) > before.get(
            'soroban_serve_requests_total{path="other",status="404"}', 0), "the counters")  # fmt: skip
        after = metrics()
        difference = {name: value - before.get(name, 0) for name, value in after.items()}
        for name, value in (
            ('requests_total{path="/invocations",status="200"}', 1), ('requests_total{path="/invocations",status="400"}', 1),
            ('requests_total{path="other",status="404"}', 1), ('sent_bytes_total{path="/invocations"}', size),
        ):  # fmt: skip
            self.assertEqual(difference[f"soroban_serve_{name}"], value, name)
        self.assertEqual((after["soroban_serve_first_ledger"], after["soroban_serve_last_ledger"]), (1024, 1051))
        self.assertEqual(after["soroban_serve_last_ledger_close_time_seconds"], 1704067335)

    @unittest.skipUnless(shutil.which("promtool"), "promtool, of the Debian package prometheus, is not installed")
    def test_promtool_takes_the_metrics(self):
        self.server.get("/invocations?end_ledger=1051")
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.server.get("/metrics")[2], capture_output=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))

    def test_health_gives_reasons(self):
        with Server(LAKE, "--max-age", "3600") as server:
            status, _, body = server.get("/health")
            self.assertEqual((status, json.loads(body)["last_ledger"]), (503, 1051))
            self.assertIn("--max-age", json.loads(body)["reason"])
        with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
            status, _, body = server.get("/health")
            self.assertEqual((status, json.loads(body)["reason"]), (503, "the data lake holds no ledgers"))
            os.mkdir(f"{folder}/FFFFFBFF--1024-1031")
            with open(f"{folder}/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst", "wb") as file:
                file.write(b"no ledgers")
            status, _, body = server.get("/health")
            self.assertEqual(status, 503)
            self.assertIn("the last ledger, 1025, cannot be read", json.loads(body)["reason"])
            # So is a stream that fails before its first record; on a busy machine the error may be in the stream.
            status, _, body = server.get("/invocations?end_ledger=1025")
            error = json.loads(body)
            self.assertEqual((status, "error" in error), (500, True) if status == 500 else (200, False))
            error = error.get("error", error)
            self.assertEqual((error["tool"], error["status"]), ("ledger-split", 3))
            self.assertNotIn(folder, body.decode())

    def test_a_page_is_served_beside_the_records(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("index.html", "<p>a page"), ("module.wasm", "\0asm")):
                with open(f"{folder}/{name}", "w") as file:
                    file.write(text)
            with Server(LAKE, "--page", folder) as server:
                self.assertEqual(server.get("/")[2], b"<p>a page")
                self.assertEqual(server.get("/module.wasm")[1]["Content-Type"], "application/wasm")
                self.assertEqual(server.get("/nothing")[0], 404)
                self.assertEqual(server.get("/health")[0], 200)
                self.assertEqual(server.get("/request")[0], 404)

    def test_the_page_of_the_project_is_served(self):
        with Server(LAKE) as server:
            status, headers, body = server.get("/")
            self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
            # Each file that the page refers to is served, and the module, if it was built.
            for name in ("style.css", "app.js", "worker.js", "soroban.js"):
                self.assertEqual(server.get(f"/{name}")[0], 200, name)
            self.assertIn(b'src="app.js"', body)
            status, headers, body = server.get("/soroban.wasm")
            if status != 404:
                self.assertEqual((headers["Content-Type"], body[:4]), ("application/wasm", b"\0asm"))
            self.assertEqual(server.get("/test/browser.py")[0], 404)
            self.assertEqual(server.get("/health")[0], 200)
        with Server(LAKE, "--page", "none") as server:
            self.assertEqual(server.get("/")[0], 404)
            self.assertEqual(server.get("/health")[0], 200)


@needs_lighttpd
class Mistakes(FolderCase):
    """The messages of the start script."""

    def test_they_are_told_before_anything_is_served(self):
        with Server(LAKE) as server:
            for options, status, message in (
                (["--lake", "/nonexistent"], 4, "/nonexistent: there is no such directory"),
                (["--lake", LAKE, "--network", "pubnet"], 2, "network"),
                (["--lake", LAKE, "--port", str(server.port)], 4, "cannot listen"),
                (["--lake", LAKE, "--port", "70000"], 2, "number from 0 to 65535"),
                (["--lake", LAKE, "--bind", "somewhere"], 2, "IP address"),
                (["--lake", LAKE, "--tools", self.folder], 4, "not on the PATH"),
                ([], 2, "--lake"),
            ):
                found = subprocess.run([sys.executable, f"{SERVE}/start", *options], capture_output=True, text=True)
                self.assertEqual(found.returncode, status, found.stderr)
                self.assertIn(message, found.stderr)


if __name__ == "__main__":
    unittest.main()
