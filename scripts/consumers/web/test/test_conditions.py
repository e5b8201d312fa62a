"""Conditions select the same as event-filter, and the copied command line gives the same bytes."""

import json

from playwright.sync_api import expect

from .browser import LEDGERS, ROOT, PageTest, shell

SWAP = "CCY3NLZZETB5VXNO6FFFFXJFCVOIJCF6XJGCVDIKENQAYASXQKBTIXI6"
POKED = "CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR"
ACCOUNT = "GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL"
BEFORE = f"ledger-split --network local {LEDGERS} | invocation-extract"
AFTER = "scval-json --style=native"

# The text of fields, and the equivalent options of event-filter.
CASES = [
    ({"contract": SWAP}, f"--contract {SWAP}"),
    ({"contract": f"{SWAP}, {POKED}"}, f"--contract {SWAP} --contract {POKED}"),
    ({"function": "s*"}, "--function 's*'"),
    ({"function": "swap\n/^with/"}, "--function swap --function '/^with/'"),
    ({"account": ACCOUNT}, f"--account {ACCOUNT}"),
    ({"outcome": "succeeded"}, "--succeeded"),
    ({"outcome": "failed"}, "--failed"),
    ({"type": "create"}, "--type create"),
    ({"ledgers": "1027-1028 1040-"}, "--ledgers 1027-1028 --ledgers 1040-"),
    ({"topic": "transfer/**"}, "--topic 'transfer/**'"),
    ({"involves": SWAP}, f"--involves {SWAP}"),
    ({"function": "price", "any-call": True}, "--function price --any-call"),
    ({"result": "trapped"}, "--result trapped"),
    ({"arg": "0.=>1000"}, "--arg '0.=>1000'"),
    ({"arg": ">=3\nUSD"}, "--arg '>=3' --arg USD"),
    ({"has": "calls,state"}, "--has calls --has state"),
    ({"change": "delete"}, "--change delete"),
    ({"durability": "temporary"}, "--durability temporary"),
    ({"min-args": "3"}, "--min-args 3"),
    ({"max-args": "0", "type": "call"}, "--max-args 0 --type call"),
    ({"since": "2024-01-01T00:01:00Z", "until": "2024-01-01T00:02:00Z"}, "--since 2024-01-01T00:01:00Z --until 2024-01-01T00:02:00Z"),
    ({"outcome": "failed", "function": "swap", "any": True}, "--failed --function swap --any"),
    ({"contract": SWAP, "invert-match": True}, f"--contract {SWAP} --invert-match"),
]


class Conditions(PageTest):
    def test_as_event_filter(self):
        self.open()
        self.page.click("#more summary")
        counts = set()
        for given, options in CASES:
            with self.subTest(options):
                self.page.click("#conditions button[type=reset]")
                self.drop(LEDGERS)
                self.wait()
                for name, value in given.items():
                    self.condition(name, value)
                self.wait()
                expected = shell(f"{BEFORE} | event-filter {options} | {AFTER}")
                counts.add(expected.count(b"\n"))
                expect(self.page.locator("#status")).to_contain_text(f"{len(expected.splitlines())} invocation")
                self.assertEqual(self.exported(), expected)
                self.assertEqual(shell(self.command(), f"{ROOT}/testdata"), expected)
        # They are not all the same.
        self.assertGreater(len(counts), 10)

    def test_footprint_operations(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        self.condition("type", "extend")
        expected = shell(f"{BEFORE} --footprint-ops | event-filter --type extend | {AFTER}")
        self.assertGreater(len(expected.splitlines()), 0)
        self.wait(f"{len(expected.splitlines())} invocation")
        self.wait()
        self.assertEqual(self.exported(), expected)
        self.assertEqual(shell(self.command(), f"{ROOT}/testdata"), expected)

    def test_events(self):
        path = f"{ROOT}/testdata/events.xdr"
        self.open()
        self.page.select_option("#mode", "events")
        self.drop(path)
        self.wait()
        before = f"ledger-split --network local {path} | invocation-extract --by event"
        self.assertEqual(self.exported(), shell(f"{before} | {AFTER}"))
        self.assertEqual(self.exported("csv"), shell(f"{before} | {ROOT}/scripts/cookbook/events-csv"))
        for name, value, options in (("topic", "fee/**", "--topic 'fee/**'"), ("stage", "after_tx", "--stage after_tx")):
            self.page.click("#conditions button[type=reset]")
            self.condition(name, value)
            expected = shell(f"{before} | event-filter {options} | {AFTER}")
            self.wait(f"{len(expected.splitlines())} event")
            self.wait()
            self.assertEqual(self.exported(), expected)
            self.assertEqual(shell(self.command(), f"{ROOT}/testdata"), expected)
        # One event alone, by the command line of its record.
        self.page.locator("#canvas .row").nth(1).click()
        expect(self.page.locator("#detail h2")).to_be_visible()
        self.assertEqual(shell(self.command("#copy-record-command"), f"{ROOT}/testdata"), expected.splitlines(keepends=True)[1])

    def test_one_record(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        lines = self.exported().splitlines(keepends=True)
        for row in (0, 6, 12):
            self.page.locator("#canvas .row").nth(row).click()
            expect(self.page.locator("#detail")).to_contain_text(json.loads(lines[row])["meta"]["tx_hash"])
            self.assertEqual(shell(self.command("#copy-record-command"), f"{ROOT}/testdata"), lines[row])

    def test_wrong_conditions(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        for name, value, message in (("contract", "nope", "--contract: 'nope' is not a contract"), ("function", "/(/", "not a POSIX extended regular expression"),
                                     ("ledgers", "9-3", "the range is reversed"), ("min-args", "many", "min-args")):  # fmt: skip
            self.page.click("#conditions button[type=reset]")
            self.condition(name, value)
            expect(self.page.locator("#refusal")).to_contain_text(message)
        self.page.click("#conditions button[type=reset]")
        self.wait("84 invocations")
        expect(self.page.locator("#refusal")).to_have_text("")

    def test_search(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        for text in ("usd", "FN_CALL", "instructions", "no such text in it"):
            self.page.fill("#search", text)
            expected = shell(f"{BEFORE} | {AFTER} | {{ grep -F -i '{text}' || true; }}")
            self.wait(f"{len(expected.splitlines())} found ·")
            self.assertEqual(self.exported(), expected)
            expect(self.page.locator("#grid")).to_have_attribute("aria-rowcount", str(len(expected.splitlines()) + 1))
            if expected:
                self.assertEqual(shell(self.command(), f"{ROOT}/testdata"), expected)
        self.page.fill("#search", "")
        expect(self.page.locator("#grid")).to_have_attribute("aria-rowcount", "85")

    def test_search_and_conditions_together(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        self.page.fill("#search", "usd")
        self.wait("found")
        self.condition("outcome", "succeeded")
        expected = shell(f"{BEFORE} | event-filter --succeeded | {AFTER} | grep -F -i usd")
        self.wait(f"{len(expected.splitlines())} found · ")
        self.wait("done")
        self.assertEqual(self.exported(), expected)
        self.assertEqual(shell(self.command(), f"{ROOT}/testdata"), expected)
        self.page.click("#order")
        first = json.loads(expected.splitlines()[-1])["meta"]["ledger_sequence"]
        expect(self.page.locator("#canvas .row").first.locator(".ledger")).to_have_text(str(first))

    def test_nothing_matches(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        self.condition("function", "no_such_function")
        self.wait("0 invocations")
        expect(self.page.locator("#empty-title")).to_have_text("No record matches")

    def test_names_that_a_shell_would_read(self):
        name = "it's; $(touch hurt) `x`.xdr"
        with open(LEDGERS, "rb") as source, open(f"{self.directory}/{name}", "wb") as file:
            file.write(source.read())
        self.open()
        self.drop(f"{self.directory}/{name}")
        self.wait()
        self.assertEqual(shell(self.command(), self.directory), self.exported())
        self.assertEqual(shell("ls", self.directory).decode(), f"{name}\n")
