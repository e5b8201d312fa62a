"""Ledgers of Protocol 22: constructors, deployers, factories; meta of two versions; ambiguous arguments."""

from . import values as v
from .ledgers import Ledger
from .network import preimage_from_address
from .scenario import (
    CREATOR,
    DEPLOYER,
    FACTORY,
    OTHER_POOL,
    POOL,
    REGISTRY,
    ROUTER,
    ROUTER_CODE,
    TRADER,
    VAULT,
    contract_id,
)
from .signatures import Authorization, Creation, SignedCall, SignedCreation
from .state import Data, instance_of
from .transactions import Party


def constructors(at):
    return Ledger(
        "constructors, deployers, factories",
        22,
        soroban=[
            _constructor(at),
            _first_form_constructor(at),
            _contract_deployer(at),
            _factory(at),
            _failed_constructor(at),
            _constructor_of_one_vec(at),
        ],
    )


def _creation(deployer, label, args, code=ROUTER_CODE):
    return Creation(preimage_from_address(deployer, v.seeded("salt", label)), v.wasm_executable(code.hash), args)


def _constructor(at):
    story, state = at.story()
    args = [DEPLOYER.value, v.symbol("key"), v.u32(100)]
    creation = _creation(DEPLOYER.address, "constructor", args)
    with story.call(creation.contract, "__constructor", args, resolved=True) as call:
        with story.call(REGISTRY, "register", [creation.contract.value]) as inner:
            story.event([v.symbol("registered")], creation.contract.value)
            inner.returns(v.u32(1))
        story.event([v.symbol("created")], v.u32(100))
        call.returns(v.void())
    state.creates(
        instance_of(creation.contract),
        v.instance(v.wasm_executable(ROUTER_CODE.hash), (v.symbol("Admin"), DEPLOYER.value)),
    )
    state.creates(Data(creation.contract, v.symbol("key")), v.u32(100))
    return at.create(
        "creation with a constructor, deployer is not the source",
        "The host calls __constructor itself (from_contract null, depth 1); its arguments "
        "are exact, because CREATE_CONTRACT_V2 names them. The deployer signed, the creator is the operation's source.",
        story,
        state,
        creation,
        source=Party(CREATOR, 6),
        auth=[
            Authorization(
                SignedCreation(creation, [SignedCall(REGISTRY, "register", [creation.contract.value])]),
                DEPLOYER,
                nonce=42,
                expires=at.sequence + 100,
            )
        ],
        expect={
            "/create_contract/deployer": Party(DEPLOYER).account_text(),
            "/create_contract/creator_account": Party(CREATOR).account_text(),
            "/create_contract/contract_calls/0/from_contract": None,
            "/create_contract/contract_calls/0/arguments_ambiguous": False,
            "/create_contract/contract_calls/0/parent": 0,
            "/create_contract/contract_calls/1/parent": 1,
            "/create_contract/contract_calls/1/from_contract": contract_id(creation.contract),
            "/create_contract/events/0/call_index": 2,
            "/create_contract/events/1/call_index": 1,
        },
        shows=[
            "/create_contract/contract_calls",
            "/create_contract/constructor_args",
            "/create_contract/auth",
            "/create_contract/state_changes",
        ],
    )


def _first_form_constructor(at):
    story, state = at.story()
    creation = _creation(CREATOR.address, "first form", None)
    with story.call(creation.contract, "__constructor", [], resolved=True) as call:
        call.returns(v.void())
    state.creates(instance_of(creation.contract), v.instance(v.wasm_executable(ROUTER_CODE.hash)))
    return at.create(
        "creation in the first form under Protocol 22",
        "From Protocol 22 on the host calls __constructor even where there is none to run; "
        "the first form has no arguments, so void means none.",
        story,
        state,
        creation,
        source=Party(CREATOR),
        expect={
            "/create_contract/contract_calls/0/function": "__constructor",
            "/create_contract/contract_calls/0/arguments": [],
            "/create_contract/contract_calls/0/arguments_ambiguous": False,
            "/create_contract/constructor_args": [],
        },
    )


def _contract_deployer(at):
    story, state = at.story()
    creation = _creation(FACTORY.address, "contract as deployer", [v.void()])
    with story.call(
        FACTORY, "__check_auth", [v.bytes_(v.seeded("payload")), v.void(), v.vec(v.symbol("CreateContract"))]
    ) as call:
        call.returns(v.void())
    with story.call(creation.contract, "__constructor", [v.void()], resolved=True) as call:
        call.returns(v.void())
    state.creates(instance_of(creation.contract), v.instance(v.wasm_executable(ROUTER_CODE.hash)))
    return at.create(
        "a contract as deployer",
        "The preimage's address may be a contract, which authorizes by its __check_auth. The constructor's one void "
        "argument is certain from the envelope.",
        story,
        state,
        creation,
        auth=[Authorization(SignedCreation(creation), FACTORY, nonce=1, expires=at.sequence + 9)],
        expect={
            "/create_contract/deployer": contract_id(FACTORY),
            "/create_contract/contract_id": contract_id(creation.contract),
            "/create_contract/contract_calls/0/function": "__check_auth",
            "/create_contract/contract_calls/0/from_contract": None,
            "/create_contract/contract_calls/1/arguments_ambiguous": False,
        },
        shows=["/create_contract/contract_calls", "/create_contract/auth/0/address"],
        expect_length={"/create_contract/contract_calls/1/arguments": 1},
    )


def _factory(at):
    story, state = at.story()
    made = _creation(FACTORY.address, "made by the factory", [v.u32(5)])
    with story.root(FACTORY, "deploy", [v.bytes_(v.seeded("salt", "made by the factory"))]) as root:
        with story.call(made.contract, "__constructor", [v.u32(5)]) as call:
            story.event([v.symbol("born")], v.u32(5))
            call.returns(v.void())
        root.returns(made.contract.value)
    state.creates(instance_of(made.contract), v.instance(v.wasm_executable(ROUTER_CODE.hash)))
    return at.invoke(
        "a factory",
        "A contract that creates another shows as __constructor called by the factory; the operation is a plain call.",
        story,
        state,
        returns=made.contract.value,
        expect={
            "/contract_call/contract_calls/0/from_contract": contract_id(FACTORY),
            "/contract_call/contract_calls/0/to_contract": contract_id(made.contract),
            "/contract_call/contract_calls/0/function": "__constructor",
            "/contract_call/events/0/call_index": 1,
        },
        shows=["/contract_call/contract_calls", "/contract_call/state_changes", "/contract_call/return_value"],
    )


def _failed_constructor(at):
    story, state = at.story()
    creation = _creation(CREATOR.address, "failed constructor", [v.i128(-1)])
    with story.call(creation.contract, "__constructor", [v.i128(-1)], resolved=True):
        story.fail(v.host_error("wasm_vm", "invalid_action"), "VM call trapped: UnreachableCodeReached")
    story.host_failed(v.host_error("wasm_vm", "invalid_action"))
    return at.create(
        "a constructor that fails",
        "No fn_return: the constructor failed, and the creation with it.",
        story,
        state,
        creation,
        source=Party(CREATOR),
        code="trapped",
        expect={
            "/create_contract/contract_calls/0/successful": False,
            "/create_contract/contract_calls/0/return_value": None,
            "/create_contract/state_changes": [],
        },
        shows=["/create_contract/constructor_args"],
    )


def _constructor_of_one_vec(at):
    story, state = at.story()
    args = [v.vec(v.u32(1), v.u32(2))]
    creation = _creation(CREATOR.address, "one vec", args)
    with story.call(creation.contract, "__constructor", args, resolved=True) as call:
        call.returns(v.void())
    state.creates(instance_of(creation.contract), v.instance(v.wasm_executable(ROUTER_CODE.hash)))
    return at.create(
        "a constructor whose one argument is a vec",
        "In the diagnostics one vec of two looks like two arguments; the envelope says that it is one.",
        story,
        state,
        creation,
        source=Party(CREATOR),
        expect={"/create_contract/contract_calls/0/arguments_ambiguous": False},
        expect_length={"/create_contract/contract_calls/0/arguments": 1, "/create_contract/constructor_args": 1},
        shows=["/create_contract/contract_calls/0/arguments"],
    )


def backfilled_meta(at):
    """Core re-emits old ledgers with meta V4 if it is configured to add classic events."""
    return Ledger(
        "Protocol 22 with meta V4 (backfilled); ambiguous arguments",
        22,
        meta_version=4,
        classic_events=True,
        soroban=[_ambiguous(at), _resolved_by_auth(at)],
        classic=[at.pay("payment with a fee event", "No invocation.")],
    )


def _ambiguous(at):
    story, state = at.story()
    with story.root(ROUTER, "many", [v.u32(1)]) as root:
        for args in (
            [],
            [v.void()],
            [v.u32(1), v.u32(2)],
            [v.vec(v.u32(1), v.u32(2))],
            [v.vec(v.u32(1))],
            [v.vec()],
            [v.absent_vec()],
            [v.map_()],
        ):
            with story.call(POOL, "take", args) as call:
                call.returns(v.u32(len(args)))
        root.returns(v.void())
    ambiguous = {f"/contract_call/contract_calls/{n}/arguments_ambiguous": n < 4 for n in range(8)}
    lengths = {
        f"/contract_call/contract_calls/{n}/arguments": length for n, length in enumerate((0, 0, 2, 2, 1, 1, 1, 1))
    }
    return at.invoke(
        "arguments that nothing resolves",
        "The host packs arguments: void is none or one void, a vec of two or more is that many or one vec. "
        "Where nothing tells, the reading is as many arguments, marked ambiguous; everything else is certainly "
        "one argument.",
        story,
        state,
        expect=ambiguous,
        expect_length=lengths,
        shows=["/contract_call/contract_calls"],
    )


def _resolved_by_auth(at):
    story, state = at.story()
    one_vec, two, one_void = [v.vec(v.u32(1), v.u32(2))], [v.u32(3), v.u32(4)], [v.void()]
    with story.root(ROUTER, "signed", [TRADER.value]) as root:
        for name, args in (("one_vec", one_vec), ("two", two), ("one_void", one_void), ("none", [])):
            with story.call(POOL, name, args, resolved=True) as call:
                call.returns(v.void())
        with story.call(OTHER_POOL, "one_vec", one_vec) as call:
            call.returns(v.void())
        root.returns(v.void())
    below = [
        SignedCall(POOL, name, args)
        for name, args in (("one_vec", one_vec), ("two", two), ("one_void", one_void), ("none", []))
    ]
    return at.invoke(
        "arguments that the signed tree resolves",
        "A node of the auth tree with the same contract, function and arguments (under either reading) says "
        "which reading is right; the same arguments to another contract stay ambiguous.",
        story,
        state,
        source=Party(TRADER),
        auth=[Authorization(SignedCall(ROUTER, "signed", [TRADER.value], below))],
        expect={f"/contract_call/contract_calls/{n}/arguments_ambiguous": n == 4 for n in range(5)},
        expect_length={
            f"/contract_call/contract_calls/{n}/arguments": length for n, length in enumerate((1, 2, 1, 0, 2))
        },
        shows=["/contract_call/contract_calls", "/contract_call/auth"],
    )


def upgrade_to_23(at):
    story, state = at.story()
    with story.root(VAULT, "poke", [v.u32(23)]) as root:
        root.returns(v.u32(22))
    state.updates(
        instance_of(VAULT),
        v.instance(v.wasm_executable(ROUTER_CODE.hash), (v.symbol("Count"), v.u32(1))),
        v.instance(v.wasm_executable(ROUTER_CODE.hash), (v.symbol("Count"), v.u32(2))),
    )
    call = at.invoke(
        "a call in the ledger that upgrades",
        "Transactions run before the upgrade: LedgerCloseMeta V1 and meta V3, though the header "
        "already says Protocol 23.",
        story,
        state,
        returns=v.u32(22),
        expect={"/meta/protocol_version": 23, "/contract_call/state_changes/0/entry": "instance"},
        shows=["/contract_call/state_changes"],
    )
    return Ledger("upgrade to 23 with a call: LedgerCloseMeta V1, header 23", 23, upgrade_to=23, soroban=[call])


LEDGERS = [constructors, backfilled_meta, upgrade_to_23]
