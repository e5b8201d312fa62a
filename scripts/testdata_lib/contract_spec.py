"""A contract with a specification: the module that is uploaded and called, and its declarations."""

from stellar_sdk import xdr

from . import values as v
from .network import contract_of, preimage_from_address
from .signatures import Creation

SPEC = xdr.SCSpecType


def _plain(name):
    return xdr.SCSpecTypeDef(SPEC["SC_SPEC_TYPE_" + name.upper()])


def _udt(name):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_UDT, udt=xdr.SCSpecTypeUDT(name.encode()))


def _vec(element):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_VEC, vec=xdr.SCSpecTypeVec(element))


def _option(value):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_OPTION, option=xdr.SCSpecTypeOption(value))


def _map(key, value):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_MAP, map=xdr.SCSpecTypeMap(key, value))


def _tuple(*types):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_TUPLE, tuple=xdr.SCSpecTypeTuple(list(types)))


def _bytes_n(length):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_BYTES_N, bytes_n=xdr.SCSpecTypeBytesN(xdr.Uint32(length)))


def _result(ok, error):
    return xdr.SCSpecTypeDef(SPEC.SC_SPEC_TYPE_RESULT, result=xdr.SCSpecTypeResult(ok, error))


def _function(name, doc, inputs, outputs):
    held = [xdr.SCSpecFunctionInputV0(b"", n.encode(), t) for n, t in inputs]
    function = xdr.SCSpecFunctionV0(doc.encode(), xdr.SCSymbol(name.encode()), held, outputs)
    return xdr.SCSpecEntry(xdr.SCSpecEntryKind.SC_SPEC_ENTRY_FUNCTION_V0, function_v0=function)


def _struct(name, doc, fields):
    held = [xdr.SCSpecUDTStructFieldV0(b"", n.encode(), t) for n, t in fields]
    return xdr.SCSpecEntry(
        xdr.SCSpecEntryKind.SC_SPEC_ENTRY_UDT_STRUCT_V0,
        udt_struct_v0=xdr.SCSpecUDTStructV0(doc.encode(), b"", name.encode(), held),
    )


def _union(name, cases):
    kinds, held = xdr.SCSpecUDTUnionCaseV0Kind, []
    for case, types in cases:
        if types:
            tuple_case = xdr.SCSpecUDTUnionCaseTupleV0(b"", case.encode(), types)
            held.append(xdr.SCSpecUDTUnionCaseV0(kinds.SC_SPEC_UDT_UNION_CASE_TUPLE_V0, tuple_case=tuple_case))
        else:
            void_case = xdr.SCSpecUDTUnionCaseVoidV0(b"", case.encode())
            held.append(xdr.SCSpecUDTUnionCaseV0(kinds.SC_SPEC_UDT_UNION_CASE_VOID_V0, void_case=void_case))
    return xdr.SCSpecEntry(
        xdr.SCSpecEntryKind.SC_SPEC_ENTRY_UDT_UNION_V0, udt_union_v0=xdr.SCSpecUDTUnionV0(b"", b"", name.encode(), held)
    )


def _enum(name, cases):
    held = [xdr.SCSpecUDTEnumCaseV0(b"", n.encode(), xdr.Uint32(value)) for n, value in cases]
    return xdr.SCSpecEntry(
        xdr.SCSpecEntryKind.SC_SPEC_ENTRY_UDT_ENUM_V0, udt_enum_v0=xdr.SCSpecUDTEnumV0(b"", b"", name.encode(), held)
    )


def _error_enum(name, cases):
    held = [xdr.SCSpecUDTErrorEnumCaseV0(b"", n.encode(), xdr.Uint32(value)) for n, value in cases]
    return xdr.SCSpecEntry(
        xdr.SCSpecEntryKind.SC_SPEC_ENTRY_UDT_ERROR_ENUM_V0,
        udt_error_enum_v0=xdr.SCSpecUDTErrorEnumV0(b"", b"", name.encode(), held),
    )


def _event(name, prefix, params, data_format):
    held = [
        xdr.SCSpecEventParamV0(
            b"", n.encode(), t, xdr.SCSpecEventParamLocationV0["SC_SPEC_EVENT_PARAM_LOCATION_" + place.upper()]
        )
        for n, t, place in params
    ]
    event = xdr.SCSpecEventV0(
        b"",
        b"",
        xdr.SCSymbol(name.encode()),
        [xdr.SCSymbol(p.encode()) for p in prefix],
        held,
        xdr.SCSpecEventDataFormat["SC_SPEC_EVENT_DATA_FORMAT_" + data_format.upper()],
    )
    return xdr.SCSpecEntry(xdr.SCSpecEntryKind.SC_SPEC_ENTRY_EVENT_V0, event_v0=event)


ENTRIES = [
    _struct(
        "Order",
        "What a trader asks for.",
        [
            ("amount", _plain("i128")),
            ("kind", _udt("Kind")),
            ("limit", _option(_plain("u64"))),
            ("owner", _plain("address")),
        ],
    ),
    _struct(
        "Pair", "A tuple struct: its fields have numbers for names.", [("0", _plain("symbol")), ("1", _plain("u32"))]
    ),
    _union("Key", [("Admin", []), ("Order", [_plain("u32")]), ("Balance", [_plain("address"), _plain("symbol")])]),
    _enum("Kind", [("Market", 0), ("Limit", 1), ("Stop", 7)]),
    _error_enum("Failure", [("NotFound", 1), ("TooSmall", 2)]),
    _event(
        "Placed",
        ["order", "placed"],
        [("owner", _plain("address"), "topic_list"), ("id", _plain("u32"), "data"), ("order", _udt("Order"), "data")],
        "map",
    ),
    _event(
        "Cancelled",
        ["order", "cancelled"],
        [("id", _plain("u32"), "topic_list"), ("why", _plain("string"), "data")],
        "single_value",
    ),
    _function(
        "place",
        "Places an order and says its number.",
        [("order", _udt("Order")), ("pair", _udt("Pair"))],
        [_result(_plain("u32"), _udt("Failure"))],
    ),
    _function(
        "orders",
        "",
        [("keys", _vec(_udt("Key"))), ("limits", _map(_plain("symbol"), _plain("u64"))), ("digest", _bytes_n(32))],
        [_tuple(_plain("u32"), _option(_udt("Order")))],
    ),
    _function("__constructor", "", [("admin", _plain("address"))], []),
]


def module() -> bytes:
    """A WebAssembly module with only its header and the specification."""
    stream = b"".join(entry.to_xdr_bytes() for entry in ENTRIES)
    name = b"contractspecv0"
    content = bytes([len(name)]) + name + stream
    return b"\0asm\1\0\0\0" + b"\0" + _leb128(len(content)) + content


def _leb128(n):
    out = bytearray()
    while True:
        n, low = n >> 7, n & 0x7F
        out.append(low | (0x80 if n else 0))
        if not n:
            return bytes(out)


SPEC_CODE = module()
SPEC_CREATION = Creation(
    preimage_from_address(v.Account("creator").address, v.seeded("salt", "specified contract")),
    v.wasm_executable(v.sha256(SPEC_CODE)),
)
SPEC_CONTRACT = contract_of(SPEC_CREATION.preimage)


# --- values of the declared types -------------------------------------------------------------


def order(owner, amount, kind, limit=None):
    return v.record(
        amount=v.i128(amount), kind=v.u32(kind), limit=v.void() if limit is None else v.u64(limit), owner=owner.value
    )


def pair(code, number):
    return v.vec(v.symbol(code), v.u32(number))


def key(case, *held):
    return v.vec(v.symbol(case), *held)
