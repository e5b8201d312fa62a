"""testdata/README.md, with a table of the ledgers."""

HEAD = """# Test material

Ledgers of a network that never was, made by `scripts/make-testdata` and encoded with
the Python package stellar-sdk, so that our decoder is held against another encoder.
The scenarios themselves say what the tools must make of them; the ledgers are not read back for that.

    pip install stellar-sdk==16.1.1 zstandard==0.25.0
    scripts/make-testdata            # writes this folder, the same bytes every time
    scripts/make-testdata --check    # makes it anew and compares

The network is `Standalone Network ; February 2017` (`--network local`).

| file | what it is |
| --- | --- |
| `ledgers.xdr` | the ledgers as stellar-core writes them: record-marked `LedgerCloseMeta`, with a true hash chain |
| `lake/` | the same ledgers as SEP-54 objects, two ledgers each, four objects a folder |
| `transactions.ndjson` | what `ledger-split --network local -o ndjson ledgers.xdr` prints |
| `invocations.ndjson` | what `invocation-extract --footprint-ops` makes of those; without the option, the `extend_ttl` and `restore_footprint` lines are missing |
| `cases.json` | one case a transaction: why it is there, and what its record must hold, as JSON pointers. `expect`: values; `expect_length`: lengths of lists; `absent_record`: no record at all; `options`: options that the record needs |
| `diagnostics-on.xdr`, `diagnostics-off.xdr` | the same nine ledgers with and without diagnostic events; nothing else differs |
| `events.xdr` | ledgers of another chain, with events of every stage: of classic operations, of contracts, and fees |
| `events.ndjson` | what `ledger-split --network local events.xdr \| invocation-extract --by event` prints |
| `values.ndjson` | values of many types with their exact SEP-51 text |
| `contract.wasm` | a module that holds nothing but a contract specification; `spec_contract` in `cases.json` runs it |
| `rpc/` | answers of an RPC server: `getLedgers`, `getEvents`, and entries of `getTransactions` and `getTransaction`, one per line |

Protocol 28 is what stellar-sdk 16.1 knows of it. Only the muxed contract address of CAP-84 is packed by hand.

| ledger | protocol | LedgerCloseMeta | meta | transactions | what is in it |
| --- | --- | --- | --- | --- | --- |
"""


EVENTS = """
The ledgers of `events.xdr`:

| ledger | protocol | LedgerCloseMeta | meta | transactions | what is in it |
| --- | --- | --- | --- | --- | --- |
"""


def text(closed, with_events) -> bytes:
    return (HEAD + _table(closed) + EVENTS + _table(with_events)).encode()


def _table(closed) -> str:
    rows = []
    for one in closed:
        ledger = one.ledger
        meta = f"V{ledger.meta_version}" if one.applied else ""
        rows.append(
            f"| {ledger.sequence} | {ledger.protocol} | V{one.meta.v} | {meta} | {len(one.applied) or ''} | "
            f"{ledger.title} |\n"
        )
    return "".join(rows)
