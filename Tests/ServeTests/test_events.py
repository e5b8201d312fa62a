"""/events: event records, each with the id of an RPC server's getEvents."""

import json

from common import LAKE, FolderCase, GrowingLake, Server, needs_lighttpd, pipeline


def plain(ledgers, *conditions, lake=LAKE, style="native"):
    stages = [["ledger-split", "-q", f"--ledgers={ledgers}", lake], ["invocation-extract", "--by=event"], ["event-filter", "-q", *conditions]]
    return pipeline(*stages, ["scval-json", f"--style={style}"]).splitlines()


def identity(line):
    return json.loads(line)["event"]["id"]


@needs_lighttpd
class Events(FolderCase):
    def setUp(self):
        super().setUp()
        self.server = Server(LAKE, "--heartbeat", "0.2")
        self.addCleanup(self.server.stop)

    def lines(self, query):
        status, _, body = self.server.get(f"/events?end_ledger=1051&{query}")
        self.assertEqual(status, 200, body)
        return [line for line in body.split(b"\n") if line]

    def test_they_are_those_of_the_filters(self):
        for query, conditions in (
            ("", []), ("contract=native", ["--contract=native", "--network=local"]), ("topic=transfer/**", ["--topic=transfer/**"]),
            ("stage=before_all_txs", ["--stage=before_all_txs"]), ("event_type=system", ["--event-type=system"]),
            ("data=.%3D%3E1000", ["--data=.=>1000"]), ("max_count=4", ["--max-count=4"]),
        ):  # fmt: skip
            with self.subTest(query):
                expected = plain("-1051", *conditions)
                self.assertEqual(self.lines(query), expected)
                self.assertGreater(len(expected), 0)

    def test_every_event_can_be_gone_on_after(self):
        """The events of a ledger are not sent in the order of their ids: the fees of all transactions have the lowest ones."""
        expected = plain("-1051")
        ids = [identity(line) for line in expected]
        self.assertNotEqual(ids, sorted(ids))
        for number in range(0, len(expected), 9):
            self.assertEqual(self.lines(f"after={ids[number]}"), expected[number + 1 :], ids[number])
        blocks = [block for block in self.server.events("/events?end_ledger=1051", ids[50]) if block[1]]
        self.assertEqual([(i, data.encode()) for i, _, data in blocks[:-1]], list(zip(ids[51:], expected[51:])))
        self.assertEqual(blocks[-1][1], "end")
        self.assertLessEqual({event for _, event, _ in blocks[:-1]}, {"contract", "system"})

    def test_an_event_that_other_conditions_selected(self):
        """From the ledger of that id, events with greater ids are sent, and from later ledgers all."""
        everything = plain("-1051")
        wanted = plain("-1051", "--event-type=system")
        chosen = next(line for line in everything if line not in wanted and json.loads(line)["meta"]["ledger_sequence"] == 1040)
        expected = [line for line in wanted if identity(line) > identity(chosen)]
        self.assertEqual(self.lines(f"event_type=system&after={identity(chosen)}"), expected)
        self.assertGreater(len(expected), 0)

    def test_the_last_one_and_ids_of_other_kinds(self):
        last = identity(plain("-1051")[-1])
        self.assertEqual(self.lines(f"after={last}"), [])
        headers = {"Accept": "text/event-stream", "Last-Event-ID": last}
        self.assertEqual(self.server.get("/events?end_ledger=1051", headers=headers)[0], 204)
        for text in ("4410931417089", "x", last + "0", "9" * 19 + "-0000000000"):
            status, _, body = self.server.get(f"/events?after={text}")
            self.assertEqual(status, 400)
            self.assertIn("an event's id", json.loads(body)["error"]["message"])
        self.assertEqual(self.server.get("/events?after=0000000000004294967-0000000001")[0], 410)

    def test_they_are_followed(self):
        lake = GrowingLake(self.folder, 10)
        with Server(lake.path, "--heartbeat", "0.2") as server:
            stream = server.events("/events?after=now")
            next(stream)
            # The stream waits for ledgers that do not exist yet.
            self.assertEqual(next(stream)[0], None)
            found = []
            while lake.coming:
                lake.add()
                expected = plain(f"1044-{1051 - 2 * len(lake.coming)}", lake=lake.path)
                while len(found) < len(expected):
                    block = next(stream)
                    found += [block[2].encode()] if block[0] else []
                self.assertEqual(found, expected)
            stream.close()
