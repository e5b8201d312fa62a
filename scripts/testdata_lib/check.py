"""Invariants of the test material, checked on the written bytes with the encoder's own decoder.

Nothing here reads a scenario: an error that a story and its expectations share is found by reading the ledgers back as any reader
would.
"""

import json
import struct

import zstandard
from stellar_sdk import xdr

from . import muxed_contract, network
from . import values as v
from .strkey import contract_text, escaped

CHANGE = xdr.LedgerEntryChangeType
DIAGNOSTIC = xdr.ContractEventType.DIAGNOSTIC

# Operations whose events do not equal those in the diagnostics, by the name of their function.
EVENTS_DIFFER = {b"settle", b"longer"}
HASH_DIFFERS = {b"settle"}
OWNER_UNKNOWN = {b"keep"}


def everything(files):
    ledgers = _read_stream(files["ledgers.xdr"])
    _check_chain(ledgers)
    records = [json.loads(line) for line in files["invocations.ndjson"].decode().splitlines()]
    _check_invocations(ledgers, records)
    _check_coverage(ledgers, files)
    _check_lake(files)
    _check_diagnostics_files(files)


def _read_stream(data):
    ledgers, at = [], 0
    while at < len(data):
        header = struct.unpack_from(">I", data, at)[0]
        assert header & 0x80000000, "a record that is not the last fragment"
        payload = data[at + 4 : at + 4 + (header & 0x7FFFFFFF)]
        ledgers.append(_decode(payload))
        at += 4 + len(payload)
    return ledgers


def _decode(payload):
    readable = muxed_contract.readable(payload)
    meta = xdr.LedgerCloseMeta.from_xdr_bytes(readable)
    assert meta.to_xdr_bytes() == readable, "decoding and encoding again changes a ledger"
    return meta


def _body(meta):
    return meta.v0 or meta.v1 or meta.v2


# --- ledgers ----------------------------------------------------------------------------------


def _check_chain(ledgers):
    previous = None
    for meta in ledgers:
        entry = _body(meta).ledger_header
        header = entry.header
        assert v.sha256(header.to_xdr_bytes()) == entry.hash.hash
        if previous:
            assert header.previous_ledger_hash == previous.hash
            assert header.ledger_seq.uint32 == previous.header.ledger_seq.uint32 + 1
        previous = entry
        pairs = [p.result for p in _body(meta).tx_processing]
        # A muxed contract address has a stand-in of the same length. Hashes cover the original, so put it back before hashing.
        results = xdr.TransactionResultSet(pairs).to_xdr_bytes()
        assert v.sha256(results) == header.tx_set_result_hash.hash
        _check_transaction_set(meta, header)


def _check_transaction_set(meta, header):
    tx_set = _body(meta).tx_set
    if meta.v == 0:
        content = tx_set.previous_ledger_hash.hash + b"".join(t.to_xdr_bytes() for t in tx_set.txs)
    else:
        content = _original(tx_set.to_xdr_bytes())
    skipped = header.scp_value.ext.v == xdr.StellarValueType.STELLAR_VALUE_EMPTY_TX_SET
    assert header.scp_value.tx_set_hash.hash == (bytes(32) if skipped else v.sha256(content))
    envelopes = envelopes_of(meta)
    hashes = {_hash(e) for e in envelopes}
    assert hashes == {p.result.transaction_hash.hash for p in _body(meta).tx_processing}, "an envelope without result"
    assert len(hashes) == len(envelopes)
    for group in _groups(meta):
        keys = [v.sha256(_original(e.to_xdr_bytes())) for e in group]
        assert keys == sorted(keys), "a set that is not in the order of its envelopes' hashes"


def _original(data):
    """Undoes `muxed_contract.readable`."""
    return data.replace(muxed_contract.ADDRESS.stand_in(), muxed_contract.ADDRESS.to_xdr_bytes())


def _hash(envelope):
    stand_in, original = muxed_contract.ADDRESS.stand_in(), muxed_contract.ADDRESS.to_xdr_bytes()
    if stand_in not in envelope.to_xdr_bytes():
        return network.transaction_hash(envelope)
    return v.sha256(network.ID + b"\0\0\0\2" + envelope.v1.tx.to_xdr_bytes().replace(stand_in, original))


def _groups(meta):
    """Lists of envelopes in the order of the set: each is sorted separately."""
    tx_set = _body(meta).tx_set
    if meta.v == 0:
        return [tx_set.txs]
    found = []
    for phase in tx_set.v1_tx_set.phases:
        if phase.v == 0:
            found += [c.txs_maybe_discounted_fee.txs for c in phase.v0_components]
        else:
            found += [
                c.dependent_tx_cluster
                for stage in phase.parallel_txs_component.execution_stages
                for c in stage.parallel_tx_execution_stage
            ]
    return found


def envelopes_of(meta):
    return [e for group in _groups(meta) for e in group]


# --- invocations ------------------------------------------------------------------------------


def _check_invocations(ledgers, records):
    by_hash = {r["meta"]["tx_hash"]: r for r in records}
    assert len(by_hash) == len(records)
    seen = 0
    for meta in ledgers:
        envelopes = {_hash(e): e for e in envelopes_of(meta)}
        for processed in _body(meta).tx_processing:
            envelope = envelopes[processed.result.transaction_hash.hash]
            inner = envelope.fee_bump.tx.inner_tx.v1 if envelope.fee_bump else envelope.v1
            if not inner or inner.tx.ext.v == 0:
                continue
            seen += 1
            record = by_hash[processed.result.transaction_hash.hash.hex()]
            _check_invocation(inner.tx, processed, record)
    assert seen == len(records), f"{seen} Soroban transactions, {len(records)} records"


def _check_invocation(tx, processed, record):
    operation = tx.operations[0].body.invoke_host_function_op
    meta = processed.tx_apply_processing
    changes = _operation_changes(meta)
    _check_changes(changes)
    name = (
        operation.host_function.invoke_contract.function_name.sc_symbol
        if operation and operation.host_function.invoke_contract
        else b""
    )
    _check_owners(tx, changes, name)
    if not operation:
        return
    told = next(record[k] for k in ("contract_call", "create_contract", "upload_wasm") if k in record)
    events, diagnostics, value = _soroban_meta(meta)
    success = _success_hash(processed.result.result)
    assert (success is not None) == record["meta"]["successful"]
    if success is not None:
        _check_success(success, value, events, name, told, record)
        if diagnostics and name not in EVENTS_DIFFER:
            own = [d.event for d in diagnostics if d.in_successful_contract_call and d.event.type != DIAGNOSTIC]
            assert own == events, f"{name}: events differ from the diagnostics"
    if told["contract_calls"] is not None:
        tree = _call_tree(diagnostics, is_call="contract_call" in record)
        shown = [(c["parent"], c["to_contract"], c["function"], c["successful"]) for c in told["contract_calls"]]
        assert len(tree) == len(shown), f"{name}: {tree} {shown}"
        for ours, theirs in zip(tree, shown):
            assert ours[:3] == theirs[:3] and (ours[3] == theirs[3] or theirs[3] is None and not ours[3]), (
                f"{name}: {ours} {theirs}"
            )


def _soroban_meta(meta):
    if meta.v == 3:
        soroban = meta.v3.soroban_meta
        return soroban.events, soroban.diagnostic_events, soroban.return_value
    soroban = meta.v4.soroban_meta
    events = meta.v4.operations[0].events if meta.v4.operations else []
    return events, meta.v4.diagnostic_events, soroban.return_value if soroban else None


def _operation_changes(meta):
    operations = (meta.v3 or meta.v4).operations
    return operations[0].changes.ledger_entry_changes if operations else []


def _success_hash(result):
    held = result.result
    results = held.inner_result_pair.result.result.results if held.inner_result_pair else held.results
    if not results or not results[0].tr:
        return None
    code = results[0].tr.invoke_host_function_result
    return code.success.hash if code and code.success else None


def _check_success(success, value, events, name, told, record):
    matches = _success_preimage(value, events) == success
    assert matches == (name not in HASH_DIFFERS), f"{name}: success hash"
    if "create_contract" in record:
        assert contract_text(value.address.contract_id.contract_id.hash) == told["contract_id"]
    if "upload_wasm" in record:
        assert value.bytes.sc_bytes.hex() == told["wasm_hash"]


def _success_preimage(value, events):
    return v.sha256(_original(xdr.InvokeHostFunctionSuccessPreImage(value, events).to_xdr_bytes()))


def _check_changes(changes):
    before = None
    for change in changes:
        if change.type in (CHANGE.LEDGER_ENTRY_UPDATED, CHANGE.LEDGER_ENTRY_REMOVED):
            assert before.type in (CHANGE.LEDGER_ENTRY_STATE, CHANGE.LEDGER_ENTRY_RESTORED), (
                "a change without what was before"
            )
        before = change


def _check_owners(tx, changes, name):
    footprint = tx.ext.soroban_data.resources.footprint
    known = {network.key_hash(k) for k in footprint.read_only + footprint.read_write}
    for change in changes:
        entry = change.created or change.updated or change.state or change.restored
        if entry and entry.data.ttl and entry.data.ttl.key_hash.hash not in known:
            assert name in OWNER_UNKNOWN or name == b"relock", f"{name}: a lifetime without owner"


def _call_tree(diagnostics, is_call):
    """(parent, callee, function, returned) by the stack rule: a call closes every frame above its caller."""
    calls, stack = [], []
    for item in diagnostics:
        event = item.event
        topics = event.body.v0.topics
        if event.type != DIAGNOSTIC or not topics or topics[0].type != v.Type.SCV_SYMBOL:
            continue
        contract = event.contract_id.contract_id.hash if event.contract_id else None
        what = topics[0].sym.sc_symbol
        if what == b"fn_call":
            while stack and calls[stack[-1]][4] != contract:
                stack.pop()
            calls.append(
                [
                    stack[-1] if stack else None,
                    topics[1].bytes.sc_bytes,
                    topics[2].sym.sc_symbol,
                    False,
                    topics[1].bytes.sc_bytes,
                ]
            )
            stack.append(len(calls) - 1)
        elif what == b"fn_return":
            while calls[stack[-1]][1:3] != [contract, topics[1].sym.sc_symbol]:
                stack.pop()
            calls[stack.pop()][3] = True

    # In a call the first is the operation itself, number 0; in a creation the numbers start with 1.
    shift = 0 if is_call else 1
    return [
        ((parent + shift) if parent is not None else 0, contract_text(callee), escaped(name), returned)
        for parent, callee, name, returned, _ in calls[1 if is_call else 0 :]
    ]


# --- required content -------------------------------------------------------------------------


def _check_coverage(ledgers, files):
    versions = {meta.v for meta in ledgers}
    assert versions == {0, 1, 2}
    assert {_body(m).ledger_header.header.ledger_version.uint32 for m in ledgers} == set(range(19, 29))
    metas = {p.tx_apply_processing.v for m in ledgers for p in _body(m).tx_processing}
    assert metas == {2, 3, 4}
    assert any(
        [_hash(e) for e in envelopes_of(m)] != [p.result.transaction_hash.hash for p in _body(m).tx_processing]
        for m in ledgers
    )
    kinds = set()
    for m in ledgers:
        for e in envelopes_of(m):
            _kinds_in(e, kinds)
    assert kinds == set(v.Type), f"kinds of value missing: {set(v.Type) - kinds}"
    size = sum(map(len, files.values()))
    assert size < 1_700_000, f"{size} bytes are too much for a checkout"


def _kinds_in(envelope, kinds):
    inner = envelope.fee_bump.tx.inner_tx.v1 if envelope.fee_bump else envelope.v1
    operation = inner.tx.operations[0].body.invoke_host_function_op if inner else None
    call = operation.host_function.invoke_contract if operation else None
    pending = list(call.args) if call else []
    while pending:
        value = pending.pop()
        kinds.add(value.type)
        if value.vec:
            pending += value.vec.sc_vec
        if value.map:
            pending += [x for e in value.map.sc_map for x in (e.key, e.val)]


# --- the other files --------------------------------------------------------------------------


def _check_lake(files):
    stream = b""
    for name in sorted((n for n in files if n.endswith(".zst")), reverse=True):
        data = zstandard.ZstdDecompressor().decompress(files[name])
        batch = xdr.LedgerCloseMetaBatch.from_xdr_bytes(muxed_contract.readable(data))
        assert batch.end_sequence.uint32 - batch.start_sequence.uint32 + 1 == len(batch.ledger_close_metas)
        for meta in batch.ledger_close_metas:
            payload = meta.to_xdr_bytes()
            stream += struct.pack(">I", 0x80000000 | len(payload)) + payload
    assert stream == muxed_contract.readable(files["ledgers.xdr"]), "the lake holds other ledgers than the stream"


def _check_diagnostics_files(files):
    with_them, without = (_read_stream(files[f"diagnostics-{which}.xdr"]) for which in ("on", "off"))
    assert with_them != without
    for meta in with_them:
        for processed in _body(meta).tx_processing:
            held = processed.tx_apply_processing
            if held.v == 4:
                held.v4.diagnostic_events = []
            elif held.v3.soroban_meta:
                held.v3.soroban_meta.diagnostic_events = []
    assert [m.to_xdr_bytes() for m in with_them] == [m.to_xdr_bytes() for m in without]
