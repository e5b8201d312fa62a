"""The examples print their expected files, and types are strict."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import CONSUMERS, ROOT

FOLDER = CONSUMERS / "python"


def test_a_data_frame() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    command = [sys.executable, str(FOLDER / "examples/dataframe.py")]
    found = subprocess.run([*command, "testdata/lake", "local"], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    assert found == (FOLDER / "examples/dataframe.expected").read_text(encoding="utf-8")
    failed = subprocess.run([*command, "no-such-lake"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert failed.returncode == 1
    assert failed.stderr.startswith("ledger-split: no-such-lake: ")


def test_types_are_strict() -> None:
    pytest.importorskip("mypy", reason="mypy is not installed")
    outcome = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", str(ROOT / ".build/mypy")], cwd=FOLDER, stdout=subprocess.PIPE, text=True)
    assert outcome.returncode == 0, outcome.stdout
