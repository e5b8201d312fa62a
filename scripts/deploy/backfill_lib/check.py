"""Proves from the files alone that every ledger of a range was read, and prints the missing ranges."""

import json
import os
import subprocess

from . import DATA, Problem, ended, parquet, ranges, say, seal, store, tool
from .counter import counter
from .ranges import Bitmap
from .table import quoted


class Bad(Exception):
    """An error of one file."""


def count_parquet(path, first, last, memory):
    """The number of rows, the ledgers with rows, and the first and last operation, read from the rows."""
    files = f"{path}/*.parquet" if os.path.isdir(path) else path
    if not os.path.exists(path) or os.path.isdir(path) and not any(name.endswith(".parquet") for name in os.listdir(path)):
        return 0, Bitmap(first, last), None, None
    try:
        rows = parquet.ask(
            f"SELECT ledger, count(*), min(toid), max(toid) FROM read_parquet({quoted(escaped(files, path))}, "
            "hive_partitioning = false) GROUP BY ledger ORDER BY ledger",
            memory,
        )
        ledgers = Bitmap(first, last)
        total = 0
        for ledger, number, _, _ in rows:
            ledgers.add(int(ledger))
            total += int(number)
    except (Problem, ValueError) as problem:
        raise Bad(str(problem)) from None
    firsts = [row[2] for row in rows if row[2]]
    lasts = [row[3] for row in rows if row[3]]
    return total, ledgers, min(firsts, key=int, default=None), max(lasts, key=int, default=None)


def escaped(files, path):
    """A pattern that matches a name literally, even if it has special characters."""
    special = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)
    return special + files[len(path) :]


def count_stream(path, found):
    """The same for a compressed file, and the digest of its records."""
    counted = counter(found["first"], found["last"], found["request"], found["records_sha256"] is not None)
    with subprocess.Popen([tool("zstd"), "-dqc", "--", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        try:
            space = counted.space()
            while size := os.readv(reader.stdout.fileno(), [space]):
                counted.take(size)
        except Problem as problem:
            reader.kill()
            raise Bad(str(problem)) from None
    if reader.returncode:
        raise Bad(f"zstd ended with {ended(reader.returncode)}")
    try:
        counted.finish()
    except Problem as problem:
        raise Bad(str(problem)) from None
    if counted.others:
        raise Bad(f"it has {counted.records} records, and {counted.others} lines that are not records")
    return counted


def examine(path, name, span, line, options):
    """The seal of a file, after its data was found to match it."""
    folder = store.FOLDER.fullmatch(name)
    # A directory of files that another program wrote has no seal inside: then the manifest must suffice.
    found = line if folder else seal.of(path, name)
    if not found or not seal.parsed(json.dumps(found)):
        raise Bad("the manifest does not record its ledgers" if folder else "it does not end as a whole file does")
    if (found["first"], found["last"]) != span:
        raise Bad(f"it is of ledgers {found['first']}-{found['last']}")
    if found["ledgers"] != span[1] - span[0] + 1:
        raise Bad(f"only {found['ledgers']} ledgers were read for it")
    if options.manifest_only:
        return found
    there = seal.bitmap_of(found)
    if folder or name.endswith(".parquet"):
        records, ledgers, first, last = count_parquet(path, *span, options.memory)
        if found["request"].get("by") == "invocation" and (first, last) != (found.get("first_toid"), found.get("last_toid")):
            raise Bad(f"its operations are {first} to {last}, not {found.get('first_toid')} to {found.get('last_toid')}")
    else:
        counted = count_stream(path, found)
        records, ledgers = counted.records, counted.ledgers
        if counted.digest and counted.digest.hexdigest() != found["records_sha256"]:
            gone = describe(there.minus(ledgers))
            raise Bad(gone or "its records have another hash")
    gone = describe(there.minus(ledgers)) or describe(ledgers.minus(there), "has records of ledgers that had none:")
    if gone:
        raise Bad(gone)
    if records != found["records"]:
        raise Bad(f"it has {records} records instead of {found['records']}")
    return found


def is_empty(line):
    return bool(line) and line.get("records") == 0


def describe(bitmap, what="lacks the records of ledgers"):
    spans = [ranges.text(span) if span[0] != span[1] else str(span[0]) for span in bitmap.spans()]
    return f"{what} {', '.join(spans[:10])}{', ...' if len(spans) > 10 else ''}" if spans else None


def span_of(name):
    match = store.FILE.fullmatch(name) or store.FOLDER.fullmatch(name)
    return int(match[1]), int(match[2])


def kind_of(name):
    match = store.FILE.fullmatch(name)
    return match[3] if match else "directories"


class Report:
    def __init__(self):
        self.complaints = []
        self.holes = []
        self.sums = {"files": 0, "ledgers": 0, "ledgers_with_records": 0, "records": 0, "bytes": 0}

    def complain(self, text):
        self.complaints.append(text)
        say(text)


def check_kind(target, kind, names, options, report):
    manifests = target.manifests()
    whole = []
    if kind == "directories":
        # A range without records has no directory.
        names = sorted({*names, *(name for name in manifests if store.FOLDER.fullmatch(name) and is_empty(target.manifest(name)))})
    for name in names:
        span = span_of(name)
        if options.ledgers and (span[1] < options.ledgers[0] or span[0] > options.ledgers[1]):
            continue
        line = target.manifest(name)
        with store.Scratch() as scratch:
            path = None
            try:
                path = target.local(name, scratch)
                found = examine(path, name, span, line, options)
                if line is None:
                    raise Bad("it has no line in the manifest")
                if kind != "directories" and line.get("bytes") != os.stat(path).st_size:
                    raise Bad(f"it has {os.stat(path).st_size} bytes, and the manifest says {line.get('bytes')}")
                if kind != "directories" and not options.manifest_only and seal.sha256(path) != line.get("sha256"):
                    raise Bad("its hash is not that of the manifest")
                whole.append((span, found))
                report.sums["files"] += 1
                report.sums["records"] += found["records"]
                report.sums["ledgers"] += found["ledgers"]
                report.sums["ledgers_with_records"] += len(seal.bitmap_of(found))
                report.sums["bytes"] += size_of(path)
            except Bad as bad:
                report.complain(f"{name}: {bad}")
            except Problem as problem:
                if problem.status != DATA:
                    raise
                report.complain(f"{name}: {problem}")
            if path:
                target.drop(path)
    for name in sorted(manifests - set(names)):
        known = (store.FILE.fullmatch(name) or store.FOLDER.fullmatch(name)) and kind_of(name) == kind
        if known and (not options.ledgers or ranges.merged([span_of(name)])):
            span = span_of(name)
            if not options.ledgers or (span[1] >= options.ledgers[0] and span[0] <= options.ledgers[1]):
                report.complain(f"{name}: is in the manifest, and not there")
                whole.append((span, None))
    every = [span_of(name) for name in names] + [span for span, found in whole if found is None]
    spans = sorted(span for span, found in whole if found)
    for one, other in ranges.overlaps(spans):
        report.complain(f"{ranges.text(one)} and {ranges.text(other)} overlap")
    chain(sorted((pair for pair in whole if pair[1]), key=lambda pair: pair[0]), report)
    if not options.ledgers and not every:
        raise Problem(f"{target.path}: holds no files of ranges; use --ledgers to say what must be there", DATA)
    first, last = options.ledgers or (min(span[0] for span in every), max(span[1] for span in every))
    # The range of an incomplete file must be made again under the same name.
    damaged = sorted({span for span in every if span not in set(spans)})
    for hole in ranges.missing(first, last, spans):
        inside = [span for span in damaged if span[0] >= hole[0] and span[1] <= hole[1] and not list(ranges.overlaps([span, *spans]))]
        for begin, end in ranges.missing(*hole, inside):
            report.holes += ranges.plan(begin, end, options.size) if options.size else [(begin, end)]
        report.holes += inside
    report.holes.sort()


def chain(whole, report):
    """The hash of each file's last ledger equals the previous hash of the next file's first header."""
    for (span, found), (after, following) in zip(whole, whole[1:]):
        if span[1] + 1 == after[0] and found["last_hash"] != following["first_previous_hash"]:
            report.complain(f"the chain of ledgers breaks between {span[1]} and {after[0]}: the files are not of one history")
        if {k: v for k, v in found["request"].items() if k != "verify"} != {
            k: v for k, v in following["request"].items() if k != "verify"
        }:
            report.complain(f"{ranges.text(span)} and {ranges.text(after)} were made with different options")


def size_of(path):
    if not os.path.exists(path):
        return 0
    if os.path.isdir(path):
        return sum(os.stat(f"{path}/{name}").st_size for name in os.listdir(path))
    return os.stat(path).st_size


def run(options):
    target = store.store(options.out)
    files, folders = target.names()
    kinds = {}
    for name in files + folders:
        kinds.setdefault(kind_of(name), []).append(name)
    for name in target.manifests():
        if store.FILE.fullmatch(name) or store.FOLDER.fullmatch(name):
            kinds.setdefault(kind_of(name), [])
    report = Report()
    for kind in sorted(kinds) or ["none"]:
        check_kind(target, kind, kinds.get(kind, []), options, report)
    holes = sorted(set(report.holes))
    if options.json:
        print(json.dumps(report.sums | {"missing": [ranges.text(hole) for hole in holes], "complaints": report.complaints}))
    else:
        for hole in holes:
            print(ranges.text(hole), flush=True)
        sums = report.sums
        say(
            f"{sums['files']} files, {sums['ledgers']} ledgers, {sums['ledgers_with_records']} of them with records, "
            f"{sums['records']} records, {sums['bytes']} bytes; missing: {sum(b - a + 1 for a, b in holes)} ledgers"
        )
    return DATA if holes or report.complaints else 0
