"""SEP-51 JSON of any protocol type, from its bytes: the expected text of values.ndjson.

The rules are SEP-51's own: 64-bit numbers are strings, opaque is hex, text is escaped byte by byte, names are
snake_case without the members' common prefix, and keys and addresses are strkeys.
"""

import json
import os
import struct

from .strkey import account_text, contract_text, escaped, muxed_text, strkey
from .xdr_text import types


def text(type_name: str, data: bytes) -> str:
    reader = Reader(data)
    value = render(("named", type_name), reader)
    assert reader.at == len(data), f"{len(data) - reader.at} bytes left over in a {type_name}"
    return json.dumps(value, separators=(",", ":"))


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def fixed(self, size):
        held = self.data[self.at : self.at + size]
        padding = self.data[self.at + size : self.at + size + -size % 4]
        assert len(held) == size and not any(padding)
        self.at += size + -size % 4
        return held

    def number(self, size=4, signed=False):
        return int.from_bytes(self.fixed(size), "big", signed=signed)

    def variable(self):
        return self.fixed(self.number())


def render(of, reader):
    kind = of[0]
    if kind == "named":
        special = SPECIAL.get(of[1])
        return special(reader) if special else render(types()[of[1]], reader)
    if kind == "int":
        value = reader.number(of[1], of[2])
        return str(value) if of[1] == 8 else value
    if kind == "bool":
        return {0: False, 1: True}[reader.number()]
    if kind == "string":
        return escaped(reader.variable())
    if kind == "opaque":
        return (reader.variable() if of[1] is None else reader.fixed(of[1])).hex()
    if kind == "optional":
        return render(of[1], reader) if {0: False, 1: True}[reader.number()] else None
    if kind == "list":
        return [render(of[1], reader) for _ in range(reader.number())]
    if kind == "array":
        return [render(of[1], reader) for _ in range(of[2])]
    if kind == "enum":
        return member_name(of[1], reader.number(signed=True))
    if kind == "struct":
        return {snake_case(name): _member(held, reader) for name, held in of[1]}
    return _union(of, reader)


def _member(of, reader):
    """Unnamed opaque of fixed length is an array of numbers in the reference implementation."""
    if of[0] == "opaque" and of[1] is not None:
        return list(reader.fixed(of[1]))
    return render(of, reader)


def _union(of, reader):
    _, discriminant, arms = of
    value = reader.number(signed=True)
    if types().get(discriminant[1], discriminant)[0] == "int":
        label, name = str(value), f"v{value}"
    else:
        members = types()[discriminant[1]][1]
        label, name = members[value], member_name(members, value)
    held = arms[label] if label in arms else arms["default"]
    return name if held == ("void",) else {name: _member(held, reader)}


# --- names ------------------------------------------------------------------------------------


def member_name(members, value):
    """snake_case without the longest prefix, ending at an underscore, that all members share."""
    names = list(members.values())
    prefix = os.path.commonprefix(names)
    prefix = prefix[: prefix.rfind("_") + 1] if len(names) > 1 else ""
    name = members[value].removeprefix(prefix)
    # A name cannot begin with a digit: then it begins with the first letter of the member.
    return snake_case(members[value][0] + name if name[0].isdigit() else name)


def snake_case(name):
    """Words end where lower case meets upper case, and before the last capital of an acronym."""
    words = []
    for part in name.split("_"):
        word, previous = "", None
        for n, letter in enumerate(part):
            following = part[n + 1 : n + 2]
            kind = "lower" if letter.islower() else "upper" if letter.isupper() else previous
            if previous == "upper" and letter.isupper() and following.islower() and word:
                words.append(word)
                word, previous = letter, None
            elif kind == "lower" and following.isupper():
                words.append(word + letter)
                word, previous = "", None
                continue
            else:
                word, previous = word + letter, kind
        words.append(word)
    return "_".join(w.lower() for w in words if w)


# --- types with a special text form -----------------------------------------------------------


def _account(reader):
    assert reader.number() == 0
    return account_text(reader.fixed(32))


def _contract(reader):
    return contract_text(reader.fixed(32))


def _pool(reader):
    return strkey("L", reader.fixed(32))


def _claimable_balance(reader):
    kind = reader.number()
    return strkey("B", bytes([kind]) + reader.fixed(32))


def _muxed_parts(reader):
    mux_id = reader.number(8)
    return muxed_text(reader.fixed(32), mux_id)


def _muxed_account(reader):
    return {0: lambda: account_text(reader.fixed(32)), 0x100: lambda: _muxed_parts(reader)}[reader.number()]()


def _muxed_contract(reader):
    """CAP-84: this address has no strkey version, so it is an object of its parts."""
    mux_id = reader.number(8)
    return {"muxed_contract": {"id": str(mux_id), "contract_id": _contract(reader)}}


def _address(reader):
    arms = [_account, _contract, _muxed_parts, _claimable_balance, _pool, _muxed_contract]
    return arms[reader.number()](reader)


def _signer_key(reader):
    kind = reader.number()
    key = reader.fixed(32)
    if kind < 3:
        return strkey("GTX"[kind], key)
    payload = reader.variable()
    return strkey("P", key + struct.pack(">I", len(payload)) + payload + bytes(-len(payload) % 4))


def _short_code(reader):
    return escaped(reader.fixed(4).rstrip(b"\0"))


def _long_code(reader):
    return escaped(reader.fixed(12).rstrip(b"\0").ljust(5, b"\0"))


def _asset_code(reader):
    return {1: _short_code, 2: _long_code}[reader.number()](reader)


def _wide(words, signed):
    return lambda reader: str(int.from_bytes(reader.fixed(8 * words), "big", signed=signed))


SPECIAL = {
    "PublicKey": _account,
    "AccountID": _account,
    "NodeID": _account,
    "ContractID": _contract,
    "PoolID": _pool,
    "ClaimableBalanceID": _claimable_balance,
    "MuxedAccount": _muxed_account,
    "SCAddress": _address,
    "SignerKey": _signer_key,
    "AssetCode4": _short_code,
    "AssetCode12": _long_code,
    "AssetCode": _asset_code,
    "UInt128Parts": _wide(2, False),
    "Int128Parts": _wide(2, True),
    "UInt256Parts": _wide(4, False),
    "Int256Parts": _wide(4, True),
}
