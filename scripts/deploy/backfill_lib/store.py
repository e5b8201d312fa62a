"""Where files are stored: a directory, or an object store through rclone. A file has its name only when it is complete."""

import contextlib
import fcntl
import json
import os
import re
import shutil

from . import FILES, Problem, seal
from .lake import is_remote, rclone, remote_of

MANIFEST = "_manifest"
FILE = re.compile(r"([0-9]{1,10})-([0-9]{1,10})\.(parquet|ndjson\.zst|xdr\.zst)")
# From Spark and other programs that write a directory for each range.
FOLDER = re.compile(r"range=([0-9]{1,10})-([0-9]{1,10})")


def name_of(first, last, kind):
    return f"{first}-{last}.{kind}"


class DirectoryStore:
    def __init__(self, path):
        self.path = path.rstrip("/") or "/"

    def make(self):
        os.makedirs(f"{self.path}/{MANIFEST}", exist_ok=True)

    def scratch(self):
        """The folder for files that are later renamed into the store."""
        return self.path

    def manifest(self, name):
        try:
            with open(f"{self.path}/{MANIFEST}/{name}.json", encoding="utf-8", errors="replace") as file:
                return parsed(file.read())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sweep(self, name):
        """Removes the files that killed workers left unfinished."""
        for folder in (self.path, f"{self.path}/{MANIFEST}"):
            sweep(folder, f".part-{name}-")

    def size(self, name):
        try:
            return os.stat(f"{self.path}/{name}").st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sha256(self, name):
        return seal.sha256(f"{self.path}/{name}")

    def seal(self, name):
        return seal.of(f"{self.path}/{name}")

    def put(self, path, name):
        with open(path, "rb") as file:
            os.fsync(file.fileno())
        os.rename(path, f"{self.path}/{name}")
        sync(self.path)

    def put_manifest(self, name, line):
        part = Part(f"{self.path}/{MANIFEST}", name)
        try:
            part.file.write(line.encode() + b"\n")
            part.file.flush()
            os.fsync(part.file.fileno())
            os.rename(part.path, f"{self.path}/{MANIFEST}/{name}.json")
        finally:
            part.drop()

    def names(self):
        """Files of ranges, and the directories of other programs."""
        try:
            entries = os.listdir(self.path)
        except FileNotFoundError:
            raise Problem(f"{self.path}: no such directory", FILES) from None
        files = sorted(name for name in entries if FILE.fullmatch(name))
        return files, sorted(name for name in entries if FOLDER.fullmatch(name))

    def manifests(self):
        try:
            return {name[:-5] for name in os.listdir(f"{self.path}/{MANIFEST}") if name.endswith(".json") and name[0] != "."}
        except FileNotFoundError:
            return set()

    def local(self, name, scratch):
        return f"{self.path}/{name}"

    def drop(self, path):
        """What local() returned is not a copy."""


class RemoteStore(DirectoryStore):
    def __init__(self, url):
        super().__init__(url)
        self.remote = remote_of(url)

    def make(self):
        pass

    def scratch(self):
        return None

    def sweep(self, name):
        """A store has no incomplete files."""

    def manifest(self, name):
        there = rclone("cat", f"{self.remote}/{MANIFEST}/{name}.json", check=False)
        if there.returncode not in (0, 3, 4):
            raise Problem(f"{self.path}: {there.stderr.decode(errors='replace').strip()[-300:]}", FILES)
        return parsed(there.stdout.decode(errors="replace")) if there.returncode == 0 else None

    def listed(self, folder=""):
        there = rclone("lsf", "--format", "ps", "--separator", "\t", f"{self.remote}/{folder}".rstrip("/"), check=False)
        if there.returncode == 3:
            return {}
        if there.returncode:
            raise Problem(f"{self.path}: {there.stderr.decode(errors='replace').strip()[-300:]}", FILES)
        rows = (row.rpartition("\t") for row in there.stdout.decode(errors="replace").splitlines())
        return {name: int(size) for name, _, size in rows if size.lstrip("-").isdigit()}

    def size(self, name):
        there = rclone("lsf", "--format", "s", f"{self.remote}/{name}", check=False)
        text = there.stdout.decode(errors="replace").strip()
        if there.returncode not in (0, 3, 4):
            raise Problem(f"{self.path}: {there.stderr.decode(errors='replace').strip()[-300:]}", FILES)
        return int(text) if there.returncode == 0 and text.isdigit() else None

    def sha256(self, name):
        """The size must suffice: reading the file would cost as much as copying it."""
        return None

    def seal(self, name):
        return None

    def put(self, path, name):
        rclone("copyto", path, f"{self.remote}/{name}")
        os.unlink(path)

    def put_manifest(self, name, line):
        rclone("rcat", f"{self.remote}/{MANIFEST}/{name}.json", input=(line + "\n").encode())

    def names(self):
        entries = [name.rstrip("/") for name in self.listed()]
        files = sorted(name for name in entries if FILE.fullmatch(name))
        return files, sorted(name for name in entries if FOLDER.fullmatch(name))

    def manifests(self):
        return {name[:-5] for name in self.listed(MANIFEST) if name.endswith(".json")}

    def local(self, name, scratch):
        path = f"{scratch}/{name}"
        if FOLDER.fullmatch(name):
            rclone("copy", f"{self.remote}/{name}", path)
        else:
            rclone("copyto", f"{self.remote}/{name}", path)
        return path

    def drop(self, path):
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def parsed(text):
    """A line of the manifest, or None if it is damaged."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def sync(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store(place):
    return RemoteStore(place) if is_remote(place) else DirectoryStore(place)


class Part:
    """A file that is being written, locked while its writer lives, so that files of dead writers can be removed."""

    def __init__(self, folder, name):
        sweep(folder, f".part-{name}-")
        self.path = f"{folder}/.part-{name}-{os.uname().nodename}-{os.getpid()}"
        self.file = locked(self.path)

    def drop(self):
        self.file.close()
        if os.path.exists(self.path):
            os.unlink(self.path)


class Scratch:
    """A temporary directory. The next worker removes those of killed ones."""

    def __init__(self, folder=None):
        folder = self.sweep(folder)
        self.lock_path = f"{folder}/backfill-{os.urandom(8).hex()}.lock"
        self.lock = locked(self.lock_path)
        self.path = self.lock_path[:-5]
        os.mkdir(self.path, 0o700)

    @staticmethod
    def sweep(folder=None):
        """Removes the directories of killed workers, and returns their parent."""
        folder = folder or os.environ.get("TMPDIR") or "/tmp"
        sweep(folder, "backfill-", ".lock")
        return folder

    def __enter__(self):
        return self.path

    def __exit__(self, *error):
        shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()
        with contextlib.suppress(OSError):
            os.unlink(self.lock_path)


def locked(path):
    while True:
        file = open(path, "wb")  # noqa: SIM115
        fcntl.flock(file, fcntl.LOCK_SH)
        # Another worker may have removed it before it was locked, as one of a killed worker.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
        file.close()


def sweep(folder, begin, end=""):
    for entry in os.listdir(folder):
        if not (entry.startswith(begin) and entry.endswith(end)):
            continue
        # It is in use, has just been removed, or belongs to another user.
        with contextlib.suppress(OSError), open(f"{folder}/{entry}", "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if end:
                shutil.rmtree(f"{folder}/{entry[: -len(end)]}", ignore_errors=True)
            os.unlink(f"{folder}/{entry}")
