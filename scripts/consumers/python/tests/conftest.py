"""Common parts of the tests."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from support import CONSUMERS, LAKE, ROOT, Server  # noqa: E402


@pytest.fixture(scope="session")
def fault_server() -> Iterator[str]:
    with Server([sys.executable, str(CONSUMERS / "conformance/fault-server")]) as server:
        yield server.address


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """A real scripts/serve over the lake of testdata."""
    if not shutil.which("lighttpd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"):
        pytest.skip("lighttpd is not installed")
    command = [str(ROOT / "scripts/serve/start"), "--lake", str(LAKE), "--port", "0", "--poll", "0.1", "--heartbeat", "1"]
    with Server(command) as server:
        yield server.address


@pytest.fixture(scope="session")
def module_path() -> Path:
    path = Path(os.environ.get("SOROBAN_WASM", ROOT / ".build/wasm/soroban.wasm"))
    if not path.exists():
        pytest.skip(f"{path} is not there (make wasm)")
    return path
