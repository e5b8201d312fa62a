"""Shared state of one server's processes: settings, places for streams, and counters, as files in one directory.

A place is a byte of a file that a process locks, so that the system frees it however the process ends.
"""

import contextlib
import fcntl
import json
import os
import signal
import struct
import time

from . import Refusal

# struct flock of Linux on 64 bits: type, whence, start, length, process.
FLOCK = struct.Struct("hhqqi4x")


class State:
    def __init__(self, directory):
        self.directory = directory
        with open(f"{directory}/settings.json") as file:
            self.settings = json.load(file)
        self.place = None

    def __getattr__(self, name):
        try:
            return self.settings[name]
        except KeyError:
            raise AttributeError(name) from None

    # Places for streams.

    def take_place(self):
        """Takes a place for a stream until this process ends."""
        self.place = os.open(f"{self.directory}/places", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for number in range(self.streams):
            try:
                fcntl.lockf(self.place, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
                return
            except (BlockingIOError, PermissionError):
                continue
        raise Refusal(503, f"{self.streams} streams are open, which are the most", headers=["Retry-After: 5"])

    def taken(self):
        """The processes that hold places."""
        file = os.open(f"{self.directory}/places", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            locks = (fcntl.fcntl(file, fcntl.F_GETLK, FLOCK.pack(fcntl.F_WRLCK, 0, n, 1, 0)) for n in range(self.streams))
            found = [FLOCK.unpack(lock) for lock in locks]
        finally:
            os.close(file)
        return [lock[4] for lock in found if lock[0] != fcntl.F_UNLCK]

    # Counters.

    def counters(self, change=None):
        """The counters, a number for each name with its labels, after adding `change`."""
        with open(f"{self.directory}/counters.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path = f"{self.directory}/counters.json"
            try:
                with open(path) as file:
                    counters = json.load(file)
            except FileNotFoundError:
                counters = {}
            if change:
                for name, amount in change.items():
                    counters[name] = counters.get(name, 0) + amount
                replace(path, json.dumps(counters))
        return counters


def replace(path, text):
    """Writes a file so that readers see either the old or the new text."""
    aside = f"{path}.{os.getpid()}"
    try:
        with open(aside, "w") as file:
            file.write(text)
        os.rename(aside, path)
    except BaseException:
        # This can also be interrupted by a client that disconnects.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside)
        raise


def end_streams(state):
    """Waits for the processes of streams, which end by themselves after the server; ends those that hang."""
    for number, patience in ((None, 1), (signal.SIGTERM, 1), (signal.SIGKILL, 1)):
        end = time.monotonic() + patience
        while (processes := state.taken()) and time.monotonic() < end:
            time.sleep(0.02)
        for process in processes:
            try:
                os.killpg(process, number) if number else None
            except ProcessLookupError:
                pass
