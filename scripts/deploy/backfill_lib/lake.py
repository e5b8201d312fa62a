"""Sources of ledgers: a data lake (SEP-54) in a directory, or in an object store through rclone."""

import json
import os
import queue
import re
import shutil
import subprocess
import threading

from . import DATA, FILES, Problem, ranges, say, tool

OBJECT = re.compile(r"([0-9A-F]{8})--([0-9]{1,10})(?:-([0-9]{1,10}))?\.xdr(?:\.zst|\.zstd)?")
PARTITION = re.compile(r"([0-9A-F]{8})--([0-9]{1,10})-([0-9]{1,10})/?")
# The layout of the public network's lake, for lakes that do not state their own.
LEDGERS_PER_OBJECT, OBJECTS_PER_PARTITION = 1, 64000
# The number of objects copied at the same time, and how much is copied ahead of the reader.
TRANSFERS = 16
CHUNK_OBJECTS, CHUNK_BYTES = 2048, 128 << 20
CHUNKS_AHEAD = 2


def span_of(found):
    first = int(found[2])
    return first, int(found[3] or first)


def layout_of(text):
    """Ledgers per object, ledgers per partition, and the passphrase, from a lake's .config.json."""
    try:
        found = json.loads(text) if text else {}
        size, objects = found.get("ledgersPerBatch", LEDGERS_PER_OBJECT), found.get("batchesPerPartition", OBJECTS_PER_PARTITION)
        passphrase = found.get("networkPassphrase")
        if type(size) is int and type(objects) is int and size > 0 and objects > 0 and isinstance(passphrase, (str, type(None))):
            return size, size * objects, passphrase
    except (ValueError, AttributeError, RecursionError):
        pass
    raise Problem("the lake's .config.json does not state its layout", DATA)


class DirectoryLake:
    """A lake in a directory; ledger-split opens the objects that it needs."""

    def __init__(self, path):
        self.path = path
        if not os.path.isdir(path):
            raise Problem(f"{path}: no such directory", FILES)

    def layout(self):
        try:
            with open(f"{self.path}/.config.json", encoding="utf-8", errors="replace") as file:
                return layout_of(file.read())
        except FileNotFoundError:
            return layout_of("")
        except OSError as error:
            raise Problem(f"{error.filename}: {os.strerror(error.errno)}", FILES) from None

    def prepare(self, first, last, scratch):
        return self

    def network(self):
        return None

    def arguments(self):
        return ["--", self.path]

    def feed(self, sink):
        """Standard input is empty."""
        sink.close()

    def files(self, first, last):
        """The files that contain both ledgers: their objects, named according to the layout, or else the complete lake."""
        size, partition, _ = self.layout()
        out = []
        for number in (first, last):
            begin, folder = number // size * size, ""
            if partition != size:
                start = number // partition * partition
                folder = f"{0xFFFFFFFF - start:08X}--{start}-{start + partition - 1}/"
            name = f"{0xFFFFFFFF - begin:08X}--{begin}" + (f"-{begin + size - 1}" if size > 1 else "")
            paths = [f"{self.path}/{folder}{name}.{ending}" for ending in ("xdr.zst", "xdr.zstd", "xdr")]
            found = [path for path in paths if os.path.exists(path)][:1]
            if not found:
                return [self.path]
            out += [path for path in found if path not in out]
        return out

    def blame(self):
        """Files that may be damaged: ledger-split has named them."""

    def close(self):
        pass


def rclone_environment():
    """The environment of rclone with an S3 remote named lake, with the credentials and the endpoint of the AWS tools."""
    environment = dict(os.environ)
    endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL", "")
    settings = {
        "TYPE": "s3", "PROVIDER": "Other" if endpoint else "AWS", "ENDPOINT": endpoint, "NO_CHECK_BUCKET": "true",
        "ENV_AUTH": "false" if environment.get("NO_SIGN_REQUEST") else "true",
        "REGION": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "us-east-1"),
    }  # fmt: skip
    # Our own defaults; rclone's environment variables override them.
    environment = {"RCLONE_RETRIES": "3", "RCLONE_RETRIES_SLEEP": "1s", "RCLONE_LOW_LEVEL_RETRIES": "10"} | environment
    return environment | {f"RCLONE_CONFIG_SPSTORE_{name}": value for name, value in settings.items()}


def remote_of(url):
    """The location in rclone's syntax, for s3://BUCKET/PATH, or rclone:REMOTE:PATH with a remote of its configuration."""
    if url.startswith("s3://"):
        return "spstore:" + url[5:].strip("/")
    return url[7:].rstrip("/")


def is_remote(place):
    return place.startswith(("s3://", "rclone:"))


def rclone(*arguments, check=True, **options):
    """Runs rclone, which retries by itself; its last message becomes the error message."""
    command = [tool("rclone"), "-q", *arguments]
    done = subprocess.run(command, env=rclone_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    if check and done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"status {done.returncode}"]
        raise Problem(f"rclone {arguments[0]}: {said[-1]}", FILES)
    return done


class StoreLake:
    """Lists the objects, copies them ahead in chunks, and feeds them to ledger-split in the order of their ledgers."""

    def __init__(self, url):
        self.remote = remote_of(url)
        self.url = url
        self.config = None
        self.closing = threading.Event()
        self.chunks = queue.Queue(CHUNKS_AHEAD)
        self.kept = []
        self.problem = None
        self.fetcher = None

    def layout(self):
        if self.config is None:
            there = rclone("cat", f"{self.remote}/.config.json", check=False)
            # A missing file is a lake without a configuration; other errors are those of the store.
            if there.returncode not in (0, 3, 4):
                said = there.stderr.decode(errors="replace").strip().splitlines() or [f"status {there.returncode}"]
                raise Problem(f"{self.url}/.config.json: {said[-1]}", FILES)
            self.config = layout_of(there.stdout.decode(errors="replace") if there.returncode == 0 else "")
        return self.config

    def network(self):
        return self.layout()[2]

    def names(self, folder):
        place = f"{self.remote}/{folder}".rstrip("/")
        listed = rclone("lsf", "--format", "ps", "--separator", "\t", place)
        out = []
        for row in listed.stdout.decode(errors="replace").splitlines():
            name, _, size = row.rpartition("\t")
            out.append((name, int(size) if size.lstrip("-").isdigit() else -1))
        return out

    def objects(self, first, last):
        """Paths and sizes of the objects of a range, in the order of their ledgers."""
        found = {}

        def take(folder, entries):
            for name, size in entries:
                match = OBJECT.fullmatch(name)
                if match:
                    span = span_of(match)
                    # An object that exists with two endings is read once.
                    if span[0] <= last and span[1] >= first and span not in found:
                        found[span] = (folder + name, size)

        top = self.names("")
        take("", top)
        for name, _ in top:
            match = PARTITION.fullmatch(name)
            if match:
                begin, end = span_of(match)
                if begin <= last and end >= first:
                    folder = name.rstrip("/") + "/"
                    take(folder, self.names(folder))
        gaps = list(ranges.missing(first, last, found))
        if gaps:
            told = ", ".join(f"{begin} to {end}" for begin, end in gaps[:10])
            raise Problem(f"{self.url}: no object holds ledgers {told}{', ...' if len(gaps) > 10 else ''}", DATA)
        return [(span, *found[span]) for span in sorted(found)]

    def prepare(self, first, last, scratch):
        self.first, self.last = first, last
        self.wanted = self.objects(first, last)
        self.scratch = scratch
        self.fetcher = threading.Thread(target=self.fetch, daemon=True)
        self.fetcher.start()
        self.begin = self.take()
        return self

    def in_chunks(self):
        chunk, size = [], 0
        for entry in self.wanted:
            if chunk and (len(chunk) == CHUNK_OBJECTS or size + entry[2] > CHUNK_BYTES):
                yield chunk
                chunk, size = [], 0
            chunk.append(entry)
            size += max(entry[2], 0)
        yield chunk

    def fetch(self):
        try:
            for number, chunk in enumerate(self.in_chunks()):
                folder = f"{self.scratch}/chunk-{number}"
                os.mkdir(folder)
                listing = f"{folder}.list"
                with open(listing, "w", encoding="utf-8") as file:
                    file.writelines(f"{path}\n" for _, path, _ in chunk)
                rclone(
                    "copy", "--files-from-raw", listing, "--no-traverse", "--transfers", str(TRANSFERS), "--checkers", str(TRANSFERS),
                    self.remote + "/", folder,
                )  # fmt: skip
                os.unlink(listing)
                for _, path, size in chunk:
                    try:
                        there = os.stat(f"{folder}/{path}").st_size
                    except FileNotFoundError:
                        raise Problem(f"{self.url}/{path}: gone from the store", FILES) from None
                    if size >= 0 and there != size:
                        raise Problem(f"{self.url}/{path}: {there} of {size} bytes came", FILES)
                if not self.put((folder, chunk)):
                    return
        except Problem as problem:
            self.problem = problem
        except OSError as error:
            self.problem = Problem(f"{error.filename}: {os.strerror(error.errno)}", FILES)
        self.put(None)

    def put(self, item):
        while not self.closing.is_set():
            try:
                self.chunks.put(item, timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def take(self):
        chunk = self.chunks.get()
        if chunk is None and self.problem:
            raise self.problem
        return chunk

    def arguments(self):
        return ["--", "-"]

    def feed(self, sink):
        """Runs in a separate thread; its error is in `problem`."""
        try:
            chunk = self.begin
            while chunk:
                self.kept.append(chunk)
                folder, entries = chunk
                for _, path, _ in entries:
                    with open(f"{folder}/{path}", "rb") as file:
                        shutil.copyfileobj(file, sink, 1 << 20)
                # The files that ledger-split may still be reading are kept, so that a damaged object can be named.
                if len(self.kept) > 2:
                    self.remove(self.kept.pop(0))
                chunk = self.take()
        except BrokenPipeError:
            pass
        except Problem as problem:
            self.problem = problem
        except OSError as error:
            self.problem = Problem(f"{error.filename}: {os.strerror(error.errno)}", FILES)
        finally:
            try:
                sink.close()
            except OSError:
                pass

    def files(self, first, last):
        found = {}
        for folder, entries in [self.begin, *self.kept]:
            for span, path, _ in entries:
                if any(span[0] <= number <= span[1] for number in (first, last)):
                    found[span] = f"{folder}/{path}"
        return [found[span] for span in sorted(found)]

    def remove(self, chunk):
        """All except the first object of the range, whose header is read at the end."""
        folder, entries = chunk
        if chunk is not self.begin:
            shutil.rmtree(folder, ignore_errors=True)
            return
        for span, path, _ in entries:
            if not span[0] <= self.first <= span[1]:
                os.unlink(f"{folder}/{path}")

    def blame(self):
        """Names those of the last objects that cannot be read."""
        for folder, _ in self.kept:
            command = [tool("ledger-split"), "-q", "--by", "ledger", "-o", "xdr", "--", folder]
            tried = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            for message in tried.stderr.decode(errors="replace").splitlines():
                if tried.returncode == DATA:
                    say(message.replace(folder, self.url))

    def close(self):
        self.closing.set()


def lake(place):
    return StoreLake(place) if is_remote(place) else DirectoryLake(place)
