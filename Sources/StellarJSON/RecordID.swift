import StellarXDR

/// What records say that they are, in their member `_schema`.
package struct RecordID: Sendable {
  /// As the tools write the record.
  package let plain: String
  /// The same with the names and types that a contract's specification declares: `scval-json --spec`.
  package let named: String

  package static let invocation = RecordID(
    plain: "soroban-pipes.contract_invocation.v1", named: "soroban-pipes.contract_invocation_spec.v1")
  package static let event = RecordID(plain: "soroban-pipes.contract_event.v1", named: "soroban-pipes.contract_event_spec.v1")

  /// The id with declared names for that of a plain record.
  package static func named(_ plain: String) -> String? { [invocation, event].first { $0.plain == plain }?.named }
}
