"""Records of a pipeline of programs, run without a shell."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from typing import IO, Any

from .errors import RequestError, SorobanPipesError, StageError, UnavailableError
from .filters import conditions, wants_footprints
from .lines import LineDecoder, parse
from .position import Behind
from .source import SourceRequest, Style

#: The maximum length of a stage's messages that is kept.
_MOST_OF_MESSAGES = 16 << 10
#: How long a stage may run after the following ones have ended, and how long it may take to end.
_ENDING = 0.5
_PIECE = 1 << 18
#: The descriptor from which event-filter reads its request.
_REQUEST = "--request=/dev/fd/"


def pipeline_of(
    ledgers: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    network: str | None = None,
    style: Style = "native",
    tools: str | os.PathLike[str] | None = None,
) -> list[list[str]]:
    """The stages of the usual pipeline over a data lake or files: ledger-split, invocation-extract, and scval-json unless values stay raw.

    `tools` is the folder of the filters; default the PATH.
    """

    def tool(name: str) -> str:
        return name if tools is None else os.path.join(os.fspath(tools), name)

    files = [ledgers] if isinstance(ledgers, (str, os.PathLike)) else ledgers
    split = [tool("ledger-split"), "-q", *([] if network is None else [f"--network={network}"]), "--", *[os.fspath(file) for file in files]]
    decode = [] if style == "raw" else [[tool("scval-json"), "-q", f"--style={style}"]]
    return [split, [tool("invocation-extract"), "-q"], *decode]


class PipelineSource:
    """Records of a pipeline: one list of arguments per program. The options of a stream become options of the filters."""

    def __init__(self, stages: Sequence[Sequence[str]]) -> None:
        if not stages or any(isinstance(stage, str) or not stage for stage in stages):
            raise RequestError("a pipeline is one list of arguments for each program")
        self._stages = [list(stage) for stage in stages]

    def can_resume(self, request: SourceRequest) -> bool:
        """A data lake that is followed is read in order; files are read in the order in which they are named."""
        names = [_name(stage) for stage in self._stages]
        return request.follow and "ledger-split" in names and "invocation-extract" in names

    def plan(self, request: SourceRequest, request_file: int | None = None) -> list[list[str]]:
        """The stages, with the request added to the options of the filters."""
        stages = [list(stage) for stage in self._stages]

        def add(tool: str, what: str, *options: str) -> None:
            for stage in stages:
                if _name(stage) == tool:
                    stage[1:1] = options
                    return
            raise RequestError(f"{what} takes a pipeline with {tool}")

        if request.after == "now":
            raise RequestError("a pipeline cannot go on after now; give it a first ledger")
        start = request.first_ledger
        if start > 0 or request.end is not None:
            add("ledger-split", "a range of ledgers", f"--ledgers={start or ''}-{'' if request.end is None else request.end}")
        if request.follow:
            add("ledger-split", "following", "--follow")
        is_invocations = request.kind == "invocations"
        if not is_invocations and not any(_name(stage) == "invocation-extract" and _is_by_event(stage) for stage in stages):
            add("invocation-extract", "reading events", "--by=event")
        if is_invocations and request.after is not None:
            add("invocation-extract", "going on after a record", f"--after={request.after}")
        if is_invocations and wants_footprints(request.filter):
            add("invocation-extract", "footprint operations", "--footprint-ops")
        wanted = [(name.replace("_", "-"), value) for name, value in conditions(request.filter)]
        options = [f"--{name}" if value is None else f"--{name}={value}" for name, value in wanted]
        if request_file is not None:
            options.append(f"{_REQUEST}{request_file}")
        if options:
            names = [_name(stage) for stage in stages]
            given = [word for stage in self._stages if _name(stage) == "ledger-split" for word in stage if word.startswith("--network=")]
            beside = stages[names.index("invocation-extract")][0] if "invocation-extract" in names else ""
            program = beside[: beside.rfind("/") + 1] + "event-filter"
            place = names.index("scval-json") if "scval-json" in names else len(stages)
            stages.insert(place, [program, "-q", *given[:1], *options])
        return stages

    def open(self, request: SourceRequest) -> Iterator[list[Any]]:
        behind = Behind(request.after) if request.kind == "events" and request.after not in (None, "now") else None
        with tempfile.TemporaryFile() as file:
            given = None
            if "request" in request.filter:
                file.write(json.dumps(request.filter["request"]).encode())
                file.seek(0)
                given = file.fileno()
            plan = self.plan(request, given)
            if request.closing.is_set:
                return
            running = _Running(plan, given)
        lines = LineDecoder()
        is_whole = False
        request.closing.add(running.terminate)
        try:
            while piece := os.read(running.output.fileno(), _PIECE):
                request.metrics.bytes += len(piece)
                records, failure = parse(lines.take(piece))
                wanted = records if behind is None else behind.take(records)
                if wanted:
                    yield wanted
                if failure is not None:
                    raise failure
            if request.closing.is_set:
                return
            if behind is not None and (rest := behind.end()):
                yield rest
            running.expect_success()
            if lines.is_unfinished:
                raise UnavailableError("the last line is not whole")
            is_whole = True
        finally:
            request.closing.remove(running.terminate)
            if not is_whole:
                running.end()
            running.output.close()


class InputSource:
    """Records as lines from another program, such as `sys.stdin.buffer` at the end of a shell pipeline."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._input = lines

    def can_resume(self, request: SourceRequest) -> bool:
        return False

    def open(self, request: SourceRequest) -> Iterator[list[Any]]:
        if request.filter.keys() - {"max_count"} or request.start is not None or request.end is not None or request.follow:
            raise RequestError("lines come as they are: filters, ranges and following are for the programs that write them")
        if request.after is not None:
            raise RequestError("lines come as they are: they cannot be gone on after a record")
        lines = LineDecoder()
        read = getattr(self._input, "read1", self._input.read)
        while piece := read(_PIECE):
            if request.closing.is_set:
                return
            request.metrics.bytes += len(piece)
            records, failure = parse(lines.take(piece))
            if records:
                yield records
            if failure is not None:
                raise failure
        if lines.is_unfinished:
            raise UnavailableError("the last line is not whole")


class _Stage:
    """A running program."""

    def __init__(self, words: list[str], before: IO[bytes] | None, given: int | None) -> None:
        self.tool = _name(words)
        self._messages = b""
        #: It was ended because its output is not needed any more.
        self.is_unneeded = False
        files = () if given is None or not any(word.startswith(_REQUEST) for word in words) else (given,)
        self.process = subprocess.Popen(
            words, stdin=before or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=files, bufsize=0
        )
        # Its messages are read as they arrive: a full pipe would block it.
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        said = self.process.stderr
        assert said is not None
        with said:
            while piece := said.read(_MOST_OF_MESSAGES):
                self._messages = (self._messages + piece)[-_MOST_OF_MESSAGES:]

    def signal(self, number: signal.Signals) -> None:
        # Not after the process was waited for: Popen checks that.
        self.process.send_signal(number)

    def message(self) -> str | None:
        """Its first message, without its name."""
        self._listener.join(_ENDING)
        lines = [line for line in self._messages.decode(errors="replace").split("\n") if line]
        for line in lines:
            if line.startswith(f"{self.tool}: ") and not line.startswith(f"{self.tool}: warning: "):
                return line[len(self.tool) + 2 :]
        return lines[-1] if lines else None


class _Running:
    """All programs of a pipeline, connected directly: the bytes between them do not pass through this process."""

    def __init__(self, plan: list[list[str]], given: int | None) -> None:
        self.stages: list[_Stage] = []
        before: IO[bytes] | None = None
        for words in plan:
            try:
                stage = _Stage(words, before, given)
            except (OSError, ValueError) as error:
                self.end()
                raise RequestError(f"{words[0]}: {getattr(error, 'strerror', None) or error}", tool=_name(words), status=127) from error
            finally:
                # The next program has its own copy.
                if before is not None:
                    before.close()
            self.stages.append(stage)
            before = stage.process.stdout
        assert before is not None
        self.output = before

    def terminate(self) -> None:
        for stage in self.stages:
            stage.signal(signal.SIGTERM)

    def end(self) -> None:
        """Ends the running programs: with SIGTERM, and a little later with SIGKILL."""
        self.terminate()
        until = time.monotonic() + _ENDING
        for stage in self.stages:
            try:
                stage.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                stage.signal(signal.SIGKILL)
                stage.process.wait()

    def expect_success(self) -> None:
        """Waits for all stages after the output has ended; raises the error of the first one that failed."""
        until = time.monotonic() + _ENDING
        for stage in self.stages:
            try:
                stage.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                # A later stage has all it wants, and this one waits for a ledger, so it does not notice.
                stage.is_unneeded = True
                stage.signal(signal.SIGTERM)
        self.end()
        for index, stage in enumerate(self.stages):
            code = stage.process.returncode
            # The status as in a shell.
            status = code if code >= 0 else 128 - code
            # A stage whose reader has ended is ended by SIGPIPE, or here.
            if status == 0 or (index < len(self.stages) - 1 and status == 141) or (stage.is_unneeded and status == 143):
                continue
            raise _failure(stage, status)


def _failure(stage: _Stage, status: int) -> SorobanPipesError:
    message = stage.message() or f"it ended with status {status}"
    found = re.search(r"\bledgers? ([0-9]{1,10})\b", message)
    kind = RequestError if status in (2, 127) else StageError
    return kind(message, tool=stage.tool, status=status, ledger=int(found[1]) if found else None)


def _name(stage: Sequence[str]) -> str:
    return stage[0].rpartition("/")[2]


def _is_by_event(stage: Sequence[str]) -> bool:
    return "--by=event" in stage or any(pair == ("--by", "event") for pair in zip(stage, stage[1:]))
