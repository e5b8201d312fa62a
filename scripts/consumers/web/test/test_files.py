"""Files that are dropped: ledgers in every form, folders, damaged ones, and large ones."""

import glob
import os
import re
import subprocess
import unittest

from playwright.sync_api import expect

from .browser import LAKE, LEDGERS, ROOT, Memory, PageTest, archive, note, shell

NATIVE = "scval-json --style=native"
WHOLE = f"ledger-split --network local {LEDGERS} | invocation-extract | {NATIVE}"


class Dropping(PageTest):
    def check(self, paths, command, text="done"):
        self.drop(*paths)
        self.wait(text)
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.exported(), shell(command))

    def test_stream(self):
        self.open()
        self.check([LEDGERS], WHOLE)
        self.assertIn("28 ledgers · ledger 1026 to 1051", self.status)
        self.assertIn("local", self.status)

    def test_compressed(self):
        path = f"{self.directory}/ledgers.xdr.zst"
        shell(f"zstd -q {LEDGERS} -o {path}")
        self.open()
        self.check([path], WHOLE)

    def test_lake(self):
        self.open()
        self.check([LAKE], f"ledger-split {LAKE} | invocation-extract | {NATIVE}")
        self.assertRegex(command := self.command(), r"^ledger-split '--network=[^']*' lake \|")
        self.assertEqual(shell(command, f"{ROOT}/testdata"), self.exported())

    def test_objects_of_a_lake_come_in_their_order(self):
        names = shell(f"find {LAKE} -name '*.zst' | sort").decode().split()
        self.open()
        self.check(names, WHOLE)

    def test_answers_of_a_server(self):
        self.open()
        answers = f"{ROOT}/testdata/rpc"
        self.page.fill("#network", "local")
        # Gaps are reported as the tool reports them.
        self.drop(f"{answers}/getLedgers.json")
        self.wait()
        self.assertEqual(self.exported(), shell(f"ledger-split -q --network local {answers}/getLedgers.json | invocation-extract | {NATIVE}"))
        self.assertEqual([kind for kind, _, _ in self.problems()], ["warning"])
        self.check([f"{answers}/getTransactions.ndjson"], f"invocation-extract --network local {answers}/getTransactions.ndjson | {NATIVE}")

    def test_answer_of_getEvents(self):
        path = f"{ROOT}/testdata/rpc/getEvents.json"
        self.open()
        self.drop(path)
        self.wait()
        self.assertEqual([kind for kind, _, _ in self.problems()], ["events"])
        self.page.click(".problem button:has-text('Show events')")
        self.wait()
        self.assertEqual(self.exported(), shell(f"invocation-extract --by event {path} | {NATIVE}"))
        self.assertEqual(self.problems(), [])

    def test_meta_pipe_as_a_file(self):
        path = f"{self.directory}/meta.pipe"
        shell(f"{ROOT}/scripts/replay pipe --count 10 {LEDGERS} > {path}")
        self.open()
        self.check([path], f"ledger-split --network local {path} | invocation-extract | {NATIVE}")

    def test_interface_of_a_contract(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        self.drop(f"{ROOT}/testdata/contract.wasm")
        expected = shell(f"{WHOLE} --spec {ROOT}/testdata/contract.wasm")
        self.wait()
        expect(self.page.locator("#status")).to_contain_text("84 invocations")
        self.assertEqual(self.exported(), expected)
        self.assertNotEqual(expected, shell(WHOLE))

    def test_csv(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        # jq also writes a member of null as an empty cell.
        expected = shell(f"ledger-split --network local {LEDGERS} | invocation-extract | {ROOT}/scripts/cookbook/invocations-csv")
        self.assertEqual(self.exported("csv"), expected)

    def test_first_record(self):
        """The time from the drop to the first row of the page, only printed, because the machine may be busy."""
        for name in ("cold", "warm"):
            self.open()
            if name == "warm":
                self.drop(LEDGERS)
                self.wait()
                self.page.evaluate("() => performance.clearMeasures()")
            self.drop(LEDGERS)
            self.wait()
            took = self.page.evaluate("() => performance.getEntriesByName('first-record').map((entry) => entry.duration)")
            self.assertEqual(len(took), 1)
            note(f"first record after {took[0]:.0f} ms ({name}; goal: 150)")

    def test_nothing_is_asked_of_others(self):
        self.open()
        self.drop(LEDGERS)
        self.wait()
        self.page.locator("#canvas .row").nth(3).click()
        expect(self.page.locator("#detail h2")).to_be_visible()
        outside = [url for url in self.requests if not url.startswith((self.server.url, "blob:", "data:"))]
        self.assertEqual(outside, [])


REAL = os.environ.get("SOROBAN_LEDGERS", f"{ROOT}/../shared/ledgers")


@unittest.skipUnless(os.path.isdir(REAL), "there are no ledgers of the public network here")
class Real(PageTest):
    def test_ledgers_of_the_public_network(self):
        def place(path):
            number = re.search(r"--(\d+)", path)
            return (int(number[1]) if number else 0, os.path.basename(path))

        for name, mode, options in (("pubnet", "invocations", ""), ("pubnet-run", "events", "--by event"), ("pubnet-run", "invocations", "")):
            with self.subTest(name=name, mode=mode):
                paths = sorted(glob.glob(f"{REAL}/{name}/*.xdr.zst"), key=place)
                self.assertGreater(len(paths), 0)
                self.open()
                self.page.select_option("#mode", mode)
                # They are sorted, whatever order they come in.
                self.page.set_input_files("#files", paths[::-1])
                self.wait()
                self.assertEqual([problem for problem in self.problems() if problem[0] != "warning"], [])
                self.assertEqual(self.exported(), shell(f"ledger-split -q {' '.join(paths)} | invocation-extract {options} | {NATIVE}"))
                self.page.locator("#canvas .row").first.click()
                expect(self.page.locator("#detail h2")).to_be_visible()
                self.picture(f"real-{name}-{mode}")


class Large(PageTest):
    def test_archive_of_200_megabytes(self):
        path = f"{self.directory}/archive.xdr"
        archive(path, megabytes=200)
        self.assertGreater(os.path.getsize(path), 200_000_000)
        self.open()
        # The longest task of the page's own thread.
        self.page.evaluate("""() => { window.longest = 0
          new PerformanceObserver((list) => { for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration) })
            .observe({ type: 'longtask' }) }""")
        memory = Memory()
        self.drop(path)
        self.wait()
        grown = memory.stop()
        self.assertEqual(self.problems(), [])
        expected = shell(f"ledger-split --network local {path} | invocation-extract | {NATIVE} | sha256sum; "
                         f"ledger-split --network local {path} | invocation-extract | wc -l").decode().split()  # fmt: skip
        self.assertIn(f"{int(expected[2]):,} invocations", self.status)
        note(f"{self.status}; memory grew by {grown >> 20} MiB; longest task of the page {self.page.evaluate('() => window.longest'):.0f} ms")
        # Far less than the file and its records, which alone are more than 200 MB of text.
        self.assertLess(grown, 400 << 20)
        self.check_table(int(expected[2]))
        # A search in all of it, compressed and not.
        count = int(shell(f"ledger-split --network local {path} | invocation-extract | {NATIVE} | grep -c -F -i REBALANCE"))
        self.page.fill("#search", "REBALANCE")
        self.wait(f"{count:,} found ·")
        self.page.fill("#search", "")
        expect(self.page.locator("#grid")).to_have_attribute("aria-rowcount", str(int(expected[2]) + 1))
        digest = subprocess.run(["sha256sum"], input=self.exported(), capture_output=True, check=True).stdout.decode().split()[0]
        self.assertEqual(digest, expected[0])

    def check_table(self, count):
        """Only visible rows are drawn, at any scroll position."""
        grid = self.page.locator("#grid")
        grid.focus()
        self.page.keyboard.press("End")
        last = self.page.locator(f"#canvas .row[aria-rowindex='{count + 1}']")
        expect(last).to_have_attribute("aria-selected", "true")
        self.assertLess(self.page.locator("#canvas .row").count(), 80)
        self.assertEqual(grid.get_attribute("aria-rowcount"), str(count + 1))
        self.assertEqual(grid.get_attribute("aria-activedescendant"), last.get_attribute("id"))

    def test_hundred_thousand_rows(self):
        """The table alone, with the maximum number of rows, scrolls by pages without a long frame."""
        path = f"{self.directory}/archive.xdr"
        archive(path, megabytes=280)
        self.open()
        self.drop(path)
        self.wait()
        count = int(self.status.split()[0].replace(",", ""))
        self.assertGreater(count, 100_000 - 1)
        longest = self.page.evaluate("""async () => {
          const grid = document.getElementById('grid'); let longest = 0; let last = performance.now()
          for (let step = 0; step < 200; step++) {
            grid.scrollTop = grid.scrollHeight * ((step * 37) % 200) / 200
            await new Promise(requestAnimationFrame); const now = performance.now(); longest = Math.max(longest, now - last); last = now
          }
          return longest }""")
        note(f"{count:,} rows, 200 jumps: longest frame {longest:.0f} ms")
        self.assertLess(self.page.locator("#canvas .row").count(), 80)

    def test_more_than_is_kept(self):
        path = f"{self.directory}/archive.xdr"
        archive(path, megabytes=3)
        self.open(query="?rows=500")
        self.drop(path)
        self.wait("not all is shown")
        self.assertIn("500 invocations", self.status)
        [(kind, title, message)] = self.problems()
        self.assertEqual((kind, title), ("large", "Too large to show all"))
        self.assertIn("500 are shown", message)
        command = self.page.text_content(".problem .command")
        whole = shell(command, self.directory)
        self.assertGreater(whole.count(b"\n"), 500)
        self.assertEqual(self.exported(), b"".join(whole.splitlines(keepends=True)[:500]))
        # With conditions it fits.
        self.condition("function", "swap")
        self.wait("done")
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.exported(), shell(self.command(), self.directory))


    def test_more_bytes_than_are_kept(self):
        path = f"{self.directory}/archive.xdr"
        archive(path, megabytes=12)
        self.open(query="?keptBytes=3000000&plainBytes=2000000")
        self.drop(path)
        self.wait("not all is shown")
        count = int(self.status.split()[0].replace(",", ""))
        whole = shell(self.page.text_content(".problem .command"), self.directory).splitlines(keepends=True)
        # More than the limit of plain bytes, so some are compressed.
        self.assertGreater(sum(map(len, whole[:count])), 3000000)
        self.assertLess(count, len(whole))
        self.assertEqual(self.exported(), b"".join(whole[:count]))


class Damaged(PageTest):
    def told(self, name, data):
        path = f"{self.directory}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        self.drop(path)
        self.wait()
        return self.problems()

    def setUp(self):
        super().setUp()
        with open(LEDGERS, "rb") as file:
            self.ledgers = file.read()
        self.open()

    def test_cut_off(self):
        for length in (100000, 100, 2):
            [(kind, title, message)] = self.told("cut.xdr", self.ledgers[:length])
            self.assertEqual((kind, title), ("cut", f"Cut off at byte {length}: cut.xdr"))
            self.assertIn("the input ends inside a record", message)
        # The records before the damage are there.
        self.told("cut.xdr", self.ledgers[:100000])
        self.assertEqual(self.exported(), shell(f"head -c 68816 {LEDGERS} | head -c -4 | ledger-split -q --network local -k | invocation-extract | {NATIVE}"))
        zst = subprocess.run(["zstd", "-q", "-c"], input=self.ledgers, capture_output=True, check=True).stdout
        [(kind, title, message)] = self.told("cut.xdr.zst", zst[:9000])
        self.assertEqual((kind, title), ("cut", "Cut off at byte 9000: cut.xdr.zst"))
        with open(f"{ROOT}/testdata/rpc/getLedgers.json", "rb") as file:
            [(kind, title, message)] = self.told("answer.json", file.read()[:20000])
        self.assertEqual((kind, title), ("cut", "Cut off at byte 20000: answer.json"))

    def test_not_a_ledger(self):
        wrong = {
            "picture.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "notes.txt": b"hello world, this is text\n", "some.json": b'{"a":1}\n',
            "ledgers.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02\x03", "program": b"\x7fELF" + bytes(3000),
        }  # fmt: skip
        with open(f"{ROOT}/testdata/invocations.ndjson", "rb") as file:
            wrong["records.ndjson"] = file.read()
        for name, data in wrong.items():
            with self.subTest(name):
                [(kind, title, _)] = self.told(name, data)
                self.assertEqual((kind, title), ("foreign", f"Not a ledger: {name}"))

    def test_too_large(self):
        # A record with a declared length of 2 GiB.
        [(kind, title, message)] = self.told("huge.xdr", b"\xff\xff\xff\xff\0\0\0\x02" + bytes(1000))
        self.assertEqual((kind, title), ("large", "Too large: huge.xdr"))
        self.assertIn("more than 268435456", message)

    def test_damaged(self):
        data = bytearray(self.ledgers)
        data[100000:100400] = b"\xff" * 400
        [(kind, title, message)] = self.told("damaged.xdr", bytes(data))
        self.assertEqual(kind, "damaged")
        self.assertRegex(title, "^Damaged at byte 100[0-9]{3}: damaged.xdr$")
        self.assertIn("ledger 1032", message)
        shown = self.exported()
        # The command line of the message continues after the damage, and reports it by its status.
        behind = shell(self.page.text_content(".problem .command") + " || [ $? = 3 ]", self.directory)
        self.assertGreater(len(behind), len(shown))
        self.assertTrue(behind.startswith(shown))

    def test_one_bad_file_does_not_stop_the_others(self):
        with open(f"{self.directory}/a.txt", "w") as file:
            file.write("this is no ledger\n")
        self.drop(f"{self.directory}/a.txt", LEDGERS)
        self.wait()
        self.assertEqual([kind for kind, _, _ in self.problems()], ["foreign"])
        self.assertEqual(self.exported(), shell(WHOLE))

    def test_wrong_network(self):
        self.page.fill("#network", "pubnet")
        self.drop(LEDGERS)
        self.wait()
        self.assertEqual([kind for kind, _, _ in self.problems()], ["network"])

    def test_empty(self):
        self.assertEqual(self.told("empty.xdr", b""), [])
        self.assertIn("0 invocations", self.status)
