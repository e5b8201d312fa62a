"""A short form of a long run: scripts/replay fills a lake, and clients that are cut off at random get every record once."""

import contextlib
import json
import os
import random
import subprocess
import sys
import threading

from common import PATIENCE, ROOT, FolderCase, Server, blocks, needs_lighttpd, plain, toid, wait_until

SEED = 7


@needs_lighttpd
class Replayed(FolderCase):
    def test_clients_that_are_cut_off_at_random(self):
        # The same ledgers each time: those of the project, repeated and renumbered.
        options = ["--network", "local", "--loop", "--first", "2000", "--count", "400"]
        command = [sys.executable, f"{ROOT}/scripts/replay", "lake", *options]
        subprocess.run([*command, f"{self.folder}/whole"], check=True, stdout=subprocess.DEVNULL)
        expected = plain("-2399", "native", "--network=local", lake=f"{self.folder}/whole").splitlines()
        lake = f"{self.folder}/lake"
        os.mkdir(lake)
        with Server(lake, "--heartbeat", "0.5", "--poll", "0.1", "--network", "local") as server:
            replay = subprocess.Popen([*command, "--rate", "50", lake], stdout=subprocess.DEVNULL)
            received = [[] for _ in range(3)]
            failures = []

            def client(number):
                chosen = random.Random(SEED + number)
                records = received[number]
                try:
                    while len(records) < len(expected):
                        last = {"Last-Event-ID": records[-1][0]} if records else {}
                        connection, answer = server.open("/invocations", {"Accept": "text/event-stream"} | last)
                        with contextlib.closing(connection):
                            assert answer.status == 200, answer.read()
                            left = chosen.randrange(1, 150)
                            for identity, event, data in blocks(iter(answer.readline, b"")):
                                assert event not in ("error", "end"), data
                                records += [(identity, data)] if identity else []
                                left -= 1
                                if not left or len(records) >= len(expected):
                                    break
                except BaseException as error:
                    failures.append(error)

            threads = [threading.Thread(target=client, args=[number]) for number in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(4 * PATIENCE)
            self.assertEqual(failures, [])
            self.assertEqual(replay.wait(PATIENCE), 0)
            for records in received:
                self.assertEqual([data.encode() for _, data in records], expected)
                self.assertEqual([identity for identity, _ in records], [toid(line) for line in expected])
            wait_until(lambda: json.loads(server.get("/health")[2])["streams"] == 0, "the end of all streams")
            self.assertEqual(server.tools(), set())
