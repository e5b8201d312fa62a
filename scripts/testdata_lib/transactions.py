"""Makes an envelope, its result, its meta, and the expected record from a story."""

from dataclasses import dataclass, field

from stellar_sdk import xdr

from . import network
from . import values as v
from .recorder import CONTRACT, Recorder, contract_event
from .state import StateLog, change
from .strkey import account_text, muxed_text

BASE_FEE = 100
OPERATION = xdr.OperationType

# operation type: member of OperationResultTr, result class, code enumeration, prefix of its names
RESULTS = {
    OPERATION.PAYMENT: ("payment_result", xdr.PaymentResult, xdr.PaymentResultCode, "PAYMENT_"),
    OPERATION.INVOKE_HOST_FUNCTION: (
        "invoke_host_function_result",
        xdr.InvokeHostFunctionResult,
        xdr.InvokeHostFunctionResultCode,
        "INVOKE_HOST_FUNCTION_",
    ),
    OPERATION.EXTEND_FOOTPRINT_TTL: (
        "extend_footprint_ttl_result",
        xdr.ExtendFootprintTTLResult,
        xdr.ExtendFootprintTTLResultCode,
        "EXTEND_FOOTPRINT_TTL_",
    ),
    OPERATION.RESTORE_FOOTPRINT: (
        "restore_footprint_result",
        xdr.RestoreFootprintResult,
        xdr.RestoreFootprintResultCode,
        "RESTORE_FOOTPRINT_",
    ),
}


@dataclass(frozen=True)
class Party:
    """The account of a source field, possibly with a multiplexing id."""

    account: v.Account
    mux_id: int | None = None

    def xdr(self):
        return self.account.muxed(self.mux_id)

    def text(self):
        return muxed_text(self.account.key, self.mux_id)

    def account_text(self):
        return account_text(self.account.key)


@dataclass
class Tx:
    """One transaction: its operations, its outcome, and the reason why it is part of the test material."""

    name: str
    why: str
    body: object
    source: Party
    operation_source: Party | None = None
    fee_bump: Party | None = None
    # An operation's code ("success", "trapped"), an operation-level one ("op_no_account") or a transaction's ("tx_bad_seq");
    # `outer_code` is that of a fee bump whose inner transaction was never applied.
    code: str = "success"
    outer_code: str | None = None
    story: Recorder | None = None
    state: StateLog | None = None
    auth: list = field(default_factory=list)
    return_value: object = None
    kind: str | None = None  # member of the record: contract_call, create_contract …
    what: dict = field(default_factory=dict)  # its members before "what happened"
    legacy: bool = False  # a TransactionV0Envelope
    receiver: Party | None = None  # of a payment
    classic_changes: list = field(default_factory=list)
    memo: object = None
    time_bounds: tuple | None = None
    repeat: int = 1  # that many equal operations
    classic_events: list = field(default_factory=list)  # for each operation, if they are recorded
    hashed_events: list | None = None  # the events of the success hash, if the meta has others
    metrics: bool | None = None  # core_metrics after the diagnostics; None: as in its ledger
    expect: dict = field(default_factory=dict)
    shows: list = field(default_factory=list)
    expect_length: dict = field(default_factory=dict)

    @property
    def is_soroban(self):
        return self.state is not None

    @property
    def succeeded(self):
        return self.code == "success" and self.outer_code is None

    @property
    def operation_reached(self):
        return self.outer_code is None and not self.code.startswith("tx_")

    @property
    def payer(self):
        return self.fee_bump or self.source

    @property
    def invoker(self):
        return self.operation_source or self.source


class Bank:
    """Balances and sequence numbers, so that fee changes add up from ledger to ledger."""

    def __init__(self):
        self.balances, self.sequences = {}, {}

    def entry(self, account, ledger):
        thresholds = xdr.Thresholds(b"\1\0\0\0")
        held = xdr.AccountEntry(
            account.id,
            xdr.Int64(self.balance(account)),
            xdr.SequenceNumber(xdr.Int64(self.sequence(account))),
            xdr.Uint32(0),
            None,
            xdr.Uint32(0),
            xdr.String32(b""),
            thresholds,
            [],
            xdr.AccountEntryExt(0),
        )
        data = xdr.LedgerEntryData(xdr.LedgerEntryType.ACCOUNT, account=held)
        return xdr.LedgerEntry(xdr.Uint32(ledger), data, xdr.LedgerEntryExt(0))

    def balance(self, account):
        return self.balances.setdefault(account.role, 10_000 * 10**7)

    def sequence(self, account):
        return self.sequences.setdefault(account.role, 1000 << 32)

    def pays(self, account, amount, ledger):
        """STATE and UPDATED of a balance; a negative amount is a refund."""
        before = self.entry(account, ledger - 1)
        self.balances[account.role] = self.balance(account) - amount
        return [change("state", before), change("updated", self.entry(account, ledger))]

    def bumps_sequence(self, account, ledger):
        before = self.entry(account, ledger)
        self.sequences[account.role] = self.sequence(account) + 1
        return [change("state", before), change("updated", self.entry(account, ledger))]


@dataclass
class Fees:
    """The declared and the finally charged fees of a transaction."""

    inclusion: int
    declared: int = 0
    non_refundable: int = 0
    refundable: int = 0
    rent: int = 0

    @classmethod
    def of(cls, tx):
        inclusion = BASE_FEE * (2 if tx.fee_bump else 1)
        if not tx.is_soroban:
            return cls(inclusion)
        entries = len(tx.state.read_only) + 2 * len(tx.state.read_write)
        rent = 1700 * sum(c["operation"] == "create" for c in tx.state.expected_changes) if tx.succeeded else 0
        events = len(tx.story.operation_events()) if tx.story and tx.succeeded else 0
        return cls(inclusion, 90_000 + 1_000 * entries, 31_000 + 250 * entries, rent + 420 * events, rent)

    @property
    def first_charge(self):
        return self.inclusion + self.declared

    @property
    def final_charge(self):
        return self.inclusion + self.non_refundable + self.refundable


@dataclass
class Applied:
    """The data that a ledger needs of one applied transaction."""

    tx: Tx
    envelope: object
    hash: bytes
    inner_hash: bytes | None
    result: object
    fee_changes: list
    meta: object
    post_fee_changes: list | None = None  # there are none before LedgerCloseMeta V2


# --- the envelope -----------------------------------------------------------------------------


def soroban_data(tx):
    state = tx.state
    ext = xdr.SorobanTransactionDataExt(0)
    if state.archived:
        indices = sorted(state.read_write.index(key) for key in state.archived)
        held = xdr.SorobanResourcesExtV0([xdr.Uint32(i) for i in indices])
        ext = xdr.SorobanTransactionDataExt(1, resource_ext=held)
    footprint = xdr.LedgerFootprint(state.read_only, state.read_write)
    resources = xdr.SorobanResources(footprint, *(xdr.Uint32(n) for n in resources_of(tx)))
    return xdr.SorobanTransactionData(ext, resources, xdr.Int64(Fees.of(tx).declared))


def resources_of(tx):
    reads, writes = len(tx.state.read_only), len(tx.state.read_write)
    return 1_500_000 + 210_000 * (reads + writes), 480 * (reads + writes), 320 * writes


def envelope_of(tx, sequence):
    operations = [xdr.Operation(tx.operation_source.xdr() if tx.operation_source else None, tx.body)] * tx.repeat
    memo = tx.memo or xdr.Memo(xdr.MemoType.MEMO_NONE)
    fee = xdr.Uint32(Fees.of(tx).first_charge)
    number = xdr.SequenceNumber(xdr.Int64(sequence))
    bounds = xdr.TimeBounds(*(xdr.TimePoint(xdr.Uint64(t)) for t in tx.time_bounds)) if tx.time_bounds else None
    if tx.legacy:
        held = xdr.TransactionV0(
            xdr.Uint256(tx.source.account.key), fee, number, bounds, memo, operations, xdr.TransactionV0Ext(0)
        )
        return xdr.TransactionEnvelope(
            xdr.EnvelopeType.ENVELOPE_TYPE_TX_V0, v0=xdr.TransactionV0Envelope(held, [_signature(tx.source)])
        )
    if bounds:
        conditions = xdr.Preconditions(xdr.PreconditionType.PRECOND_TIME, time_bounds=bounds)
    else:
        conditions = xdr.Preconditions(xdr.PreconditionType.PRECOND_NONE)
    ext = xdr.TransactionExt(1, soroban_data=soroban_data(tx)) if tx.is_soroban else xdr.TransactionExt(0)
    held = xdr.Transaction(tx.source.xdr(), fee, number, conditions, memo, operations, ext)
    inner = xdr.TransactionV1Envelope(held, [_signature(tx.source)])
    if not tx.fee_bump:
        return xdr.TransactionEnvelope(xdr.EnvelopeType.ENVELOPE_TYPE_TX, v1=inner)
    wrapped = xdr.FeeBumpTransactionInnerTx(xdr.EnvelopeType.ENVELOPE_TYPE_TX, v1=inner)
    outer = xdr.FeeBumpTransaction(
        tx.fee_bump.xdr(), xdr.Int64(Fees.of(tx).first_charge + 5000), wrapped, xdr.FeeBumpTransactionExt(0)
    )
    return xdr.TransactionEnvelope(
        xdr.EnvelopeType.ENVELOPE_TYPE_TX_FEE_BUMP,
        fee_bump=xdr.FeeBumpTransactionEnvelope(outer, [_signature(tx.fee_bump)]),
    )


def _signature(party):
    hint = xdr.SignatureHint(party.account.key[-4:])
    return xdr.DecoratedSignature(hint, xdr.Signature(v.seeded("signature of", party.account.role) * 2))


# --- the result -------------------------------------------------------------------------------


def _transaction_code(name):
    """tx_bad_seq → txBAD_SEQ"""
    return xdr.TransactionResultCode["tx" + name.removeprefix("tx_").upper()]


def transaction_code_name(tx):
    if tx.outer_code:
        return tx.outer_code
    if tx.code.startswith("tx_"):
        return tx.code
    return "tx_success" if tx.code == "success" else "tx_failed"


def _operation_result(tx):
    if tx.code.startswith("op_"):
        return xdr.OperationResult(xdr.OperationResultCode["op" + tx.code.removeprefix("op_").upper()])
    member, result, codes, prefix = RESULTS[tx.body.type]
    code = codes[prefix + tx.code.upper()]
    if tx.code == "success" and tx.body.type == OPERATION.INVOKE_HOST_FUNCTION:
        held = result(code, success=xdr.Hash(_success_hash(tx)))
    else:
        held = result(code)
    tr = xdr.OperationResultTr(tx.body.type, **{member: held})
    return xdr.OperationResult(xdr.OperationResultCode.opINNER, tr=tr)


def _success_hash(tx):
    events = tx.story.host_events() if tx.story else []
    return network.success_hash(tx.return_value, events if tx.hashed_events is None else tx.hashed_events)


def result_of(tx, inner_hash):
    charged = xdr.Int64(Fees.of(tx).final_charge)
    if tx.outer_code:
        held = xdr.TransactionResultResult(_transaction_code(tx.outer_code))
        return xdr.TransactionResult(charged, held, xdr.TransactionResultExt(0))
    code = _transaction_code(transaction_code_name(tx))
    results = [_operation_result(tx)] * tx.repeat if tx.operation_reached else None
    if not tx.fee_bump:
        held = xdr.TransactionResultResult(code, results=results)
        return xdr.TransactionResult(charged, held, xdr.TransactionResultExt(0))
    inner = xdr.InnerTransactionResult(
        xdr.Int64(0), xdr.InnerTransactionResultResult(code, results=results), xdr.InnerTransactionResultExt(0)
    )
    outer = "txFEE_BUMP_INNER_SUCCESS" if tx.succeeded else "txFEE_BUMP_INNER_FAILED"
    held = xdr.TransactionResultResult(
        xdr.TransactionResultCode[outer], inner_result_pair=xdr.InnerTransactionResultPair(xdr.Hash(inner_hash), inner)
    )
    return xdr.TransactionResult(charged, held, xdr.TransactionResultExt(0))


# --- the meta ---------------------------------------------------------------------------------


def meta_of(tx, ledger, before, after):
    version = ledger.meta_version
    operations = _operations(tx, version)
    before, after = xdr.LedgerEntryChanges(before), xdr.LedgerEntryChanges(after)
    if version == 2:
        return xdr.TransactionMeta(2, v2=xdr.TransactionMetaV2(before, operations, after))
    soroban = _soroban_meta(tx, ledger) if tx.is_soroban else None
    if version == 3:
        return xdr.TransactionMeta(
            3, v3=xdr.TransactionMetaV3(xdr.ExtensionPoint(0), before, operations, after, soroban)
        )
    events = transaction_events(tx, ledger)
    return xdr.TransactionMeta(
        4,
        v4=xdr.TransactionMetaV4(
            xdr.ExtensionPoint(0), before, operations, after, soroban, events, diagnostics_of(tx, ledger)
        ),
    )


def diagnostics_of(tx, ledger):
    if not tx.story or not ledger.diagnostics or not tx.operation_reached:
        return []
    return tx.story.diagnostics(tx.succeeded, has_metrics(tx, ledger))


def has_metrics(tx, ledger):
    wanted = ledger.metrics if tx.metrics is None else tx.metrics
    return wanted and tx.body.type == OPERATION.INVOKE_HOST_FUNCTION


def _operations(tx, version):
    if not tx.succeeded:
        return []  # a failed transaction has no operation meta at all
    changes = xdr.LedgerEntryChanges(tx.state.changes if tx.state else tx.classic_changes)
    if version < 4:
        return [xdr.OperationMeta(changes)] * tx.repeat
    events = [tx.story.operation_events()] if tx.story else tx.classic_events or [[]] * tx.repeat
    return [xdr.OperationMetaV2(xdr.ExtensionPoint(0), changes, told) for told in events]


def _fee_extension(tx, ledger):
    if not ledger.fee_extension:
        return xdr.SorobanTransactionMetaExt(0)
    fees = Fees.of(tx)
    numbers = (xdr.Int64(n) for n in (fees.non_refundable, fees.refundable, fees.rent))
    return xdr.SorobanTransactionMetaExt(1, v1=xdr.SorobanTransactionMetaExtV1(xdr.ExtensionPoint(0), *numbers))


def _soroban_meta(tx, ledger):
    ext = _fee_extension(tx, ledger)
    invoked = tx.body.type == OPERATION.INVOKE_HOST_FUNCTION
    if ledger.meta_version == 3:
        events = tx.story.operation_events() if tx.story and tx.succeeded else []
        # Before V4 there is always a return value; for a failed operation it is meaningless.
        value = tx.return_value if tx.succeeded and invoked else v.void() if tx.succeeded else v.boolean(False)
        return xdr.SorobanTransactionMeta(ext, events, value, diagnostics_of(tx, ledger))
    if not tx.succeeded and not ledger.fee_extension:
        return None
    return xdr.SorobanTransactionMetaV2(ext, tx.return_value if tx.succeeded and invoked else None)


def transaction_events(tx, ledger):
    """The fee events of CAP-67: one for the charge, one for the refund."""
    if not ledger.classic_events:
        return []
    fees = Fees.of(tx)
    told = [_fee_event(tx, "BEFORE_ALL_TXS", fees.first_charge)]
    if fees.first_charge != fees.final_charge:
        told.append(_fee_event(tx, ledger.refund_stage, fees.final_charge - fees.first_charge))
    return told


def _fee_event(tx, stage, amount):
    native = network.asset_contract(v.native_asset())
    event = contract_event(native, CONTRACT, [v.symbol("fee"), tx.payer.account.value], v.i128(amount))
    return xdr.TransactionEvent(xdr.TransactionEventStage["TRANSACTION_EVENT_STAGE_" + stage], event)


# --- complete transactions --------------------------------------------------------------------


def apply_all(transactions, ledger, bank):
    """As core does: all fees first, then all transactions, and (from Protocol 23 on) the refunds last."""
    fee_changes = [bank.pays(tx.payer.account, Fees.of(tx).first_charge, ledger.sequence) for tx in transactions]
    applied = [_apply(tx, ledger, bank, fees) for tx, fees in zip(transactions, fee_changes)]
    if ledger.protocol_before >= 23:
        for one in applied:
            one.post_fee_changes = _refund(one.tx, ledger, bank)
    return applied


def _apply(tx, ledger, bank, fee_changes):
    account = tx.source.account
    sequence = bank.sequence(account) + (1 if tx.code != "tx_bad_seq" else 77)
    envelope = envelope_of(tx, sequence)
    inner_hash = None
    if tx.fee_bump:
        inner = xdr.TransactionEnvelope(xdr.EnvelopeType.ENVELOPE_TYPE_TX, v1=envelope.fee_bump.tx.inner_tx.v1)
        inner_hash = network.transaction_hash(inner)
    before = bank.bumps_sequence(account, ledger.sequence) if tx.operation_reached else []
    if not tx.is_soroban:
        tx.classic_changes = _payment_changes(tx, bank, ledger.sequence) if tx.succeeded else []
    after = _refund(tx, ledger, bank) if ledger.protocol_before < 23 else []
    meta = meta_of(tx, ledger, before, after)
    return Applied(
        tx, envelope, network.transaction_hash(envelope), inner_hash, result_of(tx, inner_hash), fee_changes, meta
    )


def _refund(tx, ledger, bank):
    fees = Fees.of(tx)
    refund = fees.first_charge - fees.final_charge
    return bank.pays(tx.payer.account, -refund, ledger.sequence) if refund else []


def _payment_changes(tx, bank, seq):
    payment = tx.body.payment_op
    payer, receiver = tx.invoker.account, tx.receiver.account
    return bank.pays(payer, payment.amount.int64, seq) + bank.pays(receiver, -payment.amount.int64, seq)
