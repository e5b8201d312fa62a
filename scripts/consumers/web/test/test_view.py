"""The view: an open record, the decoder, keys, names for screen readers, hostile texts, dark and narrow, and the single file."""

import base64
import json
import os
import subprocess

from playwright.sync_api import expect

from .browser import LEDGERS, ROOT, Answer, PageTest, records, shell

WHOLE = f"ledger-split --network local {LEDGERS} | invocation-extract | scval-json --style=native"


class View(PageTest):
    def open_record(self, wanted):
        """Opens the first record that matches."""
        all_records = records(self.exported())
        row = next(at for at, record in enumerate(all_records) if wanted(record))
        self.page.locator("#grid").focus()
        self.page.keyboard.press("Home")
        for _ in range(row):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#detail")).to_contain_text(all_records[row]["meta"]["tx_hash"])
        return all_records[row]

    def read(self, **settings):
        self.open(**settings)
        self.page.set_input_files("#files", LEDGERS)
        self.wait()


class Record(View):
    def test_in_full(self):
        self.read()
        record = self.open_record(lambda record: len((record.get("contract_call") or {}).get("contract_calls") or []) > 2)
        call = record["contract_call"]
        tree = self.page.locator("#detail [role=tree]").first
        items = tree.locator("[role=treeitem]")
        self.assertEqual(items.count(), len(call["contract_calls"]) + 1)
        for at, sub in enumerate(call["contract_calls"]):
            item = items.nth(at + 1)
            self.assertEqual(item.get_attribute("aria-level"), str(sub["depth"] + 1))
            expect(item).to_contain_text(sub["function"])
            expect(item).to_contain_text(sub["to_contract"])
        # The arrow keys move in the tree.
        items.first.focus()
        self.page.keyboard.press("ArrowDown")
        expect(items.nth(1)).to_be_focused()
        self.page.keyboard.press("End")
        expect(items.last).to_be_focused()
        panel = self.page.locator("#detail")
        for count, name in ((len(call["events"]), "Events"), (len(call["state_changes"]), "State changes"),
                            (len(call["ttl_extensions"]), "Lifetimes"), (len(call["auth"]), "Authorisations")):  # fmt: skip
            expect(panel.locator(f"h3:text-is('{name} ({count})')")).to_be_visible()
        expect(panel.locator("h3:text-is('Costs')")).to_be_visible()
        self.assertEqual(panel.locator(".event").count(), len(call["events"]))

    def test_state_lifetimes_and_costs(self):
        self.read()
        record = self.open_record(lambda record: len((record.get("contract_call") or {}).get("state_changes") or []) > 0
                                  and len(record["contract_call"]["ttl_extensions"]) > 0)  # fmt: skip
        panel = self.page.locator("#detail")
        changes = record["contract_call"]["state_changes"]
        self.assertEqual(panel.locator(".change").count(), len(changes))
        for at, change in enumerate(changes):
            for side in ("old", "new"):
                value = change[f"{side}_value"]
                text = panel.locator(".change").nth(at).locator(f".side.{side}").text_content()[3:]
                if value is None:
                    self.assertEqual(text, "none")
                elif len(shown := json.dumps(value, separators=(",", ":"), ensure_ascii=False)) <= 90:
                    self.assertEqual(text, shown)
        entry = record["contract_call"]["ttl_extensions"][0]
        expect(panel.locator(".lifetime").first).to_contain_text(f"{entry['old_ttl']:,} → {entry['new_ttl']:,}")
        stroops = int(record["meta"]["fee_charged"])
        expect(panel).to_contain_text(f"({stroops:,} stroops)")

    def test_every_record_can_be_shown(self):
        self.open()
        self.page.set_input_files("#files", LEDGERS)
        self.wait()
        for kind in ("", "extend", "restore"):
            self.condition("type", kind)
            self.wait()
            count = len(records(self.exported()))
            self.page.locator("#grid").focus()
            self.page.keyboard.press("Home")
            self.page.keyboard.press("Enter")
            for row, record in enumerate(records(self.exported())):
                expect(self.page.locator("#detail")).to_contain_text(record["meta"]["tx_hash"])
                if row + 1 < count:
                    self.page.locator("#grid").focus()
                    self.page.keyboard.press("ArrowDown")
            self.assertGreater(count, 0)

    def test_keys(self):
        self.read()
        self.page.locator("#grid").focus()
        self.page.keyboard.press("Home")
        self.page.keyboard.press("PageDown")
        self.page.keyboard.press("ArrowUp")
        current = self.page.locator("#grid").get_attribute("aria-activedescendant")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#detail h2")).to_be_focused()
        self.page.keyboard.press("Escape")
        expect(self.page.locator("#grid")).to_be_focused()
        expect(self.page.locator("#detail")).to_be_hidden()
        self.assertEqual(self.page.locator("#grid").get_attribute("aria-activedescendant"), current)
        self.assertEqual(self.page.locator(f"#{current}").get_attribute("aria-selected"), "true")

    def test_all_controls_have_names(self):
        self.read()
        self.page.click("#open-service")
        self.page.click("#more summary")
        self.page.locator("#canvas .row").first.click()
        for view in ("records", "values"):
            self.page.click(f"#view-{view}")
            nameless = self.page.evaluate("""() => [...document.querySelectorAll('button, input, select, textarea, [role=grid], [role=tree], aside')]
              .filter((one) => one.offsetParent !== null && !(one.labels?.length || one.getAttribute('aria-label') || one.textContent.trim() && one.tagName === 'BUTTON'))
              .map((one) => one.outerHTML.slice(0, 80))""")
            self.assertEqual(nameless, [])
        # The Tab key reaches every control.
        self.page.click("#view-records")
        reached = set()
        self.page.locator("h1").click()
        for _ in range(120):
            self.page.keyboard.press("Tab")
            reached.add(self.page.evaluate("() => document.activeElement.id"))
        for name in ("open-files", "open-service", "mode", "condition-contract", "condition-invert-match", "search", "order", "export-csv", "grid"):
            self.assertIn(name, reached)


class Hostile(View):
    MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"

    def record(self, number, **call):
        meta = {"ledger_sequence": number, "closed_at": "2026-01-01T00:00:00Z", "tx_hash": "ab" * 32, "tx_index": 1, "op_index": 0, "successful": False,
                "data_source": self.MARKUP, "archive_restorations": [], "toid": str(number << 32), "protocol_version": 25, "tx_successful": False,
                "result_code": self.MARKUP, "tx_result_code": self.MARKUP, "inner_tx_hash": None, "fee_account": self.MARKUP,
                "source_account": self.MARKUP, "fee_charged": "9223372036854775807", "resources": None}  # fmt: skip
        given = {"contract_id": self.MARKUP, "invoking_account": self.MARKUP, "function_name": self.MARKUP, "arguments": [self.MARKUP, {"__proto__": 1}],
                 "return_value": None, "events": [], "diagnostic_events": None, "contract_calls": None, "state_changes": [], "ttl_extensions": [],
                 "auth": [], **call}  # fmt: skip
        return json.dumps({"_schema": "soroban-pipes.contract_invocation.v1", "meta": meta, "contract_call": given})

    def test_texts_are_texts(self):
        """A service that sends markup in every text, deeply nested calls, and long values."""
        deep = "x"
        for _ in range(400):
            deep = [deep]
        calls = [{"index": n, "parent": n - 1, "depth": n, "from_contract": None, "to_contract": self.MARKUP, "function": self.MARKUP,
                  "arguments": [self.MARKUP], "arguments_ambiguous": True, "return_value": deep, "successful": None} for n in range(1, 501)]  # fmt: skip
        event = {"contract_id": self.MARKUP, "type": self.MARKUP, "topics": [self.MARKUP], "data": self.MARKUP * 500, "event_index": 0, "call_index": 1}
        change = {"contract_id": None, "entry": self.MARKUP, "key": self.MARKUP, "code_hash": None, "old_value": self.MARKUP, "new_value": deep,
                  "operation": "<i>", "durability": self.MARKUP}  # fmt: skip
        signed = {"contract_id": self.MARKUP, "function": self.MARKUP, "arguments": [], "sub_invocations": []}
        auth = {"credentials": self.MARKUP, "address": self.MARKUP, "nonce": self.MARKUP, "signature_expiration_ledger": 1, "delegates": None, "invocation": signed}
        lines = [self.record(5, contract_calls=calls, events=[event], state_changes=[change], auth=[auth]), self.record(6)]
        stream = "".join(f"id: {n}\ndata: {line}\n\n" for n, line in enumerate(lines)) + "event: end\ndata: {}\n\n"
        with Answer(stream) as url:
            self.open()
            dialogs = []
            self.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
            self.page.click("#open-service")
            self.page.fill("#service-url", url)
            self.page.click("#service button[type=submit]")
            self.wait("ended")
        self.assertIn("2 invocations", self.status)
        self.page.locator("#canvas .row").first.click()
        expect(self.page.locator("#detail h2")).to_contain_text(self.MARKUP)
        self.assertEqual(self.page.locator("#detail [role=tree]").first.locator("[role=treeitem]").count(), 100)
        self.page.locator("#detail button:has-text('Show more')").first.click()
        self.assertEqual(self.page.locator("#detail [role=tree]").first.locator("[role=treeitem]").count(), 501)
        for fold in self.page.locator("#detail details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        self.assertEqual(self.page.locator("img, #detail script, #detail i").count(), 0)
        self.assertEqual(dialogs, [])
        wide = self.page.evaluate("() => { const panel = document.getElementById('detail'); return panel.scrollWidth - panel.clientWidth }")
        self.assertEqual(wide, 0)
        self.assertEqual(self.exported().decode(), "".join(f"{line}\n" for line in lines))

    def test_a_name_of_a_file_is_a_text(self):
        path = f"{self.directory}/<img src=x onerror=alert(1)>.xdr"
        with open(path, "w") as file:
            file.write("no ledgers\n")
        self.open()
        self.drop(path)
        self.wait()
        self.assertIn("<img src=x", self.problems()[0][1])
        self.assertEqual(self.page.locator("img").count(), 0)

    def test_streams_that_are_none(self):
        for stream, message in (("data: {}\n\n", ""), ("data: {\n\n", ""), ("data: [1]\n\n", "")):
            with self.subTest(stream), Answer(stream) as url:
                self.open()
                self.page.click("#open-service")
                self.page.fill("#service-url", url)
                self.page.click("#service button[type=submit]")
                self.wait("ended")
                self.assertEqual([kind for kind, _, _ in self.problems()], ["service"])

    def test_formulas_in_csv(self):
        """Cells whose text a contract chooses are not formulas."""
        self.open()
        text = self.page.evaluate("""async () => { const { csvLine } = await import('/csv.js')
          return csvLine({ meta: { toid: '-5' }, contract_call: { function_name: '=1+1', arguments: ['"'] } }) }""")
        self.assertIn("\"'=1+1\"", text)
        self.assertTrue(text.startswith('"-5"'))
        self.assertIn('"[""\\""""]"', text)

    def test_no_markup_is_made_of_text(self):
        for name in os.listdir(f"{ROOT}/scripts/consumers/web"):
            if name.endswith(".js"):
                with open(f"{ROOT}/scripts/consumers/web/{name}") as file:
                    self.assertNotRegex(file.read(), r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", name)


class Streams(View):
    """The parser of server-sent events, by the standard's rules, with the input split at every offset."""

    CASES = [
        (b"data: a\n\n", [["message", None, "a"]]),
        (b"\xef\xbb\xbfdata: a\r\n\r\n", [["message", None, "a"]]),
        (b"id: 1\revent: x\rdata: a\rdata: b\r\r", [["x", "1", "a\nb"]]),
        (b": comment\n\ndata:a\n\n:\n\n", [["message", None, "a"]]),
        # An id without data is not an event, but is the id of the next one.
        (b"id: 7\n\ndata: a\n\n", [["message", "7", "a"]]),
        # An id with NUL is ignored, and the last valid one stays.
        (b"id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n", [["message", "7", "a"], ["message", "7", "b"]]),
        ("data: a\u2028b \u00e9\U0001f600\n\n".encode(), [["message", None, "a\u2028b \u00e9\U0001f600"]]),
        (b"data\n\nretry: 5x\nretry: 70\n\ndata:  a\n\n", [["message", None, ""], ["message", None, " a"]]),
        (b"data: cut off", []),
    ]

    def test_cut_at_every_place(self):
        self.open()
        for given, expected in self.CASES:
            found = self.page.evaluate("""async (bytes) => { const { EventParser } = await import('/eventstream.js')
              const answers = []
              for (let cut = 0; cut <= bytes.length; cut++) {
                const parser = new EventParser()
                const events = [...parser.feed(Uint8Array.from(bytes.slice(0, cut))), ...parser.feed(Uint8Array.from(bytes.slice(cut)))]
                answers.push(JSON.stringify(events.map(({ name, id, data }) => [name, id ?? null, data])))
              }
              const parser = new EventParser()
              answers.push(JSON.stringify(bytes.flatMap((byte) => [...parser.feed(Uint8Array.of(byte))]).map(({ name, id, data }) => [name, id ?? null, data])))
              return [...new Set(answers)] }""", list(given))
            self.assertEqual([json.loads(answer) for answer in found], [expected], given)

    def test_delays(self):
        self.open()
        delays = self.page.evaluate("""async () => { const { delayBefore } = await import('/eventstream.js')
          return [0, 1, 2, 3, 20].map((attempt) => [delayBefore(attempt, 1000, 0), delayBefore(attempt, 1000, 1)]) }""")
        self.assertEqual(delays, [[500, 1000], [1000, 2000], [2000, 4000], [4000, 8000], [15000, 30000]])


class Values(View):
    def test_both_ways(self):
        self.open()
        self.page.click("#view-values")
        with open(f"{ROOT}/testdata/values.ndjson") as file:
            values = [json.loads(line) for line in file][:40]
        for value in values:
            name = value.get("type", "SCVal")
            self.page.fill("#value-type", name)
            self.page.fill("#value-xdr", value["xdr"])
            expected = json.loads(shell(f"echo {value['xdr']} | scval-json --type {name}"))
            expect(self.page.locator("#value-json")).not_to_have_value("")
            self.assertEqual(json.loads(self.page.input_value("#value-json")), expected)
            text = self.page.input_value("#value-json")
            self.page.fill("#value-xdr", "")
            self.page.fill("#value-json", text)
            expect(self.page.locator("#value-xdr")).to_have_value(value["xdr"])
        self.assertGreater(len(values), 10)

    def test_wrong_ones_and_types(self):
        self.open()
        self.page.click("#view-values")
        self.page.fill("#value-xdr", "AAAADwAAAAh0cmFuc2Zlcg==")
        expect(self.page.locator("#value-json")).to_have_value('{\n  "symbol": "transfer"\n}')
        self.page.click("#value-guess")
        expect(self.page.locator("#value-fits button:text-is('SCVal')")).to_be_visible()
        self.page.fill("#value-xdr", "AAAADwAAAAh0")
        expect(self.page.locator("#value-message")).not_to_have_text("")
        self.page.fill("#value-json", '{"symbol":7}')
        expect(self.page.locator("#value-message")).not_to_have_text("")
        self.page.fill("#value-type", "NoSuchType")
        expect(self.page.locator("#value-message")).to_contain_text("NoSuchType")


class OneFile(View):
    """The page as one file, opened from disk."""

    def test_from_disk(self):
        path = f"{self.directory}/soroban.html"
        subprocess.run([f"{ROOT}/scripts/page", path], check=True, stdout=subprocess.DEVNULL)
        again = f"{self.directory}/again.html"
        subprocess.run([f"{ROOT}/scripts/page", again], check=True, stdout=subprocess.DEVNULL)
        with open(path, "rb") as one, open(again, "rb") as other:
            self.assertEqual(one.read(), other.read())
        self.open(f"file://{path}")
        self.drop(LEDGERS)
        self.wait()
        self.assertEqual(self.exported(), shell(WHOLE))
        self.open_record(lambda record: "contract_call" in record)
        self.page.click("#view-values")
        self.page.fill("#value-xdr", base64.b64encode(bytes([0, 0, 0, 3, 0, 0, 0, 7])).decode())
        expect(self.page.locator("#value-json")).to_have_value('{\n  "u32": 7\n}')
        self.assertEqual([url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))], [])
        self.assertLess(os.path.getsize(path), 2_000_000)


class Pictures(View):
    """Screenshots in .build/page/pictures, to be looked at; their measurable properties are checked here."""

    def check_width(self):
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.assertEqual(wide, 0, "the page scrolls sideways")

    def test_pictures(self):
        sizes = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 360, "height": 740}}
        for size, viewport in sizes.items():
            for scheme in ("light", "dark"):
                name = f"{size}-{scheme}"
                with self.subTest(name):
                    self.open(viewport=viewport, color_scheme=scheme)
                    self.picture(f"{name}-empty")
                    self.check_width()
                    self.page.set_input_files("#files", LEDGERS)
                    self.wait()
                    self.page.locator("#grid").scroll_into_view_if_needed()
                    self.picture(f"{name}-table")
                    self.check_width()
                    self.open_record(lambda record: len((record.get("contract_call") or {}).get("contract_calls") or []) > 2
                                     and len(record["contract_call"]["state_changes"]) > 0)  # fmt: skip
                    self.picture(f"{name}-record")
                    self.check_width()
                    self.page.locator("#detail h3", has_text="State changes").scroll_into_view_if_needed()
                    self.page.locator("#detail").evaluate("(panel) => panel.scrollBy(0, 400)")
                    self.picture(f"{name}-state")
                    self.page.keyboard.press("Escape")
                    self.page.set_input_files("#files", [])
                    cut = f"{self.directory}/cut.xdr"
                    with open(LEDGERS, "rb") as source, open(cut, "wb") as file:
                        file.write(source.read(100000))
                    self.page.set_input_files("#files", [cut, f"{ROOT}/testdata/README.md"])
                    self.wait()
                    self.page.click("#open-service")
                    self.page.click("#more summary")
                    self.page.evaluate("() => scrollTo(0, 0)")
                    self.picture(f"{name}-problems")
                    self.check_width()
                    self.page.click("#view-values")
                    self.page.fill("#value-xdr", "AAAADwAAAAh0cmFuc2Zlcg==")
                    self.page.click("#value-guess")
                    expect(self.page.locator("#value-fits button").first).to_be_visible()
                    self.picture(f"{name}-values")
                    self.check_width()
