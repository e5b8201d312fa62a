"""A client of the service that disconnects at random and resumes after its last record: prints each record once.

python3 cut_client.py PORT SEED, for the ledgers from $FIRST to $LAST.
"""

import contextlib
import http.client
import os
import random
import sys

from common import PATIENCE, blocks


def main(port, seed):
    chosen = random.Random(seed)
    target = f"/invocations?start_ledger={os.environ['FIRST']}&end_ledger={os.environ['LAST']}&style=native"
    last, cuts = None, 0
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with contextlib.closing(connection):
            headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
            connection.request("GET", target, headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                sys.exit(f"status {answer.status}: {answer.read()}")
            left = chosen.randrange(1, 3000)
            for identity, event, data in blocks(iter(answer.readline, b"")):
                if event == "error":
                    sys.exit(data)
                if event == "end":
                    print(f"cut_client {seed}: {cuts} cuts", file=sys.stderr)
                    return
                if identity:
                    print(data, flush=True)
                    last = identity
                    left -= 1
                if not left:
                    break
        cuts += 1


main(int(sys.argv[1]), int(sys.argv[2]))
