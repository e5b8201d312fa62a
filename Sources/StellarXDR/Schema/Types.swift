// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-types.x
  static let types: StaticString = """
    Hash = opaque[32]
    uint256 = opaque[32]
    uint32 = u32
    int32 = i32
    uint64 = u64
    int64 = i64
    TimePoint = u64
    Duration = u64
    ExtensionPoint = union { 0=v0 }
    CryptoKeyType = enum { ed25519=0; pre_auth_tx=1; hash_x=2; ed25519_signed_payload=3; muxed_ed25519=256 }
    PublicKeyType = enum { public_key_type_ed25519=0 }
    SignerKeyType = enum { ed25519=0; pre_auth_tx=1; hash_x=2; ed25519_signed_payload=3 }
    PublicKey = union PublicKeyType { public_key_type_ed25519: uint256 } as account
    SignerKeyEd25519SignedPayload = { ed25519: uint256; payload: opaque<64> } as signed_payload
    SignerKey = union SignerKeyType { ed25519: uint256; pre_auth_tx: uint256; hash_x: uint256; ed25519_signed_payload: SignerKeyEd25519SignedPayload } as signer_key
    Signature = opaque<64>
    SignatureHint = opaque[4]
    NodeID = PublicKey
    AccountID = PublicKey
    ContractID = Hash as contract
    PoolID = Hash as liquidity_pool
    ClaimableBalanceIDType = enum { claimable_balance_id_type_v0=0 }
    ClaimableBalanceID = union ClaimableBalanceIDType { claimable_balance_id_type_v0: Hash } as claimable_balance
    Curve25519Secret = { key: byte[32] }
    Curve25519Public = { key: byte[32] }
    HmacSha256Key = { key: byte[32] }
    HmacSha256Mac = { mac: byte[32] }
    ShortHashSeed = { seed: byte[16] }
    BinaryFuseFilterType = enum { b8_bit=0; b16_bit=1; b32_bit=2 }
    SerializedBinaryFuseFilter = { type: BinaryFuseFilterType; input_hash_seed: ShortHashSeed; filter_seed: ShortHashSeed; segment_length: u32; segement_length_mask: u32; segment_count: u32; segment_count_length: u32; fingerprint_length: u32; fingerprints: opaque<> }
    """
}
