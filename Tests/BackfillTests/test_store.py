"""Lakes and files in an object store: a local server for the S3 protocol, behind a proxy that injects faults."""

import contextlib
import glob
import http.client
import http.server
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import urllib.request

from common import BACKFILL, LAKE, PATIENCE, FolderCase, backfill, digests, needs, needs_duckdb, repeated_lake, wait_until


class Faults(http.server.BaseHTTPRequestHandler):
    """A proxy that turns every nth response for an object into a fault, and counts concurrent requests."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_GET(self):
        self.pass_on()

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def pass_on(self):
        server = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_object = self.command == "GET" and ".xdr" in self.path and "list-type" not in self.path
        with server.lock:
            if is_object:
                server.open += 1
                server.most = max(server.most, server.open)
                server.count += 1
                if server.hold and server.count == server.hold:
                    server.enough.set()
            fault = server.faults.get(server.count % 10) if is_object else None
            server.made[fault] = server.made.get(fault, 0) + 1
        try:
            if is_object and server.hold:
                # Responses wait for each other: with fewer concurrent requests than this, none would arrive.
                server.enough.wait(PATIENCE)
            self.answer(body, fault)
        finally:
            with server.lock:
                server.open -= is_object

    def answer(self, body, fault):
        if fault in (500, 503):
            self.send_response(fault)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=PATIENCE)
        with contextlib.closing(connection):
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("accept-encoding", "connection")}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                    self.send_header(name, value)
            self.send_header("Content-Length", answer.getheader("Content-Length") or str(len(content)))
            self.end_headers()
            if fault == "cut":
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif self.command != "HEAD":
                self.wfile.write(content)


def free_ports(number):
    """Distinct ports on which nothing listens."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@needs("moto_server", "rclone", "zstd")
class Store(FolderCase):
    # moto requires credentials.
    signature = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_server(["moto_server", "-H", "127.0.0.1", "-p", "{port}"], "/moto-api/data.json")

    @classmethod
    def start_server(cls, command, path, ports=1):
        """One server for all tests of a class; its command contains `{port}` and so on."""
        cls.port, *others = free_ports(ports)
        numbers = {"port": cls.port} | {f"port{number}": port for number, port in enumerate(others, 1)}
        log = tempfile.TemporaryFile()
        cls.addClassCleanup(log.close)
        server = subprocess.Popen([word.format(**numbers) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.kill)

        def answers():
            with contextlib.suppress(OSError):
                return urllib.request.urlopen(f"http://127.0.0.1:{cls.port}{path}", timeout=5)

        wait_until(answers, "the server").close()

    def empty(self):
        self.request("POST", "/moto-api/reset")

    def setUp(self):
        super().setUp()
        # Every test starts with an empty store.
        self.empty()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Faults)
        self.server.daemon_threads = True
        self.server.behind, self.server.faults, self.server.hold = self.port, {}, 0
        self.server.lock, self.server.enough = threading.Lock(), threading.Event()
        self.server.open = self.server.most = self.server.count = 0
        self.server.made = {}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_port}", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1", "TMPDIR": self.folder, "RCLONE_CONFIG": os.devnull,
        }  # fmt: skip
        for bucket in ("lake", "out"):
            self.request("PUT", f"/{bucket}")

    def request(self, method, path, body=b""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, self.signature)
            answer = connection.getresponse()
            content = answer.read()
            self.assertLess(answer.status, 300, content)
            return content

    def upload(self, lake, but=()):
        for path in glob.glob("**", root_dir=lake, recursive=True, include_hidden=True):
            if os.path.isfile(f"{lake}/{path}") and path not in but:
                with open(f"{lake}/{path}", "rb") as file:
                    self.request("PUT", f"/lake/pubnet/{path}", file.read())

    def work(self, ledgers, *arguments, out=None, status=0):
        done = backfill(
            "--ledgers", ledgers, "--lake", "s3://lake/pubnet", "--out", out or self.out, *arguments, env=os.environ | self.environment
        )  # fmt: skip
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_a_bucket_gives_the_files_of_a_directory(self):
        self.upload(LAKE)
        self.work("1027-1048", "--format", "ndjson.zst")
        first = digests(self.out)
        self.out = f"{self.folder}/other"
        self.make("1027-1048", "--format", "ndjson.zst")
        self.assertEqual(digests(self.out), first)
        # The local copies were removed.
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("backfill-")], [])

    def test_faults_of_the_store_are_tried_again(self):
        lake = repeated_lake(f"{self.folder}/lake", 84, first=84, per_object=1, per_partition=50)
        self.upload(lake)
        self.server.faults = {1: 500, 4: "cut", 7: 503}
        self.work("84-167", "--format", "ndjson.zst")
        self.assertTrue(all(self.server.made.get(fault, 0) > 4 for fault in (500, 503, "cut")), self.server.made)
        first = digests(self.out)
        self.out = f"{self.folder}/other"
        self.make("84-167", "--format", "ndjson.zst", lake=lake)
        self.assertEqual(digests(self.out), first)

    def test_eight_objects_are_in_flight(self):
        lake = repeated_lake(f"{self.folder}/lake", 56, first=56, per_object=1, per_partition=28)
        self.upload(lake)
        self.server.hold = 8
        self.work("56-111", "--format", "ndjson.zst")
        self.assertGreaterEqual(self.server.most, 8)

    def test_a_missing_object_is_named(self):
        (name,) = glob.glob("*/*--1034-1035.xdr.zst", root_dir=LAKE)
        self.upload(LAKE, but=[name])
        done = self.work("1032-1039", "--format", "ndjson.zst", status=3)
        self.assertIn("no object holds ledgers 1034 to 1035", done.stderr)
        self.work("1040-1047", "--format", "ndjson.zst")

    def test_a_damaged_object_is_named_and_fails_no_other_range(self):
        lake = self.copied_lake()
        (name,) = glob.glob("*/*--1034-1035.xdr.zst", root_dir=lake)
        os.truncate(f"{lake}/{name}", os.path.getsize(f"{lake}/{name}") - 50)
        self.upload(lake)
        done = self.work("1032-1039", "--format", "ndjson.zst", status=3)
        self.assertIn(f"s3://lake/pubnet/{name}: ", done.stderr)
        for ledgers in ("1024-1031", "1040-1047"):
            self.work(ledgers, "--format", "ndjson.zst")

    def test_a_store_that_fails_for_good_may_be_tried_again(self):
        self.upload(LAKE)
        self.server.faults = dict.fromkeys(range(10), 500)
        # Fewer tries than in production: rclone reads the number of tries from its environment.
        self.environment |= {"RCLONE_RETRIES": "2", "RCLONE_LOW_LEVEL_RETRIES": "2"}
        done = self.work("1032-1039", "--format", "ndjson.zst", status=4)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(glob.glob("*.zst", root_dir=self.out), [])
        self.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{free_ports(1)[0]}"
        self.work("1032-1039", "--format", "ndjson.zst", status=4)

    @needs_duckdb
    def test_files_go_to_a_bucket(self):
        self.upload(LAKE)
        for ledgers in ("1024-1039", "1040-1051"):
            self.work(ledgers, out="s3://out/invocations")
        self.assertIn("is there", self.work("1024-1039", out="s3://out/invocations").stderr)
        environment = os.environ | self.environment
        self.run_backfill("check", "--out", "s3://out/invocations", "--ledgers", "1024-1051", env=environment)
        self.run_backfill("compact", "--out", "s3://out/invocations", "--into", self.out, "--size", "1024", env=environment)
        self.check("--ledgers", "1024-1051")
        self.request("DELETE", "/out/invocations/1024-1039.parquet")
        done = self.run_backfill("check", "--out", "s3://out/invocations", status=3, env=environment)
        self.assertEqual(done.stdout, "1024-1039\n")
        self.work("1024-1039", out="s3://out/invocations")
        self.run_backfill("check", "--out", "s3://out/invocations", "--ledgers", "1024-1051", env=environment)
        # A mismatch of options is reported here, too.
        self.work("1024-1039", "--style", "sep51", out="s3://out/invocations", status=2)

    def test_a_lake_of_a_million_names_is_read_in_chunks(self):
        """The worker's disk use is bounded: chunks are removed after they were read."""
        sys.path.insert(0, os.path.dirname(BACKFILL))
        from backfill_lib import lake

        made = repeated_lake(f"{self.folder}/lake", 84, first=84, per_object=1, per_partition=64000)
        self.upload(made)
        # Both are restored afterwards: other tests run in the same process.
        for patch in (unittest.mock.patch.dict(os.environ, self.environment), unittest.mock.patch.object(lake, "CHUNK_OBJECTS", 7)):
            patch.start()
            self.addCleanup(patch.stop)
        source = lake.StoreLake("s3://lake/pubnet")
        scratch = f"{self.folder}/scratch"
        os.mkdir(scratch)
        source.prepare(84, 167, scratch)
        most = []

        class Sink:
            def write(self, part):
                most.append(len([name for name in os.listdir(scratch) if name.startswith("chunk-") and not name.endswith(".list")]))

            def close(self):
                pass

        source.feed(Sink())
        self.assertIsNone(source.problem)
        self.assertEqual(len(most), 84)
        self.assertLessEqual(max(most), lake.CHUNKS_AHEAD + 5)
        source.close()


@needs("weed")
class SeaweedStore(Store):
    """The same with SeaweedFS, which stores objects on disk."""

    signature = {}

    @classmethod
    def setUpClass(cls):
        super(Store, cls).setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="soroban-backfill-seaweed-")
        cls.addClassCleanup(folder.cleanup)
        words = ["weed", "server", f"-dir={folder.name}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=50", "-s3", "-s3.port={port}"]
        names = ("s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
        words += [f"-{name}={{port{number}}}" for number, name in enumerate(names, 1)]
        cls.start_server([*words, "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false"], "/", 1 + len(names))

    def empty(self):
        for bucket in ("lake", "out"):
            with contextlib.suppress(AssertionError):
                self.request("DELETE", f"/{bucket}")


if __name__ == "__main__":
    unittest.main()
