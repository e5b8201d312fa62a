"""The modules of soroban-backfill: one range of ledgers in, one file out."""

import collections
import os
import shutil
import signal
import sys

MARK = "soroban-pipes.backfill_range.v1"
FAILURE = "soroban-pipes.backfill_failure.v1"
LAST_SEQUENCE = 0xFFFFFFFF
USAGE, DATA, FILES = 2, 3, 4


class Problem(Exception):
    """An error that ends the program: a message, and the exit status."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


# The last messages, for reports of a failure other than standard error.
heard = collections.deque(maxlen=20)


def say(message):
    name = os.path.basename(sys.argv[0])
    heard.append(str(message))
    # Object names are untrusted data: none of their control characters reaches a terminal.
    text = "".join(c if c.isprintable() else "?" for c in str(message))
    sys.stderr.write(f"{name}: {text}\n")
    sys.stderr.flush()


def tool(name):
    """A program: on the PATH, next to this script, or where the project builds and installs it."""
    here = os.path.dirname(os.path.realpath(__file__))
    root = os.path.realpath(f"{here}/../../..")
    places = [os.path.dirname(os.path.abspath(sys.argv[0])), f"{root}/.build/release", f"{root}/.build/debug"]
    places.append(f"{root}/.build/programs/bin")
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(places))
    if not found:
        raise Problem(f"{name} is not installed: it is not on the PATH", FILES)
    return found


def ended(status):
    """How a program ended, as text."""
    if status >= 0:
        return f"status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"
