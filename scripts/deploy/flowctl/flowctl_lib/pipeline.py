"""A shell pipeline as a child, in its own process group."""

import asyncio
import os
import signal

from serve_lib.rpc import AHEAD, lines

from . import Failure

# The shell waits for its stages, which finish their records, and then ends because of the signal.
PROLOGUE = "trap : TERM INT HUP\n"


class Pipeline:
    def __init__(self, command, variables):
        self.command = command
        self.environment = {**os.environ, **variables}
        self.process = None
        self.last_said = ""
        self.is_stopped = False

    async def start(self, *, feeds, reads):
        """Starts it. `feeds`: we write its standard input; `reads`: we read its standard output, otherwise it goes to the log."""
        self.process = await asyncio.create_subprocess_exec(
            "bash", "-o", "pipefail", "-c", PROLOGUE + self.command, env=self.environment, start_new_session=True, limit=AHEAD,
            stdin=asyncio.subprocess.PIPE if feeds else asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE if reads else None,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self):
        """Passes on the messages of the stages, and keeps the last line."""
        while data := await self.process.stderr.read(1 << 14):
            os.write(2, data)
            lines = [line for line in data.decode(errors="replace").splitlines() if line.strip()]
            if lines:
                self.last_said = lines[-1][:1000]

    async def lines(self):
        """The records that it writes. A truncated line, from a stage that died, is not a record."""
        async for line in lines(self.process.stdout):
            if line.endswith(b"\n") and line.strip():
                yield line

    async def feed(self, data):
        """Waits until the pipeline accepts data. Returns False if it accepts no more."""
        try:
            self.process.stdin.write(data)
            await self.process.stdin.drain()
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def end_input(self):
        self.process.stdin.close()

    async def check(self):
        """Waits for its end, and raises Failure unless all stages succeeded. A pipeline that was stopped has not failed."""
        status = await self.process.wait()
        await self.listening
        if status and not self.is_stopped:
            raise Failure(128 - status if status < 0 else status, self.last_said)

    async def stop(self, patience=5):
        """Ends every stage by SIGTERM, and after a while by SIGKILL."""
        if not self.process or self.process.returncode is not None:
            return
        self.is_stopped = True
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                break
            try:
                # Its remaining output must be read, or it would block.
                await asyncio.wait_for(self.process.wait(), patience)
                break
            except asyncio.TimeoutError:
                continue
