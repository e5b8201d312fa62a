"""The images: their content, and that they run as documented."""

import json
import os
import signal
import subprocess
import unittest

from common import FILTERS, LAKE, ROOT, SERVICE, TOOLS, ContainerCase, call, lines_of, plain, wait_until

# The minimum of privileges that a container can have.
CONFINED = ("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--memory", "64m", "--network", "none")
WRITABLE = ("--tmpfs", "/tmp", "--tmpfs", "/metrics")
STAGES = "ledger-split --network local testdata/lake | invocation-extract | scval-json --style native"


class Structure(ContainerCase):
    """The metadata and the content of an image."""

    def test_service(self):
        config = self.podman.inspect(SERVICE)
        said = config["Config"]
        self.assertEqual(said["User"], "10001:10001")
        self.assertEqual(said["Entrypoint"], ["/usr/bin/tini", "-g", "--", "soroban-container"])
        self.assertEqual(said["Cmd"], ["serve"])
        self.assertIn("8080/tcp", said["ExposedPorts"])
        self.assertEqual(config["HealthCheck" if "HealthCheck" in config else "Healthcheck"]["Test"], ["CMD", "soroban-container", "health"])
        self.check_labels(said["Labels"], "soroban-pipes")

    def check_labels(self, labels, title):
        version = call("sed", "-n", 's/.*static let number = "\\(.*\\)"/\\1/p', f"{ROOT}/Sources/CommandLine/Version.swift").stdout.strip()
        self.assertEqual(labels["org.opencontainers.image.title"], title)
        self.assertEqual(labels["org.opencontainers.image.version"], version)
        self.assertEqual(labels["org.opencontainers.image.revision"], "0123456789ab")
        self.assertIn("org.opencontainers.image.source", labels)

    def test_filters(self):
        config = self.podman.inspect(FILTERS)
        said = config["Config"]
        self.assertEqual((said["User"], said["Entrypoint"]), ("10001:10001", ["/usr/local/bin/tini", "--"]))
        self.check_labels(said["Labels"], "soroban-pipes filters")
        self.assertLessEqual(config["Size"], 90_000_000)

    def test_filters_hold_nothing_else(self):
        self.podman("rm", "-f", "soroban-test-files", check=False)
        self.podman("create", "--name", "soroban-test-files", FILTERS)
        self.addCleanup(lambda: self.podman("rm", "-f", "soroban-test-files", check=False))
        listed = subprocess.run("podman export soroban-test-files | tar t", shell=True, capture_output=True, text=True, check=True).stdout
        # podman adds these mount points.
        files = [name for name in lines_of(listed) if not name.endswith("/") and not name.startswith(("dev", "proc", "sys", "run"))]
        programs = {os.path.basename(name) for name in files if "/bin/" in name}
        self.assertEqual(programs, {*TOOLS, "soroban-pipes", "tini"})
        self.assertTrue(all("/bin/" in name or ".so." in name or name in ("etc/passwd", "etc/group") for name in files), files)

    def test_programs_of_the_service(self):
        listed = self.podman("run", "--rm", *CONFINED, *WRITABLE, SERVICE, "ls", "/usr/local/bin").stdout
        for name in (*TOOLS, "soroban-resume", "soroban-replay", "soroban-serve", "soroban-range", "soroban-container"):
            self.assertIn(name, lines_of(listed))
        # The user can change no file, and the package manager left none.
        found = self.podman(
            "run", "--rm", *CONFINED, SERVICE, "bash", "-c",
            "find / -xdev -writable -not -path '/proc/*' -not -type l 2>/dev/null; ls /var/lib/apt/lists /var/cache/apt",
        ).stdout  # fmt: skip
        allowed = ("/lake", "/records", "/metrics", "/tmp", "/var/tmp", "/dev", "/run")
        self.assertEqual([name for name in lines_of(found) if name.startswith("/") and not name.startswith(allowed)
                          and not name.startswith(("/var/lib/apt", "/var/cache/apt"))], [])  # fmt: skip


class Filters(ContainerCase):
    def test_one_filter_a_container(self):
        """With 64 MB, read-only, without capabilities and network, under any user: the output equals that of this machine."""
        confined = " ".join(CONFINED)
        for user in ("10001", "4321:0"):
            stage = f"podman run -i --rm {confined} --user {user} {FILTERS}"
            self.assertEqual(
                plain(f"{stage} ledger-split --network local < testdata/ledgers.xdr | {stage} invocation-extract |"
                      f" {stage} event-filter --type call | {stage} scval-json --style native"),
                plain("ledger-split --network local testdata/ledgers.xdr | invocation-extract | event-filter --type call |"
                      " scval-json --style native"),
            )  # fmt: skip

    def test_status_and_message(self):
        with open(f"{ROOT}/testdata/ledgers.xdr", "rb") as file:
            cut = file.read(9000)
        done = subprocess.run(["podman", "run", "-i", "--rm", *CONFINED, FILTERS, "ledger-split"], input=cut, capture_output=True, check=False)
        here = subprocess.run(["ledger-split"], input=cut, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (3, here.stdout, here.stderr))
        self.assertEqual(call("podman", "run", "--rm", FILTERS, "sh", check=False).returncode, 127)

    def test_a_lake_in_a_volume(self):
        done = self.podman("run", "--rm", *CONFINED, "-v", f"{LAKE}:/lake:ro", FILTERS, "ledger-split", "-o", "ndjson", "/lake")
        self.assertEqual(done.stdout, plain("ledger-split -o ndjson testdata/lake"))


STATIC = os.environ.get("SOROBAN_PIPES_STATIC", f"{ROOT}/.build/static/bin")


@unittest.skipUnless(os.path.exists(f"{STATIC}/ledger-split"), "make static has not been run")
class Static(ContainerCase):
    def test_in_an_empty_container(self):
        """An image with only the executable and its four names, as process 1 without an init."""
        call("tar", "-C", STATIC, "-cf", f"{self.folder}/static.tar", "soroban-pipes", *TOOLS)
        with open(f"{self.folder}/Dockerfile", "w") as file:
            file.write("FROM scratch\nADD static.tar /\n")
        image = "localhost/soroban-static:test"
        call("buildah", "bud", "-q", "--isolation", "chroot", "-t", image, self.folder)
        self.addCleanup(lambda: self.podman("rmi", "-f", image, check=False))
        stage = f"podman run -i --rm {' '.join(CONFINED)} --user 10001 {image}"
        self.assertEqual(
            plain(f"{stage} /ledger-split --network local <testdata/ledgers.xdr | {stage} /invocation-extract | {stage} /event-filter |"
                  f" {stage} /scval-json --style native"),
            plain("ledger-split --network local testdata/ledgers.xdr | invocation-extract | event-filter | scval-json --style native"),
        )  # fmt: skip


class Pipelines(ContainerCase):
    def test_a_pipeline(self):
        command = STAGES.replace("testdata/lake", "$LAKE")
        done = self.podman("run", "--rm", *CONFINED, "-v", f"{LAKE}:/lake:ro", SERVICE, "run", command)
        self.assertEqual(done.stdout, plain(STAGES))
        done = self.podman("run", "--rm", *CONFINED, SERVICE, "run", "head -c 9000 /usr/local/share/doc/soroban-pipes/examples/testdata/ledgers.xdr"
                           " | ledger-split | invocation-extract | cat", check=False)  # fmt: skip
        self.assertEqual(done.returncode, 3, done.stderr)

    def stop(self, name):
        """Sends SIGTERM, and waits until the container has ended; nothing else ends it."""
        self.podman("kill", "-s", "TERM", name)
        wait_until(lambda: self.status(name)["Status"] == "exited", "the end of the container")

    def growing_lake(self):
        """A directory in which a container writes a lake."""
        lake = self.directory("lake")
        self.start("--network", "none", "-v", f"{lake}:/lake", SERVICE, "soroban-replay", "lake", "--network", "local", "--loop",
                   "--rate", "40", "/lake")  # fmt: skip
        return lake

    def test_sigterm_ends_a_pipeline_with_whole_records(self):
        lake, records = self.growing_lake(), self.directory("records")
        name = self.start(
            *CONFINED, *WRITABLE, "-v", f"{lake}:/lake:ro", "-v", f"{records}:/records", SERVICE,
            "run", "ledger-split --follow $LAKE | invocation-extract | scval-json --style native >>$RECORDS/run.ndjson",
        )  # fmt: skip
        path = f"{records}/run.ndjson"
        wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 100_000, "records")
        self.stop(name)
        self.assertEqual(self.status(name)["ExitCode"], 143)
        self.check_records(path, lake)

    def check_records(self, path, lake, network="local"):
        """The file equals the pipeline's output for the lake, up to the last record in the file."""
        with open(path) as file:
            text = file.read()
        self.assertTrue(text.endswith("\n"))
        last = json.loads(lines_of(text)[-1])["meta"]["ledger_sequence"]
        whole = plain(f"ledger-split --network {network} --ledgers -{last} {lake} | invocation-extract | scval-json --style native")
        self.assertTrue(whole.startswith(text), f"{len(text)} of {len(whole)} bytes, which are others")

    def test_the_follower_is_killed_and_goes_on(self):
        lake, records = self.growing_lake(), self.directory("records")
        mounts = (*CONFINED, *WRITABLE, "-v", f"{lake}:/lake:ro", "-v", f"{records}:/records", SERVICE, "follow")
        path = f"{records}/soroban.ndjson"
        # --soroban omits transactions without a record.
        size = 0
        for number in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
            name = self.start(*mounts)
            wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > size + 100_000, f"records: {self.log(name)}")
            self.assertEqual(self.podman("exec", name, "soroban-container", "health", "follow").returncode, 0)
            self.podman("kill", "-s", number.name, name)
            wait_until(lambda: self.status(name)["Status"] == "exited", "the end of the container")
            size = os.path.getsize(path)
        self.assertEqual(self.status(name)["ExitCode"], 143)
        self.check_records(path, lake)

    def test_what_is_missing_is_named(self):
        for arguments, said in (
            (("-e", "LAKE=/nowhere", SERVICE), "soroban-container: /nowhere: there is no such directory; add -v /path/to/lake:/nowhere:ro, or set LAKE"),
            (("--read-only-tmpfs=false", "-v", f"{LAKE}:/lake:ro", SERVICE), "soroban-container: /tmp: user 10001 cannot write there; add --tmpfs /tmp"),
            (("-v", f"{LAKE}:/lake:ro", SERVICE, "follow"), "soroban-container: /records: user 10001 cannot write there; add -v records:/records"),
        ):  # fmt: skip
            done = self.podman("run", "--rm", *CONFINED, *arguments, check=False)
            self.assertEqual((done.returncode, lines_of(done.stderr)[-1]), (4, said))


class Service(ContainerCase):
    def test_it_serves(self):
        confined = [word if word != "64m" else "256m" for word in CONFINED]
        name = self.start(*confined, *WRITABLE, "-v", f"{LAKE}:/lake:ro", SERVICE)
        ask = "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /invocations?end_ledger=1051 HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
        wait_until(lambda: not self.podman("exec", name, "soroban-container", "health", check=False).returncode, f"health: {self.log(name)}")
        head, _, body = self.podman("exec", name, "bash", "-c", ask).stdout.partition("\n\n")
        self.assertIn("200 OK", head)
        self.assertEqual(body, plain("ledger-split --network local --soroban --ledgers -1051 testdata/lake | invocation-extract | scval-json --style native"))
        self.podman("kill", "-s", "TERM", name)
        wait_until(lambda: self.status(name)["Status"] == "exited", "the end of the container")
        self.assertEqual(self.status(name)["ExitCode"], 143)

    def test_health_fails_without_the_service(self):
        done = self.podman("run", "--rm", *CONFINED, SERVICE, "health", check=False)
        self.assertEqual((done.returncode, lines_of(done.stderr)[-1]), (1, "soroban-container: nothing listens at port 8080"))


if __name__ == "__main__":
    unittest.main()
