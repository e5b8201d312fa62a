"""The protocol's hashes: of networks, transactions, contracts and entries."""

from stellar_sdk import xdr

from .values import Contract, sha256

PASSPHRASE = "Standalone Network ; February 2017"
ID = sha256(PASSPHRASE.encode())


def transaction_hash(envelope) -> bytes:
    """SHA-256 of the network id, the envelope type and the transaction without its signatures."""
    if envelope.type == xdr.EnvelopeType.ENVELOPE_TYPE_TX_V0:
        # A V0 transaction is signed as the equivalent V1 transaction: type 2 and an ed25519 source.
        tagged = b"\0\0\0\2" + b"\0\0\0\0" + envelope.v0.tx.to_xdr_bytes()
    elif envelope.type == xdr.EnvelopeType.ENVELOPE_TYPE_TX:
        tagged = b"\0\0\0\2" + envelope.v1.tx.to_xdr_bytes()
    else:
        tagged = b"\0\0\0\5" + envelope.fee_bump.tx.to_xdr_bytes()
    return sha256(ID + tagged)


def preimage_from_address(deployer, salt: bytes):
    return xdr.ContractIDPreimage(
        xdr.ContractIDPreimageType.CONTRACT_ID_PREIMAGE_FROM_ADDRESS,
        from_address=xdr.ContractIDPreimageFromAddress(deployer, xdr.Uint256(salt)),
    )


def preimage_from_asset(asset):
    return xdr.ContractIDPreimage(xdr.ContractIDPreimageType.CONTRACT_ID_PREIMAGE_FROM_ASSET, from_asset=asset)


def contract_of(preimage) -> Contract:
    tagged = xdr.HashIDPreimage(
        xdr.EnvelopeType.ENVELOPE_TYPE_CONTRACT_ID, contract_id=xdr.HashIDPreimageContractID(xdr.Hash(ID), preimage)
    )
    return Contract(sha256(tagged.to_xdr_bytes()))


def asset_contract(asset) -> Contract:
    return contract_of(preimage_from_asset(asset))


def key_hash(ledger_key) -> bytes:
    """The hash by which a TTL entry identifies its owner."""
    return sha256(ledger_key.to_xdr_bytes())


def success_hash(return_value, events) -> bytes:
    return sha256(xdr.InvokeHostFunctionSuccessPreImage(return_value, list(events)).to_xdr_bytes())
