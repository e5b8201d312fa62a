"""Every file of testdata/ by its name."""

from . import event_rows, outputs, readme, rpc, value_rows
from .contract_spec import SPEC_CODE


def everything() -> dict[str, bytes]:
    closed = outputs.chain()
    files = {
        "ledgers.xdr": outputs.stream(closed),
        "diagnostics-on.xdr": outputs.stream(outputs.diagnostics_range(outputs.chain(diagnostics=True))),
        "diagnostics-off.xdr": outputs.stream(outputs.diagnostics_range(outputs.chain(diagnostics=False))),
        "transactions.ndjson": outputs.lines(outputs.transaction_rows(closed)),
        "invocations.ndjson": outputs.lines(outputs.invocation_rows(closed)),
        "cases.json": outputs.cases(closed),
        "contract.wasm": SPEC_CODE,
    }
    files["values.ndjson"] = outputs.lines(value_rows.rows(closed))
    files.update(rpc.files(closed))
    files.update(outputs.lake(closed))
    with_events = outputs.event_chain()
    files["events.xdr"] = outputs.stream(with_events)
    files["events.ndjson"] = outputs.lines(event_rows.rows(with_events))
    files["README.md"] = readme.text(closed, with_events)
    return files
