"""Runs the tools over one range of a lake, joined by pipes without a shell, and counts the output of the last one."""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import signal
import stat
import struct
import subprocess
import sys
import threading

from . import DATA, FILES, Problem, ended, heard, tool
from .counter import counter

PIPE = 1 << 20
F_SETPIPE_SZ = 1031
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """Runs in the child: if the worker is killed, no process is left running."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def widen(descriptor):
    # Only up to the limit of this user.
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, F_SETPIPE_SZ, PIPE)


def pass_on(source, sink, space):
    """Reads a part into the space and passes it to the sink; if that is a pipe, the kernel passes it on without a copy."""
    target = sink.descriptor()
    if target is None:
        size = os.readv(source, [space])
        sink.write(space[:size])
        return size
    while (size := libc.tee(source, target, len(space), 0)) < 0:
        error = ctypes.get_errno()
        if error != errno.EINTR:
            raise BrokenPipeError if error == errno.EPIPE else OSError(error, os.strerror(error))
    at = 0
    while at < size:
        at += os.readv(source, [space[at:size]])
    return size


class Stages:
    """Processes in a pipeline."""

    def __init__(self):
        self.processes = []

    def start(self, command, **options):
        try:
            process = subprocess.Popen([tool(command[0]), *command[1:]], preexec_fn=die_with_parent, **options)
        except OSError as error:
            raise Problem(f"{command[0]} cannot be started: {os.strerror(error.errno)}", FILES) from None
        self.processes.append((command[0], process))
        return process

    def kill(self):
        for _, process in self.processes:
            if process.poll() is None:
                process.kill()
        for _, process in self.processes:
            process.wait()

    def wait(self):
        """The first stage that failed, and its status; a stage that lost its reader did not fail by itself."""
        failed = None
        for name, process in self.processes:
            status = process.wait()
            if status and (failed is None or failed[1] == -signal.SIGPIPE):
                failed = name, status
        return failed


def commands(lake, first, last, request):
    """The tools and their arguments."""
    network = request["network"] or lake.network()
    split = ["ledger-split", "--ledgers", f"{first}-{last}", "-o", "xdr"]
    if request["verify"]:
        split.append("--verify")
    if request["by"] == "invocation":
        split.append("--soroban")
    if network:
        split += ["--network", network]
    extract = ["invocation-extract", "--by", request["by"], "-o", "xdr" if request["format"] == "xdr.zst" else "ndjson"]
    if request["footprint_ops"]:
        extract.append("--footprint-ops")
    stages = [split + lake.arguments(), extract]
    if request["filter"]:
        # Its network matters only for named assets.
        named = ["--network", network] if network and not any(word.startswith("--network") for word in request["filter"]) else []
        stages.append(["event-filter", *named, *request["filter"]])
    if request["style"] not in ("raw", None):
        stages.append(["scval-json", "--style", request["style"]])
    return stages


class Statistics(threading.Thread):
    """Passes on the messages of a stage, and keeps its line of --stats."""

    def __init__(self, stream, name):
        super().__init__(daemon=True)
        self.stream = stream
        self.mark = f'{{"tool":"{name}",'.encode()
        self.found = None
        self.start()

    def run(self):
        for line in self.stream:
            if line.startswith(self.mark):
                with contextlib.suppress(ValueError):
                    self.found = json.loads(line)
                    continue
            heard.append(line.decode(errors="replace").rstrip("\n"))
            sys.stderr.write(line.decode(errors="replace"))
            sys.stderr.flush()


class Result:
    """The counts of a run, the number of ledgers read, and the version of the tools."""

    def __init__(self, counted, ledgers, version):
        self.counted, self.ledgers, self.version = counted, ledgers, version


def run(lake, first, last, request, sink, hash_records=False):
    """Writes the records of a range into a sink. The sink is closed in any case.

    Each failure is a Problem with the status of the stage that failed first.
    """
    counted = counter(first, last, request, hash_records)
    stages = Stages()
    feeder = None
    fault = None
    told = []
    try:
        stdin = subprocess.PIPE if "-" in lake.arguments()[1:] else subprocess.DEVNULL
        row = commands(lake, first, last, request)
        for number, command in enumerate(row):
            command = [command[0], "--stats", *command[1:]]
            process = stages.start(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            widen(process.stdout.fileno())
            told.append(Statistics(process.stderr, command[0]))
            if number == 0:
                if process.stdin:
                    widen(process.stdin.fileno())
                    feeder = threading.Thread(target=lake.feed, args=(process.stdin,), daemon=True)
                    feeder.start()
            else:
                # The next stage has this pipe; a second descriptor here would keep it open.
                stdin.close()
            stdin = process.stdout
        source, space = stdin.fileno(), counted.space()
        while size := pass_on(source, sink, space):
            counted.take(size)
        counted.finish()
    except BrokenPipeError:
        # The sink knows the reason.
        fault = Problem("what writes the file ended too early", FILES)
    except Problem as problem:
        fault = problem
    except BaseException:
        stages.kill()
        raise
    finally:
        if fault:
            if stages.processes and stages.processes[-1][1].stdout:
                stages.processes[-1][1].stdout.close()
        failed = stages.wait() if stages.processes else None
        if feeder:
            feeder.join()
    for statistics in told:
        statistics.join()
    sink_fault = sink.close(fault or failed)
    if getattr(lake, "problem", None):
        raise lake.problem
    if failed and failed[1] != -signal.SIGPIPE:
        if failed[0] == "ledger-split" and failed[1] == DATA:
            lake.blame()
        # The tool has reported the error; a signal says nothing about the data.
        raise Problem(f"{failed[0]} ended with {ended(failed[1])}", failed[1] if failed[1] in (2, DATA, FILES) else FILES)
    if sink_fault:
        raise sink_fault
    if fault:
        raise fault
    if failed:
        raise Problem(f"{failed[0]} ended with {ended(failed[1])}", FILES)
    found, written = told[0].found or {}, told[-1].found or {}
    # The count includes ledgers before the range that its first object contains.
    begin = found.get("first_ledger", last + 1)
    ledgers = found.get("ledgers", 0) - max(0, first - begin)
    if (ledgers, begin <= first, found.get("last_ledger")) != (last - first + 1, True, last):
        raise Problem(f"ledger-split read {ledgers} ledgers of the {last - first + 1} of {first}-{last}", DATA)
    if written.get("records_out") != counted.records:
        raise Problem(f"{row[-1][0]} wrote {written.get('records_out')} records, and {counted.records} were counted", DATA)
    return Result(counted, ledgers, found.get("version", ""))


def headers(lake, first, last, network):
    """The hashes of the first ledger, of its predecessor, and of the last ledger, from their headers."""
    command = [tool("ledger-split"), "-q", "--by", "ledger", "-o", "xdr"]
    command += ["--network", network] if network else []
    found = {}
    for number in {first, last}:
        command += ["--ledgers", str(number)]
    with subprocess.Popen([*command, "--", *lake.files(first, last)], stdout=subprocess.PIPE) as reader:
        for number in sorted({first, last}):
            head = reader.stdout.read(128)
            if len(head) < 128:
                raise Problem(f"ledger {number} cannot be read again", FILES)
            mark, version, extension = struct.unpack_from(">III", head)
            # Versions from 1 on begin with an extension, which may contain a fee.
            at = 8 if version == 0 else 12 if extension == 0 else 24
            found[number] = head[at : at + 32].hex(), head[at + 36 : at + 68].hex()
            rest = (mark & 0x7FFFFFFF) - 124
            while rest > 0 and (part := reader.stdout.read(min(rest, PIPE))):
                rest -= len(part)
    return {"first_previous_hash": found[first][1], "first_hash": found[first][0], "last_hash": found[last][0]}


class Raw:
    """Records go to standard output unchanged."""

    def descriptor(self):
        return 1 if stat.S_ISFIFO(os.fstat(1).st_mode) else None

    def write(self, part):
        view = memoryview(part)
        while view:
            view = view[os.write(1, view) :]

    def close(self, failed):
        return None


class Process:
    """Records go through a program into a file."""

    def __init__(self, command, path, output=None):
        self.path = path
        self.stages = Stages()
        self.process = self.stages.start(command, stdin=subprocess.PIPE, stdout=output)
        widen(self.process.stdin.fileno())

    def descriptor(self):
        return self.process.stdin.fileno()

    def write(self, part):
        # Unbuffered, because the parts are large.
        descriptor = self.process.stdin.fileno()
        view = memoryview(part)
        while view:
            view = view[os.write(descriptor, view) :]

    def close(self, failed):
        if failed:
            # The data so far is incomplete, so it must not be finished.
            self.process.kill()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        status = self.process.wait()
        if status and not failed or status > 0:
            return Problem(f"{self.stages.processes[0][0]} ended with {ended(status)}", FILES)
        return None


def zstd(path, file):
    return Process(["zstd", "-q", "-c"], path, output=file)
