import Bytes
import StellarXDR

/// Where the parts of a TransactionMeta stand that an invocation is made of (protocol section 4). Its version says nothing about the
/// protocol's, so only the discriminants found here decide.
struct TransactionMeta {
  struct Operation {
    /// A LedgerEntryChanges, count and all.
    var changes: Range<Int>
    /// ContractEvents, count and all; nil before version 4, where they are the transaction's.
    var events: Range<Int>?
  }

  var operations: [Operation] = []
  /// Contract events of a version 3 meta, which belong to its only operation.
  var events: Range<Int>?
  var returnValue: Range<Int>?
  /// DiagnosticEvents, count and all; nil where the meta has no place for them.
  var diagnostics: Range<Int>?
  /// The fee extension: non-refundable, refundable, rent.
  var fees: (nonRefundable: Int64, refundable: Int64, rent: Int64)?

  init() {}

  mutating func read(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    operations.removeAll(keepingCapacity: true)
    (events, returnValue, diagnostics, fees) = (nil, nil, nil, nil)
    let version = try cursor.expectDiscriminant(in: 0...4)
    if version >= 3 { try cursor.extensionPoint() }
    if version >= 1 { try cursor.skipArray(of: types.ledgerEntryChange) }
    for _ in 0..<(try cursor.count(minimum: version == 4 ? 12 : 4)) {
      if version == 4 { try cursor.extensionPoint() }
      let changes = try cursor.arrayRange(of: types.ledgerEntryChange)
      let events = version == 4 ? try cursor.arrayRange(of: types.contractEvent) : nil
      operations.append(Operation(changes: changes, events: events))
    }
    if version >= 2 { try cursor.skipArray(of: types.ledgerEntryChange) }
    if version >= 3, try cursor.flag() { try readSorobanMeta(&cursor, version) }
    if version == 4 {
      try cursor.skipArray(of: types.transactionEvent)
      diagnostics = try cursor.arrayRange(of: types.diagnosticEvent)
    }
  }

  private mutating func readSorobanMeta(_ cursor: inout Cursor, _ version: UInt32) throws(XDRError) {
    let types = WalkTypes.shared
    if try cursor.expectDiscriminant(in: 0...1) == 1 {
      try cursor.extensionPoint()
      fees = (try cursor.int64(), try cursor.int64(), try cursor.int64())
    }
    if version == 3 {
      events = try cursor.arrayRange(of: types.contractEvent)
      returnValue = try cursor.range(types.scval)
      diagnostics = try cursor.arrayRange(of: types.diagnosticEvent)
    } else if try cursor.flag() {
      returnValue = try cursor.range(types.scval)
    }
  }
}
