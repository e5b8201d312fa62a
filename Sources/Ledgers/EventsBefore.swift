import Bytes
import StellarXDR

/// How many events of transactions before it a transaction's ledger has, of those stages whose events are counted over the ledger.
package struct EventsBefore: Equatable, Sendable {
  package var beforeAllTransactions: UInt32 = 0
  package var afterAllTransactions: UInt32 = 0

  package init() {}

  /// Counts an event of the stage with that number in a TransactionEvent.
  package mutating func count(stage: UInt32) {
    switch stage {
    case TransactionStage.beforeAllTransactions: beforeAllTransactions &+= 1
    case TransactionStage.afterAllTransactions: afterAllTransactions &+= 1
    default: break
    }
  }
}

extension Cursor {
  /// Passes over a TransactionMeta as its table does, and counts the events of its transaction.
  mutating func skipTransactionMeta(counting events: inout EventsBefore) throws(XDRError) {
    let types = WalkTypes.shared
    // Before version 4 a transaction has no events of its own.
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
