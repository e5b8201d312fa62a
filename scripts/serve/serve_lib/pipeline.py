"""Runs the filters without a shell, in the process group of the request, and ends them with it."""

import ctypes
import fcntl
import os
import re
import resource
import signal
import time

from . import Refusal

TOOLS = ("ledger-split", "invocation-extract", "event-filter", "scval-json")
MOST_OF_MESSAGES = 1 << 14
# How long a stage may run after the following stages have ended.
ENDING = 0.2
# The limits for reading conditions: a short regular expression can need any amount of memory or time.
CHECK_LIMITS = ((resource.RLIMIT_CPU, 2), (resource.RLIMIT_DATA, 256 << 20), (resource.RLIMIT_CORE, 0))
PR_SET_PDEATHSIG = 1
# The size of the pipes between the stages, so that they wait less often for each other; the system may refuse it.
PIPE_SIZE = 1 << 18
F_SETPIPE_SZ = 1031

libc = ctypes.CDLL(None, use_errno=True)


def start(arguments, descriptors, keep=(), limits=()):
    """Starts a program with these standard descriptors; `keep` stay open in it under their numbers."""
    process = os.fork()
    if process:
        return process
    try:
        # The group is ended as a whole, but this process may be killed before it can do that.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        for number in (signal.SIGPIPE, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for target, source in enumerate(descriptors):
            os.dup2(source, target) if source != target else os.set_inheritable(target, True)
        for descriptor in keep:
            os.set_inheritable(descriptor, True)
        for limit, amount in limits:
            resource.setrlimit(limit, (amount, amount))
        os.execv(arguments[0], arguments)
    except BaseException as error:
        os.write(2, f"{os.path.basename(arguments[0])}: {error}\n".encode(errors="replace"))
    finally:
        os._exit(127)


def status_of(wait_status):
    """The status as in a shell: 128 plus the number of the signal that ended a program."""
    code = os.waitstatus_to_exitcode(wait_status)
    return code if code >= 0 else 128 - code


class Messages:
    """The end of the text that programs write to standard error."""

    def __init__(self, lake):
        self.text = b""
        self.prefix = lake.encode() + b"/"

    def add(self, data):
        self.text = (self.text + data)[-MOST_OF_MESSAGES:]

    def of(self, tool):
        """The first message of a tool, without its name and without the path of the lake on this machine."""
        for line in self.text.replace(self.prefix, b"").split(b"\n"):
            if line.startswith(tool.encode() + b": "):
                return line[len(tool) + 2 :].decode(errors="replace")[:4000]
        return None


class Request:
    """A GetInvocationsRequest in an unnamed file, passed to event-filter as a descriptor."""

    def __init__(self, text):
        self.file = os.memfd_create("request")
        os.write(self.file, text)

    @property
    def argument(self):
        return f"--request=/dev/fd/{self.file}"

    def rewind(self):
        os.lseek(self.file, 0, os.SEEK_SET)


class Pipeline:
    def __init__(self, settings, *, ledgers, follow, after, conditions, request, style, footprints, events):
        tools = settings.tools
        network = [f"--network={settings.network}"] if settings.network else []
        follow = ["--follow", f"--poll={settings.poll}", f"--patience={settings.patience}"] if follow else []
        self.request = request
        self.filter = [tools["event-filter"], "-q", *network, *conditions, *([request.argument] if request else [])]
        extract = [tools["invocation-extract"], "-q"]
        if events:
            extract += ["--by=event"]
        else:
            extract += [f"--after={after}"] if after else []
            extract += ["--footprint-ops"] if footprints else []
        self.stages = [
            [tools["ledger-split"], "-q", *network, *follow, *([f"--ledgers={ledgers}"] if ledgers else []),
             *([] if events else ["--soroban"]), settings.lake],
            extract,
        ]  # fmt: skip
        if conditions or request:
            self.stages.append(self.filter)
        if style != "raw":
            self.stages.append([tools["scval-json"], "-q", f"--style={style}"])
        self.messages = Messages(settings.lake)
        self.running = {}
        self.unneeded = set()
        self.is_starting = False
        self.statuses = {}
        self.output = self.errors = None

    def check(self):
        """Lets event-filter read its conditions, but no records. An error in them is the client's."""
        if self.filter not in self.stages:
            return
        readable, writable = os.pipe()
        nothing = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        keep = self._rewound()
        self.is_starting = True
        process = start(self.filter, (nothing, nothing, writable), keep, CHECK_LIMITS)
        self.running[process] = None
        self.is_starting = False
        os.close(writable)
        while data := os.read(readable, 1 << 16):
            self.messages.add(data)
        os.close(readable)
        os.close(nothing)
        status = status_of(os.waitpid(process, 0)[1])
        del self.running[process]
        if status > 128:
            raise Refusal(400, "these conditions take more time or memory than is allowed here", tool="event-filter", tool_status=status)
        if status:
            text = (self.messages.of("event-filter") or self.messages.text.decode(errors="replace")).strip()
            text = text.replace(f"/dev/fd/{self.request.file}", "the request") if self.request else text
            # With a request, unreadable input is also the client's error.
            raise Refusal(400 if status == 2 or status == 3 and self.request else 500, text, tool="event-filter", tool_status=status)

    def _rewound(self):
        if not self.request:
            return ()
        self.request.rewind()
        return (self.request.file,)

    def run(self):
        self.is_starting = True
        self.errors, errors = os.pipe()
        source = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
        for number, arguments in enumerate(self.stages):
            output, target = os.pipe()
            try:
                fcntl.fcntl(target, F_SETPIPE_SZ, PIPE_SIZE)
            except OSError:
                pass
            keep = self._rewound() if arguments is self.filter else ()
            self.running[start(arguments, (source, target, errors), keep)] = number
            os.close(source)
            os.close(target)
            source = output
        os.close(errors)
        self.output = source
        self.is_starting = False

    def wait(self):
        """Waits for all stages after their output has ended. Returns the first failed one, as members of an error, or None."""
        end = time.monotonic() + ENDING
        while self.running:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process in self.running:
                self.statuses[self.running.pop(process)] = status_of(status)
            elif process == 0 and time.monotonic() < end:
                time.sleep(0.002)
            elif process == 0:
                # A later stage has all it wants (max_count), and this one waits for a ledger, so it does not notice.
                self.unneeded.update(self.running.values())
                for process in self.running:
                    os.kill(process, signal.SIGTERM)
                end = time.monotonic() + ENDING
        while self.errors is not None and (data := os.read(self.errors, 1 << 16)):
            self.messages.add(data)
        for number, arguments in enumerate(self.stages):
            status = self.statuses[number]
            # A stage whose reader has ended is ended by the system, or here.
            expected = {0, 128 + signal.SIGPIPE} | ({128 + signal.SIGTERM} if number in self.unneeded else set())
            if status not in expected:
                tool = os.path.basename(arguments[0])
                message = self.messages.of(tool) or f"it ended with status {status}"
                ledger = re.search(r"\bledgers? ([0-9]+)", message)
                return {"tool": tool, "status": status, "message": message, "ledger": int(ledger[1]) if ledger else None}
        return None

    def stop(self):
        """Ends the running stages: with SIGTERM, and half a second later with SIGKILL. This process ignores SIGTERM."""
        # The group, because a process that has just started may not be known here yet.
        os.killpg(0, signal.SIGTERM)
        for patience in (0.5, 5):
            end = time.monotonic() + patience
            while self.running and time.monotonic() < end:
                process, status = os.waitpid(-1, os.WNOHANG)
                if not process:
                    time.sleep(0.005)
                self.running.pop(process, None)
            for process in self.running:
                os.kill(process, signal.SIGKILL)


def run_to_end(arguments, patience=10):
    """Runs a program without input or output of interest; returns its status and its messages."""
    readable, writable = os.pipe()
    nothing = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    process = start(arguments, (nothing, nothing, writable))
    os.close(writable)
    os.close(nothing)
    text = b""
    while data := os.read(readable, 1 << 16):
        text = (text + data)[-MOST_OF_MESSAGES:]
    os.close(readable)
    return status_of(os.waitpid(process, 0)[1]), text.decode(errors="replace")
