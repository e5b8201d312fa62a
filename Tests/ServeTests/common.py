"""Common parts of the tests of scripts/serve. They run the built tools, which are on the PATH, on loopback only."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SERVE = f"{ROOT}/scripts/serve"
LAKE = f"{ROOT}/testdata/lake"
# Long enough for a machine that is busy with other tests; a wait ends as soon as its condition holds.
PATIENCE = 60
LIGHTTPD = shutil.which("lighttpd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
needs_lighttpd = unittest.skipUnless(LIGHTTPD, "lighttpd is not installed")

sys.dont_write_bytecode = True


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {PATIENCE} seconds")
        time.sleep(0.01)
    return found


def pipeline(*stages):
    """The output of filters, each a list of arguments, joined by pipes as in a shell."""
    data = b""
    for arguments in stages:
        data = subprocess.run(arguments, input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def plain(ledgers, style, *conditions, lake=LAKE):
    """The expected response of the service, made by the tools alone."""
    stages = [["ledger-split", "-q", f"--ledgers={ledgers}", "--soroban", lake], ["invocation-extract"], ["event-filter", "-q", *conditions]]
    return pipeline(*stages, *([["scval-json", "-q", f"--style={style}"]] if style != "raw" else []))


def objects(lake=LAKE):
    """The objects of a lake in the order of their ledgers, as relative paths."""
    found = [os.path.relpath(f"{folder}/{name}", lake) for folder, _, names in os.walk(lake) for name in names if "--" in name]
    return sorted(found, key=lambda path: int(re.search(r"--(\d+)[^/]*$", path)[1]))


class GrowingLake:
    """A copy of the lake with some objects at first. The others are added one by one, written to a temporary name and renamed."""

    def __init__(self, folder, count):
        self.path = f"{folder}/lake"
        os.mkdir(self.path)
        shutil.copy(f"{LAKE}/.config.json", self.path)
        self.coming = objects()
        for _ in range(count):
            self.add()

    def add(self, content=None):
        name = self.coming.pop(0)
        os.makedirs(os.path.dirname(f"{self.path}/{name}"), exist_ok=True)
        if content is None:
            with open(f"{LAKE}/{name}", "rb") as file:
                content = file.read()
        with open(f"{self.path}/.aside", "wb") as file:
            file.write(content)
        os.rename(file.name, f"{self.path}/{name}")
        return name


def descendants(process):
    """All descendants of a process, as {process: command}, including those in other sessions."""
    parents, commands = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                with open(f"/proc/{name}/stat", "rb") as file:
                    text = file.read().decode(errors="replace")
                state, parent = text.rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents[int(name)] = int(parent)
                    commands[int(name)] = text[text.index("(") + 1 : text.rindex(")")]
    found, level = {}, {process}
    while level:
        level = {child for child, parent in parents.items() if parent in level}
        found |= {child: commands[child] for child in level}
    return found


class Server:
    """A running server, started by a script of scripts/serve."""

    def __init__(self, lake=LAKE, *options, script="start"):
        self.errors = tempfile.TemporaryFile()
        command = [sys.executable, f"{SERVE}/{script}", "--lake", lake, "--port", "0", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=self.errors)
        try:
            said = wait_until(lambda: self.process.poll() is not None or re.search(r"listening at \S+:(\d+)", self.log()), "a server")
            if said is True:
                raise AssertionError(f"status {self.process.returncode}: {self.log()}")
        except BaseException:
            self.stop()
            raise
        self.port = int(said[1])

    def log(self):
        # Without moving the offset at which the server writes.
        return os.pread(self.errors.fileno(), 1 << 24, 0).decode(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()
        if error[0]:
            sys.stderr.write(self.said)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        if not self.errors.closed:
            self.said = self.log()
            self.errors.close()
        return status

    def tools(self, *names):
        """The filters that run for its requests."""
        names = names or ("ledger-split", "invocation-extr", "event-filter", "scval-json")
        return {process for process, command in descendants(self.process.pid).items() if command in names}

    def get(self, target, *, method="GET", body=None, headers=None):
        """The status, headers and body of a response. A truncated body is an error."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def open(self, target, headers=None):
        """A connection whose response has begun, and that response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", target, headers=headers or {})
        return connection, connection.getresponse()

    def events(self, target, last=None):
        """The blocks of an event stream, as (id, event, data), and comments as (None, None, text)."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        connection, answer = self.open(target, headers)
        with contextlib.closing(connection):
            assert answer.status == 200, answer.status
            yield from blocks(iter(answer.readline, b""))

    def raw(self, data, patience=PATIENCE, keep_open=False):
        """The response to bytes that need not be a valid request."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as connection:
            received = b""
            end = time.monotonic() + patience
            try:
                connection.sendall(data)
                if not keep_open:
                    connection.shutdown(socket.SHUT_WR)
                while time.monotonic() < end and (part := connection.recv(1 << 16)):
                    received += part
            except OSError:
                pass
            return received


def blocks(lines):
    """Server-sent events from their lines, by the standard's rules as far as our server uses them."""
    fields = {}
    for line in lines:
        line = line.decode().rstrip("\n")
        if line.startswith(":"):
            yield None, None, line[1:].strip()
        elif line:
            name, _, value = line.partition(": ")
            assert name not in fields, line
            fields[name] = value
        elif fields:
            if "data" in fields:
                yield fields.get("id"), fields.get("event"), fields["data"]
            fields = {}
    assert not fields, f"an event without its end: {fields}"


class FolderCase(unittest.TestCase):
    """A test with its own folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="soroban-serve-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name


def toid(line):
    return json.loads(line)["meta"]["toid"]

