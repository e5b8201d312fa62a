"""Ledgers of Protocols 26 to 28: created accounts, delegated signatures, external references, a specified contract."""

from stellar_sdk import xdr

from . import muxed_contract
from . import values as v
from .contract_spec import SPEC_CONTRACT, key, order, pair
from .ledgers import Ledger
from .network import preimage_from_address
from .scenario import (
    DEPLOYER,
    ISSUER,
    NATIVE_TOKEN,
    ONE,
    OPERATOR,
    ORACLE,
    REGISTRY,
    SECOND_WALLET,
    SPONSOR,
    TRADER,
    USD,
    VAULT,
    WALLET,
    WALLET_CODE,
    account_entry,
    contract_id,
    executable_value,
    sac_call,
    transfer_topics,
    wasm,
)
from .scenario_values import EXECUTABLE_TAGS
from .signatures import Authorization, Creation, Delegate, SignedCall, SignedCreation
from .state import TEMPORARY, Code, Data, instance_of
from .transactions import Party


def created_accounts(at):
    return Ledger(
        "asset contract that creates accounts; failures with charged fees",
        26,
        fee_extension=True,
        classic_events=True,
        metrics=True,
        soroban=[[[_creates_account(at), _failed_with_fees(at)]], [[_bump_failed(at), _upload_26(at)]]],
    )


def _creates_account(at):
    story, state = at.story()
    newcomer = v.Account("newcomer")
    with story.root(NATIVE_TOKEN, "transfer", [TRADER.value, newcomer.value, v.i128(2 * ONE)]) as root:
        story.event(transfer_topics(TRADER, newcomer, "native"), v.i128(2 * ONE))
        root.returns(v.void())
    state.changes_classic(
        account_entry(TRADER, 50 * ONE, at.sequence - 1), account_entry(TRADER, 48 * ONE, at.sequence)
    )
    state.creates_classic(account_entry(newcomer, 2 * ONE, at.sequence))
    asset = xdr.TrustLineAsset(xdr.AssetType.ASSET_TYPE_CREDIT_ALPHANUM4, alpha_num4=USD.alpha_num4)
    held = xdr.TrustLineEntry(
        newcomer.id, asset, xdr.Int64(0), xdr.Int64(2**63 - 1), xdr.Uint32(1), xdr.TrustLineEntryExt(0)
    )
    data = xdr.LedgerEntryData(xdr.LedgerEntryType.TRUSTLINE, trust_line=held)
    state.creates_classic(
        xdr.LedgerEntry(
            xdr.Uint32(at.sequence),
            data,
            xdr.LedgerEntryExt(
                1, v1=xdr.LedgerEntryExtensionV1(xdr.SponsorshipDescriptor(ISSUER.id), xdr.LedgerEntryExtensionV1Ext(0))
            ),
        )
    )
    return at.invoke(
        "a transfer that creates an account",
        "From Protocol 26 on the asset contract may create accounts and trustlines, sponsored ones too; they are "
        "no state "
        "changes of a contract.",
        story,
        state,
        source=Party(TRADER),
        expect={"/contract_call/state_changes": []},
        shows=["/meta/resources", "/meta/fee_charged"],
    )


def _failed_with_fees(at):
    story, state = at.story()
    with story.root(VAULT, "withdraw", [v.i128(10**20)]):
        with story.call(ORACLE, "price", [v.symbol("USD")]) as price:
            price.returns(v.i128(1))
        story.fail(v.contract_error(2), "failing with contract error", v.u32(2))
    story.host_failed(v.contract_error(2))
    return at.invoke(
        "a failure that says what was charged",
        "The fee extension makes core write Soroban meta for a failed operation too: no return value, no "
        "refundable part.",
        story,
        state,
        code="trapped",
        expect={
            "/meta/resources/refundable_fee": "0",
            "/contract_call/return_value": None,
            "/contract_call/contract_calls/0/successful": True,
        },
        shows=["/meta/resources"],
    )


def _bump_failed(at):
    story, state = at.story()
    story.core_refused(
        v.host_error("budget", "exceeded_limit"),
        "operation byte-write resources exceeds amount specified",
        v.u64(10),
        v.u64(1),
    )
    return at.invoke(
        "fee bump around too many written bytes",
        "Codes of the inner operation, whoever pays.",
        story,
        state,
        fee_bump=Party(SPONSOR, 26),
        source=Party(TRADER, 26),
        code="resource_limit_exceeded",
        target=(VAULT.address, "fill", [v.u32(9)]),
        expect={
            "/meta/result_code": "resource_limit_exceeded",
            "/contract_call/contract_calls": [],
            "/meta/source_account": Party(TRADER, 26).text(),
        },
        shows=["/meta/inner_tx_hash", "/meta/fee_account"],
    )


def _upload_26(at):
    story, state = at.story()
    state.creates(Code(wasm("protocol 26", 160)))
    return at.upload(
        "upload with cost inputs",
        "The code entry's extension is of no concern: entry code, its hash, no values.",
        story,
        state,
        wasm("protocol 26", 160),
        expect={
            "/upload_wasm/state_changes/0/code_hash": v.sha256(wasm("protocol 26", 160)).hex(),
            "/upload_wasm/state_changes/0/new_value": None,
        },
        shows=["/upload_wasm/wasm_hash", "/upload_wasm/wasm_size"],
    )


def upgrade_to_27(at):
    return Ledger("upgrade to 27", 27, upgrade_to=27)


def delegated_signatures(at):
    return Ledger("credentials of Protocol 27, delegates", 27, soroban=[[[_address_v2(at)], [_delegated(at)]]])


def _address_v2(at):
    story, state = at.story()
    with story.root(VAULT, "deposit", [TRADER.value, v.i128(1)]) as root:
        sac_call(story, NATIVE_TOKEN, "native", TRADER, VAULT, 1, resolved=True)
        root.returns(v.i128(1))
    transfer = SignedCall(NATIVE_TOKEN, "transfer", [TRADER.value, VAULT.value, v.i128(1)])
    signed = SignedCall(VAULT, "deposit", [TRADER.value, v.i128(1)], [transfer])
    state.creates(Data(TRADER, v.nonce_key(2**63 - 1), TEMPORARY), v.void(), live_until=at.sequence + 100)
    return at.invoke(
        "credentials that name their address",
        "ADDRESS_V2 has the same members as ADDRESS; the arm is told by its SEP-51 name.",
        story,
        state,
        returns=v.i128(1),
        auth=[
            Authorization(signed, TRADER, nonce=2**63 - 1, expires=at.sequence + 100, arm="address_v2"),
            Authorization(signed),
        ],
        expect={
            "/contract_call/auth/0/credentials": "address_v2",
            "/contract_call/auth/0/delegates": None,
            "/contract_call/auth/1/credentials": "source_account",
            "/contract_call/auth/1/address": None,
            "/contract_call/contract_calls/0/arguments_ambiguous": False,
        },
        shows=["/contract_call/auth"],
        expect_length={"/contract_call/auth": 2},
    )


def _delegated(at):
    story, state = at.story()
    payload = v.bytes_(v.seeded("payload", "delegated"))
    contexts = v.vec(
        v.vec(v.symbol("Contract"), v.record(args=v.vec(v.u32(1)), contract=VAULT.value, fn_name=v.symbol("guarded")))
    )
    with story.root(VAULT, "guarded", [v.u32(1)]) as root:
        with story.call(WALLET, "__check_auth", [payload, v.void(), contexts]) as check:
            with story.call(SECOND_WALLET, "__check_auth", [payload, v.vec(), contexts]) as inner:
                inner.returns(v.void())
            check.returns(v.void())
        root.returns(v.void())
    signers = sorted(
        [Delegate(SECOND_WALLET, [Delegate(TRADER)]), Delegate(OPERATOR)], key=lambda d: d.signer.address.to_xdr_bytes()
    )
    state.creates(Data(WALLET, v.nonce_key(1), TEMPORARY), v.void(), live_until=at.sequence + 100)
    return at.invoke(
        "delegated authorization",
        "The delegating account's contract calls the delegate's __check_auth, so it is the caller; delegates nest.",
        story,
        state,
        auth=[
            Authorization(
                SignedCall(VAULT, "guarded", [v.u32(1)]),
                WALLET,
                nonce=1,
                expires=at.sequence + 100,
                arm="address_with_delegates",
                delegates=signers,
            )
        ],
        expect={
            "/contract_call/contract_calls/0/from_contract": contract_id(VAULT),
            "/contract_call/contract_calls/1/from_contract": contract_id(WALLET),
            "/contract_call/contract_calls/1/depth": 2,
            "/contract_call/contract_calls/1/arguments_ambiguous": False,
            "/contract_call/auth/0/credentials": "address_with_delegates",
        },
        shows=["/contract_call/auth", "/contract_call/contract_calls"],
    )


def upgrade_to_28(at):
    return Ledger("upgrade to 28", 28, upgrade_to=28)


def external_references(at):
    return Ledger(
        "external references, executable tags, a muxed contract",
        28,
        soroban=[
            [[_create_by_reference(at), _tag_entry(at), _reference_upgrade(at)], [_tag_values(at), _muxed_contract(at)]]
        ],
    )


def _create_by_reference(at):
    story, state = at.story()
    creation = Creation(
        preimage_from_address(DEPLOYER.address, v.seeded("salt", "by reference")),
        v.external_ref_executable(REGISTRY.address, b"stable\xff"),
        [v.u32(28)],
    )
    with story.call(creation.contract, "__constructor", [v.u32(28)], resolved=True) as call:
        call.returns(v.void())
    state.creates(instance_of(creation.contract), v.instance(creation.executable))
    return at.create(
        "creation by external reference",
        "CAP-85: the executable is named by its owner and a tag; there is no wasm hash. The tag is escaped as a "
        "SEP-51 string.",
        story,
        state,
        creation,
        source=Party(DEPLOYER),
        auth=[Authorization(SignedCreation(creation))],
        expect={
            "/create_contract/executable": "external_ref",
            "/create_contract/wasm_hash": None,
            "/create_contract/external_ref": {"owner": contract_id(REGISTRY), "tag": "stable\\xff"},
        },
        shows=["/create_contract/auth", "/create_contract/state_changes"],
    )


def _tag_entry(at):
    story, state = at.story()
    with story.root(REGISTRY, "publish", [v.executable_tag("stable"), v.bytes_(WALLET_CODE.hash)]) as root:
        root.returns(v.executable_tag("stable"))
    state.creates(Data(REGISTRY, v.executable_tag("stable")), v.bytes_(WALLET_CODE.hash))
    return at.invoke(
        "an executable tag is published",
        "A tag is a persistent data entry whose key is an executable tag and whose value is a wasm hash.",
        story,
        state,
        returns=v.executable_tag("stable"),
        expect={"/contract_call/state_changes/0/entry": "data"},
        shows=["/contract_call/state_changes", "/contract_call/return_value"],
    )


def _reference_upgrade(at):
    story, state = at.story()
    reference = v.vec(v.symbol("ExternalRef"), v.record(owner=REGISTRY.value, tag=v.string("stable")))
    with story.root(VAULT, "follow", [REGISTRY.value]) as root:
        story.executable_update(executable_value(WALLET_CODE.hash), reference)
        root.returns(v.void())
    state.updates(
        instance_of(VAULT),
        v.instance(v.wasm_executable(WALLET_CODE.hash)),
        v.instance(v.external_ref_executable(REGISTRY.address, "stable")),
    )
    return at.invoke(
        "an upgrade to an external reference",
        "The SYSTEM event holds both executables as contract values; the instance shows them as they are stored.",
        story,
        state,
        expect={"/contract_call/events/0/type": "system"},
        shows=["/contract_call/events", "/contract_call/state_changes"],
    )


def _tag_values(at):
    story, state = at.story()
    with story.root(VAULT, "values_28", EXECUTABLE_TAGS) as root:
        root.returns(v.vec(*EXECUTABLE_TAGS))
    return at.invoke(
        "every kind of value of Protocol 28",
        "Executable tags and instances with an external reference, as arguments and return value.",
        story,
        state,
        returns=v.vec(*EXECUTABLE_TAGS),
        shows=["/contract_call/arguments", "/contract_call/return_value"],
    )


def _muxed_contract(at):
    story, state = at.story()
    with story.root(VAULT, "receive", [muxed_contract.VALUE]) as root:
        story.event([v.symbol("received")], muxed_contract.VALUE)
        root.returns(muxed_contract.VALUE)
    return at.invoke(
        "a muxed contract address",
        "CAP-84's address arm 5 is accepted but not scheduled: its value passes through, undisturbed by having "
        "no strkey letter.",
        story,
        state,
        returns=muxed_contract.VALUE,
        shows=["/contract_call/arguments", "/contract_call/return_value", "/contract_call/events"],
    )


def skipped(at):
    return Ledger("empty transaction set in place of a skipped value (StellarValue ext 2)", 28, skipped=True)


def specified_contract(at):
    placed, state = at.story()
    asked = order(TRADER, 7 * ONE, 1, limit=2**53 + 1)
    with placed.root(SPEC_CONTRACT, "place", [asked, pair("USD", 3)]) as root:
        placed.event([v.symbol("order"), v.symbol("placed"), TRADER.value], v.record(id=v.u32(1), order=asked))
        root.returns(v.u32(1))
    state.reads(instance_of(SPEC_CONTRACT))
    state.creates(Data(SPEC_CONTRACT, key("Order", v.u32(1))), asked)
    state.updates(Data(SPEC_CONTRACT, key("Balance", TRADER.value, v.symbol("USD"))), v.i128(9 * ONE), v.i128(2 * ONE))
    asked_again, asked_state = at.story()
    keys = v.vec(key("Admin"), key("Order", v.u32(1)), key("Balance", TRADER.value, v.symbol("USD")))
    args = [keys, v.map_((v.symbol("USD"), v.u64(5))), v.bytes_(v.seeded("digest"))]
    with asked_again.root(SPEC_CONTRACT, "orders", args) as root:
        asked_again.event([v.symbol("order"), v.symbol("cancelled"), v.u32(1)], v.string("too late"))
        root.returns(v.vec(v.u32(1), v.void()))
    failed, failed_state = at.story()
    with failed.root(SPEC_CONTRACT, "place", [order(TRADER, 0, 7), pair("USD", 0)]):
        failed.fail(v.contract_error(2), "failing with contract error", v.u32(2))
    failed.host_failed(v.contract_error(2))
    shows = [
        "/contract_call/arguments",
        "/contract_call/events",
        "/contract_call/state_changes",
        "/contract_call/return_value",
    ]
    return Ledger(
        "calls of the contract with a specification (contract.wasm)",
        28,
        classic_events=True,
        soroban=[
            [
                [
                    at.invoke(
                        "a call with declared types",
                        "Arguments are a struct and a tuple struct; storage keys are a union; the event has a "
                        "topic and a map of data.",
                        placed,
                        state,
                        returns=v.u32(1),
                        source=Party(TRADER),
                        expect={
                            "/contract_call/contract_id": contract_id(SPEC_CONTRACT),
                            "/contract_call/function_name": "place",
                        },
                        shows=shows,
                    ),
                    at.invoke(
                        "a call with declared containers",
                        "A vec of unions, a map, fixed bytes; the return value is a tuple with an empty option.",
                        asked_again,
                        asked_state,
                        returns=v.vec(v.u32(1), v.void()),
                        source=Party(TRADER),
                        expect={"/contract_call/function_name": "orders"},
                        shows=shows,
                    ),
                    at.invoke(
                        "a call that fails with a declared error",
                        "Contract error 2 is TooSmall in the contract's error enumeration.",
                        failed,
                        failed_state,
                        source=Party(TRADER),
                        code="trapped",
                        expect={"/meta/successful": False},
                        shows=["/contract_call/arguments", "/contract_call/diagnostic_events"],
                    ),
                ]
            ]
        ],
    )


LEDGERS = [
    created_accounts,
    upgrade_to_27,
    delegated_signatures,
    upgrade_to_28,
    external_references,
    skipped,
    specified_contract,
]
