"""The options of both servers, and the directory that their processes share."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time

from .pipeline import TOOLS

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def fail(status, message):
    print(f"soroban-serve: {message}", file=sys.stderr)
    sys.exit(status)


def within(low, high, kind):
    def read(text):
        number = kind(text)
        if not low <= number <= high:
            raise ValueError
        return number

    read.__name__ = f"number from {low} to {high}"
    return read


port = within(0, 65535, int)


def add_options(parser):
    parser.add_argument("--lake", required=True, metavar="DIR", help="the data lake (SEP-54) to serve")
    parser.add_argument("--network", metavar="NAME", help="as for ledger-split: pubnet, testnet, ... (default: what the lake says)")
    parser.add_argument("--tools", metavar="DIR", help="where the filters are (default: on the PATH)")
    parser.add_argument("--streams", type=within(1, 4096, int), default=64, metavar="N", help="how many streams can be open at once (default: 64)")
    parser.add_argument("--max-body", type=within(1, 1 << 30, int), default=1 << 20, metavar="BYTES", help="the largest body of a request (default: 1 MiB)")
    parser.add_argument("--max-age", type=within(0, 1e9, float), default=0, metavar="SECONDS",
                        help="/health answers 503 if the last ledger is older (default: any age)")  # fmt: skip
    parser.add_argument("--heartbeat", type=within(0.01, 3600, float), default=15, metavar="SECONDS",
                        help="how long a stream can be silent before a heartbeat is sent (default: 15)")  # fmt: skip
    parser.add_argument("--write-timeout", type=within(1, 86400, int), default=60, metavar="SECONDS",
                        help="how long a client can read nothing before it is cut off (default: 60)")  # fmt: skip
    parser.add_argument("--poll", type=within(0.01, 3600, float), default=1, metavar="SECONDS", help="as for ledger-split (default: 1)")
    parser.add_argument("--patience", type=within(0, 1e9, float), default=60, metavar="SECONDS", help="as for ledger-split (default: 60)")


def write(directory, given, *, framed):
    """Writes the settings for every process of the server, and the program that answers a request."""
    lake = os.path.abspath(given.lake)
    if not os.path.isdir(lake):
        fail(4, f"{given.lake}: there is no such directory")
    path = given.tools or f"{os.environ.get('PATH', os.defpath)}:{HERE}/../../../bin"
    tools = {name: shutil.which(name, path=path) for name in TOOLS}
    if missing := [name for name, found in tools.items() if not found]:
        fail(4, f"{', '.join(missing)}: not on the PATH (--tools names another directory)")
    tools = {name: os.path.abspath(found) for name, found in tools.items()}
    check_network(tools["ledger-split"], lake, given.network)
    names = ("streams", "max_body", "max_age", "heartbeat", "poll", "patience")
    settings = {name: getattr(given, name) for name in names}
    settings |= {"lake": lake, "network": given.network or network_of(lake), "tools": tools, "framed": framed, "started": int(time.time()),
                 "allow_origin": getattr(given, "allow_origin", None)}  # fmt: skip
    version = subprocess.run([tools["ledger-split"], "--version"], capture_output=True, text=True).stdout
    settings["version"] = version.removeprefix("ledger-split").strip()
    with open(f"{directory}/settings.json", "w") as file:
        json.dump(settings, file)
    # Isolated, and without the modules that a request does not need, so that it starts quickly. Keeps compiled modules next to
    # it.
    program = f"""#!{sys.executable} -ISB
import sys
sys.path.insert(0, {HERE!r})
sys.pycache_prefix, sys.dont_write_bytecode = {directory + '/compiled'!r}, False
from serve_lib.request import main
main({directory!r})
"""
    with open(f"{directory}/request", "w") as file:
        file.write(program)
    os.chmod(f"{directory}/request", 0o755)


def check_network(tool, lake, network):
    """The message of ledger-split for an unknown network, or one that contradicts the lake."""
    option = [f"--network={network}"] if network else []
    # No lake contains this ledger.
    found = subprocess.run([tool, "-q", *option, "--ledgers=4294967295", lake], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if found.returncode == 2:
        fail(2, re.sub("^ledger-split: ", "", found.stderr.splitlines()[0]))


def network_of(lake):
    """The network that a lake names, for filters that do not read the lake."""
    try:
        with open(f"{lake}/.config.json") as file:
            passphrase = json.load(file).get("networkPassphrase")
    except (OSError, ValueError, AttributeError):
        passphrase = None
    return passphrase if isinstance(passphrase, str) and passphrase else os.environ.get("NETWORK_PASSPHRASE")


def free_port(address, port):
    """The port, or if it is 0 one that the system chooses. Ends the program if the port is not available."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            fail(4, f"cannot listen at {address}, port {port}: {error.strerror}")
        return probe.getsockname()[1]


def wait_for_port(address, port, server):
    """Waits until the server listens, or has ended."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    while server.poll() is None:
        try:
            socket.create_connection((reachable, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False
