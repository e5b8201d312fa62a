"""SEP-23 text of keys and addresses."""

import base64
import struct

VERSIONS = {"G": 6 << 3, "M": 12 << 3, "T": 19 << 3, "X": 23 << 3, "P": 15 << 3, "C": 2 << 3, "L": 11 << 3, "B": 1 << 3}


def strkey(letter: str, payload: bytes) -> str:
    body = bytes([VERSIONS[letter]]) + payload
    return base64.b32encode(body + struct.pack("<H", _crc16_xmodem(body))).decode().rstrip("=")


def _crc16_xmodem(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def account_text(key: bytes) -> str:
    return strkey("G", key)


def muxed_text(key: bytes, mux_id: int | None) -> str:
    return account_text(key) if mux_id is None else strkey("M", key + struct.pack(">Q", mux_id))


def contract_text(contract_id: bytes) -> str:
    return strkey("C", contract_id)


def escaped(data: bytes) -> str:
    """A SEP-51 string: printable ASCII unchanged, all other bytes escaped one by one."""
    special = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\"}
    return "".join(special.get(b) or (chr(b) if 0x20 <= b <= 0x7E else f"\\x{b:02x}") for b in data)
