"""The compose files: development with a replayed source, monitored by Prometheus, and production on an existing lake."""

import http.client
import json
import os
import signal
import socket
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

from common import BASE, DEPLOY, LAKE, ROOT, SERVICE, ContainerCase, call, lines_of, needs, plain, podman, wait_until

FOLDER = f"{DEPLOY}/docker"
PROMETHEUS, EXPORTER = "localhost/prometheus:test", "localhost/node-exporter:test"
HEAD = "ledger-split --network local --soroban"
TAIL = "invocation-extract | scval-json --style native"


def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def monitoring_images():
    """An image with Debian's Prometheus and node_exporter; the projects' own images are only in a registry."""
    if podman().has(PROMETHEUS):
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, program in ((PROMETHEUS, "prometheus"), (EXPORTER, "prometheus-node-exporter")):
            with open(f"{folder}/Dockerfile", "w") as file:
                file.write(
                    f"FROM {BASE}\nRUN apt-get update -q && apt-get install -q -y --no-install-recommends prometheus prometheus-node-exporter\n"
                    f'RUN install -d -m 777 /prometheus\nUSER 10001\nENTRYPOINT ["{program}"]\n'
                )
            call("buildah", "bud", "--isolation", "chroot", "--network", "host", "--layers", "-t", name, folder)


@needs("podman-compose")
class Compose(ContainerCase):
    def up(self, file, project, environment, *services):
        self.base = ["podman-compose", "-p", project, "-f", f"{FOLDER}/{file}"]
        self.environment = {**os.environ, **environment}
        self.addCleanup(lambda: self.compose("down", "-v", "-t", "2", check=False))
        self.compose("down", "-v", "-t", "2", check=False)
        self.compose("up", "-d", *services)
        self.project = project

    def compose(self, *arguments, **options):
        return call(*self.base, *arguments, env=self.environment, **options)

    def container(self, service):
        """The name of a service's container: versions of podman-compose format it in two ways."""
        names = lines_of(self.podman("ps", "-a", "--format", "{{.Names}}").stdout)
        return next(name for name in names if name in (f"{self.project}_{service}_1", f"{self.project}-{service}-1"))

    def volume(self, name):
        return self.podman("volume", "inspect", "-f", "{{.Mountpoint}}", f"{self.project}_{name}").stdout.strip()

    def kill(self, service):
        """Kills the process of a container without podman's knowledge, so that podman restarts it."""
        name = self.container(service)
        process = self.status(name)["Pid"]
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: self.status(name)["Pid"] not in (0, process), f"{service} started again")

    def get(self, number, target):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{number}{target}", timeout=60) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError, http.client.HTTPException):
            return None

    def query(self, expression):
        text = self.get(self.prometheus, "/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        return json.loads(text)["data"]["result"] if text else None

    def check_file(self, path, lake):
        with open(path) as file:
            text = file.read()
        self.assertTrue(text.endswith("\n"))
        last = json.loads(lines_of(text)[-1])["meta"]["ledger_sequence"]
        self.assertTrue(plain(f"{HEAD} --ledgers -{last} {lake} | {TAIL}").startswith(text))

    def test_development(self):
        monitoring_images()
        self.prometheus, service = port(), port()
        self.up("compose.yaml", f"soroban-test-{os.getpid()}", {
            "SOROBAN_PIPES_IMAGE": SERVICE, "PROMETHEUS_IMAGE": PROMETHEUS, "NODE_EXPORTER_IMAGE": EXPORTER, "REPLAY_RATE": "20",
            "SERVICE_PORT": str(service), "PROMETHEUS_PORT": str(self.prometheus),
        })  # fmt: skip
        lake, records = self.volume("lake"), f"{self.volume('records')}/soroban.ndjson"
        wait_until(lambda: os.path.exists(records) and os.path.getsize(records) > 50_000, "records of the follower")

        # The service sends what the pipeline writes.
        wait_until(lambda: self.get(service, "/health"), "the service")
        health = json.loads(self.get(service, "/health"))
        last = health["last_ledger"]
        self.assertEqual(self.get(service, f"/invocations?end_ledger={last}"), plain(f"{HEAD} --ledgers -{last} {lake} | {TAIL}"))

        # Two containers are killed: no record is lost or repeated.
        size = os.path.getsize(records)
        self.kill("follower")
        wait_until(lambda: os.path.getsize(records) > size + 50_000, "records after a kill")
        self.kill("service")
        last += 1
        wait_until(lambda: self.get(service, "/health"), "the service, again")
        self.assertEqual(self.get(service, f"/invocations?end_ledger={last}"), plain(f"{HEAD} --ledgers -{last} {lake} | {TAIL}"))
        self.check_file(records, lake)

        # Prometheus sees the follower, every expression of the dashboard has rows, and an alert fires and clears.
        wait_until(lambda: self.query('increase(soroban_pipes_ledgers_total{name="soroban"}[30s]) > 0'), "ledgers in Prometheus")
        wait_until(lambda: self.query("soroban_serve_healthy == 1"), "the service in Prometheus")
        with open(f"{DEPLOY}/monitoring/dashboard.json") as file:
            panels = json.load(file)["panels"]
        # The last two runs show states that a healthy follower never has.
        self.podman("exec", self.container("follower"), "bash", "-c", """
            export NETWORK_PASSPHRASE=local examples=/usr/local/share/doc/soroban-pipes/examples
            head -c 100000 $examples/testdata/ledgers.xdr | ledger-split --metrics $METRICS/broken.prom >/dev/null
            soroban-replay pipe --skip 1030-1031 $examples/testdata/ledgers.xdr | ledger-split -q --metrics $METRICS/gap.prom |
              invocation-extract --metrics $METRICS/range-done.prom >/dev/null""", check=False)  # fmt: skip
        count = 0
        for panel in panels:
            for target in panel.get("targets", ()):
                expression = target["expr"].replace("$instance", ".*").replace("$name", ".*").replace("$__rate_interval", "30s")
                wait_until(lambda expression=expression: self.query(expression), expression)
                count += 1
        self.assertGreaterEqual(count, 20)

        # The follower is killed without a restart: its metrics become stale, and an alert fires. So does the alert for the failed
        # run.
        def firing(alert):
            rows = self.query(f'ALERTS{{alertname="{alert}", alertstate="firing"}}')
            return None if rows is None else {row["metric"]["name"] for row in rows}

        silent, failed = "SorobanPipesSilent", "SorobanPipesRunFailed"
        self.podman("kill", "-s", "KILL", self.container("follower"))
        wait_until(lambda: firing(silent) and firing(failed), "the alerts", 300)
        self.assertEqual((firing(silent), firing(failed)), ({"soroban", "soroban-extract", "soroban-scval"}, {"broken"}))
        self.compose("start", "follower")
        os.unlink(f"{self.volume('metrics')}/broken.prom")
        wait_until(lambda: firing(silent) == set() and firing(failed) == set(), "the end of the alerts", 300)
        self.compose("stop", "-t", "10", "follower")
        self.check_file(records, lake)

    def test_production(self):
        lake = self.directory("lake")
        call("cp", "-RT", LAKE, lake)
        records, metrics, service = self.directory("records"), self.directory("metrics"), port()
        core = self.directory("core")
        os.mkfifo(f"{core}/meta.fifo")
        os.chmod(f"{core}/meta.fifo", 0o666)
        environment = {
            "SOROBAN_PIPES_IMAGE": SERVICE, "LAKE": lake, "RECORDS": records, "METRICS": metrics, "SERVICE_PORT": str(service), "MAX_AGE": "1",
            "CORE": core, "NETWORK_PASSPHRASE": "local", "COMPOSE_PROFILES": "core",
        }  # fmt: skip
        self.up("compose.prod.yaml", f"soroban-prod-{os.getpid()}", environment, "follower", "service", "core")
        wanted = plain(f"{HEAD} testdata/lake | {TAIL}")
        path = f"{records}/pubnet.ndjson"
        wait_until(lambda: os.path.exists(path) and os.path.getsize(path) == len(wanted.encode()), "all records")
        self.kill("follower")
        wait_until(lambda: not self.podman("exec", self.container("follower"), "soroban-container", "health", "follow", check=False).returncode, "health")
        with open(path) as file:
            self.assertEqual(file.read(), wanted)
        # The lake is old, and the service reports that.
        self.assertEqual(wait_until(lambda: self.podman("exec", self.container("service"), "soroban-container", "health", check=False).stderr,
                                    "health").strip(), "soroban-container: /health answers 503")  # fmt: skip
        # core writes, is restarted, and repeats its last ledgers.
        for options in ("--count 20", "--skip 1024-1038"):
            call("bash", "-c", f"scripts/replay pipe {options} testdata/ledgers.xdr >{core}/meta.fifo", cwd=ROOT)
        wait_until(lambda: os.path.exists(f"{records}/core.ndjson") and os.path.getsize(f"{records}/core.ndjson") >= len(wanted.encode()), "core")
        with open(f"{records}/core.ndjson") as file:
            self.assertEqual(file.read(), wanted)


if __name__ == "__main__":
    unittest.main()
