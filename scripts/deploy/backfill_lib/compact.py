"""Merges small Parquet files into fewer, in another folder. Nothing is deleted, so readers see each row once."""

import os
import secrets
import subprocess

from . import DATA, FILES, USAGE, Problem, ended, parquet, ranges, say, seal, store, tool, worker
from .check import Bad, examine, span_of
from .ranges import Bitmap
from .table import quoted


class Everything:
    manifest_only = False

    def __init__(self, memory):
        self.memory = memory


def merge(paths, founds, first, last, target, options):
    name = store.name_of(first, last, "parquet")
    request = founds[0]["request"]
    for found in founds[1:]:
        if not worker.same(found["request"], request):
            raise Problem(f"{name}: its parts were made with different options", DATA)
    for found, following in zip(founds, founds[1:]):
        if found["last_hash"] != following["first_previous_hash"]:
            raise Problem(f"{name}: the chain of ledgers breaks behind {found['last']}", DATA)
    if worker.is_whole(target, name, request):
        return False
    ledgers = Bitmap(first, last)
    for found in founds:
        ledgers.add_all(seal.bitmap_of(found))
    toids = [found for found in founds if found["first_toid"]]
    content = founds[0] | {
        "first": first, "last": last, "ledgers": sum(found["ledgers"] for found in founds),
        "records": sum(found["records"] for found in founds), "first_toid": toids[0]["first_toid"] if toids else None,
        "last_toid": toids[-1]["last_toid"] if toids else None, "records_sha256": None, "last_hash": founds[-1]["last_hash"],
        "with_records": seal.bitmap_text(ledgers), "tool_version": founds[-1]["tool_version"],
    }  # fmt: skip
    target.make()
    part = None
    outer = store.Scratch()
    scratch = outer.path
    try:
        part = store.Part(target.scratch() or scratch, name)
        size = seal.placeholder_size(first, last, request)
        token = secrets.token_hex(32)
        listed = "[" + ", ".join(quoted(path) for path in paths) + "]"
        rows = parquet.ask(
            f"SELECT coalesce(sum(row_group_bytes), 0)::BIGINT, coalesce(sum(row_group_num_rows), 0)::BIGINT FROM (SELECT DISTINCT "
            f"file_name, row_group_id, row_group_bytes, row_group_num_rows FROM parquet_metadata({listed}))"
        )[0]
        group = int(parquet.ROW_GROUP_BYTES * max(1, int(rows[1])) / max(1, int(rows[0]))) // parquet.VECTOR * parquet.VECTOR
        copy = (
            f"COPY (SELECT * FROM read_parquet({listed}, hive_partitioning = false)) TO {quoted(part.path)} (FORMAT parquet, "
            f"COMPRESSION zstd, ROW_GROUP_SIZE {max(parquet.VECTOR, min(group, parquet.LARGEST_ROW_GROUP))}, USE_TMP_FILE false, "
            f"KV_METADATA {{{seal.KEY}: {quoted(token.ljust(size))}}})"
        )
        command = parquet.command(parquet.settings(options.memory, scratch) + copy)
        done = subprocess.run([tool("duckdb"), *command[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise Problem(f"duckdb ended with {ended(done.returncode)}", FILES)
        seal.into_parquet(part.path, token.encode(), size, content)
        try:
            examine(part.path, name, (first, last), content, Everything(options.memory))
        except Bad as bad:
            raise Problem(f"{name}: after merging {bad}", FILES) from None
        bytes_, digest = os.stat(part.path).st_size, seal.sha256(part.path)
        target.put(part.path, name)
        target.put_manifest(name, worker.manifest_line(content, name, bytes_, digest))
    finally:
        if part:
            part.drop()
        outer.__exit__()
    if not options.quiet:
        say(f"{name}: {content['records']} records of {len(paths)} files, {bytes_} bytes")
    return True


def run(options):
    source, target = store.store(options.out), store.store(options.into)
    if os.path.realpath(options.out) == os.path.realpath(options.into):
        raise Problem("--into is another place than --out: nothing is deleted here", USAGE)
    names = [name for name in source.names()[0] if name.endswith(".parquet")]
    pieces = {}
    for name in sorted(names, key=span_of):
        span = span_of(name)
        if options.ledgers and (span[0] < options.ledgers[0] or span[1] > options.ledgers[1]):
            continue
        if span[0] // options.size != span[1] // options.size:
            raise Problem(f"{name}: a range of {options.size} ledgers ends inside of it", USAGE)
        pieces.setdefault(span[0] // options.size, []).append((span, name))
    if not pieces:
        raise Problem(f"{options.out}: holds no Parquet files of these ranges", DATA)
    outcome = 0
    for entries in pieces.values():
        spans = [span for span, _ in entries]
        first, last = spans[0][0], max(span[1] for span in spans)
        gaps = [ranges.text(gap) for gap in ranges.missing(first, last, spans)]
        twice = [f"{ranges.text(one)} and {ranges.text(other)} overlap" for one, other in ranges.overlaps(spans)]
        if gaps or twice:
            say(f"{first}-{last}: not merged: {'; '.join([*(f'{gap} is missing' for gap in gaps), *twice])}")
            outcome = DATA
            continue
        with store.Scratch() as scratch:
            paths, founds = [], []
            try:
                for span, name in entries:
                    paths.append(source.local(name, scratch))
                    founds.append(examine(paths[-1], name, span, None, Everything(options.memory)))
                merge(paths, founds, first, last, target, options)
            except Bad as bad:
                say(f"{first}-{last}: not merged: {name}: {bad}")
                outcome = DATA
    return outcome
