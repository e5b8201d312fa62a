"""The manual as HTML, under /manual of the service, and its search, in a browser if there is one."""

import os
import shutil
import subprocess
import sys
import unittest

from common import ROOT, FolderCase, Server, needs_lighttpd

HTML = f"{ROOT}/.build/manual"


@unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
class Manual(FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The folder into which `make html` writes, and from which the service reads.
        if not os.path.exists(f"{HTML}/index.html"):
            subprocess.run([sys.executable, f"{ROOT}/scripts/html"], check=True, stderr=subprocess.DEVNULL)

    @needs_lighttpd
    def test_it_is_served_beside_any_page(self):
        with open(f"{HTML}/soroban-start.7.html", "rb") as file:
            start = file.read()
        for options in ([], ["--page", "none"], ["--page", self.folder]):
            with self.subTest(options=options), Server(self.lake(), *options) as server:
                self.assertEqual(server.get("/manual")[0], 301)
                status, headers, body = server.get("/manual/")
                self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
                self.assertIn(b"soroban-start.7.html", body)
                self.assertEqual(server.get("/manual/soroban-start.7.html")[2], start)
                self.assertEqual(server.get("/manual/style.css")[1]["Content-Type"], "text/css")
                for path in ("/manual/none.html", "/manual/../request", "/manual/..%2f..%2fREADME.md"):
                    self.assertEqual(server.get(path)[0], 404, path)
                # The service's own responses are as before.
                self.assertEqual(server.get("/health")[0], 200)
                self.assertEqual(len(server.get("/invocations?end_ledger=1051&max_count=2")[2].splitlines()), 2)

    @staticmethod
    def lake():
        return f"{ROOT}/testdata/lake"

    def test_the_search_finds_headings_options_and_messages(self):
        """In Chromium, from disk: narrow and wide, without a network request."""
        python, chromium = f"{ROOT}/.build/programs/playwright/bin/python3", shutil.which("chromium")
        if not chromium or not os.path.exists(python):
            self.skipTest("Chromium or playwright is not installed")
        script = f"""
from playwright.sync_api import sync_playwright
base = "file://{HTML}/"
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="{chromium}", args=["--no-sandbox"])
    for width in (360, 1280):
        page = browser.new_context(viewport={{"width": width, "height": 800}}).new_page()
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: request.url.startswith(base) or problems.append(request.url))
        for query, first in (("metrics", "METRICS"), ("--any-call", "--any-call"), ("pipe it through zcat", "gzip data; pipe it through zcat")):
            page.goto(base + "index.html")
            page.fill(".search input", query)
            assert page.locator(".found a").first.inner_text().startswith(first), (query, page.locator(".found a").all_inner_texts()[:3])
            page.keyboard.press("Enter")
            page.wait_for_url("**#*")
        page.goto(base + "index.html")
        page.fill(".search input", "no such heading at all")
        assert page.locator(".found").inner_text() == "Nothing found"
        for name in ("index", "event-filter.1", "soroban-from.7", "soroban-messages.7", "contract-invocation.5"):
            page.goto(f"{{base}}{{name}}.html")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over == 0, (name, width, over)
        assert not problems, problems
    browser.close()
"""
        done = subprocess.run([python, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout.decode())


if __name__ == "__main__":
    unittest.main()
