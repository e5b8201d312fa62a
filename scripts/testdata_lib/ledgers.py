"""Ledgers: transaction sets, headers, the hash chain, and LedgerCloseMeta in its three versions."""

import datetime
from dataclasses import dataclass, field

from stellar_sdk import xdr

from . import values as v
from .transactions import Applied, Bank, apply_all

FIRST_SEQUENCE = 1024
FIRST_CLOSE_TIME = 1_704_067_200  # 2024-01-01T00:00:00Z
SECONDS_PER_LEDGER = 5
VALIDATOR = v.Account("validator")


@dataclass
class Ledger:
    """One ledger to be closed. Transactions are in apply order."""

    title: str
    protocol: int  # the protocol in the header, after this ledger's upgrade
    sequence: int = 0
    classic: list = field(default_factory=list)
    soroban: list = field(default_factory=list)  # before Protocol 23: transactions; from then on stages of clusters
    upgrade_to: int | None = None
    upgrade_changes: list = field(default_factory=list)
    meta_version: int | None = None
    diagnostics: bool = True
    metrics: bool = False
    fee_extension: bool = False
    classic_events: bool = False
    refund_stage: str = "AFTER_ALL_TXS"  # AFTER_TX where core applied a protocol before 23
    close_meta_extension: bool = False
    discounted: bool = False  # the classic phase has a second component, with its own base fee
    evicted: list = field(default_factory=list)
    scp_info: list = field(default_factory=list)
    skipped: bool = False

    def __post_init__(self):
        if self.meta_version is None:
            self.meta_version = 2 if self.protocol_before < 20 else 3 if self.protocol_before < 23 else 4

    @property
    def protocol_before(self):
        """The protocol of the transactions: it determines the shape of the meta."""
        return self.protocol - 1 if self.upgrade_to else self.protocol

    @property
    def version(self):
        return 0 if self.protocol_before < 20 else 1 if self.protocol_before < 23 else 2

    @property
    def close_time(self):
        return FIRST_CLOSE_TIME + SECONDS_PER_LEDGER * (self.sequence - FIRST_SEQUENCE)

    @property
    def closed_at(self):
        moment = datetime.datetime.fromtimestamp(self.close_time, datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def transactions(self):
        return self.classic + (_flat(_flat(self.soroban)) if self.version == 2 else self.soroban)


@dataclass
class Closed:
    ledger: Ledger
    applied: list[Applied]
    meta: object
    header_hash: bytes


def _flat(lists):
    return [item for inner in lists for item in inner]


def close(ledger: Ledger, previous_hash: bytes, bank: Bank) -> Closed:
    applied = apply_all(ledger.transactions(), ledger, bank)
    tx_set, tx_set_hash = _transaction_set(ledger, applied, previous_hash)
    header = _header(ledger, applied, previous_hash, tx_set_hash)
    header_hash = v.sha256(header.to_xdr_bytes())
    entry = xdr.LedgerHeaderHistoryEntry(xdr.Hash(header_hash), header, xdr.LedgerHeaderHistoryEntryExt(0))
    return Closed(ledger, applied, _close_meta(ledger, applied, entry, tx_set), header_hash)


# --- the transaction set ----------------------------------------------------------------------


def _sorted(applied):
    """A set is sorted by the hashes of its envelopes, whatever the apply order is."""
    return sorted((a.envelope for a in applied), key=lambda e: v.sha256(e.to_xdr_bytes()))


def _transaction_set(ledger, applied, previous_hash):
    by_tx = {id(a.tx): a for a in applied}
    if ledger.version == 0:
        envelopes = _sorted(applied)
        content = previous_hash + b"".join(e.to_xdr_bytes() for e in envelopes)
        return xdr.TransactionSet(xdr.Hash(previous_hash), envelopes), v.sha256(content)
    phases = [_sequential([by_tx[id(t)] for t in ledger.classic], ledger.discounted)]
    if ledger.version == 1:
        phases.append(_sequential([by_tx[id(t)] for t in ledger.soroban], False))
    else:
        phases.append(_parallel([[[by_tx[id(t)] for t in cluster] for cluster in stage] for stage in ledger.soroban]))
    held = xdr.GeneralizedTransactionSet(1, v1_tx_set=xdr.TransactionSetV1(xdr.Hash(previous_hash), phases))
    return held, v.sha256(held.to_xdr_bytes())


def _sequential(applied, discounted):
    """A phase of components; the second one has a higher base fee."""
    parts = [(applied[:1], 100), (applied[1:], None)] if discounted else [(applied, 100)]
    components = []
    for part, base_fee in parts:
        if part:
            held = xdr.TxSetComponentTxsMaybeDiscountedFee(xdr.Int64(base_fee) if base_fee else None, _sorted(part))
            components.append(
                xdr.TxSetComponent(
                    xdr.TxSetComponentType.TXSET_COMP_TXS_MAYBE_DISCOUNTED_FEE, txs_maybe_discounted_fee=held
                )
            )
    return xdr.TransactionPhase(0, v0_components=components)


def _parallel(stages):
    held = [
        xdr.ParallelTxExecutionStage([xdr.DependentTxCluster(_sorted(cluster)) for cluster in stage])
        for stage in stages
    ]
    component = xdr.ParallelTxsComponent(xdr.Int64(100) if stages else None, held)
    return xdr.TransactionPhase(1, parallel_txs_component=component)


# --- the header -------------------------------------------------------------------------------


def _header(ledger, applied, previous_hash, tx_set_hash):
    pairs = [_pair(a) for a in applied]
    result_hash = v.sha256(xdr.TransactionResultSet(pairs).to_xdr_bytes())
    signature = xdr.LedgerCloseValueSignature(_node_id(), xdr.Signature(v.seeded("close", ledger.sequence) * 2))
    if ledger.skipped:
        # CAP-83: the agreed value was dropped; the extension has its hashes, and the set is empty.
        proposed = xdr.StellarValueProposedValue(
            xdr.Hash(v.seeded("proposed", ledger.sequence)),
            xdr.Hash(previous_hash),
            xdr.Uint32(ledger.protocol_before),
            signature,
        )
        ext = xdr.StellarValueExt(xdr.StellarValueType.STELLAR_VALUE_EMPTY_TX_SET, proposed_value=proposed)
        tx_set_hash = bytes(32)
    else:
        ext = xdr.StellarValueExt(xdr.StellarValueType.STELLAR_VALUE_SIGNED, lc_value_signature=signature)
    value = xdr.StellarValue(
        xdr.Hash(tx_set_hash),
        xdr.TimePoint(xdr.Uint64(ledger.close_time)),
        [xdr.UpgradeType(u.to_xdr_bytes()) for u in _upgrades(ledger)],
        ext,
    )
    return xdr.LedgerHeader(
        xdr.Uint32(ledger.protocol),
        xdr.Hash(previous_hash),
        value,
        xdr.Hash(result_hash),
        xdr.Hash(v.seeded("buckets", ledger.sequence)),
        xdr.Uint32(ledger.sequence),
        xdr.Int64(10**18),
        xdr.Int64(4_000_000 + ledger.sequence),
        xdr.Uint32(0),
        xdr.Uint64(0),
        xdr.Uint32(100),
        xdr.Uint32(5_000_000),
        xdr.Uint32(1000),
        [xdr.Hash(bytes(32))] * 4,
        xdr.LedgerHeaderExt(0),
    )


def _node_id():
    return xdr.NodeID(xdr.PublicKey(xdr.PublicKeyType.PUBLIC_KEY_TYPE_ED25519, ed25519=xdr.Uint256(VALIDATOR.key)))


def _upgrades(ledger):
    if not ledger.upgrade_to:
        return []
    return [
        xdr.LedgerUpgrade(
            xdr.LedgerUpgradeType.LEDGER_UPGRADE_VERSION, new_ledger_version=xdr.Uint32(ledger.upgrade_to)
        )
    ]


def _pair(applied):
    return xdr.TransactionResultPair(xdr.Hash(applied.hash), applied.result)


# --- LedgerCloseMeta --------------------------------------------------------------------------


def _close_meta(ledger, applied, header, tx_set):
    changes = xdr.LedgerEntryChanges
    upgrades = [xdr.UpgradeEntryMeta(u, changes(ledger.upgrade_changes)) for u in _upgrades(ledger)]
    if ledger.version == 2:
        processing = [
            xdr.TransactionResultMetaV1(
                xdr.ExtensionPoint(0), _pair(a), changes(a.fee_changes), a.meta, changes(a.post_fee_changes)
            )
            for a in applied
        ]
    else:
        processing = [xdr.TransactionResultMeta(_pair(a), changes(a.fee_changes), a.meta) for a in applied]
    if ledger.version == 0:
        return xdr.LedgerCloseMeta(0, v0=xdr.LedgerCloseMetaV0(header, tx_set, processing, upgrades, ledger.scp_info))
    ext = xdr.LedgerCloseMetaExt(0)
    if ledger.close_meta_extension:
        ext = xdr.LedgerCloseMetaExt(1, v1=xdr.LedgerCloseMetaExtV1(xdr.ExtensionPoint(0), xdr.Int64(3500)))
    size = xdr.Uint64(900_000_000 + 1000 * ledger.sequence)
    if ledger.version == 1:
        return xdr.LedgerCloseMeta(
            1,
            v1=xdr.LedgerCloseMetaV1(
                ext, header, tx_set, processing, upgrades, ledger.scp_info, size, ledger.evicted, []
            ),
        )
    return xdr.LedgerCloseMeta(
        2, v2=xdr.LedgerCloseMetaV2(ext, header, tx_set, processing, upgrades, ledger.scp_info, size, ledger.evicted)
    )
