// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-contract.x
  static let contract: StaticString = """
    SCBytes = opaque<>
    SCString = string<>
    SCSymbol = string<32>
    SCValType = enum { bool=0; void=1; error=2; u32=3; i32=4; u64=5; i64=6; timepoint=7; duration=8; u128=9; i128=10; u256=11; i256=12; bytes=13; string=14; symbol=15; vec=16; map=17; address=18; contract_instance=19; ledger_key_contract_instance=20; ledger_key_nonce=21; executable_tag=22 }
    SCErrorType = enum { contract=0; wasm_vm=1; context=2; storage=3; object=4; crypto=5; events=6; budget=7; value=8; auth=9 }
    SCErrorCode = enum { arith_domain=0; index_bounds=1; invalid_input=2; missing_value=3; existing_value=4; exceeded_limit=5; invalid_action=6; internal_error=7; unexpected_type=8; unexpected_size=9 }
    SCError = union SCErrorType { contract: u32; wasm_vm|context|storage|object|crypto|events|budget|value|auth: SCErrorCode }
    UInt128Parts = { hi: u64; lo: u64 } as u128
    Int128Parts = { hi: i64; lo: u64 } as i128
    UInt256Parts = { hi_hi: u64; hi_lo: u64; lo_hi: u64; lo_lo: u64 } as u256
    Int256Parts = { hi_hi: i64; hi_lo: u64; lo_hi: u64; lo_lo: u64 } as i256
    ContractExecutableType = enum { wasm=0; stellar_asset=1; external_ref=2 }
    SCAddressType = enum { account=0; contract=1; muxed_account=2; claimable_balance=3; liquidity_pool=4; muxed_contract=5 }
    MuxedEd25519Account = { id: u64; ed25519: uint256 } as muxed_account_parts
    MuxedContract = { id: u64; contract_id: ContractID }
    SCAddress = union SCAddressType { account: AccountID; contract: ContractID; muxed_account: MuxedEd25519Account; claimable_balance: ClaimableBalanceID; liquidity_pool: PoolID; muxed_contract: MuxedContract } as address
    ContractExecutableExternalRef = { executable_owner: SCAddress; tag: SCString }
    ContractExecutable = union ContractExecutableType { wasm: Hash; stellar_asset; external_ref: ContractExecutableExternalRef }
    SCVec = SCVal<>
    SCMap = SCMapEntry<>
    SCNonceKey = { nonce: i64 }
    SCContractInstance = { executable: ContractExecutable; storage: SCMap* }
    SCVal = recursive union SCValType { bool: bool; void; error: SCError; u32: u32; i32: i32; u64: u64; i64: i64; timepoint: TimePoint; duration: Duration; u128: UInt128Parts; i128: Int128Parts; u256: UInt256Parts; i256: Int256Parts; bytes: SCBytes; string: SCString; symbol: SCSymbol; vec: SCVec*; map: SCMap*; address: SCAddress; contract_instance: SCContractInstance; ledger_key_contract_instance; ledger_key_nonce: SCNonceKey; executable_tag: SCString } as scval
    SCMapEntry = { key: SCVal; val: SCVal }
    """
}
