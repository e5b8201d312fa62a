"""Authorization entries: what was signed, and how a reader must print it."""

from dataclasses import dataclass, field

from stellar_sdk import xdr

from . import values as v
from .network import contract_of
from .strkey import account_text, contract_text, escaped, muxed_text


def address_text(address) -> str:
    kind = xdr.SCAddressType
    if address.type == kind.SC_ADDRESS_TYPE_ACCOUNT:
        return account_text(address.account_id.account_id.ed25519.uint256)
    if address.type == kind.SC_ADDRESS_TYPE_CONTRACT:
        return contract_text(address.contract_id.contract_id.hash)
    if address.type == kind.SC_ADDRESS_TYPE_MUXED_ACCOUNT:
        return muxed_text(address.muxed_account.ed25519.uint256, address.muxed_account.id.uint64)
    raise ValueError(f"no scenario prints {address.type}")


def asset_text(asset) -> str:
    if asset.type == xdr.AssetType.ASSET_TYPE_NATIVE:
        return "native"
    held = asset.alpha_num4 or asset.alpha_num12
    if asset.alpha_num4:
        code = held.asset_code.asset_code4.rstrip(b"\0")
    else:
        # SEP-51: at least five bytes of a long code remain, so that it is not taken for a short one.
        code = held.asset_code.asset_code12.rstrip(b"\0").ljust(5, b"\0")
    return f"{escaped(code)}:{account_text(held.issuer.account_id.ed25519.uint256)}"


@dataclass
class Creation:
    """The arguments of a contract creation, in any of its forms."""

    preimage: object
    executable: object
    constructor_args: list | None = None  # None: the first form, which has no constructor arguments

    @property
    def contract(self):
        return contract_of(self.preimage)

    def xdr(self):
        if self.constructor_args is None:
            return xdr.CreateContractArgs(self.preimage, self.executable)
        return xdr.CreateContractArgsV2(self.preimage, self.executable, self.constructor_args)

    def expected(self):
        """contract_id, deployer, executable … constructor_args, in the order of the record."""
        kinds = xdr.ContractExecutableType
        from_address, ref = self.preimage.from_address, self.executable.external_ref
        kind = {
            kinds.CONTRACT_EXECUTABLE_WASM: "wasm",
            kinds.CONTRACT_EXECUTABLE_STELLAR_ASSET: "stellar_asset",
            kinds.CONTRACT_EXECUTABLE_EXTERNAL_REF: "external_ref",
        }[self.executable.type]
        return {
            "contract_id": contract_text(self.contract.id_bytes),
            "deployer": address_text(from_address.address) if from_address else None,
            "executable": kind,
            "wasm_hash": self.executable.wasm_hash.hash.hex() if kind == "wasm" else None,
            "external_ref": {"owner": address_text(ref.executable_owner), "tag": escaped(ref.tag.sc_string)}
            if ref
            else None,
            "asset": asset_text(self.preimage.from_asset) if self.preimage.from_asset else None,
            "salt": from_address.salt.uint256.hex() if from_address else None,
            "constructor_args": [v.raw(a) for a in self.constructor_args or []],
        }


@dataclass
class SignedCall:
    contract: v.Contract
    function: object
    args: list
    below: list = field(default_factory=list)

    def xdr(self):
        name = self.function if isinstance(self.function, bytes) else self.function.encode()
        call = xdr.InvokeContractArgs(self.contract.address, xdr.SCSymbol(name), self.args)
        kind = xdr.SorobanAuthorizedFunctionType.SOROBAN_AUTHORIZED_FUNCTION_TYPE_CONTRACT_FN
        return _invocation(xdr.SorobanAuthorizedFunction(kind, contract_fn=call), self.below)

    def expected(self):
        name = self.function if isinstance(self.function, bytes) else self.function.encode()
        return {
            "contract_id": contract_text(self.contract.id_bytes),
            "function": escaped(name),
            "arguments": [v.raw(a) for a in self.args],
            "sub_invocations": [b.expected() for b in self.below],
        }


@dataclass
class SignedCreation:
    creation: Creation
    below: list = field(default_factory=list)

    def xdr(self):
        kinds = xdr.SorobanAuthorizedFunctionType
        if self.creation.constructor_args is None:
            function = xdr.SorobanAuthorizedFunction(
                kinds.SOROBAN_AUTHORIZED_FUNCTION_TYPE_CREATE_CONTRACT_HOST_FN,
                create_contract_host_fn=self.creation.xdr(),
            )
        else:
            function = xdr.SorobanAuthorizedFunction(
                kinds.SOROBAN_AUTHORIZED_FUNCTION_TYPE_CREATE_CONTRACT_V2_HOST_FN,
                create_contract_v2_host_fn=self.creation.xdr(),
            )
        return _invocation(function, self.below)

    def expected(self):
        return {"create_contract": self.creation.expected(), "sub_invocations": [b.expected() for b in self.below]}


def _invocation(function, below):
    return xdr.SorobanAuthorizedInvocation(function, [b.xdr() for b in below])


@dataclass
class Delegate:
    """A delegated signature (Protocol 27)."""

    signer: object  # Account or Contract
    below: list = field(default_factory=list)

    def xdr(self):
        signature = v.bytes_(v.seeded("delegate signature", address_text(self.signer.address)) * 2)
        return xdr.SorobanDelegateSignature(self.signer.address, signature, [b.xdr() for b in self.below])

    def expected(self):
        return {"address": address_text(self.signer.address), "delegates": [b.expected() for b in self.below]}


@dataclass
class Authorization:
    """One entry of the operation's `auth`; `signer` None is the source account."""

    invocation: object
    signer: object = None
    nonce: int = 0
    expires: int = 0
    arm: str = "address"
    delegates: list = field(default_factory=list)

    def xdr(self):
        return xdr.SorobanAuthorizationEntry(self._credentials(), self.invocation.xdr())

    def _credentials(self):
        kinds = xdr.SorobanCredentialsType
        if self.signer is None:
            return xdr.SorobanCredentials(kinds.SOROBAN_CREDENTIALS_SOURCE_ACCOUNT)
        signature = v.vec(
            v.record(
                public_key=v.bytes_(v.seeded("key", self.nonce)),
                signature=v.bytes_(v.seeded("signature", self.nonce) * 2),
            )
        )
        signed = xdr.SorobanAddressCredentials(
            self.signer.address, xdr.Int64(self.nonce), xdr.Uint32(self.expires), signature
        )
        if self.arm == "address":
            return xdr.SorobanCredentials(kinds.SOROBAN_CREDENTIALS_ADDRESS, address=signed)
        if self.arm == "address_v2":
            return xdr.SorobanCredentials(kinds.SOROBAN_CREDENTIALS_ADDRESS_V2, address_v2=signed)
        held = xdr.SorobanAddressCredentialsWithDelegates(signed, [d.xdr() for d in self.delegates])
        return xdr.SorobanCredentials(kinds.SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES, address_with_delegates=held)

    def expected(self):
        by_source = self.signer is None
        return {
            "credentials": "source_account" if by_source else self.arm,
            "address": None if by_source else address_text(self.signer.address),
            "nonce": None if by_source else str(self.nonce),
            "signature_expiration_ledger": None if by_source else self.expires,
            "delegates": [d.expected() for d in self.delegates] if self.arm == "address_with_delegates" else None,
            "invocation": self.invocation.expected(),
        }
