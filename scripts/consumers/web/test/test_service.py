"""Streams of scripts/serve: ranges, following, and a server that is killed and restarted."""

import glob
import os
import re
import shutil

from playwright.sync_api import expect

from .browser import LAKE, PageTest, Server, records, shell, wait_until

NATIVE = "scval-json --style=native"


class Service(PageTest):
    def connect(self, url="", start="", follow=True):
        if not self.page.locator("#service").is_visible():
            self.page.click("#open-service")
        self.page.fill("#service-url", url)
        self.page.fill("#service-start", start)
        self.page.locator("#service-follow").set_checked(follow)
        self.page.click("#service button[type=submit]")

    def grow(self, lake, ledger):
        """Adds the objects up to a ledger to a lake, each atomically."""
        os.makedirs(lake, exist_ok=True)
        if not os.path.exists(f"{lake}/.config.json"):
            shutil.copy(f"{LAKE}/.config.json", lake)
        objects = sorted(glob.glob(f"{LAKE}/*/*.zst"), key=lambda path: int(re.search(r"--(\d+)-\d+\.xdr", path)[1]))
        for path in objects:
            target = f"{lake}/{os.path.relpath(path, LAKE)}"
            if int(re.search(r"-(\d+)\.xdr", path)[1]) <= ledger and not os.path.exists(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy(path, target + ".tmp")
                os.rename(target + ".tmp", target)

    def test_range(self):
        self.open()
        self.connect(follow=False)
        self.wait("ended")
        self.assertEqual(self.exported(), shell(f"ledger-split {LAKE} | invocation-extract | {NATIVE}"))
        self.assertEqual(shell(self.command()), self.exported())
        self.condition("function", "swap")
        self.wait("3 invocations")
        self.wait("ended")
        self.assertEqual(self.exported(), shell(f"ledger-split {LAKE} | invocation-extract | event-filter --function swap | {NATIVE}"))
        self.assertEqual(shell(self.command()), self.exported())
        self.page.locator("#canvas .row").nth(1).click()
        expect(self.page.locator("#detail h2")).to_be_visible()
        self.assertEqual(shell(self.command("#copy-record-command")), self.exported().splitlines(keepends=True)[1])

    def test_events(self):
        self.open()
        self.page.select_option("#mode", "events")
        self.connect(follow=False)
        self.wait("ended")
        self.assertEqual(self.exported(), shell(f"ledger-split {LAKE} | invocation-extract --by event | {NATIVE}"))

    def test_server_that_dies_and_comes_back(self):
        lake = f"{self.directory}/lake"
        self.grow(lake, 1029)
        server = Server(lake)
        self.addCleanup(server.stop)
        self.open()
        self.open(server.url)
        self.connect()
        count = lambda ledger: len(shell(f"ledger-split --ledgers=-{ledger} {LAKE} | invocation-extract").splitlines())
        expect(self.page.locator("#status")).to_contain_text(f"{count(1029)} invocations", timeout=60000)
        expect(self.page.locator("#status")).to_contain_text("connected")
        for ledger in (1037, 1051):
            server.kill()
            expect(self.page.locator("#status")).to_contain_text("interrupted", timeout=60000)
            self.grow(lake, ledger)
            server.start()
            expect(self.page.locator("#status")).to_contain_text(f"{count(ledger)} invocations", timeout=60000)
        # No record is lost or repeated.
        self.assertEqual(self.exported(), shell(f"ledger-split {LAKE} | invocation-extract | {NATIVE}"))
        ids = [record["meta"]["toid"] for record in records(self.exported())]
        self.assertEqual(len(ids), len(set(ids)))
        self.page.click("#stop")
        self.wait("ended")

    def test_position_is_sent(self):
        """The request after a disconnection has Last-Event-ID; for another origin, the parameter after."""
        lake = f"{self.directory}/lake"
        self.grow(lake, 1029)
        for is_elsewhere in (False, True):
            with self.subTest(is_elsewhere=is_elsewhere):
                server = Server(lake, "--allow-origin", "*")
                self.addCleanup(server.stop)
                self.open(None if is_elsewhere else server.url)
                asked = []
                self.context.on("request", lambda request: asked.append((request.url, request.headers)) if "/invocations" in request.url else None)
                self.connect(server.url)
                self.wait("connected")
                expect(self.page.locator("#status")).to_contain_text("invocations")
                last = records(self.exported())[-1]["meta"]["toid"]
                server.kill()
                expect(self.page.locator("#status")).to_contain_text("interrupted", timeout=60000)
                server.start()
                self.wait("connected")
                self.assertGreater(len(asked), 1)
                url, headers = asked[-1]
                self.assertEqual(f"after={last}" in url, is_elsewhere)
                self.assertEqual(headers.get("last-event-id"), None if is_elsewhere else last)
                server.stop()

    def test_refusals(self):
        self.open()
        self.condition("contract", "nope")
        self.connect(follow=False)
        wait_until(lambda: self.problems(), "a refusal")
        [(kind, _, message)] = self.problems()
        self.assertEqual(kind, "service")
        self.assertIn("'nope' is not a contract", message)
        self.page.click("#conditions button[type=reset]")
        self.wait("84 invocations")
        self.connect(start="5", follow=True)
        wait_until(lambda: self.problems(), "a refusal")
        self.assertIn("1024", self.problems()[0][2])

    def test_ranges(self):
        self.open()
        self.condition("ledgers", "1027-1028")
        self.connect(follow=True)
        self.wait("ended")
        self.assertEqual(self.exported(), shell(f"ledger-split --ledgers 1027-1028 {LAKE} | invocation-extract | {NATIVE}"))
        self.condition("ledgers", "1040-")
        self.connect(follow=False)
        self.wait("ended")
        self.assertEqual(self.exported(), shell(f"ledger-split --ledgers 1040- {LAKE} | invocation-extract | {NATIVE}"))
        self.condition("ledgers", "1027 1028")
        expect(self.page.locator("#refusal")).to_have_text("A service takes one range of ledgers.")

    def test_newest_first(self):
        lake = f"{self.directory}/lake"
        self.grow(lake, 1037)
        server = Server(lake)
        self.addCleanup(server.stop)
        self.open(server.url)
        self.connect()
        self.wait("connected")
        expect(self.page.locator("#status")).to_contain_text("ledger 1026 to 1037", timeout=60000)
        self.page.click("#order")
        row = self.page.locator("#canvas .row[aria-rowindex='4']")
        row.click()
        expect(self.page.locator("#detail h2")).to_be_visible()
        before = self.page.locator("#canvas .row[aria-selected=true] .tx").get_attribute("title")
        self.grow(lake, 1051)
        expect(self.page.locator("#status")).to_contain_text("ledger 1026 to 1051", timeout=60000)
        # The newest row is on top, and the current row is unchanged.
        expect(self.page.locator("#canvas .row[aria-rowindex='2'] .ledger")).to_have_text("1051")
        self.page.locator("#grid").focus()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("ArrowUp")
        expect(self.page.locator("#canvas .row[aria-selected=true] .tx")).to_have_attribute("title", before)

    def test_no_server(self):
        self.open()
        self.connect("http://127.0.0.1:1/", follow=False)
        expect(self.page.locator("#refusal")).to_contain_text("does not answer")

    def test_no_room_for_more(self):
        self.open(query="?rows=20")
        self.connect(follow=False)
        self.wait("not all is shown")
        self.assertIn("20 invocations", self.status)
        self.assertEqual(self.problems()[0][0], "large")
        # It resumes after the last one, also in the middle of a ledger.
        shown = self.exported()
        for _ in range(4):
            self.page.click(".problem button:has-text('Clear, and go on')")
            expect(self.page.locator("#status")).to_contain_text(re.compile("not all is shown|ended"), timeout=60000)
            shown += self.exported()
        self.assertIn("ended", self.status)
        self.assertEqual(shown, shell(f"ledger-split {LAKE} | invocation-extract | {NATIVE}"))
