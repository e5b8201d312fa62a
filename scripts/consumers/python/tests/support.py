"""Paths, programs and pipelines for the tests."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "Package.swift").exists())
CONSUMERS = ROOT / "scripts/consumers"
TESTDATA = ROOT / "testdata"
LAKE = TESTDATA / "lake"
SPLIT = ["ledger-split", "-q", "--network=local", str(LAKE)]


class Server:
    """A program that prints its address, until the end of the block."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._said: list[str] = []

    def __enter__(self) -> Server:
        self.process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.append(line)
            if match := re.search(r"listening at (\S+?)/?$", line.rstrip()):
                self.address = match[1]
                # Its further output must not block it.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return self
        raise AssertionError("".join(self._said))

    def stop(self, *, kill: bool = False) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait()

    def __exit__(self, *_: object) -> None:
        self.stop()


def pipe(*stages: list[str]) -> str:
    """The output of filters, each a list of arguments, joined by pipes as in a shell."""
    data = b""
    for stage in stages:
        process = subprocess.Popen(stage, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        data = process.communicate(data)[0]
        assert process.returncode == 0, stage
    return data.decode()


def parsed(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line]


def plain(kind: str, style: str, *conditions: str) -> list[Any]:
    """The output of the tools alone for the lake."""
    decode = [] if style == "raw" else [["scval-json", "-q", f"--style={style}"]]
    by = ["--by=event"] if kind == "events" else []
    return parsed(pipe(SPLIT, ["invocation-extract", *by], ["event-filter", "-q", "--network=local", *conditions], *decode))


def as_json(records: Iterable[Any]) -> list[Any]:
    """Records as JSON again."""
    return [record.to_json() for record in records]
