"""ScVals of every kind, with the limits of each: arguments of one ledger, and rows of values.ndjson."""

from . import values as v

_ACCOUNT = v.Account("receiver")
_CONTRACT = v.Contract.named("vault")

NUMBERS = [
    v.boolean(True),
    v.boolean(False),
    v.void(),
    v.u32(0),
    v.u32(2**32 - 1),
    v.i32(-(2**31)),
    v.i32(2**31 - 1),
    v.u64(0),
    v.u64(2**64 - 1),
    v.u64(2**53 + 1),
    v.i64(-(2**63)),
    v.i64(2**63 - 1),
    v.i64(-1),
    v.timepoint(0),
    v.timepoint(1_704_067_200),
    v.timepoint(2**64 - 1),
    v.duration(0),
    v.duration(86_400),
    v.duration(2**64 - 1),
]

WIDE_NUMBERS = [
    v.u128(0),
    v.u128(1),
    v.u128(2**64),
    v.u128(2**128 - 1),
    v.i128(0),
    v.i128(-1),
    v.i128(-(2**127)),
    v.i128(2**127 - 1),
    v.i128(-(2**64)),
    v.u256(0),
    v.u256(2**64 - 1),
    v.u256(2**192),
    v.u256(2**256 - 1),
    v.u256(10**77),
    v.i256(0),
    v.i256(-1),
    v.i256(-(2**255)),
    v.i256(2**255 - 1),
    v.i256(-(10**76)),
    v.i256(2**128),
]

ERRORS = [v.contract_error(0), v.contract_error(2**32 - 1)] + [
    v.host_error(kind, code)
    for kind, code in (
        ("wasm_vm", "arith_domain"),
        ("context", "index_bounds"),
        ("storage", "invalid_input"),
        ("object", "missing_value"),
        ("crypto", "existing_value"),
        ("events", "exceeded_limit"),
        ("budget", "invalid_action"),
        ("value", "internal_error"),
        ("auth", "unexpected_type"),
        ("auth", "unexpected_size"),
    )
]

TEXTS = [
    v.bytes_(b""),
    v.bytes_(b"\0"),
    v.bytes_(bytes(range(256))),
    v.string(""),
    v.string("plain text"),
    v.string('say "hi"\\ \t\n\r\0'),
    v.string("café \U0001f680"),
    v.string(b"\xff\xfe not UTF-8 \xc3"),
    v.string(bytes(range(32)) + b"\x7f\x80"),
    v.string("/slash </script>"),
    v.symbol(""),
    v.symbol("transfer"),
    v.symbol("a" * 32),
    v.symbol(b"\xc3\x28\x00"),
    v.symbol("with space"),
]

CONTAINERS = [
    v.vec(),
    v.absent_vec(),
    v.vec(v.vec(), v.vec(v.void())),
    v.map_(),
    v.absent_map(),
    v.map_((v.symbol("a"), v.u32(1)), (v.symbol("b"), v.vec(v.u32(2)))),
    v.map_(
        (v.u32(1), v.void()),
        (v.vec(v.symbol("k")), v.map_()),
        (v.address(_ACCOUNT.address), v.boolean(False)),
        (v.bytes_(b"\1"), v.i128(-7)),
    ),
    v.map_((v.symbol("same"), v.u32(1)), (v.symbol("same"), v.u32(2))),
    v.map_((v.symbol("text"), v.u32(1)), (v.string("text"), v.u32(2))),
    v.map_((v.string(b"\xff"), v.string(b"\xff"))),
]

ADDRESSES = [
    v.address(_ACCOUNT.address),
    v.address(_CONTRACT.address),
    v.address(v.muxed_address(_ACCOUNT, 0)),
    v.address(v.muxed_address(_ACCOUNT, 2**64 - 1)),
    v.address(v.claimable_balance_address(v.seeded("balance"))),
    v.address(v.liquidity_pool_address(v.seeded("pool"))),
]

SYSTEM_VALUES = [
    v.instance(v.wasm_executable(v.seeded("code"))),
    v.instance(v.asset_executable()),
    v.instance(
        v.wasm_executable(v.seeded("code")),
        (v.symbol("Admin"), v.address(_ACCOUNT.address)),
        (v.vec(v.symbol("Total")), v.i128(5)),
    ),
    v.instance_key(),
    v.nonce_key(0),
    v.nonce_key(-(2**63)),
    v.nonce_key(2**63 - 1),
]

# Protocol 28 only.
EXECUTABLE_TAGS = [
    v.executable_tag("stable"),
    v.executable_tag(""),
    v.executable_tag(b"v\xff\n"),
    v.instance(v.external_ref_executable(_CONTRACT.address, b"tag \xc3\xa9")),
    v.instance(v.external_ref_executable(_CONTRACT.address, "stable"), (v.symbol("Admin"), v.void())),
]


def nested(depth):
    value = v.u32(depth)
    for level in range(depth):
        value = v.vec(value) if level % 2 else v.map_((v.symbol("in"), value))
    return value


NESTED = [nested(10), nested(60)]

EVERY_KIND = [
    ("numbers", NUMBERS),
    ("wide numbers", WIDE_NUMBERS),
    ("errors", ERRORS),
    ("bytes, strings, symbols", TEXTS),
    ("vectors and maps", CONTAINERS),
    ("addresses", ADDRESSES),
    ("what only the host makes", SYSTEM_VALUES),
    ("nesting", NESTED),
]
