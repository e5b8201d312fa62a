"""Ledgers of Protocols 19 and 20: legacy transaction sets, then the first uploads and creations."""

from stellar_sdk import xdr

from . import values as v
from .contract_spec import SPEC_CODE, SPEC_CONTRACT, SPEC_CREATION
from .ledgers import Ledger
from .network import preimage_from_asset
from .scenario import CREATOR, GOLD, ISSUER, ODD_CODE, PAYER, RECEIVER, ROUTER_CODE, SPONSOR, TRADER, contract_id
from .signatures import Authorization, Creation, SignedCreation
from .state import Code, change, instance_of
from .transactions import Party


def payments_of_protocol_19(at):
    legacy = at.pay(
        "payment in a V0 envelope",
        "A TransactionV0Envelope hashes as the V1 transaction it stands for "
        "(envelope type 2, ed25519 source), so it pairs with its result; it is no invocation.",
        legacy=True,
        time_bounds=(0, 1_800_000_000),
    )
    muxed = at.pay(
        "payment between muxed accounts",
        "Transaction, operation and destination may all be muxed; a payment is no invocation.",
        source=Party(TRADER, 7),
        operation_source=Party(PAYER, 2**64 - 1),
        to=Party(RECEIVER, 0),
        memo=xdr.Memo(xdr.MemoType.MEMO_TEXT, text=b"caf\xc3\xa9 \xff"),
    )
    bumped = at.pay(
        "payment paid for by a sponsor",
        "The result carries the hash of the fee bump, not the inner one.",
        source=Party(TRADER),
        fee_bump=Party(SPONSOR, 12),
    )
    poor = at.pay(
        "payment that is underfunded",
        "A failed transaction still has its place in the apply order.",
        code="underfunded",
    )
    late = at.pay(
        "payment with a wrong sequence number",
        "txBAD_SEQ: there are no operation results at all.",
        source=Party(TRADER),
        code="tx_bad_seq",
    )
    return Ledger(
        "legacy transaction set, V0 envelope, classic payments", 19, classic=[muxed, legacy, bumped, poor, late]
    )


def upgrade_to_20(at):
    setting = xdr.ConfigSettingEntry(
        xdr.ConfigSettingID.CONFIG_SETTING_CONTRACT_MAX_SIZE_BYTES, contract_max_size_bytes=xdr.Uint32(65536)
    )
    data = xdr.LedgerEntryData(xdr.LedgerEntryType.CONFIG_SETTING, config_setting=setting)
    created = change("created", xdr.LedgerEntry(xdr.Uint32(at.sequence), data, xdr.LedgerEntryExt(0)))
    return Ledger("upgrade to 20: still LedgerCloseMeta V0", 20, upgrade_to=20, upgrade_changes=[created])


def uploads_and_creations(at):
    return Ledger(
        "uploads and creations",
        20,
        close_meta_extension=True,
        discounted=True,
        classic=[
            at.pay("payment beside uploads", "No invocation."),
            at.pay("payment without a discount", "No invocation.", source=Party(TRADER)),
        ],
        soroban=[
            _upload(at),
            _upload_again(at),
            _create_from_wasm(at),
            _create_native_asset(at),
            _create_asset(at),
            _create_odd_asset(at),
        ],
    )


def _upload(at):
    story, state = at.story()
    state.creates(Code(SPEC_CODE, with_cost_inputs=False))
    return at.upload(
        "upload of a module",
        "The return value is the SHA-256 of the module. The diagnostics hold only "
        "core_metrics, so diagnostic_events and contract_calls are [], not null.",
        story,
        state,
        SPEC_CODE,
        source=Party(CREATOR),
        metrics=True,
        expect={
            "/upload_wasm/wasm_hash": v.sha256(SPEC_CODE).hex(),
            "/upload_wasm/wasm_size": len(SPEC_CODE),
            "/upload_wasm/diagnostic_events": [],
            "/upload_wasm/contract_calls": [],
            "/upload_wasm/state_changes/0/entry": "code",
            "/upload_wasm/state_changes/0/operation": "create",
            "/upload_wasm/ttl_extensions": [],
        },
        shows=["/upload_wasm/return_value", "/upload_wasm/uploader_account", "/meta/toid"],
    )


def _upload_again(at):
    story, state = at.story()
    state.updates(ROUTER_CODE)
    return at.upload(
        "upload of a known module",
        "Uploading what is there already shows as an update of the code entry that changes nothing; "
        "the meta holds no diagnostics at all, so the lists that need them are null.",
        story,
        state,
        ROUTER_CODE.wasm,
        operation_source=Party(CREATOR, 99),
        metrics=False,
        expect={
            "/upload_wasm/state_changes/0/operation": "update",
            "/upload_wasm/state_changes/0/durability": "persistent",
            "/upload_wasm/state_changes/0/old_value": None,
            "/upload_wasm/diagnostic_events": None,
            "/upload_wasm/contract_calls": None,
        },
        shows=["/upload_wasm/uploader_account", "/meta/source_account"],
    )


def _create_from_wasm(at):
    story, state = at.story()
    state.reads(Code(SPEC_CODE))
    state.creates(instance_of(SPEC_CONTRACT), v.instance(v.wasm_executable(v.sha256(SPEC_CODE))))
    return at.create(
        "creation from an address",
        "The contract id follows from the preimage (network id, deployer, salt) and equals the "
        "returned address. Before Protocol 22 no constructor is called.",
        story,
        state,
        SPEC_CREATION,
        source=Party(CREATOR),
        metrics=True,
        auth=[Authorization(SignedCreation(SPEC_CREATION))],
        expect={
            "/create_contract/contract_id": contract_id(SPEC_CONTRACT),
            "/create_contract/executable": "wasm",
            "/create_contract/constructor_args": [],
            "/create_contract/contract_calls": [],
            "/create_contract/auth/0/credentials": "source_account",
        },
        shows=[
            "/create_contract/return_value",
            "/create_contract/deployer",
            "/create_contract/salt",
            "/create_contract/wasm_hash",
            "/create_contract/state_changes",
            "/create_contract/auth",
        ],
    )


def _asset_creation(at, name, why, asset, **more):
    story, state = at.story()
    creation = Creation(preimage_from_asset(asset), v.asset_executable())
    with story.call(creation.contract, "init_asset", [v.bytes_(asset.to_xdr_bytes())]) as call:
        call.returns(v.void())
    state.creates(
        instance_of(creation.contract),
        v.instance(v.asset_executable(), (v.vec(v.symbol("AssetInfo")), v.vec(v.symbol("Native")))),
    )
    more.setdefault("shows", []).extend(
        ["/create_contract/contract_id", "/create_contract/asset", "/create_contract/contract_calls"]
    )
    return at.create(name, why, story, state, creation, **more)


def _create_native_asset(at):
    return _asset_creation(
        at,
        "creation of the native asset's contract",
        "The host calls init_asset itself: depth 1, from_contract null. An asset contract has no deployer and no salt.",
        v.native_asset(),
        expect={
            "/create_contract/asset": "native",
            "/create_contract/deployer": None,
            "/create_contract/salt": None,
            "/create_contract/executable": "stellar_asset",
            "/create_contract/wasm_hash": None,
            "/create_contract/contract_calls/0/from_contract": None,
            "/create_contract/contract_calls/0/depth": 1,
            "/create_contract/contract_calls/0/function": "init_asset",
        },
    )


def _create_asset(at):
    return _asset_creation(
        at,
        "creation of an issued asset's contract",
        "Anyone may create the contract of an asset; the creator is the operation's "
        "source, its multiplexing id stripped.",
        GOLD,
        source=Party(TRADER, 3),
        operation_source=Party(CREATOR, 4),
        shows=["/create_contract/creator_account", "/meta/source_account"],
    )


def _create_odd_asset(at):
    return _asset_creation(
        at,
        "creation of an asset whose code is not UTF-8",
        "Asset codes are bytes; they are escaped as SEP-51 strings.",
        ODD_CODE,
        expect={"/create_contract/asset": "\\xffA\\\\\\x01:" + Party(ISSUER).account_text()},
    )


LEDGERS = [payments_of_protocol_19, upgrade_to_20, uploads_and_creations]
