import Bytes
import Ledgers
import StellarXDR

/// The optional parts of a record (`--include`, `--exclude`).
package struct InvocationParts: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let events = InvocationParts(rawValue: 1)
  package static let diagnostics = InvocationParts(rawValue: 2)
  package static let calls = InvocationParts(rawValue: 4)
  package static let state = InvocationParts(rawValue: 8)
  package static let ttl = InvocationParts(rawValue: 16)
  package static let auth = InvocationParts(rawValue: 32)
  package static let resources = InvocationParts(rawValue: 64)
  package static let raw = InvocationParts(rawValue: 128)
  package static let metrics = InvocationParts(rawValue: 256)

  /// All parts except `raw` and `metrics`.
  package static let standard = InvocationParts(rawValue: 127)

  /// The names of the parts for users, in the order of the record, then the parts that are off by default, then the name of the
  /// default set.
  package static let named: [(name: String, part: InvocationParts)] = [
    ("events", .events), ("diagnostics", .diagnostics), ("calls", .calls), ("state", .state), ("ttl", .ttl), ("auth", .auth),
    ("resources", .resources), ("raw", .raw), ("metrics", .metrics), ("default", .standard),
  ]
}

/// The kind of an invocation: the value of InvocationType.
package enum InvocationType: UInt32, CaseIterable, Sendable {
  case call, create, upload, extendTTL, restoreFootprint
}

/// Converts one transaction to the ContractInvocation records of its operations (specification, section 5), in their XDR form.
///
/// Everything that is not computed is copied unchanged from the transaction. Only what the requested parts need is decoded. All
/// storage is reused for the next transaction.
package struct InvocationExtractor: ~Copyable {
  package var parts = InvocationParts.standard
  package var types: Set<InvocationType> = [.call, .create, .upload]
  /// Omits updates whose old and new values are equal.
  package var omitsUnchanged = false
  /// Only operations with a greater SEP-35 id.
  package var after: Int64?

  /// One record of the last transaction: its type, its outcome, and its range in the output buffer.
  package struct Record {
    package var type: InvocationType
    package var isSuccessful: Bool
    package var restorations: Int
    package var range: Range<Int>
  }

  package private(set) var records: [Record] = []

  var envelope = TransactionEnvelope()
  var meta = TransactionMeta()
  var resources = SorobanResources()
  /// The meta of the current operation.
  var found = TransactionMeta.Contents()
  var owners = TTLOwners()
  var calls = CallTree()
  var authorization = Authorization()
  var authEntries = ByteBuffer()
  var metrics = InvocationMetrics()

  package init() {}
}

/// The data that all records of a transaction's operations share.
struct InvocationContext {
  var transaction: LedgerTransaction
  var result: TransactionResult
  var operationIndex: Int
  var operation: TransactionEnvelope.Operation
  var isSuccessful: Bool
  var innerHash: Hash32?
}

extension InvocationExtractor {
  /// Appends the records of a transaction to `out`, and sets `records`. After an error `out` is unchanged.
  package mutating func extract(
    _ transaction: LedgerTransaction, _ bytes: RawSpan, into out: inout ByteBuffer
  ) throws(XDRError) {
    records.removeAll(keepingCapacity: true)
    let start = out.count
    do {
      try extractAll(transaction, bytes, into: &out)
    } catch {
      records.removeAll(keepingCapacity: true)
      out.truncate(to: start)
      throw error
    }
  }

  private mutating func extractAll(
    _ transaction: LedgerTransaction, _ bytes: RawSpan, into out: inout ByteBuffer
  ) throws(XDRError) {
    var cursor = Self.cursor(transaction.envelope, bytes)
    try envelope.read(&cursor)
    try Self.expectEnd("TransactionEnvelope", cursor)
    guard envelope.isSoroban else { return }
    cursor = Self.cursor(transaction.result, bytes)
    let result = try TransactionResult(&cursor)
    try Self.expectEnd("TransactionResult", cursor)
    cursor = Self.cursor(transaction.meta, bytes)
    try meta.read(&cursor, &found)
    try Self.expectEnd("TransactionMeta", cursor)
    if let data = envelope.sorobanData {
      cursor = Self.cursor(data, bytes)
      try resources.read(&cursor)
    }
    for (index, operation) in envelope.operations.enumerated() where operation.isSoroban {
      guard let type = InvocationType(of: operation, bytes), types.contains(type) else { continue }
      if let after, transaction.toid(ofOperation: index) <= after { continue }
      let isSuccessful = result.isSuccessful && result.invocationCode(index, bytes) == 0
      let context = InvocationContext(
        transaction: transaction, result: result, operationIndex: index, operation: operation, isSuccessful: isSuccessful,
        innerHash: result.innerHash ?? Network(id: transaction.networkID).innerHash(envelope, bytes))
      let start = out.count
      try writeRecord(type, context, bytes, into: &out)
      let restorations = found.changes.count { $0.isRestoration }
      records.append(
        Record(type: type, isSuccessful: isSuccessful, restorations: restorations, range: start..<out.count))
    }
  }

  /// A cursor on one part of the transaction, with positions in `bytes`.
  @_lifetime(copy bytes)
  static func cursor(_ range: Range<Int>, _ bytes: RawSpan) -> Cursor {
    Cursor(bytes.extracting(0..<range.upperBound), at: range.lowerBound)
  }

  static func expectEnd(_ type: StaticString, _ cursor: borrowing Cursor) throws(XDRError) {
    if !cursor.isAtEnd { try Schema.shared.expectEnd(Schema.shared.id(type), cursor) }
  }
}

extension InvocationType {
  /// Nil for an operation that is not a Soroban operation.
  init?(of operation: TransactionEnvelope.Operation, _ bytes: RawSpan) {
    switch operation.type {
    case OperationType.extendFootprintTTL: self = .extendTTL
    case OperationType.restoreFootprint: self = .restoreFootprint
    case OperationType.invokeHostFunction:
      switch bytes.word(at: operation.body.lowerBound) {
      case 0: self = .call
      case 2: self = .upload
      default: self = .create
      }
    default: return nil
    }
  }
}

extension LedgerEntryChange {
  /// Whether a data or code entry was restored from the archive.
  var isRestoration: Bool { kind == .restored && entry != .ttl }
}
