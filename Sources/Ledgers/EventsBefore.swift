import Bytes
import StellarXDR

/// The number of events of earlier transactions in the ledger, for the stages whose events are numbered per ledger.
package struct EventsBefore: Equatable, Sendable {
  package var beforeAllTransactions: UInt32 = 0
  package var afterAllTransactions: UInt32 = 0

  package init() {}

  /// Counts one event of a stage, by its value in TransactionEventStage.
  package mutating func count(stage: UInt32) {
    switch stage {
    case TransactionStage.beforeAllTransactions: beforeAllTransactions &+= 1
    case TransactionStage.afterAllTransactions: afterAllTransactions &+= 1
    default: break
    }
  }
}

extension Cursor {
  /// Skips and checks a TransactionMeta, and counts its transaction events.
  mutating func skipTransactionMeta(counting events: inout EventsBefore) throws(XDRError) {
    let types = WalkTypes.shared
    // Only version 4 has transaction events.
    guard remaining >= 4, bytes.word(at: position) == 4 else {
      return try skip(types.transactionMeta)
    }
    try skip(4)
    for type in types.metaBeforeEvents { try skip(type) }
    for _ in 0..<(try count(of: types.transactionEvent)) {
      let start = position
      try skip(types.transactionEvent)
      events.count(stage: bytes.word(at: start))
    }
    for type in types.metaBehindEvents { try skip(type) }
  }
}
