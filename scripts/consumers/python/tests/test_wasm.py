"""The core as WebAssembly, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("wasmtime", reason="wasmtime is not installed")

from soroban_pipes import InvocationClient, RequestError, StageError  # noqa: E402
from soroban_pipes.wasm import Module  # noqa: E402
from support import LAKE, TESTDATA, as_json, plain  # noqa: E402

if TYPE_CHECKING:
    from soroban_pipes.source import Style


@pytest.fixture(scope="module")
def module(module_path: Path) -> Module:
    return Module(module_path)


def lake() -> list[bytes]:
    """The objects of the lake, one after the other: compressed frames."""
    paths = sorted((path for path in LAKE.rglob("*--*") if path.is_file()), key=lambda path: int(path.name.partition("--")[2].partition(".")[0].partition("-")[0]))
    return [path.read_bytes() for path in paths]


def client(module: Module, style: Style = "native") -> InvocationClient:
    return InvocationClient.from_wasm(lambda: lake(), module, style=style, network="local")


def test_records_are_those_of_the_filters(module: Module) -> None:
    styles: tuple[Style, ...] = ("native", "sep51", "raw")
    for style in styles:
        assert as_json(client(module, style).invocations()) == plain("invocations", style)
    assert as_json(client(module).events()) == plain("events", "native")
    assert as_json(client(module).invocations(filter={"function": ["swap", "deposit"], "min_args": 2})) == plain(
        "invocations", "native", "--function=swap", "--function=deposit", "--min-args=2"
    )
    assert as_json(client(module).invocations(filter={"max_count": 3})) == plain("invocations", "native", "--max-count=3")
    request = {"successfulOnly": True, "functionNames": ["swap"]}
    assert as_json(client(module).invocations(filter={"request": request})) == plain("invocations", "native", "--succeeded", "--function=swap")


def test_every_form_of_input(module: Module) -> None:
    path = TESTDATA / "ledgers.xdr"
    expected = list(InvocationClient.from_wasm(path, module, network="local").invocations())
    assert len(expected) > 50
    data = path.read_bytes()
    pieces = [data[start : start + 777] for start in range(0, len(data), 777)]
    for given in (data, pieces):
        assert list(InvocationClient.from_wasm(given, module, network="local").invocations()) == expected
    with open(path, "rb") as file:
        once = InvocationClient.from_wasm(file, module, network="local")
        assert list(once.invocations()) == expected
        with pytest.raises(RequestError, match="were read"):
            list(once.invocations())


def test_going_on_after_a_record(module: Module) -> None:
    for kind in ("invocations", "events"):
        records = [record for record in (client(module).events() if kind == "events" else client(module).invocations())]
        for index in range(0, len(records), 29):
            record = records[index]
            after = getattr(record, "event").id if kind == "events" else record.meta.toid
            rest = client(module).events(after=after) if kind == "events" else client(module).invocations(after=after)
            assert list(rest) == records[index + 1 :]


def test_what_the_module_says_is_the_error(module: Module, tmp_path: Path) -> None:
    data = (TESTDATA / "ledgers.xdr").read_bytes()[:-100]
    found = []
    with pytest.raises(StageError, match=r"^cut: .*\(byte \d+, record \d+") as caught:
        for record in InvocationClient.from_wasm(data, module, network="local", name="cut").invocations():
            found.append(record)
    assert caught.value.status == 3
    assert len(found) > 75
    with pytest.raises(RequestError, match="'x'") as refused:
        list(client(module).invocations(filter={"contract": "x"}))
    assert refused.value.status == 2
    with pytest.raises(RequestError, match="followed"):
        list(client(module).invocations(follow=True))
    with pytest.raises(StageError, match="No such file"):
        list(InvocationClient.from_wasm(tmp_path / "none", module).invocations())


def test_single_values(module: Module) -> None:
    instance = module.instance()
    encoded = instance.encode({"u32": 7})
    assert instance.decode(encoded) == {"u32": 7}
    assert instance.decode(encoded, style="native") == 7
    with pytest.raises(StageError):
        instance.decode("AAAA")
    with pytest.raises(RequestError):
        instance.decode(encoded, type="Nonsense")
