// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// What the tools write to each other. The first word is the record's mark and version; the member names and their order are those
  /// of the NDJSON form, so that rendering a record with this table is its NDJSON form.
  static let records: StaticString = """
    Time = u64 as time
    Base64 = opaque<> as base64
    AssetName = Asset as asset_name
    LedgerTransactionMark = enum { soroban-pipes.ledger_transaction.v1=0x53505401; soroban-pipes.ledger_transaction.v1=0x53505402 }
    EventsBefore = { before_all_txs: u32; after_all_txs: u32 }
    LedgerTransaction = { _schema: LedgerTransactionMark; network_id: Hash; ledger_sequence: u32; closed_at: Time; protocol_version: u32; tx_index: u32; tx_hash: Hash; envelope_xdr: Base64; result_xdr: Base64; fee_changes_xdr: Base64; meta_xdr: Base64; post_fee_changes_xdr: Base64*; events_before: EventsBefore! }
    ContractInvocationMark = enum { soroban-pipes.contract_invocation.v1=0x53504901; soroban-pipes.contract_invocation.v1=0x53504902 }
    ContractInvocation = { _schema: ContractInvocationMark; meta: InvocationMeta; ...InvocationBody; raw_xdr: InvocationRawXDR? }
    InvocationMeta = { ledger_sequence: u32; closed_at: Time; tx_hash: Hash; tx_index: u32; op_index: u32; successful: bool; data_source: DataSource; archive_restorations: ArchiveRestoration<>; toid: i64; protocol_version: u32*; tx_successful: bool; result_code: InvocationResultCode*; tx_result_code: TransactionResultCode; inner_tx_hash: Hash*; fee_account: AccountID; source_account: MuxedAccount; fee_charged: i64; resources: InvocationResources*?; metrics: InvocationMetrics*! }
    InvocationMetric = { name: SCSymbol; value: u64 }
    InvocationMetrics = InvocationMetric<> as metrics
    DataSource = enum { live=0; archive=1 }
    InvocationResultCode = enum { success=0; malformed=1; trapped=2; resource_limit_exceeded=3; entry_archived=4; insufficient_refundable_fee=5; op_bad_auth=6; op_no_account=7; op_not_supported=8; op_too_many_subentries=9; op_exceeded_work_limit=10; op_too_many_sponsoring=11 }
    InvocationResources = { instructions: u32; disk_read_bytes: u32; write_bytes: u32; resource_fee: i64; non_refundable_fee: i64*; refundable_fee: i64*; rent_fee: i64* }
    EntryKind = enum { data=0; instance=1; code=2 }
    RestorationReason = enum { automatic=0; explicit=1 }
    ArchiveRestoration = { contract_id: SCAddress*; key: SCVal*; restored_at_ledger: u32; durability: ContractDataDurability; reason: RestorationReason; entry: EntryKind; code_hash: Hash* }
    InvocationType = enum { contract_call=0; create_contract=1; upload_wasm=2; extend_ttl=3; restore_footprint=4 }
    InvocationBody = union InvocationType { contract_call: ContractCall; create_contract: CreateContract; upload_wasm: UploadWasm; extend_ttl: ExtendTTL; restore_footprint: RestoreFootprint }
    ContractCall = { contract_id: SCAddress; invoking_account: AccountID; function_name: SCSymbol; arguments: SCVal<>; ...InvocationOutcome }
    CreateContract = { contract_id: ContractID; creator_account: AccountID; ...ContractCreation; ...InvocationOutcome }
    UploadWasm = { uploader_account: AccountID; wasm_hash: Hash; wasm_size: u32; ...InvocationOutcome }
    ExtendTTL = { account: AccountID; extend_to: u32; ttl_extensions: TTLExtension<>? }
    RestoreFootprint = { account: AccountID; ttl_extensions: TTLExtension<>? }
    ContractCreation = { deployer: SCAddress*; executable: ContractExecutableType; wasm_hash: Hash*; external_ref: ExternalReference*; asset: AssetName*; salt: uint256*; constructor_args: SCVal<> }
    ExternalReference = { owner: SCAddress; tag: SCString }
    InvocationOutcome = { return_value: SCVal*; events: InvocationEvent<>?; diagnostic_events: InvocationDiagnosticEvent<>*?; contract_calls: SubCall<>*?; state_changes: StateChange<>?; ttl_extensions: TTLExtension<>?; auth: AuthEntry<>? }
    InvocationEvent = { contract_id: ContractID*; type: ContractEventType; topics: SCVal<>; data: SCVal; event_index: u32; call_index: u32* }
    InvocationDiagnosticEvent = { contract_id: ContractID*; type: ContractEventType; topics: SCVal<>; data: SCVal; in_successful_contract_call: bool; event_index: u32 }
    SubCall = { index: u32; parent: u32; depth: u32; from_contract: ContractID*; to_contract: ContractID; function: SCSymbol; arguments: SCVal<>; arguments_ambiguous: bool; return_value: SCVal*; successful: bool* }
    StateOperation = enum { create=0; update=1; delete=2; restore=3 }
    StateChange = { contract_id: SCAddress*; entry: EntryKind; key: SCVal*; code_hash: Hash*; old_value: SCVal*; new_value: SCVal*; operation: StateOperation; durability: ContractDataDurability }
    TTLExtension = { contract_id: SCAddress*; entry: EntryKind*; key: SCVal*; code_hash: Hash*; old_ttl: u32; new_ttl: u32; durability: ContractDataDurability*; key_hash: Hash }
    AuthEntry = { credentials: SorobanCredentialsType; address: SCAddress*; nonce: i64*; signature_expiration_ledger: u32*; delegates: AuthDelegate<>*; invocation: AuthInvocation }
    AuthDelegate = recursive { address: SCAddress; delegates: AuthDelegate<> }
    AuthInvocation = recursive { ...AuthFunction; sub_invocations: AuthInvocation<> }
    AuthFunction = union { 0=...contract_fn: AuthContractFunction; 1=create_contract: AuthContractCreation }
    AuthContractFunction = { contract_id: SCAddress; function: SCSymbol; arguments: SCVal<> }
    AuthContractCreation = { contract_id: ContractID; ...ContractCreation }
    ContractEventMark = enum { soroban-pipes.contract_event.v1=0x53504501 }
    ContractEventRecord = { _schema: ContractEventMark; meta: EventMeta; event: EventBody }
    EventMeta = { ...EventTransaction; op_index: u32*; successful: bool*; toid: i64*; protocol_version: u32*; tx_successful: bool*; result_code: InvocationResultCode*; ...EventTransactionOutcome }
    EventTransaction = { ledger_sequence: u32; closed_at: Time*; tx_hash: Hash*; tx_index: u32* }
    EventTransactionOutcome = { tx_result_code: TransactionResultCode*; inner_tx_hash: Hash*; fee_account: AccountID*; source_account: MuxedAccount*; fee_charged: i64* }
    EventStage = enum { operation=0; before_all_txs=1; after_tx=2; after_all_txs=3 }
    EventBody = { id: string<>*; stage: EventStage*; operation_index: u32*; event_index: u32*; contract_id: ContractID*; type: ContractEventType; topics: SCVal<>; data: SCVal; call_index: u32* }
    InvocationRawXDR = { envelope: Base64; result: Base64; meta: Base64 }
    """
}
