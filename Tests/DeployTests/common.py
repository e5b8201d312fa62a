"""Common parts of the tests of scripts/deploy: containers by podman, where it is installed, with images that are built here."""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
DEPLOY = f"{ROOT}/scripts/deploy"
LAKE = f"{ROOT}/testdata/lake"
PROGRAMS = f"{ROOT}/.build/programs"
# Long enough for a machine that is busy with other tests; a wait ends as soon as its condition holds.
PATIENCE = 120
os.environ["PATH"] += "".join(f":{place}" for place in (f"{PROGRAMS}/bin", f"{PROGRAMS}/deploy/bin", "/usr/sbin"))
BASE = "docker.io/library/debian:bookworm-slim"
SERVICE, FILTERS = "localhost/soroban-pipes:test", "localhost/soroban-filters:test"
TOOLS = ("ledger-split", "invocation-extract", "event-filter", "scval-json")


def needs(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    return unittest.skipIf(missing, f"{', '.join(missing)} not installed")


def call(*arguments, check=True, **options):
    """Runs a program to its end; text, unless the input is bytes."""
    options.setdefault("stdin", subprocess.DEVNULL) if "input" not in options else None
    options.setdefault("text", True)
    done = subprocess.run([str(part) for part in arguments], capture_output=True, timeout=1200, check=False, **options)
    if check and done.returncode:
        raise AssertionError(f"{arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def wait_until(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {patience} seconds")
        time.sleep(0.05)
    return found


def plain(stages, **options):
    """The output of a pipeline on this machine."""
    return call("bash", "-o", "pipefail", "-c", stages, cwd=ROOT, **options).stdout


def lines_of(pod_or_text):
    return [line for line in pod_or_text.splitlines() if line]


class Podman:
    """podman, configured to work where a container may not raise its limits and crun does not support the control groups."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="soroban-deploy-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        with open(f"{self.folder}/containers.conf", "w") as file:
            file.write('[containers]\ndefault_ulimits=["nofile=20000:20000","nproc=20000:20000"]\n')
            if shutil.which("runc"):
                file.write('[engine]\nruntime="runc"\n')
        os.environ["CONTAINERS_CONF"] = file.name

    def __call__(self, *arguments, **options):
        return call("podman", *arguments, **options)

    def has(self, image):
        return not self("image", "exists", image, check=False).returncode

    def inspect(self, image):
        return json.loads(self("image", "inspect", image).stdout)[0]


@functools.cache
def podman():
    return Podman()


@functools.cache
def reason_without_containers():
    """Why this machine cannot run containers; empty if it can."""
    for name in ("podman", "buildah"):
        if not shutil.which(name):
            return f"{name} is not installed"
    try:
        base_image()
        done = podman()("run", "--rm", "--network", "none", BASE, "true", check=False)
    except (AssertionError, OSError) as error:
        return f"no container runs here: {str(error).splitlines()[0]}"
    return "" if not done.returncode else f"no container runs here: {done.stderr.strip()}"


@functools.cache
def base_image():
    """Debian's slim image: from a registry, or built from Debian's packages."""
    run = podman()
    if run.has(BASE):
        return BASE
    if not shutil.which("debootstrap") or not run("pull", "-q", BASE, check=False).returncode:
        return BASE
    with tempfile.TemporaryDirectory() as folder:
        call("debootstrap", "--variant=minbase", "bookworm", f"{folder}/root")
        call("bash", "-c", 'rm -rf "$0"/var/cache/apt/archives/*.deb "$0"/var/lib/apt/lists/*', f"{folder}/root")
        call("bash", "-o", "pipefail", "-c", f'tar -C "$0" -c . | podman import -q --change CMD=bash - {BASE}', f"{folder}/root")
    return BASE


@functools.cache
def images():
    """Builds both images; the tools on the PATH replace the stage that compiles."""
    folder = tempfile.mkdtemp(prefix="soroban-image-")
    try:
        tools = os.environ.get("SOROBAN_PIPES_TOOLS") or os.path.dirname(shutil.which("ledger-split") or "")
        named = call("ldd", f"{tools}/ledger-split", check=False).stdout
        if "libswiftCore" in named:
            raise unittest.SkipTest("these tools need an installed Swift: make deploy-test uses those of make build")
        stand_in = f"{folder}/image"
        call("make", "-s", "install-built", f"built={tools}", f"DESTDIR={stand_in}", "prefix=/usr/local", cwd=ROOT)
        for target, name in (("filters", FILTERS), ("service", SERVICE)):
            before = podman()("image", "ls", "-q", "--no-trunc", name).stdout.strip()
            call(
                f"{DEPLOY}/docker/build", "--target", target, "--tag", name, "--build-context", f"build={folder}",
                cwd=ROOT, env={**os.environ, "BUILDER": "buildah", "SOROBAN_PIPES_COMMIT": "0123456789ab"},
            )  # fmt: skip
            # The image of an earlier build has lost its name.
            if before and before != podman()("image", "ls", "-q", "--no-trunc", name).stdout.strip():
                podman()("rmi", before, check=False)
    finally:
        shutil.rmtree(folder)
    return SERVICE, FILTERS


class ContainerCase(unittest.TestCase):
    """A test with the images; its containers are removed at the end."""

    @classmethod
    def setUpClass(cls):
        if reason := reason_without_containers():
            raise unittest.SkipTest(reason)
        images()
        cls.podman = podman()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="soroban-deploy-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)
        self.count = 0

    def directory(self, name):
        """A directory that the image's user can write."""
        path = f"{self.folder}/{name}"
        os.mkdir(path)
        os.chown(path, 10001, 10001) if os.geteuid() == 0 else os.chmod(path, 0o777)
        return path

    def start(self, *arguments):
        """Starts a container in the background and returns its name. It is removed at the end."""
        self.count += 1
        name = f"soroban-test-{os.getpid()}-{self._testMethodName}-{self.count}"
        self.addCleanup(lambda: self.podman("rm", "-f", "-t", "1", name, check=False))
        self.podman("run", "-d", "--name", name, *arguments)
        return name

    def status(self, name):
        return json.loads(self.podman("inspect", name).stdout)[0]["State"]

    def log(self, name):
        done = self.podman("logs", name, check=False)
        return done.stdout + done.stderr
