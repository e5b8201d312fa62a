"""The metrics that the stages write with --metrics, as the map of a heartbeat."""

import os
import re

SAMPLE = re.compile(r"^soroban_pipes_([a-z_]+)\{([^}]*)\} (\S+)$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def files(directory):
    try:
        names = sorted(name for name in os.listdir(directory) if name.endswith(".prom"))
    except OSError:
        return
    for name in names:
        try:
            with open(f"{directory}/{name}", errors="replace") as file:
                yield file.read()
        except OSError:
            continue


def summary(directory):
    """Values by tool, metric and own labels: ledger-split.ledgers_total, ledger-split.warnings_total.gaps."""
    found = {}
    for text in files(directory):
        for line in text.splitlines():
            if not (sample := SAMPLE.match(line)) or sample[1] == "build_info":
                continue
            labels = dict(LABEL.findall(sample[2]))
            tool = labels.pop("tool", "")
            labels.pop("name", None)
            found[".".join((tool, sample[1], *labels.values()))] = sample[3]
    return found
