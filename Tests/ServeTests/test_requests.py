"""One list of requests with their responses: for the CGI program alone, under lighttpd, and behind a buffering proxy."""

import argparse
import functools
import json
import os
import subprocess
import sys
import tempfile
import unittest

from common import LAKE, LIGHTTPD, PATIENCE, SERVE, Server, blocks, needs_lighttpd, pipeline, plain, toid

sys.path.insert(0, SERVE)
from serve_lib import settings  # noqa: E402

CONTRACT = "CCY3NLZZETB5VXNO6FFFFXJFCVOIJCF6XJGCVDIKENQAYASXQKBTIXI6"
END = "end_ledger=1051"


class Case:
    def __init__(self, target, status=200, *, method="GET", body=None, headers=None, expect=None, message=None, members=None):
        self.target, self.status, self.method, self.body = target, status, method, body
        self.headers, self.expect, self.message, self.members = headers or {}, expect, message, members or {}


def post(body, *conditions, **others):
    text = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return Case("/invocations?style=sep51", method="POST", body=text.encode() if isinstance(text, str) else text, **others)


@functools.cache
def cases():
    """The expected responses come from the tools, computed once for all servers."""
    return list(made())


def made():
    middle = [toid(line) for line in plain("-1051", "raw").splitlines()][20]
    after = plain("-1051", "native").splitlines(keepends=True)[21:]
    sse = {"Accept": "text/event-stream"}
    selections = [
        ([f"contract={CONTRACT}"], [f"--contract={CONTRACT}"]),
        (["contract=native"], ["--contract=native", "--network=local"]),
        (["function=swap", "function=try_*"], ["--function=swap", "--function=try_*"]),
        (["function=price", "any_call=1"], ["--function=price", "--any-call"]),
        (["succeeded=1"], ["--succeeded"]),
        (["failed=true", "type=call"], ["--failed", "--type=call"]),
        (["succeeded=0"], []),
        (["topic=transfer/**", "data=.%3D%3E10000000"], ["--topic=transfer/**", "--data=.=>10000000"]),
        (["arg=%2F%5EU%2F"], ["--arg=/^U/"]),
        (["has=restorations"], ["--has=restorations"]),
        (["change=create", "durability=temporary"], ["--change=create", "--durability=temporary"]),
        (["event-type=system", "topic=executable_update%2F**"], ["--event-type=system", "--topic=executable_update/**"]),
        (["min_args=2", "max_args=3"], ["--min-args=2", "--max-args=3"]),
        (["invert_match=1", "function=swap"], ["--invert-match", "--function=swap"]),
        (["any=1", "function=swap", "has=restorations"], ["--any", "--function=swap", "--has=restorations"]),
        (["since=2024-01-01T00:01:00Z"], ["--since=2024-01-01T00:01:00Z"]),
        (["max_count=3"], ["--max-count=3"]),
        (["function=nothing+of+this+name"], ["--function=nothing of this name"]),
    ]
    for number, (query, options) in enumerate(selections):
        style = ("native", "sep51")[number % 2]
        yield Case("/invocations?" + "&".join([END, f"style={style}", *query]), expect=plain("-1051", style, *options))
    for style in ("raw", "native", "sep51", "proto"):
        yield Case(f"/invocations?start_ledger=1036&end_ledger=1043&style={style}", expect=plain("1036-1043", style))
    yield Case(f"/invocations?{END}", expect=plain("-1051", "native"))
    yield Case("/invocations?ledgers=1040", expect=plain("1040", "native"))
    yield Case("/invocations?ledgers=-1040", expect=plain("-1040", "native"))
    yield Case(f"/invocations?start_ledger=0&{END}", expect=plain("-1051", "native"))
    yield Case(f"/invocations?{END}&after={middle}", expect=b"".join(after))
    yield Case(f"/invocations?{END}&after={middle}", headers={"Last-Event-ID": middle}, expect=b"".join(after))
    yield Case(f"/invocations?{END}&after=now", expect=b"")
    yield Case(f"/invocations?{END}", method="HEAD", expect=b"")
    footprints = ["ledger-split", "-q", "--soroban", LAKE], ["invocation-extract", "--footprint-ops"], ["event-filter", "--type=extend"]
    yield Case(f"/invocations?{END}&type=extend&style=raw", expect=pipeline(*footprints))

    yield post({"endLedger": 1051, "functionNames": ["swap"]}, expect=plain("-1051", "sep51", "--function=swap"))
    yield post({"start_ledger": "1036", "end_ledger": "1043", "successful_only": True}, expect=plain("1036-1043", "sep51", "--succeeded"))
    yield post({"endLedger": 1051, "typeFilter": "INVOCATION_TYPE_FILTER_CREATE_CONTRACT"}, expect=plain("-1051", "sep51", "--type=create"))
    yield post({"endLedger": 1051, "contentFilter": {"dataPatterns": [{"location": "ARGUMENTS", "stringPattern": "x"}]}}, status=400,
               message="DATA_LOCATION_ARGUMENTS")  # fmt: skip
    yield post({"endLedgers": 1051}, status=400, message="GetInvocationsRequest has no member 'endLedgers'")
    yield post('{"endLedger": 1051', status=400, message="--request: JSON ends inside a value")
    yield post('{"endLedger": 1, "endLedger": 1051}', status=400, message="twice")
    yield post({"startLedger": 1040, "endLedger": 1030}, status=400, message="is empty")
    yield post({"startLedger": 3, "endLedger": 1051}, status=410, members={"first_ledger": 1024, "last_ledger": 1051})
    yield post("[]", status=400, message="--request")
    yield post("", status=400, message="--request")
    yield post("{}" + " " * (1 << 20), status=413)
    yield post({"endLedger": 1051}, status=415, headers={"Content-Type": "text/xml"}, message="application/json")

    for target in ("/invocations?type=nothing", "/invocations?contract=CABC", "/invocations?topic=hex:0g", "/invocations?since=yesterday",
                   "/invocations?max_count=-1", "/invocations?min_args=x", "/invocations?arg=%2F(%2F", "/invocations?result=nothing"):  # fmt: skip
        # The message is the tool's own.
        option = target.partition("?")[2].partition("=")[0].replace("_", "-")
        value = target.partition("=")[2].replace("%2F", "/")
        said = subprocess.run(["event-filter", f"--{option}={value}"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        yield Case(target, 400, message=said.stderr.splitlines()[0].removeprefix("event-filter: ").removeprefix("Error: ")[:60])
    # Regular expressions that would take much processor time or memory.
    costly = {"contentFilter": {"topicFilters": [{"pattern": "(a*)*" * 2000}]}}
    yield post(costly, status=400, message="more time or memory")
    yield Case("/invocations?function=/a{1,255}{1,255}/", 400)
    for target, message in (
        ("/invocations?request=/etc/passwd", "there is no parameter 'request'"),
        ("/invocations?spec=/etc/passwd", "there is no parameter 'spec'"),
        ("/invocations?network=pubnet", "there is no parameter 'network'"),
        ("/invocations?output=xdr", "there is no parameter"), ("/invocations?metrics=/tmp/x", "there is no parameter"),
        ("/invocations?contract=@/etc/passwd", "no file can be named"), ("/invocations?tx=%40/etc/passwd", "no file can be named"),
        ("/invocations?start_ledger=-1", "start_ledger is a number"), ("/invocations?end_ledger=4294967296", "end_ledger is a number"),
        ("/invocations?start_ledger=5&start_ledger=6", "given twice"), ("/invocations?start_ledger=1051&end_ledger=1040", "empty"),
        ("/invocations?style=xml", "style is one of"), ("/invocations?after=x", "meta.toid"), ("/invocations?after=" + "9" * 19, "meta.toid"),
        ("/invocations?function=%zz", "percent"), ("/invocations?function=%ff", "UTF-8"), ("/invocations?function=a%00b", "NUL"),
        ("/invocations?succeeded=yes", "1 or 0"), ("/invocations?ledgers=7-&end_ledger=9", "only one of them"),
    ):  # fmt: skip
        yield Case(target, 400, message=message)
    yield Case("/invocations", 400, headers={"Last-Event-ID": "1' OR 1=1"}, message="meta.toid")
    for target in ("/invocations?start_ledger=5", "/invocations?after=4294967297", "/invocations?after=0", "/invocations?end_ledger=6"):
        yield Case(target, 410, headers=sse, members={"first_ledger": 1024, "last_ledger": 1051})
    yield Case("/nowhere", 404, message="/invocations")
    yield Case("/invocations/", 404)
    yield Case("/invocations", 405, method="DELETE")
    yield Case("/health", 405, method="POST", body=b"x")


class Requests:
    # Targets that a server on the way may change.
    changed = ()

    def test_each(self):
        for case in cases():
            if case.target in self.changed:
                continue
            with self.subTest(f"{case.method} {case.target} {case.body and case.body[:80]}"):
                status, headers, body = self.ask(case)
                self.assertEqual(status, case.status, body[:1000])
                if case.status == 200:
                    self.assertEqual(headers["content-type"], "application/x-ndjson")
                    # An empty line may be sent while there is nothing else to send.
                    lines = [line for line in body.split(b"\n") if line]
                    self.assertEqual(lines, case.expect.splitlines())
                elif headers.get("content-type") == "application/json":
                    self.assertEqual(headers["cache-control"], "no-store")
                    error = json.loads(body)["error"]
                    self.assertIn(case.message or "", error["message"])
                    self.assertEqual(error | case.members, error)
                else:
                    # The web server's own error, for a request that it does not pass on.
                    self.assertTrue(status == 413 or "%ff" in case.target or "%00" in case.target, body)

    def test_events(self):
        """The same records as events, with the end marked."""
        case = Case(f"/invocations?{END}", headers={"Accept": "text/event-stream"})
        status, headers, body = self.ask(case)
        self.assertEqual((status, headers["content-type"]), (200, "text/event-stream"))
        found = [block for block in blocks(body.splitlines(keepends=True)) if block[1]]
        self.assertEqual([data.encode() for _, _, data in found[:-1]], plain("-1051", "native").splitlines())
        self.assertEqual(found[-1], (None, "end", "{}"))


class WithoutServer(Requests, unittest.TestCase):
    """The program gets everything from its environment and standard input."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        parser = argparse.ArgumentParser()
        settings.add_options(parser)
        settings.write(folder.name, parser.parse_args(["--lake", LAKE]), framed=False)
        self.program = f"{folder.name}/request"

    def run_program(self, environment, body=b""):
        """Standard input stays open: the program must not wait for its end."""
        process = subprocess.Popen([self.program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with process:
            try:
                process.stdin.write(body)
                process.stdin.flush()
            except BrokenPipeError:
                pass
            output = process.stdout.read()
            process.wait(PATIENCE)
            process.stderr.read()
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
        head, _, text = output.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n")]
        headers = {name.lower(): value for name, _, value in lines}
        return int(headers["status"].split()[0]), headers, text

    def ask(self, case):
        environment = {"REQUEST_METHOD": case.method, "REQUEST_URI": case.target}
        for name, value in case.headers.items():
            environment["HTTP_" + name.upper().replace("-", "_") if name != "Content-Type" else "CONTENT_TYPE"] = value
        if case.body is not None:
            environment["CONTENT_LENGTH"] = str(len(case.body))
        return self.run_program(environment, case.body or b"")

    def test_bodies_and_their_lengths(self):
        body = b'{"endLedger": 1051, "functionNames": ["swap"]}'
        target = {"REQUEST_METHOD": "POST", "REQUEST_URI": "/invocations"}
        expected = plain("-1051", "native", "--function=swap")
        # Bytes after the body are not read.
        self.assertEqual(self.run_program(target | {"CONTENT_LENGTH": str(len(body))}, body + b"more")[2], expected)
        for length in ("", "-1", "x", "1e3", "+5", "²"):
            self.assertEqual(self.run_program(target | {"CONTENT_LENGTH": length}, body)[0], 411, length)
        for length in ("9" * 10, "9" * 40, "1048577"):
            self.assertEqual(self.run_program(target | {"CONTENT_LENGTH": length}, body)[0], 413, length)
        self.assertEqual(self.run_program(target, body)[0], 411)
        short = subprocess.run([self.program], env=target | {"CONTENT_LENGTH": "100"}, input=body, capture_output=True)
        self.assertIn(b"Status: 400", short.stdout)
        self.assertIn(b"the body ends 54 bytes before its length", short.stdout)

    def test_an_environment_without_anything(self):
        self.assertEqual(self.run_program({})[0], 404)

    def test_a_reader_that_leaves_ends_it(self):
        for number in range(2):
            environment = {"REQUEST_METHOD": "GET", "REQUEST_URI": "/invocations?start_ledger=1024"}
            process = subprocess.Popen([self.program], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.readline()
            if number:
                process.terminate()
                process.stdout.read()
            process.stdout.close()
            self.assertEqual(process.wait(PATIENCE), 0)
            self.assertEqual(process.stderr.read(), b"")
            process.stderr.close()
            with self.assertRaises(ProcessLookupError):
                os.killpg(process.pid, 0)


@needs_lighttpd
class UnderLighttpd(Requests, unittest.TestCase):
    def setUp(self):
        self.server = Server(LAKE)
        self.addCleanup(self.server.stop)

    def ask(self, case):
        status, headers, body = self.server.get(case.target, method=case.method, body=case.body, headers=case.headers)
        return status, {name.lower(): value for name, value in headers.items()}, body


@needs_lighttpd
class BehindAProxyThatBuffers(UnderLighttpd):
    """As a proxy, lighttpd by default passes on a response only when it is complete."""

    changed = ("/invocations?function=%zz",)

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        behind, port = self.server.port, settings.free_port("127.0.0.1", 0)
        with open(f"{folder.name}/conf", "w") as file:
            file.write(f"""
                server.modules = ("mod_proxy")
                server.bind = "127.0.0.1"
                server.port = {port}
                server.document-root = "{folder.name}"
                server.upload-dirs = ("{folder.name}")
                proxy.server = ("" => (("host" => "127.0.0.1", "port" => {behind})))
            """)
        proxy = subprocess.Popen([LIGHTTPD, "-D", "-f", file.name], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(proxy.wait)
        self.addCleanup(proxy.terminate)
        self.assertTrue(settings.wait_for_port("127.0.0.1", port, proxy))
        self.server.port = port


if __name__ == "__main__":
    unittest.main()
