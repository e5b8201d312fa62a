"""CAP-84's muxed contract address (SCAddress arm 5), packed by hand: the encoder does not support it yet.

On the wire it is `u32 5, u64 id, 32 bytes of contract id`: as long as a muxed account (`u32 2, u64 id, 32 bytes
of key`), so a check can turn one into the other and read the rest with the encoder's own decoder.
"""

import struct

from . import values as v

ARM = 5
STAND_IN_ARM = 2  # SC_ADDRESS_TYPE_MUXED_ACCOUNT


class MuxedContractAddress:
    """Used where the encoder expects an SCAddress; it can only pack itself."""

    def __init__(self, contract: v.Contract, mux_id: int):
        self.contract, self.mux_id = contract, mux_id

    def to_xdr_bytes(self) -> bytes:
        return struct.pack(">IQ", ARM, self.mux_id) + self.contract.id_bytes

    def pack(self, packer) -> None:
        data = self.to_xdr_bytes()
        packer.pack_fopaque(len(data), data)

    def stand_in(self) -> bytes:
        return struct.pack(">IQ", STAND_IN_ARM, self.mux_id) + self.contract.id_bytes


ADDRESS = MuxedContractAddress(v.Contract.named("vault"), 84)
VALUE = v.address(ADDRESS)


def readable(data: bytes) -> bytes:
    """The same bytes with a muxed account in place of the address."""
    return data.replace(ADDRESS.to_xdr_bytes(), ADDRESS.stand_in())
