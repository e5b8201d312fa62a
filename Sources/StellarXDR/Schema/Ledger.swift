// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-ledger.x
  static let ledger: StaticString = """
    UpgradeType = opaque<128>
    StellarValueType = enum { basic=0; signed=1; empty_tx_set=2 }
    LedgerCloseValueSignature = { node_id: NodeID; signature: Signature }
    StellarValueProposedValue = { tx_set_hash: Hash; previous_ledger_hash: Hash; previous_ledger_version: u32; lc_value_signature: LedgerCloseValueSignature }
    StellarValueExt = union StellarValueType { basic; signed: LedgerCloseValueSignature; empty_tx_set: StellarValueProposedValue }
    StellarValue = { tx_set_hash: Hash; close_time: TimePoint; upgrades: UpgradeType<6>; ext: StellarValueExt }
    LedgerHeaderExtensionV1Ext = union { 0=v0 }
    LedgerHeaderExtensionV1 = { flags: u32; ext: LedgerHeaderExtensionV1Ext }
    LedgerHeaderExt = union { 0=v0; 1=v1: LedgerHeaderExtensionV1 }
    LedgerHeader = { ledger_version: u32; previous_ledger_hash: Hash; scp_value: StellarValue; tx_set_result_hash: Hash; bucket_list_hash: Hash; ledger_seq: u32; total_coins: i64; fee_pool: i64; inflation_seq: u32; id_pool: u64; base_fee: u32; base_reserve: u32; max_tx_set_size: u32; skip_list: Hash[4]; ext: LedgerHeaderExt }
    LedgerUpgradeType = enum { version=1; base_fee=2; max_tx_set_size=3; base_reserve=4; flags=5; config=6; max_soroban_tx_set_size=7 }
    ConfigUpgradeSetKey = { contract_id: ContractID; content_hash: Hash }
    LedgerUpgrade = union LedgerUpgradeType { version: u32; base_fee: u32; max_tx_set_size: u32; base_reserve: u32; flags: u32; config: ConfigUpgradeSetKey; max_soroban_tx_set_size: u32 }
    TxSetComponentType = enum { txset_comp_txs_maybe_discounted_fee=0 }
    DependentTxCluster = TransactionEnvelope<>
    ParallelTxExecutionStage = DependentTxCluster<>
    ParallelTxsComponent = { base_fee: i64*; execution_stages: ParallelTxExecutionStage<> }
    TxSetComponentTxsMaybeDiscountedFee = { base_fee: i64*; txs: TransactionEnvelope<> }
    TxSetComponent = union TxSetComponentType { txset_comp_txs_maybe_discounted_fee: TxSetComponentTxsMaybeDiscountedFee }
    TransactionPhase = union { 0=v0: TxSetComponent<>; 1=v1: ParallelTxsComponent }
    TransactionSet = { previous_ledger_hash: Hash; txs: TransactionEnvelope<> }
    TransactionSetV1 = { previous_ledger_hash: Hash; phases: TransactionPhase<> }
    GeneralizedTransactionSet = union { 1=v1: TransactionSetV1 }
    TransactionResultPair = { transaction_hash: Hash; result: TransactionResult }
    TransactionResultSet = { results: TransactionResultPair<> }
    TransactionHistoryEntryExt = union { 0=v0; 1=v1: GeneralizedTransactionSet }
    TransactionHistoryEntry = { ledger_seq: u32; tx_set: TransactionSet; ext: TransactionHistoryEntryExt }
    TransactionHistoryResultEntryExt = union { 0=v0 }
    TransactionHistoryResultEntry = { ledger_seq: u32; tx_result_set: TransactionResultSet; ext: TransactionHistoryResultEntryExt }
    LedgerHeaderHistoryEntryExt = union { 0=v0 }
    LedgerHeaderHistoryEntry = { hash: Hash; header: LedgerHeader; ext: LedgerHeaderHistoryEntryExt }
    LedgerSCPMessages = { ledger_seq: u32; messages: SCPEnvelope<> }
    SCPHistoryEntryV0 = { quorum_sets: SCPQuorumSet<>; ledger_messages: LedgerSCPMessages }
    SCPHistoryEntry = union { 0=v0: SCPHistoryEntryV0 }
    LedgerEntryChangeType = enum { created=0; updated=1; removed=2; state=3; restored=4 }
    LedgerEntryChange = union LedgerEntryChangeType { created: LedgerEntry; updated: LedgerEntry; removed: LedgerKey; state: LedgerEntry; restored: LedgerEntry }
    LedgerEntryChanges = LedgerEntryChange<>
    OperationMeta = { changes: LedgerEntryChanges }
    TransactionMetaV1 = { tx_changes: LedgerEntryChanges; operations: OperationMeta<> }
    TransactionMetaV2 = { tx_changes_before: LedgerEntryChanges; operations: OperationMeta<>; tx_changes_after: LedgerEntryChanges }
    ContractEventType = enum { system=0; contract=1; diagnostic=2 }
    ContractEventV0 = { topics: SCVal<>; data: SCVal }
    ContractEventBody = union { 0=v0: ContractEventV0 }
    ContractEvent = { ext: ExtensionPoint; contract_id: ContractID*; type: ContractEventType; body: ContractEventBody }
    DiagnosticEvent = { in_successful_contract_call: bool; event: ContractEvent }
    SorobanTransactionMetaExtV1 = { ext: ExtensionPoint; total_non_refundable_resource_fee_charged: i64; total_refundable_resource_fee_charged: i64; rent_fee_charged: i64 }
    SorobanTransactionMetaExt = union { 0=v0; 1=v1: SorobanTransactionMetaExtV1 }
    SorobanTransactionMeta = { ext: SorobanTransactionMetaExt; events: ContractEvent<>; return_value: SCVal; diagnostic_events: DiagnosticEvent<> }
    TransactionMetaV3 = { ext: ExtensionPoint; tx_changes_before: LedgerEntryChanges; operations: OperationMeta<>; tx_changes_after: LedgerEntryChanges; soroban_meta: SorobanTransactionMeta* }
    OperationMetaV2 = { ext: ExtensionPoint; changes: LedgerEntryChanges; events: ContractEvent<> }
    SorobanTransactionMetaV2 = { ext: SorobanTransactionMetaExt; return_value: SCVal* }
    TransactionEventStage = enum { before_all_txs=0; after_tx=1; after_all_txs=2 }
    TransactionEvent = { stage: TransactionEventStage; event: ContractEvent }
    TransactionMetaV4 = { ext: ExtensionPoint; tx_changes_before: LedgerEntryChanges; operations: OperationMetaV2<>; tx_changes_after: LedgerEntryChanges; soroban_meta: SorobanTransactionMetaV2*; events: TransactionEvent<>; diagnostic_events: DiagnosticEvent<> }
    InvokeHostFunctionSuccessPreImage = { return_value: SCVal; events: ContractEvent<> }
    TransactionMeta = union { 0=v0: OperationMeta<>; 1=v1: TransactionMetaV1; 2=v2: TransactionMetaV2; 3=v3: TransactionMetaV3; 4=v4: TransactionMetaV4 }
    TransactionResultMeta = { result: TransactionResultPair; fee_processing: LedgerEntryChanges; tx_apply_processing: TransactionMeta }
    TransactionResultMetaV1 = { ext: ExtensionPoint; result: TransactionResultPair; fee_processing: LedgerEntryChanges; tx_apply_processing: TransactionMeta; post_tx_apply_fee_processing: LedgerEntryChanges }
    UpgradeEntryMeta = { upgrade: LedgerUpgrade; changes: LedgerEntryChanges }
    LedgerCloseMetaV0 = { ledger_header: LedgerHeaderHistoryEntry; tx_set: TransactionSet; tx_processing: TransactionResultMeta<>; upgrades_processing: UpgradeEntryMeta<>; scp_info: SCPHistoryEntry<> }
    LedgerCloseMetaExtV1 = { ext: ExtensionPoint; soroban_fee_write1_kb: i64 }
    LedgerCloseMetaExt = union { 0=v0; 1=v1: LedgerCloseMetaExtV1 }
    LedgerCloseMetaV1 = { ext: LedgerCloseMetaExt; ledger_header: LedgerHeaderHistoryEntry; tx_set: GeneralizedTransactionSet; tx_processing: TransactionResultMeta<>; upgrades_processing: UpgradeEntryMeta<>; scp_info: SCPHistoryEntry<>; total_byte_size_of_live_soroban_state: u64; evicted_keys: LedgerKey<>; unused: LedgerEntry<> }
    LedgerCloseMetaV2 = { ext: LedgerCloseMetaExt; ledger_header: LedgerHeaderHistoryEntry; tx_set: GeneralizedTransactionSet; tx_processing: TransactionResultMetaV1<>; upgrades_processing: UpgradeEntryMeta<>; scp_info: SCPHistoryEntry<>; total_byte_size_of_live_soroban_state: u64; evicted_keys: LedgerKey<> }
    LedgerCloseMeta = union { 0=v0: LedgerCloseMetaV0; 1=v1: LedgerCloseMetaV1; 2=v2: LedgerCloseMetaV2 }
    LedgerHeaderFlags = enum { trading_flag=1; deposit_flag=2; withdrawal_flag=4 }
    ConfigUpgradeSet = { updated_entry: ConfigSettingEntry<> }
    """
}
