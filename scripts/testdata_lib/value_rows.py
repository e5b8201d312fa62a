"""Rows of values.ndjson: a type, a value, and its exact SEP-51 text."""

import base64
import sys

from stellar_sdk import xdr

from . import contract_spec, muxed_contract, outside_ledgers, sep51
from . import scenario_values as sv
from . import values as v
from .network import preimage_from_address, preimage_from_asset
from .scenario import GOLD, ODD_CODE, ROUTER_CODE, USD, VAULT
from .signatures import Authorization, Creation, Delegate, SignedCall, SignedCreation
from .state import TEMPORARY, Data, instance_of, ttl_entry, ttl_key

# A value of 60 levels needs a few Python frames per level.
sys.setrecursionlimit(10_000)


def rows(closed):
    held = [("SCVal", value) for value in scvals()] + _protocol_values() + _from_ledgers(closed) + list(outside_ledgers.rows())
    seen = set()
    for name, value in held:
        data = value.to_xdr_bytes()
        if (name, data) not in seen:
            seen.add((name, data))
            yield {"type": name, "xdr": base64.b64encode(data).decode(), "json": sep51.text(name, data)}


def scvals():
    groups = [
        sv.NUMBERS,
        sv.WIDE_NUMBERS,
        sv.ERRORS,
        sv.TEXTS,
        sv.CONTAINERS,
        sv.ADDRESSES,
        sv.SYSTEM_VALUES,
        sv.EXECUTABLE_TAGS,
        sv.NESTED,
    ]
    every_error = [
        v.host_error(kind.name.removeprefix("SCE_"), code.name.removeprefix("SCEC_"))
        for kind in xdr.SCErrorType
        if kind != xdr.SCErrorType.SCE_CONTRACT
        for code in xdr.SCErrorCode
    ]
    return [value for group in groups for value in group] + every_error + [muxed_contract.VALUE]


# --- values made by hand ----------------------------------------------------------------------


def _protocol_values():
    key = v.seeded("row")
    account = v.Account("receiver")
    rows = [("SCAddress", a.address) for a in sv.ADDRESSES] + [("SCAddress", muxed_contract.ADDRESS)]
    rows += [
        ("AccountID", account.id),
        ("PublicKey", account.id.account_id),
        ("NodeID", xdr.NodeID(account.id.account_id)),
        ("ContractID", VAULT.id),
        ("Hash", xdr.Hash(key)),
        ("PoolID", xdr.PoolID(xdr.Hash(key))),
        (
            "ClaimableBalanceID",
            xdr.ClaimableBalanceID(xdr.ClaimableBalanceIDType.CLAIMABLE_BALANCE_ID_TYPE_V0, v0=xdr.Hash(key)),
        ),
        ("MuxedAccount", account.muxed()),
        ("MuxedAccount", account.muxed(0)),
        ("MuxedAccount", account.muxed(2**64 - 1)),
    ]
    rows += [("SignerKey", k) for k in _signer_keys(key)]
    rows += [
        ("Asset", a)
        for a in (
            v.native_asset(),
            USD,
            GOLD,
            ODD_CODE,
            v.credit_asset(b"ABCDE", account),
            v.credit_asset(b"A", account),
            v.credit_asset(b"\xc3\xa9\0\0\0x", account),
        )
    ]
    rows += [
        ("AssetCode12", xdr.AssetCode12(b"A".ljust(12, b"\0"))),
        ("AssetCode12", xdr.AssetCode12(bytes(12))),
        ("AssetCode4", xdr.AssetCode4(bytes(4))),
        ("AssetCode4", xdr.AssetCode4(b"A\0B\0")),
    ]
    rows += (
        [("Memo", m) for m in _memos(key)]
        + [("ClaimPredicate", _predicate())]
        + [("Preconditions", p) for p in _preconditions(key)]
    )
    rows += [("LedgerUpgrade", u) for u in _upgrades(key)] + [("LedgerKey", k) for k in _ledger_keys(key, account)]
    rows += [
        ("LedgerEntry", e)
        for e in (
            instance_of(VAULT).entry(v.instance(v.asset_executable()), 5),
            ROUTER_CODE.entry(None, 6),
            ttl_entry(key, 9, 8),
        )
    ]
    rows += [
        ("ContractExecutable", e)
        for e in (v.wasm_executable(key), v.asset_executable(), v.external_ref_executable(VAULT.address, b"\xff"))
    ]
    rows += [("ContractIDPreimage", p) for p in (preimage_from_address(VAULT.address, key), preimage_from_asset(USD))]
    rows += [("SorobanAuthorizationEntry", a.xdr()) for a in _authorizations(account)]
    rows += [("SCSpecEntry", entry) for entry in contract_spec.ENTRIES]
    rows += [
        ("Int128Parts", v.i128(-1).i128),
        ("UInt128Parts", v.u128(2**127).u128),
        ("Int256Parts", v.i256(-(2**255)).i256),
        ("UInt256Parts", v.u256(2**255).u256),
    ]
    rows += [("OperationResult", r) for r in _operation_results()] + [
        ("TransactionResultCode", c) for c in xdr.TransactionResultCode
    ]
    rows += [
        ("ConfigUpgradeSetKey", xdr.ConfigUpgradeSetKey(VAULT.id, xdr.Hash(key))),
        ("Price", xdr.Price(xdr.Int32(-1), xdr.Int32(7))),
    ]
    return rows


def _signer_keys(key):
    kinds = xdr.SignerKeyType
    yield xdr.SignerKey(kinds.SIGNER_KEY_TYPE_ED25519, ed25519=xdr.Uint256(key))
    yield xdr.SignerKey(kinds.SIGNER_KEY_TYPE_PRE_AUTH_TX, pre_auth_tx=xdr.Uint256(key))
    yield xdr.SignerKey(kinds.SIGNER_KEY_TYPE_HASH_X, hash_x=xdr.Uint256(key))
    for payload in (b"\1", key[:29], key * 2):
        held = xdr.SignerKeyEd25519SignedPayload(xdr.Uint256(key), payload)
        yield xdr.SignerKey(kinds.SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD, ed25519_signed_payload=held)


def _memos(key):
    kinds = xdr.MemoType
    return [
        xdr.Memo(kinds.MEMO_NONE),
        xdr.Memo(kinds.MEMO_TEXT, text=b'"caf\xc3\xa9"\0\\'),
        xdr.Memo(kinds.MEMO_ID, id=xdr.Uint64(2**64 - 1)),
        xdr.Memo(kinds.MEMO_HASH, hash=xdr.Hash(key)),
        xdr.Memo(kinds.MEMO_RETURN, ret_hash=xdr.Hash(key)),
    ]


def _predicate():
    kinds = xdr.ClaimPredicateType
    always = xdr.ClaimPredicate(kinds.CLAIM_PREDICATE_UNCONDITIONAL)
    before = xdr.ClaimPredicate(kinds.CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME, abs_before=xdr.Int64(-1))
    relative = xdr.ClaimPredicate(kinds.CLAIM_PREDICATE_BEFORE_RELATIVE_TIME, rel_before=xdr.Int64(86_400))
    negated = xdr.ClaimPredicate(kinds.CLAIM_PREDICATE_NOT, not_predicate=before)
    either = xdr.ClaimPredicate(kinds.CLAIM_PREDICATE_OR, or_predicates=[negated, relative])
    return xdr.ClaimPredicate(kinds.CLAIM_PREDICATE_AND, and_predicates=[always, either])


def _preconditions(key):
    bounds = xdr.TimeBounds(xdr.TimePoint(xdr.Uint64(0)), xdr.TimePoint(xdr.Uint64(2**64 - 1)))
    ledgers = xdr.LedgerBounds(xdr.Uint32(1), xdr.Uint32(0))
    full = xdr.PreconditionsV2(
        bounds,
        ledgers,
        xdr.SequenceNumber(xdr.Int64(-1)),
        xdr.Duration(xdr.Uint64(3)),
        xdr.Uint32(4),
        list(_signer_keys(key))[:1],
    )
    empty = xdr.PreconditionsV2(None, None, None, xdr.Duration(xdr.Uint64(0)), xdr.Uint32(0), [])
    kinds = xdr.PreconditionType
    return [
        xdr.Preconditions(kinds.PRECOND_NONE),
        xdr.Preconditions(kinds.PRECOND_TIME, time_bounds=bounds),
        xdr.Preconditions(kinds.PRECOND_V2, v2=full),
        xdr.Preconditions(kinds.PRECOND_V2, v2=empty),
    ]


def _upgrades(key):
    kinds, number = xdr.LedgerUpgradeType, xdr.Uint32(28)
    return [
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_VERSION, new_ledger_version=number),
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_BASE_FEE, new_base_fee=number),
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_MAX_TX_SET_SIZE, new_max_tx_set_size=number),
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_BASE_RESERVE, new_base_reserve=number),
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_FLAGS, new_flags=number),
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_CONFIG, new_config=xdr.ConfigUpgradeSetKey(VAULT.id, xdr.Hash(key))),
        xdr.LedgerUpgrade(kinds.LEDGER_UPGRADE_MAX_SOROBAN_TX_SET_SIZE, new_max_soroban_tx_set_size=number),
    ]


def _ledger_keys(key, account):
    kinds = xdr.LedgerEntryType
    pool = xdr.TrustLineAsset(xdr.AssetType.ASSET_TYPE_POOL_SHARE, liquidity_pool_id=xdr.PoolID(xdr.Hash(key)))
    balance = xdr.ClaimableBalanceID(xdr.ClaimableBalanceIDType.CLAIMABLE_BALANCE_ID_TYPE_V0, v0=xdr.Hash(key))
    return [
        xdr.LedgerKey(kinds.ACCOUNT, account=xdr.LedgerKeyAccount(account.id)),
        xdr.LedgerKey(kinds.TRUSTLINE, trust_line=xdr.LedgerKeyTrustLine(account.id, pool)),
        xdr.LedgerKey(kinds.OFFER, offer=xdr.LedgerKeyOffer(account.id, xdr.Int64(2**63 - 1))),
        xdr.LedgerKey(kinds.DATA, data=xdr.LedgerKeyData(account.id, xdr.String64(b"name\n\xff"))),
        xdr.LedgerKey(kinds.CLAIMABLE_BALANCE, claimable_balance=xdr.LedgerKeyClaimableBalance(balance)),
        xdr.LedgerKey(kinds.LIQUIDITY_POOL, liquidity_pool=xdr.LedgerKeyLiquidityPool(xdr.PoolID(xdr.Hash(key)))),
        xdr.LedgerKey(
            kinds.CONFIG_SETTING,
            config_setting=xdr.LedgerKeyConfigSetting(xdr.ConfigSettingID.CONFIG_SETTING_SCP_TIMING),
        ),
        Data(VAULT, v.symbol("k"), TEMPORARY).ledger_key(),
        Data(account, v.nonce_key(-1), TEMPORARY).ledger_key(),
        ROUTER_CODE.ledger_key(),
        ttl_key(key),
    ]


def _authorizations(account):
    call = SignedCall(VAULT, b"\xffname", [v.u32(1)], [SignedCall(VAULT, "below", [])])
    creation = Creation(
        preimage_from_address(VAULT.address, v.seeded("salt")), v.wasm_executable(v.seeded("code")), [v.void()]
    )
    return [
        Authorization(call),
        Authorization(call, account, nonce=-1, expires=1),
        Authorization(SignedCreation(creation), VAULT, nonce=2, expires=3, arm="address_v2"),
        Authorization(
            SignedCreation(Creation(preimage_from_asset(USD), v.asset_executable())),
            VAULT,
            nonce=4,
            expires=5,
            arm="address_with_delegates",
            delegates=[Delegate(account, [Delegate(VAULT)])],
        ),
    ]


def _operation_results():
    kinds = xdr.OperationResultCode
    return [xdr.OperationResult(code) for code in kinds if code != kinds.opINNER]


# --- values taken from the ledgers ------------------------------------------------------------

# Small ledgers that together have each version, an upgrade, and the empty set of Protocol 28.
WHOLE_LEDGERS = ("upgrade to 20", "upgrade to 21", "upgrade to 24", "empty transaction set")


def _from_ledgers(closed):
    rows, shapes = [], set()
    for one in closed:
        if one.ledger.title.startswith(WHOLE_LEDGERS):
            rows.append(("LedgerCloseMeta", one.meta))
        header = (one.meta.v0 or one.meta.v1 or one.meta.v2).ledger_header
        if one.ledger.sequence % 9 == 0 or one.ledger.skipped:
            rows += [("LedgerHeaderHistoryEntry", header), ("StellarValue", header.header.scp_value)]
        for entry in one.ledger.scp_info:
            rows.append(("SCPHistoryEntry", entry))
        for applied in one.applied:
            shape = (
                applied.envelope.type.value,
                applied.meta.v,
                applied.tx.body.type.value,
                applied.tx.code,
                applied.tx.outer_code,
            )
            if shape not in shapes and _length(applied.meta) < 1200 and _length(applied.envelope) < 900:
                shapes.add(shape)
                rows += [
                    ("TransactionEnvelope", applied.envelope),
                    ("TransactionResult", applied.result),
                    ("TransactionMeta", applied.meta),
                ]
    return rows + [("LedgerEntryChanges", xdr.LedgerEntryChanges(closed[0].applied[0].fee_changes))]


def _length(value):
    return len(value.to_xdr_bytes())
