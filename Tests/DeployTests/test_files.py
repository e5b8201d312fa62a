"""Checks without containers: linters, schemas, the entry point, releases, and the targets that the workflows call."""

import glob
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from common import DEPLOY, LAKE, ROOT, call, lines_of, needs, plain

ENTRY = f"{DEPLOY}/docker/entrypoint"
RELEASE = f"{DEPLOY}/release"
WORKFLOWS = sorted(glob.glob(f"{ROOT}/.github/workflows/*.yml"))


class Linted(unittest.TestCase):
    """Each linter accepts our files and rejects a wrong one."""

    def clean(self, *command):
        done = call(*command, cwd=ROOT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def finds(self, command, file, old, new):
        """The linter rejects a copy with an error in it."""
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/.github/workflows/{os.path.basename(file)}"
            os.makedirs(os.path.dirname(path))
            with open(file) as text, open(path, "w") as copy:
                content = text.read()
                self.assertIn(old, content)
                copy.write(content.replace(old, new, 1))
            self.assertNotEqual(call(*command, path, cwd=folder, check=False).returncode, 0)

    @needs("hadolint")
    def test_dockerfile(self):
        self.clean("hadolint", f"{DEPLOY}/docker/Dockerfile")
        self.finds(["hadolint"], f"{DEPLOY}/docker/Dockerfile", "--no-install-recommends jq", "jq")

    @needs("yamllint")
    def test_yaml(self):
        self.clean("yamllint", "--strict", "-c", f"{DEPLOY}/yamllint.yml", DEPLOY, f"{ROOT}/.github")
        self.finds(["yamllint", "--strict", "-c", f"{DEPLOY}/yamllint.yml"], WORKFLOWS[0], "permissions: {}", "permissions: {}\npermissions: {}")

    @needs("check-jsonschema")
    def test_schemas(self):
        compose = [f"{DEPLOY}/docker/compose.yaml", f"{DEPLOY}/docker/compose.prod.yaml"]
        self.clean("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *compose)
        self.clean("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
        self.clean("check-jsonschema", "--builtin-schema", "vendor.dependabot", f"{ROOT}/.github/dependabot.yml")
        self.finds(["check-jsonschema", "--builtin-schema", "vendor.compose-spec"], compose[0], "restart: unless-stopped", "restarts: unless-stopped")

    @needs("actionlint")
    def test_actionlint(self):
        self.clean("actionlint", *WORKFLOWS)
        self.finds(["actionlint"], f"{ROOT}/.github/workflows/cd.yml", "needs: staging", "needs: stage")

    @needs("zizmor")
    def test_zizmor(self):
        self.clean("zizmor", "--offline", "--no-progress", f"{ROOT}/.github")
        self.finds(["zizmor", "--offline", "--no-progress"], f"{ROOT}/.github/workflows/release.yml", 'TAG="$GITHUB_REF_NAME"', 'TAG="${{ github.ref_name }}"')

    @needs("shellcheck")
    def test_shellcheck(self):
        scripts = [ENTRY, f"{DEPLOY}/docker/build", RELEASE, f"{DEPLOY}/kubernetes/apply", f"{ROOT}/scripts/coverage", f"{ROOT}/scripts/make-deb"]
        self.clean("shellcheck", *scripts)


class Workflows(unittest.TestCase):
    def test_actions_are_pinned(self):
        """Actions are pinned to a commit, with the version in a comment, and to the same one everywhere."""
        pins = {}
        for file in WORKFLOWS:
            with open(file) as text:
                for line in text:
                    if not (used := re.search(r"uses: (\S+)(.*)", line)) or used[1].startswith("./"):
                        continue
                    self.assertRegex(used[0], r"^uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", file)
                    name, commit = used[1].split("@")
                    self.assertEqual(pins.setdefault(name, commit), commit)
        self.assertGreater(len(pins), 5)

    def test_they_call_targets_that_exist(self):
        with open(f"{ROOT}/Makefile") as text:
            targets = set(re.findall(r"^([a-z-]+):", text.read(), re.M))
        # These paths are added together with the parts that they build.
        later = {"consumers": "scripts/consumers/node", "wasm": "Sources/WebModule", "page": "scripts/consumers/web"}
        called = set()
        for file in WORKFLOWS:
            with open(file) as text:
                called |= set(re.findall(r"\bmake (?:-s )?([a-z-]+)", re.sub(r"#.*", "", text.read())))
        called.discard("mandoc")
        called -= {name for name, place in later.items() if not os.path.exists(f"{ROOT}/{place}")}
        self.assertLessEqual({word for word in called if word not in ("python", "lintian")}, targets)
        self.assertLessEqual({"lint", "test", "coverage", "deploy-test", "image", "deb", "dist", "static", "deploy"}, called)

    @needs("act", "make", "git")
    def test_the_check_of_a_release_runs(self):
        """With act, on this machine: a tag that equals the version, and one that does not."""
        version = call(RELEASE, "version").stdout.strip()
        with tempfile.TemporaryDirectory() as folder:
            for tag, status in ((f"v{version}", 0), ("v99.0.0", 1)):
                with open(f"{folder}/event.json", "w") as file:
                    json.dump({"ref": f"refs/tags/{tag}"}, file)
                done = call(
                    "act", "push", "-W", f"{ROOT}/.github/workflows/release.yml", "-j", "check", "-e", file.name,
                    "-P", "ubuntu-24.04=-self-hosted", "--env", f"GITHUB_REF_NAME={tag}", cwd=ROOT, check=False,
                    env={**os.environ, "XDG_CACHE_HOME": folder, "HOME": folder},
                )  # fmt: skip
                self.assertEqual(done.returncode, status, done.stdout + done.stderr)
                self.assertEqual("Job succeeded" in done.stdout, status == 0)

    @needs("act", "make", "git", "kubectl")
    def test_a_release_is_deployed(self):
        """With act, on this machine: staging, then production, with a kubectl that applies nothing, and a checkout from here."""
        version, environment = call(RELEASE, "version").stdout.strip(), {**os.environ}
        with open(f"{ROOT}/.github/workflows/cd.yml") as file:
            (checkout,) = set(re.findall(r"uses: (actions/checkout@\w+)", file.read()))
        with tempfile.TemporaryDirectory() as folder:
            for name in ("bin", "checkout"):
                os.mkdir(f"{folder}/{name}")
            with open(f"{folder}/bin/kubectl", "w") as file:
                file.write(f"""#!/bin/sh
if [ "$1" = kustomize ]; then exec {shutil.which("kubectl")} "$@"; fi
echo "$@" >>{folder}/log
if [ "$1" = apply ]; then cat "$KUBECONFIG" - | grep -E "^secret|image: .*soroban-pipes" | sort -u >>{folder}/log; fi
""")
            os.chmod(file.name, 0o755)
            with open(f"{folder}/checkout/action.yml", "w") as file:
                file.write('name: checkout\ndescription: of this repository\ninputs: {ref: {}, persist-credentials: {}}\n'
                           'runs: {using: composite, steps: [{run: git clone -q "$PROJECT" ., shell: bash}]}\n')  # fmt: skip
            environment |= {"PATH": f"{folder}/bin:{os.environ['PATH']}", "XDG_CACHE_HOME": folder, "HOME": folder}
            for pre in (False, True):
                with open(f"{folder}/event.json", "w") as file:
                    json.dump({"release": {"tag_name": f"v{version}", "prerelease": pre}}, file)
                done = call(
                    "act", "release", "-W", f"{ROOT}/.github/workflows/cd.yml", "-e", file.name, "-P", "ubuntu-24.04=-self-hosted",
                    "-s", "KUBECONFIG=secret\n", "--env", f"PROJECT={ROOT}", "--local-repository", f"{checkout}={folder}/checkout", cwd=ROOT, env=environment, check=False,
                )  # fmt: skip
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                with open(f"{folder}/log") as file:
                    log = lines_of(file.read())
                once = ["apply --selector app.kubernetes.io/name notin (soroban-backfill,soroban-replay) --filename -"]
                once += ["secret"] + [f"rollout status --namespace soroban-pipes --timeout 10m {name}"
                         for name in ("deployment/soroban-serve", "statefulset/soroban-follower")]  # fmt: skip
                # A pre-release stays on staging.
                self.assertEqual([line for line in log if "image:" not in line], once * (1 if pre else 2))
                (image,) = {line.strip() for line in log if "image:" in line}
                # act takes the owner of the repository from the checkout's remote, if there is one.
                self.assertRegex(image, rf"^image: ghcr\.io/[a-z0-9-]*/soroban-pipes:{re.escape(version)}$")
                os.unlink(f"{folder}/log")

    @needs("act")
    def test_every_job_is_planned(self):
        done = call("act", "--list", cwd=ROOT, check=False)
        for job in ("lint", "test", "coverage", "wasm", "consumers", "deploy", "staging", "production", "publish", "index", "packages"):
            self.assertRegex(done.stdout, rf"(?m)^\d +{job} ", done.stderr)


class Releases(unittest.TestCase):
    def test_check(self):
        version = call(RELEASE, "version").stdout.strip()
        self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        for tag, status in ((f"v{version}", 0), (version, 1), ("v1.2", 1), (f"v{version}-rc.1", 1), ("v01.0.0", 1), ("v99.0.0", 1)):
            self.assertEqual(call(RELEASE, "check", tag, check=False).returncode, status, tag)
        self.assertEqual(call(RELEASE, check=False).returncode, 2)

    def test_notes(self):
        notes = call(RELEASE, "notes").stdout
        with open(f"{ROOT}/.github/CHANGELOG.md") as file:
            self.assertIn(notes.strip(), file.read())
        self.assertIn("* ", notes)
        self.assertNotIn("\n## ", notes)

    @needs("dpkg-parsechangelog")
    def test_debian(self):
        text = call(RELEASE, "debian", "@1700000000", env={**os.environ, "MAINTAINER": "Some Body <some@example.org>"}).stdout
        done = call("dpkg-parsechangelog", "-l", "-", input=text)
        self.assertIn("Version: " + call(RELEASE, "version").stdout, done.stdout)
        self.assertEqual(done.stderr, "")
        self.assertTrue(all(len(line) <= 80 for line in lines_of(text)), text)

    @needs("kubectl")
    def test_an_image_is_put_into_the_manifests(self):
        apply = f"{DEPLOY}/kubernetes/apply"
        digest = "ghcr.io/example/soroban-pipes@sha256:" + 64 * "a"
        for environment in ("staging", "production"):
            for image in ("ghcr.io/example/soroban-pipes:1.2.3", digest):
                text = call(apply, "--print", environment, image).stdout
                images = re.findall(r"image: (\S+)", text)
                # The service, the follower, the job and the cron job.
                self.assertEqual((images.count(image), len(images)), (4, 5))
        for image in ("ghcr.io/example/soroban-pipes:latest", "ghcr.io/example/soroban-pipes", "x; rm -rf /:1"):
            self.assertEqual(call(apply, "--print", "staging", image, check=False).returncode, 2, image)
        self.assertEqual(call(apply, "--print", "nowhere", digest, check=False).returncode, 2)


class Entry(unittest.TestCase):
    """The entry point on this machine: programs that print their arguments replace those of the image."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="soroban-entry-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.mkdir(f"{self.folder}/bin")
        for name in ("soroban-serve", "soroban-resume"):
            path = f"{self.folder}/bin/{name}"
            with open(path, "w") as file:
                file.write('#!/bin/sh\nprintf "%s\\n" "${0##*/}" "$@"\n')
            os.chmod(path, 0o755)
        for name in ("lake", "records", "metrics", "tmp"):
            os.mkdir(f"{self.folder}/{name}")

    def run_(self, *arguments, **variables):
        place = {name.upper(): f"{self.folder}/{name}" for name in ("lake", "records", "metrics")}
        environment = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "TMPDIR": f"{self.folder}/tmp", **place, **variables}
        return call(ENTRY, *arguments, env=environment, check=False)

    def said(self, *arguments, **variables):
        done = self.run_(*arguments, **variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return lines_of(done.stdout)

    def test_serve(self):
        begun = ["soroban-serve", "--bind", "0.0.0.0", "--port", "8080", "--lake", f"{self.folder}/lake"]
        self.assertEqual(self.said(), begun)
        self.assertEqual(self.said("serve"), begun)
        # Options without a command go to the service.
        self.assertEqual(self.said("--streams", "3"), [*begun, "--streams", "3"])
        self.assertEqual(self.said("serve", MAX_AGE="120", ALLOW_ORIGIN="*", PORT="81", BIND="::"),
                         ["soroban-serve", "--bind", "::", "--port", "81", "--lake", f"{self.folder}/lake", "--max-age", "120", "--allow-origin", "*"])  # fmt: skip

    def test_follow(self):
        program, file, pipeline, *more = "\n".join(self.said("follow", NAME="pubnet")).split("\n", 2)
        self.assertEqual((program, file), ("soroban-resume", f"{self.folder}/records/pubnet.ndjson"))
        for stage in ("ledger-split --follow $LEDGERS", "invocation-extract $AFTER", "scval-json", "$METRICS/$NAME.prom"):
            self.assertIn(stage, pipeline)
        self.assertEqual(self.said("follow", PIPELINE="mine $LEDGERS")[2:], ["mine $LEDGERS"])
        self.assertEqual(self.said("follow", "given $AFTER", PIPELINE="mine")[2:], ["given $AFTER"])
        # An empty variable, as compose sets it, counts as unset.
        self.assertIn("ledger-split", self.said("follow", PIPELINE="")[2])
        self.assertEqual(self.run_("follow", "two", "pipelines").returncode, 2)

    def test_what_is_missing(self):
        for directory, arguments, said in (
            ("lake", ("serve",), "there is no such directory; add -v /path/to/lake:"), ("lake", ("follow",), "there is no such directory"),
            ("records", ("follow",), "cannot write there; add -v records:"), ("metrics", ("follow",), "cannot write there; add --tmpfs"),
            ("tmp", ("serve",), "cannot write there; add --tmpfs /tmp"),
        ):  # fmt: skip
            os.rename(f"{self.folder}/{directory}", f"{self.folder}/away")
            done = self.run_(*arguments)
            os.rename(f"{self.folder}/away", f"{self.folder}/{directory}")
            self.assertEqual((done.returncode, done.stdout), (4, ""))
            self.assertIn(said, done.stderr)
        # A pipeline of the user needs no lake.
        shutil.rmtree(f"{self.folder}/lake")
        self.assertEqual(self.run_("follow", "cat $LEDGERS $AFTER").returncode, 0)

    @needs("ledger-split")
    def test_run(self):
        done = self.run_("run", f"ledger-split --network local {LAKE} | invocation-extract | cat")
        self.assertEqual(done.stdout, plain("ledger-split --network local testdata/lake | invocation-extract"))
        self.assertEqual(self.run_("run", "false | true").returncode, 1)
        self.assertEqual(self.run_("run", "exit 3").returncode, 3)
        self.assertEqual(self.run_("run").returncode, 2)

    def test_other_programs(self):
        self.assertEqual(self.said("printf", "%s", "a b"), ["a b"])
        self.assertEqual(self.run_("no-such-program").returncode, 127)
        self.assertIn("follow [PIPELINE]", self.run_("--help").stdout)

    def test_health_of_the_service(self):
        self.assertEqual(self.run_("health", PORT="1").returncode, 1)
        for answer, status, said in (
            (b"HTTP/1.0 200 OK\r\n\r\n", 0, ""), (b"HTTP/1.0 503 Old\r\n\r\n", 1, "/health answers 503"), (b"", 1, "/health answers nothing"),
        ):  # fmt: skip
            with socket.create_server(("127.0.0.1", 0)) as server:

                def serve(server=server, answer=answer):
                    connection = server.accept()[0]
                    with connection:
                        # The shell writes it line by line.
                        self.asked = b""
                        while not self.asked.endswith(b"\r\n\r\n") and (data := connection.recv(1000)):
                            self.asked += data
                        connection.sendall(answer)

                thread = threading.Thread(target=serve)
                thread.start()
                done = self.run_("health", PORT=str(server.getsockname()[1]))
                thread.join()
            self.assertEqual((done.returncode, done.stderr.strip().removeprefix("soroban-container: ")), (status, said))
            self.assertEqual(self.asked, b"GET /health HTTP/1.0\r\n\r\n")

    def test_health_of_the_follower(self):
        file = f"{self.folder}/metrics/soroban.prom"

        def health():
            done = self.run_("health", "follow")
            return done.returncode, done.stderr.strip().removeprefix(f"soroban-container: {file}: ")

        self.assertEqual(health(), (1, "the pipeline has not begun"))
        with open(file, "w") as metrics:
            metrics.write('soroban_pipes_ledgers_total{tool="ledger-split",name="soroban"} 4\n')
        self.assertEqual(health(), (0, ""))
        old = time.time() - 100
        os.utime(file, (old, old))
        self.assertEqual(health(), (1, "not written for more than a minute"))
        with open(file, "w") as metrics:
            metrics.write('soroban_pipes_exit_status{tool="ledger-split",name="soroban"} 3\n')
        self.assertEqual(health(), (1, "the pipeline has ended"))
        self.assertEqual(self.run_("health", "nothing").returncode, 2)

    def test_the_manual_knows_what_it_does(self):
        usage = self.run_("--help").stdout
        with open(f"{ROOT}/man/soroban-deploy.7") as file:
            page = file.read()
        images = page[page.index(".Sh IMAGES") : page.index(".Sh COMPOSE")]
        commands = re.findall(r"^  ([a-z]+) ", usage, re.M)
        self.assertEqual(commands, re.findall(r"^\.It Cm ([a-z]+)", images, re.M))
        with open(ENTRY) as file:
            read = set(re.findall(r"\$\{?([A-Z_]{4,})", file.read())) - {"LEDGERS", "AFTER", "BASH_SOURCE", "TMPDIR"}
        self.assertLessEqual(read, set(re.findall(r"[A-Z_]{4,}", images)))

    def test_it_can_be_read_without_running(self):
        """So that its functions can be called separately."""
        done = subprocess.run(["bash", "-c", f"source {ENTRY}; declare -F serve follow run health"], capture_output=True, text=True, check=True)
        self.assertEqual(lines_of(done.stdout), ["serve", "follow", "run", "health"])


class Context(unittest.TestCase):
    def test_what_the_image_is_built_from_is_let_in(self):
        """Each path that the Dockerfile copies is included by .dockerignore."""
        with open(f"{ROOT}/.dockerignore") as file:
            kept = {line[1:].strip() for line in file if line.startswith("!")}
        with open(f"{DEPLOY}/docker/Dockerfile") as file:
            text = file.read().replace("\\\n", " ")
        copied = {path for line in re.findall(r"^COPY (?!--from)(.*)", text, re.M) for path in line.split()[:-1] if not path.startswith("--")}
        copied.remove(".build/wasm/soroban.was[m]")
        self.assertIn(".build/wasm/soroban.wasm", kept)
        self.assertLessEqual({path.split("/")[0] for path in copied}, kept)
        for path in copied:
            self.assertTrue(os.path.exists(f"{ROOT}/{path}"), path)


if __name__ == "__main__":
    unittest.main()
