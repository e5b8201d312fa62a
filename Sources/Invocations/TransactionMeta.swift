import Bytes
import StellarXDR

/// The parts of a TransactionMeta that an invocation needs, as positions (protocol section 4). The version of the meta does not
/// determine the protocol version, so only its discriminants are used.
struct TransactionMeta {
  struct Operation {
    /// LedgerEntryChanges with its count.
    var changes: Range<Int>
    /// ContractEvents with their count; nil before version 4, where the transaction has them.
    var events: Range<Int>?
  }

  var operations: [Operation] = []
  /// Contract events of a version 3 meta, which belong to the only operation.
  var events: Range<Int>?
  var returnValue: Range<Int>?
  /// DiagnosticEvents with their count; nil if the meta has no field for them.
  var diagnostics: Range<Int>?
  /// The fee extension: non-refundable, refundable, rent.
  var fees: (nonRefundable: Int64, refundable: Int64, rent: Int64)?

  /// The contents of the first operation, which for an invocation is the only one. They are read while the meta is skipped.
  struct Contents {
    var changes: [LedgerEntryChange] = []
    var events: [ContractEvent] = []
    var diagnostics: [ContractEvent] = []
  }

  mutating func read(_ cursor: inout Cursor, _ first: inout Contents) throws(XDRError) {
    let types = WalkTypes.shared
    operations.removeAll(keepingCapacity: true)
    (events, returnValue, diagnostics, fees) = (nil, nil, nil, nil)
    first.changes.removeAll(keepingCapacity: true)
    first.events.removeAll(keepingCapacity: true)
    first.diagnostics.removeAll(keepingCapacity: true)
    let version = try cursor.expectDiscriminant(in: 0...4)
    if version >= 3 { try cursor.extensionPoint() }
    if version >= 1 { try cursor.skip(types.ledgerEntryChanges) }
    for index in 0..<(try cursor.count(minimum: version == 4 ? 12 : 4)) {
      if version == 4 { try cursor.extensionPoint() }
      var operation = Operation(changes: try changes(&cursor, index == 0, &first))
      if version == 4 { operation.events = try events(&cursor, index == 0, &first) }
      operations.append(operation)
    }
    if version >= 2 { try cursor.skip(types.ledgerEntryChanges) }
    if version >= 3, try cursor.flag() { try readSorobanMeta(&cursor, version, &first) }
    if version == 4 {
      try cursor.skipArray(of: types.transactionEvent)
      diagnostics = try diagnostics(&cursor, &first)
    }
  }

  /// Reads the contents of an operation other than the first.
  func read(contentsOf index: Int, _ bytes: RawSpan, _ contents: inout Contents) throws(XDRError) {
    contents = Contents()
    if index < operations.count {
      var cursor = InvocationExtractor.cursor(operations[index].changes, bytes)
      try LedgerEntryChange.readAll(&cursor, into: &contents.changes)
      if let range = operations[index].events ?? events {
        cursor = InvocationExtractor.cursor(range, bytes)
        try ContractEvent.readAll(&cursor, areDiagnostic: false, into: &contents.events)
      }
    }
    if let diagnostics {
      var cursor = InvocationExtractor.cursor(diagnostics, bytes)
      try ContractEvent.readAll(&cursor, areDiagnostic: true, into: &contents.diagnostics)
    }
  }

  private mutating func readSorobanMeta(_ cursor: inout Cursor, _ version: UInt32, _ first: inout Contents) throws(XDRError) {
    let types = WalkTypes.shared
    if try cursor.expectDiscriminant(in: 0...1) == 1 {
      try cursor.extensionPoint()
      fees = (try cursor.int64(), try cursor.int64(), try cursor.int64())
    }
    if version == 3 {
      events = try events(&cursor, true, &first)
      returnValue = try cursor.range(types.scval)
      diagnostics = try diagnostics(&cursor, &first)
    } else if try cursor.flag() {
      returnValue = try cursor.range(types.scval)
    }
  }

  private func changes(_ cursor: inout Cursor, _ isFirst: Bool, _ first: inout Contents) throws(XDRError) -> Range<Int> {
    guard isFirst else { return try cursor.range(WalkTypes.shared.ledgerEntryChanges) }
    let start = cursor.position
    try LedgerEntryChange.readAll(&cursor, into: &first.changes)
    return start..<cursor.position
  }

  private func events(_ cursor: inout Cursor, _ isFirst: Bool, _ first: inout Contents) throws(XDRError) -> Range<Int> {
    guard isFirst else { return try cursor.arrayRange(of: WalkTypes.shared.contractEvent) }
    let start = cursor.position
    try ContractEvent.readAll(&cursor, areDiagnostic: false, into: &first.events)
    return start..<cursor.position
  }

  private func diagnostics(_ cursor: inout Cursor, _ first: inout Contents) throws(XDRError) -> Range<Int> {
    let start = cursor.position
    try ContractEvent.readAll(&cursor, areDiagnostic: true, into: &first.diagnostics)
    return start..<cursor.position
  }
}
