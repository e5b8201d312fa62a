"""Ledgers of Protocol 21: who pays, what is charged, and values of every kind."""

from stellar_sdk import xdr

from . import values as v
from .ledgers import Ledger
from .scenario import CLOSED, NATIVE_TOKEN, ONE, OPERATOR, SPONSOR, TRADER, VAULT, balance, balance_key, transfer_topics
from .scenario_values import EVERY_KIND
from .signatures import Authorization, SignedCall
from .state import TEMPORARY, Data, instance_of
from .transactions import Party


def fees_and_sponsors(at):
    return Ledger(
        "fee bumps, muxed payers, what was charged",
        21,
        fee_extension=True,
        close_meta_extension=True,
        scp_info=[_scp_history(at)],
        classic=[at.pay("payment beside fee bumps", "No invocation.")],
        soroban=[
            _bump(
                at,
                "fee bump, inner success",
                "Success and codes are those of the inner transaction; the outer account pays.",
                fee_bump=Party(SPONSOR, 2**63),
                source=Party(TRADER, 11),
                operation_source=Party(OPERATOR, 12),
                expect={
                    "/meta/successful": True,
                    "/meta/result_code": "success",
                    "/meta/tx_result_code": "tx_success",
                    "/meta/fee_account": Party(SPONSOR).account_text(),
                    "/meta/source_account": Party(TRADER, 11).text(),
                    "/contract_call/invoking_account": Party(OPERATOR).account_text(),
                },
            ),
            _bump(
                at,
                "fee bump, inner failed",
                "txFEE_BUMP_INNER_FAILED carries the inner result, which says what failed.",
                fail=True,
                fee_bump=Party(SPONSOR),
                code="trapped",
                expect={
                    "/meta/successful": False,
                    "/meta/tx_successful": False,
                    "/meta/result_code": "trapped",
                    "/meta/tx_result_code": "tx_failed",
                },
            ),
            _bump(
                at,
                "fee bump whose outer part cannot pay",
                "The outer part failed, so the inner one was never tried: there is no inner "
                "result and no operation result. The inner hash still follows from the envelope.",
                fee_bump=Party(CLOSED),
                outer_code="tx_insufficient_balance",
                expect={
                    "/meta/successful": False,
                    "/meta/result_code": None,
                    "/meta/tx_result_code": "tx_insufficient_balance",
                    "/meta/fee_account": Party(CLOSED).account_text(),
                    "/contract_call/contract_calls": None,
                },
            ),
            _bump(
                at,
                "fee bump whose outer signature is bad",
                "The same with txBAD_AUTH.",
                fee_bump=Party(SPONSOR, 1),
                outer_code="tx_bad_auth",
                source=Party(TRADER, 0),
                expect={"/meta/result_code": None, "/meta/tx_result_code": "tx_bad_auth"},
            ),
            _bump(
                at,
                "fee bump around a wrong sequence number",
                "The inner part was tried and failed as a transaction, not as an operation.",
                fee_bump=Party(SPONSOR),
                code="tx_bad_seq",
                expect={"/meta/result_code": None, "/meta/tx_result_code": "tx_bad_seq", "/meta/successful": False},
            ),
            _nonces(at),
        ],
    )


def _scp_history(at):
    node = xdr.NodeID(
        xdr.PublicKey(xdr.PublicKeyType.PUBLIC_KEY_TYPE_ED25519, ed25519=xdr.Uint256(v.seeded("account", "validator")))
    )
    quorum = xdr.SCPQuorumSet(xdr.Uint32(1), [node], [xdr.SCPQuorumSet(xdr.Uint32(1), [node], [])])
    quorum_hash = xdr.Hash(v.sha256(quorum.to_xdr_bytes()))
    ballot = xdr.SCPBallot(xdr.Uint32(1), xdr.Value(v.seeded("value", at.sequence)))
    pledges = xdr.SCPStatementPledges(
        xdr.SCPStatementType.SCP_ST_EXTERNALIZE,
        externalize=xdr.SCPStatementExternalize(ballot, xdr.Uint32(1), quorum_hash),
    )
    statement = xdr.SCPStatement(node, xdr.Uint64(at.sequence), pledges)
    envelope = xdr.SCPEnvelope(statement, xdr.Signature(v.seeded("externalize", at.sequence) * 2))
    return xdr.SCPHistoryEntry(
        0, v0=xdr.SCPHistoryEntryV0([quorum], xdr.LedgerSCPMessages(xdr.Uint32(at.sequence), [envelope]))
    )


def _bump(at, name, why, *, fail=False, **more):
    story, state = at.story()
    with story.root(VAULT, "deposit", [TRADER.value, v.i128(ONE)]) as root:
        if fail:
            story.fail(v.host_error("auth", "invalid_action"), "Unauthorized function call for address", TRADER.value)
        else:
            story.event([v.symbol("deposit")], v.i128(ONE))
            root.returns(v.i128(3 * ONE))
    if fail:
        story.host_failed(v.host_error("auth", "invalid_action"))
    else:
        state.updates(Data(VAULT, v.vec(v.symbol("Shares"), TRADER.value)), v.i128(2 * ONE), v.i128(3 * ONE))
    state.reads(instance_of(VAULT))
    more["shows"] = [
        "/meta/inner_tx_hash",
        "/meta/tx_hash",
        "/meta/fee_charged",
        "/meta/resources",
        "/meta/fee_account",
        "/meta/source_account",
    ]
    return at.invoke(name, why, story, state, returns=v.i128(3 * ONE), **more)


def _nonces(at):
    story, state = at.story()
    with story.root(NATIVE_TOKEN, "transfer", [TRADER.value, VAULT.value, v.i128(ONE)]) as root:
        story.event(transfer_topics(TRADER, VAULT, "native"), v.i128(ONE))
        root.returns(v.void())
    signed = SignedCall(NATIVE_TOKEN, "transfer", [TRADER.value, VAULT.value, v.i128(ONE)])
    state.creates(Data(TRADER, v.nonce_key(-(2**63)), TEMPORARY), v.void(), live_until=at.sequence + 500)
    state.updates(Data(NATIVE_TOKEN, balance_key(VAULT)), balance(7), balance(7 + ONE))
    return at.invoke(
        "a nonce of an account",
        "Address credentials leave a temporary entry whose contract is the account itself: contract_id is a G… "
        "address, "
        "its key the nonce.",
        story,
        state,
        source=Party(SPONSOR),
        auth=[Authorization(signed, TRADER, nonce=-(2**63), expires=at.sequence + 500)],
        expect={
            "/contract_call/state_changes/0/contract_id": Party(TRADER).account_text(),
            "/contract_call/state_changes/0/durability": "temporary",
            "/contract_call/state_changes/0/operation": "create",
            "/contract_call/auth/0/credentials": "address",
            "/contract_call/auth/0/nonce": "-9223372036854775808",
            "/contract_call/auth/0/signature_expiration_ledger": at.sequence + 500,
            "/contract_call/auth/0/delegates": None,
        },
        shows=["/contract_call/state_changes", "/contract_call/auth", "/meta/resources"],
    )


def every_value(at):
    txs = []
    for n, (title, held) in enumerate(EVERY_KIND):
        story, state = at.story()
        with story.root(VAULT, f"values_{n}", held) as root:
            for value in held:
                story.event([v.symbol("value")], value)
            root.returns(held[0])
        state.creates(Data(VAULT, held[0]), held[-1])
        txs.append(
            at.invoke(
                f"every kind of value: {title}",
                "Values pass through the meta unharmed: as arguments, event data, storage and return value.",
                story,
                state,
                returns=held[0],
                expect_length={"/contract_call/arguments": len(held), "/contract_call/events": len(held)},
                shows=["/contract_call/arguments", "/contract_call/return_value"],
            )
        )
    return Ledger("every kind of ScVal", 21, soroban=txs)


def upgrade_to_22(at):
    return Ledger(
        "upgrade to 22, one payment", 22, upgrade_to=22, classic=[at.pay("payment during an upgrade", "No invocation.")]
    )


LEDGERS = [fees_and_sponsors, every_value, upgrade_to_22]
