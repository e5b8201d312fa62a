"""Common parts of the tests of the page: Chromium, the page, the tools, and a server."""

import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from playwright.sync_api import expect, sync_playwright

ROOT = os.path.realpath(f"{os.path.dirname(__file__)}/../../../..")
WEB = f"{ROOT}/scripts/consumers/web"
LEDGERS = f"{ROOT}/testdata/ledgers.xdr"
LAKE = f"{ROOT}/testdata/lake"
TOOLS = os.environ.get("SOROBAN_TOOLS", f"{ROOT}/.build/release")
# The folder for screenshots, to be looked at.
PICTURES = f"{ROOT}/.build/page/pictures"
ENVIRONMENT = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"}
PATIENCE = 60000


def shell(command, directory=None):
    """The output of a command line, which must succeed."""
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=directory, env=ENVIRONMENT, capture_output=True, check=False)
    if run.returncode:
        raise AssertionError(f"{command}: status {run.returncode}: {run.stderr.decode()}")
    return run.stdout


def archive(path, *, megabytes):
    """The ledgers of testdata, repeated and renumbered, up to this file size."""
    count = 28 * (1 + megabytes * 1_000_000 // os.path.getsize(LEDGERS))
    with open(path, "wb") as file:
        subprocess.run([f"{ROOT}/scripts/replay", "pipe", "--loop", "--count", str(count), LEDGERS], stdout=file, env=ENVIRONMENT, check=True)
    return count


class Memory:
    """The memory of the browser's processes, sampled continuously."""

    def __init__(self):
        self.peak = self.first = self.look()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while not self.ended.wait(0.1):
            self.peak = max(self.peak, self.look())

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.peak - self.first

    @staticmethod
    def look():
        """The memory of all descendant renderers, with shared pages counted once."""
        parents, names = {}, {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parents[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    names[int(entry)] = file.read()
            except OSError:
                continue
        total = 0
        for process in parents:
            if b"--type=renderer" not in names.get(process, b""):
                continue
            above = process
            while above in parents and above != os.getpid():
                above = parents[above]
            if above != os.getpid():
                continue
            try:
                with open(f"/proc/{process}/smaps_rollup") as file:
                    total += 1024 * int(re.search(r"^Pss: +(\d+)", file.read(), re.MULTILINE)[1])
            except (OSError, TypeError):
                continue
        return total


class Server:
    """scripts/serve over a lake; it can be killed and restarted on the same port."""

    def __init__(self, lake, *options, port=0):
        self.lake, self.options, self.port = lake, options, port
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [f"{ROOT}/scripts/serve/start", "--lake", self.lake, "--tools", TOOLS, "--port", str(self.port), "--poll", "0.05", *self.options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, start_new_session=True)  # fmt: skip
        for line in self.process.stderr:
            if match := re.search(r"listening at (http://[^:]+:(\d+)/)", line):
                self.url, self.port = match[1], int(match[2])
                break
        else:
            raise AssertionError("the server did not start")
        # Its later output must not fill the pipe.
        threading.Thread(target=lambda stream=self.process.stderr: [None for _ in stream], daemon=True).start()

    def kill(self):
        """Kills it at once, with its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        # lighttpd is in its own group, and the kernel ends it.
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


class Answer:
    """A service that answers each request with the same stream of events."""

    def __init__(self, stream):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(stream.encode())

            def log_message(self, *given):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *given):
        self.server.shutdown()
        self.server.server_close()


class PageTest(unittest.TestCase):
    """A test with its own page. Any error that the page reports fails it."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(LAKE)
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.server.stop()

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="soroban-page-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.errors = []
        self.requests = []
        self.context = None

    def tearDown(self):
        if self.context:
            self.context.close()
        self.assertEqual(self.errors, [])

    def open(self, url=None, *, query="", **settings):
        settings = {"viewport": {"width": 1280, "height": 900}, **settings}
        if self.context:
            self.context.close()
        self.context = self.browser.new_context(accept_downloads=True, **settings)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto((url or self.server.url) + query)
        expect(self.page.locator("html[data-version]")).to_be_attached(timeout=PATIENCE)
        return self.page

    def drop(self, *paths):
        """Drops files or folders as the system does, in the middle of the page."""
        session = self.context.new_cdp_session(self.page)
        data = {"items": [], "files": list(paths), "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 500, "data": data})
        session.detach()

    def wait(self, text="done"):
        expect(self.page.locator("#status")).to_contain_text(text, timeout=PATIENCE)

    @property
    def status(self):
        return self.page.text_content("#status")

    def exported(self, kind="ndjson"):
        """The file that the page exports."""
        with self.page.expect_download(timeout=PATIENCE) as download:
            self.page.click(f"#export-{kind}")
        with open(download.value.path(), "rb") as file:
            return file.read()

    def command(self, selector="#copy-command"):
        """The text that a button copies."""
        # The page uses the clipboard API; this records the text.
        self.page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text } }")
        self.page.click(selector)
        return self.page.evaluate("() => window.copied")

    def condition(self, name, value):
        """Sets a condition as a user does."""
        field = self.page.locator(f"#condition-{name}")
        if not field.is_visible():
            self.page.click("#more summary")
        tag = field.evaluate("(field) => field.type")
        if tag == "checkbox":
            field.set_checked(value)
        elif tag == "select-one":
            field.select_option(value)
        else:
            field.fill(value)
            field.evaluate("(field) => field.dispatchEvent(new Event('change', { bubbles: true }))")

    def picture(self, name):
        os.makedirs(PICTURES, exist_ok=True)
        self.page.screenshot(path=f"{PICTURES}/{name}.png")

    def problems(self):
        return [
            (entry.get_attribute("data-kind"), entry.locator("h2").text_content(), entry.locator(".message").text_content())
            for entry in self.page.locator(".problem").all()
        ]


def records(lines):
    return [json.loads(line) for line in lines.splitlines()]


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.02)


def note(text):
    print(f"  {text}", file=sys.stderr)
