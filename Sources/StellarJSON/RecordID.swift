import StellarXDR

/// The value of a record's member `_schema`.
package struct RecordID: Sendable {
  /// For records as the tools write them.
  package let plain: String
  /// For records with the names and types of a contract's specification: `scval-json --spec`.
  package let named: String

  package static let invocation = RecordID(
    plain: "soroban-pipes.contract_invocation.v1", named: "soroban-pipes.contract_invocation_spec.v1")
  package static let event = RecordID(plain: "soroban-pipes.contract_event.v1", named: "soroban-pipes.contract_event_spec.v1")

  /// The id with declared names that corresponds to a plain id.
  package static func named(_ plain: String) -> String? { [invocation, event].first { $0.plain == plain }?.named }
}
