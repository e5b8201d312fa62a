import Bytes
import Ledgers
import StellarXDR

/// The id of an event as RPC `getEvents` gives it: a TOID whose operation is counted from 0, and an index.
///
/// ```
///   0000000042949677056-0000000000        ledger 10, transaction 1, operation 0 | index 0
///
///   stage             ledger   transaction   operation       index counts over
///   operation         its own  from 1        from 0          the operation
///   before_all_txs    its own  0             0               the ledger
///   after_tx          its own  from 1        4095            the transaction
///   after_all_txs     its own  1048575       0               the ledger
/// ```
struct EventID: Equatable {
  /// The transaction of events after all transactions, and the operation of those after one.
  static let afterAllTransactions: UInt32 = 0xFFFFF
  static let afterTransaction: UInt32 = 0xFFF

  let ledger: UInt32
  let transaction: UInt32
  let operation: UInt32
  let index: UInt32

  init(_ ledger: UInt32, _ transaction: UInt32, _ operation: UInt32, index: UInt32) {
    (self.ledger, self.transaction, self.operation, self.index) = (ledger, transaction, operation, index)
  }

  /// Nil for a text of another shape.
  init?(_ text: RawSpan) {
    func number(_ range: Range<Int>) -> UInt64? {
      var value: UInt64 = 0
      for offset in range {
        guard (48...57).contains(text[offset]) else { return nil }
        // Nineteen digits fit into 64 bits.
        value = value * 10 + UInt64(text[offset] - 48)
      }
      return value
    }
    guard text.byteCount == 30, text[19] == UInt8(ascii: "-"), let toid = number(0..<19), toid <= Int64.max,
      let index = number(20..<30), let index = UInt32(exactly: index)
    else { return nil }
    self.init(
      UInt32(truncatingIfNeeded: toid >> 32), UInt32(truncatingIfNeeded: toid >> 12) & 0xFFFFF,
      UInt32(truncatingIfNeeded: toid) & 0xFFF, index: index)
  }

  /// Where the event stands; nil for what is no place of an event.
  var stage: EventStage? {
    switch (transaction, operation) {
    case (0, 0): .beforeAllTransactions
    case (Self.afterAllTransactions, 0): .afterAllTransactions
    case (0, _), (Self.afterAllTransactions, _): nil
    case (_, Self.afterTransaction): .afterTransaction
    default: .operation
    }
  }

  /// Writes the text as an XDR string.
  func write(into out: inout ByteBuffer) {
    let toid = UInt64(ledger & 0x7FFF_FFFF) << 32 | UInt64(transaction & 0xFFFFF) << 12 | UInt64(operation & 0xFFF)
    out.append(bigEndian: 30 as UInt32)
    out.appendDigits(toid, count: 19)
    out.append(UInt8(ascii: "-"))
    out.appendDigits(UInt64(index), count: 10)
    out.append(0)
    out.append(0)
  }
}

/// Counts the events whose index is one over the whole ledger.
///
/// A transaction either says how many there are before it, or follows the one before it in the ledger, up to the first: else the index is
/// not known, and nothing is guessed.
struct LedgerNumbering {
  /// The transaction that was read last.
  private var last: (network: Hash32, ledger: UInt32, index: UInt32)?
  /// Events before the next one; nil where that is not known.
  private var before: EventsBefore?

  /// Goes on to the next transaction; all its events are counted with `next`.
  mutating func begin(_ transaction: LedgerTransaction) {
    let place = (transaction.networkID, transaction.ledgerSequence, transaction.index)
    if let told = transaction.eventsBefore {
      before = told
    } else if transaction.protocolVersion == nil {
      // An RPC server's: nothing says that it is not a selection.
      before = nil
    } else if transaction.index == 1 {
      before = EventsBefore()
    } else if let last, (last.network, last.ledger) == (place.0, place.1), last.index &+ 1 == transaction.index {
      // `before` goes on.
    } else {
      before = nil
    }
    last = place
  }

  /// The index of the next event of a stage.
  mutating func next(_ stage: UInt32) -> UInt32? {
    guard let now = before else { return nil }
    before?.count(stage: stage)
    return stage == TransactionStage.beforeAllTransactions ? now.beforeAllTransactions : now.afterAllTransactions
  }

  /// A transaction could not be read.
  mutating func forget() { before = nil }
}
