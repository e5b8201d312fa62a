#!/usr/bin/env python3
"""The page dual/index.html in Chromium: its report on dropped ledgers equals that of the native program.

Status 77, with the reason, if it cannot run.
"""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(f"{HERE}/../../../..")
BUILT = f"{ROOT}/.build/go-client"
MODULE = os.environ.get("SOROBAN_WASM", f"{ROOT}/.build/wasm/soroban.wasm")
ENVIRONMENT = f"{ROOT}/.build/programs/playwright"
LEDGERS = f"{ROOT}/testdata/ledgers.xdr"
SKIPPED = 77


def skip(why):
    print(f"skipped: the page of the Go client: {why}")
    sys.exit(SKIPPED)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main():
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        if os.access(f"{ENVIRONMENT}/bin/python3", os.X_OK) and os.path.realpath(sys.prefix) != ENVIRONMENT:
            os.execv(f"{ENVIRONMENT}/bin/python3", [f"{ENVIRONMENT}/bin/python3", *sys.argv])
        skip("playwright is not installed")
    chromium = shutil.which("chromium") or skip("chromium is not installed")
    if not os.path.exists(MODULE):
        skip("soroban.wasm is not there (make wasm)")
    wanted = subprocess.run([f"{BUILT}/dual", LEDGERS, "local"], stdout=subprocess.PIPE, check=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        for path in (f"{HERE}/../dual/index.html", f"{BUILT}/dual.wasm", f"{BUILT}/wasm_exec.js", MODULE):
            shutil.copy(path, folder)
        os.rename(f"{folder}/{os.path.basename(MODULE)}", f"{folder}/soroban.wasm")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            said = []
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
            page.fill("#network", "local")
            drop = page.locator("#ledgers")
            report = page.locator("#report")
            expect(drop).to_be_enabled(timeout=60_000)
            drop.set_input_files(LEDGERS)
            expect(report).to_contain_text("invocations in ledgers", timeout=60_000)
            found = report.text_content()
            assert found == wanted, f"the page:\n{found}\nnatively:\n{wanted}"
            # The module's message, not a trap.
            drop.set_input_files(f"{ROOT}/testdata/README.md")
            expect(report).to_contain_text("standard input: ", timeout=60_000)
            assert not said, said
            browser.close()
        server.shutdown()
    print("the page of the Go client reports what the native program does")


main()
