// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-internal.x: what stellar-core stores for itself
  static let `internal`: StaticString = """
    StoredTransactionSet = union { 0=v0: TransactionSet; 1=v1: GeneralizedTransactionSet }
    StoredDebugTransactionSet = { tx_set: StoredTransactionSet; ledger_seq: u32; scp_value: StellarValue }
    PersistedSCPStateV0 = { scp_envelopes: SCPEnvelope<>; quorum_sets: SCPQuorumSet<>; tx_sets: StoredTransactionSet<> }
    PersistedSCPStateV1 = { scp_envelopes: SCPEnvelope<>; quorum_sets: SCPQuorumSet<> }
    PersistedSCPState = union { 0=v0: PersistedSCPStateV0; 1=v1: PersistedSCPStateV1 }
    """
}
