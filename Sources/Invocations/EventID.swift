import Bytes
import Ledgers
import StellarXDR

/// The id of an event, as in RPC `getEvents`: a TOID whose operation counts from 0, and an index.
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
  /// The transaction number of events after all transactions, and the operation number of events after one transaction.
  static let afterAllTransactions: UInt32 = 0xFFFFF
  static let afterTransaction: UInt32 = 0xFFF

  let ledger: UInt32
  let transaction: UInt32
  let operation: UInt32
  let index: UInt32

  init(_ ledger: UInt32, _ transaction: UInt32, _ operation: UInt32, index: UInt32) {
    (self.ledger, self.transaction, self.operation, self.index) = (ledger, transaction, operation, index)
  }

  /// Nil for text of another form.
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

  /// The stage of the event; nil if the numbers are not those of an event.
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

/// Numbers the events whose index counts over the whole ledger.
///
/// The index is known if the transaction contains the number of events before it, or follows the previous transaction of the same
/// ledger, starting from the first. Otherwise it is unknown.
struct LedgerNumbering {
  /// The previous transaction.
  private var last: (network: Hash32, ledger: UInt32, index: UInt32)?
  /// The number of events before the next one; nil if it is unknown.
  private var before: EventsBefore?

  /// Begins the next transaction. Each of its events must be counted with `next`.
  mutating func begin(_ transaction: LedgerTransaction) {
    let place = (transaction.networkID, transaction.ledgerSequence, transaction.index)
    if let told = transaction.eventsBefore {
      before = told
    } else if transaction.protocolVersion == nil {
      // From an RPC server: transactions may be missing.
      before = nil
    } else if transaction.index == 1 {
      before = EventsBefore()
    } else if let last, (last.network, last.ledger) == (place.0, place.1), last.index &+ 1 == transaction.index {
      // `before` is correct.
    } else {
      before = nil
    }
    last = place
  }

  /// The index of the next event of a stage; nil if it is unknown.
  mutating func next(_ stage: UInt32) -> UInt32? {
    guard let now = before else { return nil }
    before?.count(stage: stage)
    return stage == TransactionStage.beforeAllTransactions ? now.beforeAllTransactions : now.afterAllTransactions
  }

  /// Call this if a transaction could not be read.
  mutating func forget() { before = nil }
}
