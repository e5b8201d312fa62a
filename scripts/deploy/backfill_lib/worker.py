"""One range of ledgers in, one file out."""

import contextlib
import os

from . import FAILURE, MARK, USAGE, Problem, heard, lake, pipeline, ranges, say, seal, store

# The options that determine the records of a file; its seal contains them.
REQUEST = ("by", "format", "style", "filter", "footprint_ops", "network", "verify")


def request_of(options):
    """The request of the options, so that files of another request are recognised."""
    style = options.style
    if options.format == "xdr.zst":
        if style not in (None, "raw"):
            raise Problem("--format xdr.zst keeps values as they are: --style does not go with it", USAGE)
        style = "raw"
    if options.format == "parquet" and style == "proto":
        raise Problem("--style proto has no table: --format parquet takes native, sep51 or raw", USAGE)
    if options.by == "event" and (style == "proto" or options.footprint_ops):
        raise Problem(f"--by event does not go with {'--style proto' if style == 'proto' else '--footprint-ops'}", USAGE)
    return {
        "by": options.by, "format": options.format, "style": style or "native", "filter": options.filter,
        "footprint_ops": options.footprint_ops, "network": options.network, "verify": options.verify,
    }  # fmt: skip


def same(one, other):
    return isinstance(one, dict) and all(one.get(name) == other.get(name) for name in REQUEST if name != "verify")


def is_whole(target, name, request):
    """Whether the file of a range exists, is complete, and belongs to this request."""
    size = target.size(name)
    if size is None:
        return False
    line = target.manifest(name)
    if line is None or "sha256" not in line:
        # A worker that died between its last two steps left only the file: it has its name, so it is complete.
        found = target.seal(name)
        if not found or not same(found["request"], request):
            return False
        target.put_manifest(name, manifest_line(found, name, size, target.sha256(name)))
        return True
    if not same(line.get("request"), request):
        raise Problem(f"{target.path}/{name}: made with other options; choose another directory", USAGE)
    digest = target.sha256(name)
    return line.get("bytes") == size and digest in (None, line["sha256"])


def manifest_line(content, name, size, digest):
    return seal.line({"_schema": MARK, "file": name, "bytes": size, "sha256": digest, **content})


def seal_of(source, result, first, last, request):
    network = request["network"] or source.network()
    counted = result.counted
    return {
        "_schema": MARK, "first": first, "last": last, "ledgers": result.ledgers, "records": counted.records,
        "first_toid": counted.first_toid, "last_toid": counted.last_toid, "records_sha256": counted.digest and counted.digest.hexdigest(),
        **pipeline.headers(source, first, last, network), "with_records": seal.bitmap_text(counted.ledgers), "request": request, "tool_version": result.version,
    }  # fmt: skip


def work(options, first, last):
    """Makes the file of a range, unless it exists. Returns whether it was made."""
    request = request_of(options)
    target = store.store(options.out)
    name = store.name_of(first, last, request["format"])
    if is_whole(target, name, request):
        target.sweep(name)
        with contextlib.suppress(FileNotFoundError):
            store.Scratch.sweep(options.scratch)
        if not options.quiet:
            say(f"{name}: is there")
        return False
    source = lake.lake(options.lake)
    target.make()
    part = None
    try:
        with store.Scratch(options.scratch) as scratch:
            part = store.Part(target.scratch() or scratch, name)
            content, size = make(options, source, target, part, name, (first, last), request, scratch)
    finally:
        source.close()
        if part:
            part.drop()
    if not options.quiet:
        say(f"{name}: {content['records']} records of {content['ledgers']} ledgers, {size} bytes")
    return True


def make(options, source, target, part, name, span, request, scratch):
    first, last = span
    source.prepare(first, last, scratch)
    if request["format"] == "parquet":
        # Imported here: files of lines do not need it.
        from . import parquet

        sink = parquet.File(request, part.path, seal.placeholder_size(first, last, request), options.memory, scratch)
    else:
        sink = pipeline.zstd(part.path, part.file)
    result = pipeline.run(source, first, last, request, sink, options.hash_records)
    content = seal_of(source, result, first, last, request)
    if request["format"] == "parquet":
        sink.put(content)
    else:
        with open(part.path, "ab") as file:
            file.write(seal.frame(content))
    size, digest = os.stat(part.path).st_size, seal.sha256(part.path)
    target.put(part.path, name)
    target.put_manifest(name, manifest_line(content, name, size, digest))
    return content, size


def stream(options, spans):
    """Writes the records of ranges to standard output, and after each range a line that describes it."""
    request = request_of(options)
    if request["format"] == "xdr.zst":
        raise Problem("what is streamed is lines: --format parquet or ndjson.zst", USAGE)
    for first, last in spans:
        source = lake.lake(options.lake)
        try:
            with store.Scratch(options.scratch) as scratch:
                source.prepare(first, last, scratch)
                sink = pipeline.Raw()
                if request["format"] == "parquet":
                    from . import parquet

                    sink = parquet.Lines(request, options.memory, scratch)
                result = pipeline.run(source, first, last, request, sink, options.hash_records)
                content = seal_of(source, result, first, last, request)
                pipeline.Raw().write(seal.line(content).encode() + b"\n")
        except Problem as problem:
            if options.tell:
                failure = {"_schema": FAILURE, "first": first, "last": last, "status": problem.status, "messages": [*heard, str(problem)]}
                pipeline.Raw().write(seal.line(failure).encode() + b"\n")
            raise Problem(f"{ranges.text((first, last))}: {problem}", problem.status) from None
        finally:
            source.close()
