"""Estimates bytes, time and cost of a range from samples of it that are processed on this machine."""

import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import time

from . import FILES, Problem, ended, lake, ranges, say, store

MILLION = 1_000_000
GB = 10**9


def pieces(first, last, number, size, step):
    """Samples from the middle of equal parts of the range, made of complete objects."""
    total = last - first + 1
    size = max(1, min(size, total // number or 1))
    out = []
    for index in range(min(number, total)):
        middle = first + total * (2 * index + 1) // (2 * number)
        begin = max(first, min(middle - size // 2, last - size + 1))
        begin = max(first, begin // step * step)
        end = min(last, begin + size - 1)
        if not out or begin > out[-1][1]:
            out.append((begin, end))
    return out


def stored(source, first, last, scratch):
    """The number of objects and compressed bytes of a sample."""
    if isinstance(source, lake.StoreLake):
        found = source.objects(first, last)
        return len(found), sum(size for _, _, size in found)
    objects, size = set(), 0
    for folder, _, names in os.walk(source.path):
        for name in names:
            match = lake.OBJECT.fullmatch(name)
            if match:
                span = lake.span_of(match)
                if span[0] <= last and span[1] >= first and span not in objects:
                    objects.add(span)
                    size += os.stat(f"{folder}/{name}").st_size
    return len(objects), size


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def words(options, first, last, out):
    """The command line of a worker for a sample."""
    row = ["--ledgers", f"{first}-{last}", "--lake", options.lake, "--out", out, "--by", options.by, "--format", options.format]
    row += ["--memory", options.memory, f"--filter={shlex.join(options.filter)}"]
    for name, value in (("--style", options.style), ("--network", options.network), ("--scratch", options.scratch)):
        row += [name, value] if value is not None else []
    flags = (("--footprint-ops", options.footprint_ops), ("--hash-records", options.hash_records), ("--no-verify", not options.verify))
    return ["-q", *row, *(name for name, is_given in flags if is_given)]


def measured(options, first, last, scratch):
    """One sample, processed by a worker."""
    out = f"{scratch}/out"
    before, begin = processor(), time.monotonic()
    done = subprocess.run([sys.executable, sys.argv[0], *words(options, first, last, out)], check=False)
    wall, used = time.monotonic() - begin, processor() - before
    if done.returncode:
        raise Problem(f"the worker for {first}-{last} ended with {ended(done.returncode)}", done.returncode if done.returncode > 0 else FILES)
    line = store.store(out).manifest(store.name_of(first, last, options.format))
    objects, read = stored(lake.lake(options.lake), first, last, scratch)
    shutil.rmtree(out)
    return {
        "first": first, "last": last, "ledgers": last - first + 1, "objects": objects, "bytes_read": read, "records": line["records"],
        "bytes_written": line["bytes"], "processor_seconds": used, "seconds": wall,
    }  # fmt: skip


def fixed(options, piece, scratch):
    """The cost of a worker for any range: measured with the smallest range."""
    first = piece[0]
    return measured(options, first, first, scratch)


def forecast(found, least, ledgers, ranges_count):
    """Rates per ledger times the ledgers, plus the fixed cost of each range."""
    sampled = sum(piece["ledgers"] for piece in found)
    out = {"ledgers": ledgers}
    for name in ("objects", "bytes_read", "records", "bytes_written"):
        out[name] = round(sum(piece[name] for piece in found) * ledgers / sampled)
    for name in ("processor_seconds", "seconds"):
        # A sample costs its share of the ledgers, plus the fixed cost once.
        begun = min(least[name], *(piece[name] for piece in found))
        out[name] = sum(piece[name] - begun for piece in found) * ledgers / sampled + begun * ranges_count
    return out


def money(total, options):
    return {
        "processors": total["processor_seconds"] / 3600 * options.price_hour,
        "requests": total["objects"] / 1000 * options.price_request,
        "reading": total["bytes_read"] / GB * options.price_read,
        "keeping_for_a_month": total["bytes_written"] / GB * options.price_month,
    }


def run(options):
    first, last = options.ledgers
    source = lake.lake(options.lake)
    step, partition, _ = source.layout()
    with store.Scratch(options.scratch) as scratch:
        wanted = pieces(first, last, options.sample, options.piece, step)
        least = fixed(options, wanted[0], scratch)
        found = [measured(options, *piece, scratch) for piece in wanted]
    ledgers = last - first + 1
    total = forecast(found, least, ledgers, ranges.count(first, last, partition))
    total["hours"] = total["seconds"] / 3600 / options.workers
    costs = money(total, options)
    if options.json:
        print(json.dumps({"sample": found, "estimate": total, "money": costs}))
        return
    say(f"measured {sum(piece['ledgers'] for piece in found)} ledgers in {len(found)} pieces")
    rows = [
        ("objects", "objects", 1, 0), ("read, GB", "bytes_read", GB, 3), ("records", "records", 1, 0),
        ("written, GB", "bytes_written", GB, 3), ("processor seconds", "processor_seconds", 1, 1),
    ]  # fmt: skip
    print(f"{'':26} {'a million ledgers':>20} {f'{ledgers} ledgers':>20}")
    for title, name, unit, digits in rows:
        print(f"{title:26} {total[name] / unit / ledgers * MILLION:>20,.{digits}f} {total[name] / unit:>20,.{digits}f}")
    hours = "hours, 1 worker" if options.workers == 1 else f"hours, {options.workers} workers"
    print(f"{hours:26} {total['hours'] / ledgers * MILLION:>20,.2f} {total['hours']:>20,.2f}")
    for title, value in costs.items():
        if value:
            print(f"{'price: ' + title.replace('_', ' '):26} {value / ledgers * MILLION:>20,.2f} {value:>20,.2f}")
