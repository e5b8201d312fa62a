"""What is seen: a record in full, the decoder, keys, names for screen readers, hostile texts, dark and narrow, and the one file."""

import base64
import json
import os
import subprocess

from playwright.sync_api import expect

from .browser import LEDGERS, ROOT, PageTest, records, shell

WHOLE = f"ledger-split --network local {LEDGERS} | invocation-extract | scval-json --style=native"


class View(PageTest):
    def open_record(self, wanted):
        """Opens the first record that is wanted."""
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
        # Every control can be reached by the Tab key.
        self.page.click("#view-records")
        reached = set()
        self.page.locator("h1").click()
        for _ in range(120):
            self.page.keyboard.press("Tab")
            reached.add(self.page.evaluate("() => document.activeElement.id"))
        for name in ("open-files", "open-service", "mode", "condition-contract", "condition-invert-match", "search", "order", "export-csv", "grid"):
            self.assertIn(name, reached)


class Hostile(View):
    def test_texts_of_contracts_are_texts(self):
        """A ledger whose function name, of 18 bytes, is made markup of as many bytes."""
        with open(LEDGERS, "rb") as file:
            data = file.read()
        wanted = b"rebalance"
        evil = b"<img/src>"
        self.assertEqual(len(wanted), len(evil))
        self.assertGreater(data.count(wanted), 0)
        path = f"{self.directory}/<img src=x onerror=alert(1)>.xdr"
        with open(path, "wb") as file:
            file.write(data.replace(wanted, evil))
        self.open()
        dialogs = []
        self.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        self.drop(path)
        # The hashes of the transactions do not fit any more, so this may be an error: then its message holds the file's name.
        self.wait()
        if self.problems():
            self.assertIn("<img src=x", self.problems()[0][1])
        else:
            self.open_record(lambda record: "<img" in json.dumps(record))
            self.assertIn("<img/src>", self.page.text_content("#detail h2"))
        self.assertEqual(self.page.locator("img").count(), 0)
        self.assertEqual(dialogs, [])

    def test_formulas_in_csv(self):
        """Cells that contracts choose are no formulas."""
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
            wait = f"printf %s {value['xdr']} | scval-json decode --type {name}"
            expected = json.loads(shell(wait))
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
    """Screenshots in .build/page/pictures, to be looked at; what can be measured of them is checked here."""

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
