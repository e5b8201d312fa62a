"""Common parts of all scenarios: the cast, and the shape of a scenario's transactions."""

from dataclasses import dataclass

from stellar_sdk import xdr

from . import values as v
from .network import asset_contract
from .recorder import Recorder
from .signatures import Creation, address_text
from .state import Code, StateLog
from .strkey import contract_text, escaped
from .transactions import OPERATION, Party, Tx

# --- the cast: accounts by their role ---------------------------------------------------------

PAYER = v.Account("payer")
SPONSOR = v.Account("fee sponsor")
TRADER = v.Account("trader")
RECEIVER = v.Account("receiver")
ISSUER = v.Account("issuer")
CREATOR = v.Account("creator")
DEPLOYER = v.Account("deployer")
OPERATOR = v.Account("operator")
CLOSED = v.Account("closed account")

# --- contracts that existed before the first ledger -------------------------------------------

ROUTER = v.Contract.named("router")
POOL = v.Contract.named("pool")
OTHER_POOL = v.Contract.named("other pool")
ORACLE = v.Contract.named("oracle")
VAULT = v.Contract.named("vault")
FACTORY = v.Contract.named("factory")
WALLET = v.Contract.named("smart wallet")
SECOND_WALLET = v.Contract.named("second smart wallet")
REGISTRY = v.Contract.named("registry")

USD = v.credit_asset(b"USD", ISSUER)
GOLD = v.credit_asset(b"GOLDBAR", ISSUER)
ODD_CODE = v.credit_asset(b"\xffA\\\x01", ISSUER)
NATIVE_TOKEN = asset_contract(v.native_asset())
USD_TOKEN = asset_contract(USD)

ONE = 10**7


def wasm(label: str, size: int = 96) -> bytes:
    """A valid module that does nothing: header and one custom section with distinct bytes."""
    filler = b"".join(v.seeded("wasm", label, n) for n in range(size // 32))[:size]
    content = b"\x06filler" + filler
    return b"\0asm\1\0\0\0" + b"\0" + bytes([len(content)]) + content


ROUTER_CODE = Code(wasm("router"))
WALLET_CODE = Code(wasm("wallet"))


PAYER_PARTY = Party(PAYER)
RECEIVER_PARTY = Party(RECEIVER)


@dataclass
class At:
    """The ledger of a scenario."""

    sequence: int

    def story(self):
        return Recorder(self.sequence), StateLog(self.sequence)

    # --- the operations ------------------------------------------------------------------------

    def invoke(self, name, why, story, state, *, returns=None, source=PAYER_PARTY, auth=(), target=None, **more):
        """INVOKE_CONTRACT of the story's root call, or of `target` (address, function, args) if it was not reached."""
        address, function, args = target or (story.root_call[0].address, *story.root_call[1:])
        name_bytes = function if isinstance(function, bytes) else function.encode()
        call = xdr.InvokeContractArgs(address, xdr.SCSymbol(name_bytes), list(args))
        host = xdr.HostFunction(xdr.HostFunctionType.HOST_FUNCTION_TYPE_INVOKE_CONTRACT, invoke_contract=call)
        invoker = more.get("operation_source") or source
        what = {
            "contract_id": address_text(address),
            "invoking_account": invoker.account_text(),
            "function_name": escaped(name_bytes),
            "arguments": [v.raw(a) for a in args],
        }
        return self._soroban(name, why, host, story, state, "contract_call", what, returns, source, auth, more)

    def create(self, name, why, story, state, creation: Creation, *, source=PAYER_PARTY, auth=(), **more):
        """CREATE_CONTRACT, or its second form if the creation has constructor arguments."""
        if creation.constructor_args is None:
            host = xdr.HostFunction(
                xdr.HostFunctionType.HOST_FUNCTION_TYPE_CREATE_CONTRACT, create_contract=creation.xdr()
            )
        else:
            host = xdr.HostFunction(
                xdr.HostFunctionType.HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2, create_contract_v2=creation.xdr()
            )
        told = creation.expected()
        creator = (more.get("operation_source") or source).account_text()
        what = {"contract_id": told.pop("contract_id"), "creator_account": creator, **told}
        return self._soroban(
            name, why, host, story, state, "create_contract", what, creation.contract.value, source, auth, more
        )

    def upload(self, name, why, story, state, code: bytes, *, source=PAYER_PARTY, **more):
        host = xdr.HostFunction(xdr.HostFunctionType.HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM, wasm=code)
        uploader = (more.get("operation_source") or source).account_text()
        what = {"uploader_account": uploader, "wasm_hash": v.sha256(code).hex(), "wasm_size": len(code)}
        return self._soroban(
            name, why, host, story, state, "upload_wasm", what, v.bytes_(v.sha256(code)), source, (), more
        )

    def _soroban(self, name, why, host, story, state, kind, what, returns, source, auth, more):
        auth = list(auth)
        body = xdr.OperationBody(
            OPERATION.INVOKE_HOST_FUNCTION,
            invoke_host_function_op=xdr.InvokeHostFunctionOp(host, [a.xdr() for a in auth]),
        )
        value = returns if returns is not None else v.void()
        return Tx(
            name,
            why,
            body,
            source,
            story=story,
            state=state,
            auth=auth,
            return_value=value,
            kind=kind,
            what=what,
            **more,
        )

    def extend(self, name, why, state, extend_to, *, source=PAYER_PARTY, **more):
        body = xdr.OperationBody(
            OPERATION.EXTEND_FOOTPRINT_TTL,
            extend_footprint_ttl_op=xdr.ExtendFootprintTTLOp(xdr.ExtensionPoint(0), xdr.Uint32(extend_to)),
        )
        account = (more.get("operation_source") or source).account_text()
        what = {"account": account, "extend_to": extend_to}
        return Tx(name, why, body, source, state=state, kind="extend_ttl", what=what, **more)

    def restore(self, name, why, state, *, source=PAYER_PARTY, **more):
        body = xdr.OperationBody(
            OPERATION.RESTORE_FOOTPRINT, restore_footprint_op=xdr.RestoreFootprintOp(xdr.ExtensionPoint(0))
        )
        account = (more.get("operation_source") or source).account_text()
        return Tx(name, why, body, source, state=state, kind="restore_footprint", what={"account": account}, **more)

    def pay(self, name, why, *, source=PAYER_PARTY, to=RECEIVER_PARTY, amount=ONE, asset=None, **more):
        payment = xdr.PaymentOp(to.xdr(), asset or v.native_asset(), xdr.Int64(amount))
        body = xdr.OperationBody(OPERATION.PAYMENT, payment_op=payment)
        return Tx(name, why, body, source, receiver=to, **more)


def contract_id(contract) -> str:
    return contract_text(contract.id_bytes)


def transfer_topics(sender, receiver, asset_name):
    return [v.symbol("transfer"), sender.value, receiver.value, v.string(asset_name)]


def balance_key(holder):
    return v.vec(v.symbol("Balance"), holder.value)


def balance(amount):
    return v.record(amount=v.i128(amount), authorized=v.boolean(True), clawback=v.boolean(False))


def sac_call(story, token, asset_name, sender, receiver, amount, *, resolved=False):
    """A transfer inside a stellar-asset contract, called by the running contract."""
    with story.call(token, "transfer", [sender.value, receiver.value, v.i128(amount)], resolved=resolved) as call:
        story.event(transfer_topics(sender, receiver, asset_name), v.i128(amount))
        call.returns(v.void())


def account_entry(account, amount, ledger):
    held = xdr.AccountEntry(
        account.id,
        xdr.Int64(amount),
        xdr.SequenceNumber(xdr.Int64(1)),
        xdr.Uint32(0),
        None,
        xdr.Uint32(0),
        xdr.String32(b"example.org"),
        xdr.Thresholds(b"\1\0\0\0"),
        [],
        xdr.AccountEntryExt(0),
    )
    data = xdr.LedgerEntryData(xdr.LedgerEntryType.ACCOUNT, account=held)
    return xdr.LedgerEntry(xdr.Uint32(ledger), data, xdr.LedgerEntryExt(0))


def executable_value(wasm_hash):
    """An executable as the host passes it to contracts, in the event of an upgrade."""
    return v.vec(v.symbol("Wasm"), v.bytes_(wasm_hash))
