// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-SCP.x
  static let scp: StaticString = """
    Value = opaque<>
    SCPBallot = { counter: u32; value: Value }
    SCPStatementType = enum { prepare=0; confirm=1; externalize=2; nominate=3 }
    SCPNomination = { quorum_set_hash: Hash; votes: Value<>; accepted: Value<> }
    SCPStatementPrepare = { quorum_set_hash: Hash; ballot: SCPBallot; prepared: SCPBallot*; prepared_prime: SCPBallot*; n_c: u32; n_h: u32 }
    SCPStatementConfirm = { ballot: SCPBallot; n_prepared: u32; n_commit: u32; n_h: u32; quorum_set_hash: Hash }
    SCPStatementExternalize = { commit: SCPBallot; n_h: u32; commit_quorum_set_hash: Hash }
    SCPStatementPledges = union SCPStatementType { prepare: SCPStatementPrepare; confirm: SCPStatementConfirm; externalize: SCPStatementExternalize; nominate: SCPNomination }
    SCPStatement = { node_id: NodeID; slot_index: u64; pledges: SCPStatementPledges }
    SCPEnvelope = { statement: SCPStatement; signature: Signature }
    SCPQuorumSet = recursive { threshold: u32; validators: NodeID<>; inner_sets: SCPQuorumSet<> }
    """
}
