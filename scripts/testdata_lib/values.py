"""Short constructors for the XDR values of the scenarios."""

import base64
import hashlib

from stellar_sdk import xdr

Type = xdr.SCValType


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def seeded(*words: object) -> bytes:
    """32 bytes that depend only on the words: the source of every key, salt and signature."""
    return sha256(" ".join(str(word) for word in words).encode())


# --- ScVals -----------------------------------------------------------------------------------


def boolean(value):
    return xdr.SCVal(Type.SCV_BOOL, b=value)


def void():
    return xdr.SCVal(Type.SCV_VOID)


def u32(n):
    return xdr.SCVal(Type.SCV_U32, u32=xdr.Uint32(n))


def i32(n):
    return xdr.SCVal(Type.SCV_I32, i32=xdr.Int32(n))


def u64(n):
    return xdr.SCVal(Type.SCV_U64, u64=xdr.Uint64(n))


def i64(n):
    return xdr.SCVal(Type.SCV_I64, i64=xdr.Int64(n))


def timepoint(n):
    return xdr.SCVal(Type.SCV_TIMEPOINT, timepoint=xdr.TimePoint(xdr.Uint64(n)))


def duration(n):
    return xdr.SCVal(Type.SCV_DURATION, duration=xdr.Duration(xdr.Uint64(n)))


def bytes_(data):
    return xdr.SCVal(Type.SCV_BYTES, bytes=xdr.SCBytes(data))


def string(text):
    return xdr.SCVal(Type.SCV_STRING, str=xdr.SCString(_raw(text)))


def symbol(text):
    return xdr.SCVal(Type.SCV_SYMBOL, sym=xdr.SCSymbol(_raw(text)))


def vec(*items):
    return xdr.SCVal(Type.SCV_VEC, vec=xdr.SCVec(list(items)))


def absent_vec():
    return xdr.SCVal(Type.SCV_VEC)


def absent_map():
    return xdr.SCVal(Type.SCV_MAP)


def address(a):
    return xdr.SCVal(Type.SCV_ADDRESS, address=a)


def instance_key():
    return xdr.SCVal(Type.SCV_LEDGER_KEY_CONTRACT_INSTANCE)


def nonce_key(n):
    return xdr.SCVal(Type.SCV_LEDGER_KEY_NONCE, nonce_key=xdr.SCNonceKey(xdr.Int64(n)))


def executable_tag(text):
    return xdr.SCVal(Type.SCV_EXECUTABLE_TAG, executable_tag=xdr.SCString(_raw(text)))


def map_(*pairs):
    """Map entries in the given order: hosts sort them, decoders must not depend on it."""
    return xdr.SCVal(Type.SCV_MAP, map=_sc_map(pairs))


def record(**fields):
    """A map with symbol keys, as contracts store their structs: sorted by name."""
    return map_(*((symbol(name), value) for name, value in sorted(fields.items())))


def instance(executable, *storage):
    """A contract instance; without storage pairs its storage is absent."""
    held = xdr.SCContractInstance(executable, _sc_map(storage) if storage else None)
    return xdr.SCVal(Type.SCV_CONTRACT_INSTANCE, instance=held)


def u128(n):
    return xdr.SCVal(Type.SCV_U128, u128=xdr.UInt128Parts(*_unsigned_words(n, 2)))


def i128(n):
    hi, lo = _words(n, 2)
    return xdr.SCVal(Type.SCV_I128, i128=xdr.Int128Parts(xdr.Int64(_signed(hi)), xdr.Uint64(lo)))


def u256(n):
    return xdr.SCVal(Type.SCV_U256, u256=xdr.UInt256Parts(*_unsigned_words(n, 4)))


def i256(n):
    hi, *rest = _words(n, 4)
    return xdr.SCVal(Type.SCV_I256, i256=xdr.Int256Parts(xdr.Int64(_signed(hi)), *map(xdr.Uint64, rest)))


def contract_error(code):
    error = xdr.SCError(xdr.SCErrorType.SCE_CONTRACT, contract_code=xdr.Uint32(code))
    return xdr.SCVal(Type.SCV_ERROR, error=error)


def host_error(kind, code):
    """host_error("budget", "exceeded_limit")"""
    error = xdr.SCError(xdr.SCErrorType["SCE_" + kind.upper()], code=xdr.SCErrorCode["SCEC_" + code.upper()])
    return xdr.SCVal(Type.SCV_ERROR, error=error)


def _raw(text):
    return text if isinstance(text, bytes) else text.encode()


def _sc_map(pairs):
    return xdr.SCMap([xdr.SCMapEntry(key, value) for key, value in pairs])


def _words(n, count):
    return [(n >> (64 * i)) & (2**64 - 1) for i in reversed(range(count))]


def _unsigned_words(n, count):
    return map(xdr.Uint64, _words(n, count))


def _signed(word):
    return word - 2**64 if word >= 2**63 else word


# --- accounts and addresses -------------------------------------------------------------------


class Account:
    """An account by its role. Its key is derived from the role; nobody has the secret."""

    def __init__(self, role: str):
        self.role = role
        self.key = seeded("account", role)

    @property
    def id(self):
        return xdr.AccountID(xdr.PublicKey(xdr.PublicKeyType.PUBLIC_KEY_TYPE_ED25519, ed25519=xdr.Uint256(self.key)))

    def muxed(self, mux_id: int | None = None):
        if mux_id is None:
            return xdr.MuxedAccount(xdr.CryptoKeyType.KEY_TYPE_ED25519, ed25519=xdr.Uint256(self.key))
        med25519 = xdr.MuxedAccountMed25519(xdr.Uint64(mux_id), xdr.Uint256(self.key))
        return xdr.MuxedAccount(xdr.CryptoKeyType.KEY_TYPE_MUXED_ED25519, med25519=med25519)

    @property
    def address(self):
        return xdr.SCAddress(xdr.SCAddressType.SC_ADDRESS_TYPE_ACCOUNT, account_id=self.id)

    @property
    def value(self):
        return address(self.address)


class Contract:
    """A contract by its 32 byte id."""

    def __init__(self, contract_id: bytes):
        self.id_bytes = contract_id

    @classmethod
    def named(cls, role: str):
        return cls(seeded("contract", role))

    @property
    def id(self):
        return xdr.ContractID(xdr.Hash(self.id_bytes))

    @property
    def address(self):
        return xdr.SCAddress(xdr.SCAddressType.SC_ADDRESS_TYPE_CONTRACT, contract_id=self.id)

    @property
    def value(self):
        return address(self.address)


def muxed_address(account: Account, mux_id: int):
    held = xdr.MuxedEd25519Account(xdr.Uint64(mux_id), xdr.Uint256(account.key))
    return xdr.SCAddress(xdr.SCAddressType.SC_ADDRESS_TYPE_MUXED_ACCOUNT, muxed_account=held)


def claimable_balance_address(balance_id: bytes):
    held = xdr.ClaimableBalanceID(xdr.ClaimableBalanceIDType.CLAIMABLE_BALANCE_ID_TYPE_V0, v0=xdr.Hash(balance_id))
    return xdr.SCAddress(xdr.SCAddressType.SC_ADDRESS_TYPE_CLAIMABLE_BALANCE, claimable_balance_id=held)


def liquidity_pool_address(pool_id: bytes):
    held = xdr.PoolID(xdr.Hash(pool_id))
    return xdr.SCAddress(xdr.SCAddressType.SC_ADDRESS_TYPE_LIQUIDITY_POOL, liquidity_pool_id=held)


# --- executables and assets -------------------------------------------------------------------


def wasm_executable(wasm_hash: bytes):
    return xdr.ContractExecutable(xdr.ContractExecutableType.CONTRACT_EXECUTABLE_WASM, wasm_hash=xdr.Hash(wasm_hash))


def asset_executable():
    return xdr.ContractExecutable(xdr.ContractExecutableType.CONTRACT_EXECUTABLE_STELLAR_ASSET)


def external_ref_executable(owner, tag):
    held = xdr.ContractExecutableExternalRef(owner, xdr.SCString(_raw(tag)))
    return xdr.ContractExecutable(xdr.ContractExecutableType.CONTRACT_EXECUTABLE_EXTERNAL_REF, external_ref=held)


def native_asset():
    return xdr.Asset(xdr.AssetType.ASSET_TYPE_NATIVE)


def credit_asset(code: bytes, issuer: Account):
    """An asset with a code of up to 4 or up to 12 bytes; bytes beyond ASCII are allowed by the XDR."""
    if len(code) <= 4:
        held = xdr.AlphaNum4(xdr.AssetCode4(code.ljust(4, b"\0")), issuer.id)
        return xdr.Asset(xdr.AssetType.ASSET_TYPE_CREDIT_ALPHANUM4, alpha_num4=held)
    held = xdr.AlphaNum12(xdr.AssetCode12(code.ljust(12, b"\0")), issuer.id)
    return xdr.Asset(xdr.AssetType.ASSET_TYPE_CREDIT_ALPHANUM12, alpha_num12=held)


# --- how the tools print them -----------------------------------------------------------------


def base64_of(value) -> str:
    return base64.b64encode(value.to_xdr_bytes()).decode()


def raw(value):
    """A value as `invocation-extract` prints it; nothing stays null."""
    return None if value is None else {"xdr": base64_of(value)}
