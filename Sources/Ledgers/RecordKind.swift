import Bytes
import StellarJSON
import StellarXDR

/// What a record or a line is. Besides the kinds that the tools read and write, it has other common kinds of Stellar data, for
/// messages.
package enum RecordKind: String, Sendable {
  case ledgerCloseMeta = "LedgerCloseMeta"
  case ledgerCloseMetaBatch = "LedgerCloseMetaBatch"
  case ledgerTransaction = "LedgerTransaction"
  case contractInvocation = "ContractInvocation"
  case contractEvent = "ContractEvent"

  case transactionEnvelope = "TransactionEnvelope"
  case transactionResult = "TransactionResult"
  case transactionMeta = "TransactionMeta"

  // Files of history archives.
  case ledgerHeaders = "LedgerHeaderHistoryEntry"
  case transactionSets = "TransactionHistoryEntry"
  case transactionResults = "TransactionHistoryResultEntry"
  case consensusMessages = "SCPHistoryEntry"
  case bucketEntry = "BucketEntry"

  // Responses of RPC servers, or entries of them.
  case getEvents
  case getTransaction
  case getTransactions
  case getLedgers
  case getLatestLedger

  package static let ledgerTransactionMark: UInt32 = 0x5350_5401
  package static let contractInvocationMark: UInt32 = 0x5350_4901
  package static let contractEventMark: UInt32 = 0x5350_4501

  /// The kind by the first word only. A LedgerCloseMeta has no mark, so other data can start with the same word.
  package init?(_ record: RawSpan) {
    guard record.byteCount >= 4 else { return nil }
    switch record.word(at: 0) {
    case 0...2: self = .ledgerCloseMeta
    // The second version has more members than the first.
    case Self.ledgerTransactionMark, Self.ledgerTransactionMark + 1: self = .ledgerTransaction
    case Self.contractInvocationMark, Self.contractInvocationMark + 1: self = .contractInvocation
    case Self.contractEventMark: self = .contractEvent
    default: return nil
    }
  }
}

// MARK: XDR

extension RecordKind {
  /// The kind by the complete record, which is walked once for each type that it could be.
  package init?(whole record: RawSpan) {
    switch RecordKind(record) {
    case .ledgerTransaction?: self = .ledgerTransaction
    case .contractInvocation?: self = .contractInvocation
    case .contractEvent?: self = .contractEvent
    default:
      let kinds: [RecordKind] = [
        .ledgerCloseMeta, .ledgerCloseMetaBatch, .transactionEnvelope, .ledgerHeaders, .transactionSets, .transactionResults,
        .consensusMessages, .bucketEntry, .transactionMeta, .transactionResult,
      ]
      guard let found = kinds.first(where: { $0.isWhole(record) }) else { return nil }
      self = found
    }
  }

  /// Whether the bytes are exactly one value of this kind.
  private func isWhole(_ bytes: RawSpan) -> Bool {
    var cursor = Cursor(bytes)
    do throws(XDRError) {
      if self == .bucketEntry {
        try cursor.skipBucketEntry()
      } else if let type = Schema.shared.type(named: rawValue) {
        try Schema.shared.skip(type, &cursor)
      }
    } catch { return false }
    // A few words could be a value of many types. Only the first entry of a bucket, its metadata, has a mark.
    return cursor.isAtEnd && (bytes.byteCount >= 16 || self == .bucketEntry && bytes.byteCount >= 12 && bytes.word(at: 0) == .max)
  }

  /// The kind of unframed bytes that may continue: a ledger, or a batch of ledgers.
  package init?(beginning bytes: RawSpan) {
    guard bytes.byteCount >= 12 else { return nil }
    if LedgerCloseMeta.isBatch(bytes) {
      if AnnouncedRecords(batch: bytes) == nil { return nil }
      self = .ledgerCloseMetaBatch
      return
    }
    guard RecordKind(bytes) == .ledgerCloseMeta else { return nil }
    var cursor = Cursor(bytes)
    do throws(XDRError) { try Schema.shared.skip(Schema.shared.id("LedgerCloseMeta"), &cursor) } catch {
      guard error.isTruncation else { return nil }
    }
    self = .ledgerCloseMeta
  }
}

extension LedgerCloseMeta {
  /// Whether data of at least eight bytes starts with a LedgerCloseMetaBatch. A LedgerCloseMeta starts with its version, 0 to 2.
  /// A batch whose first ledger is 1 or 2 also starts with such a word, but its second word is a later ledger, while these
  /// versions have an extension of 0 or 1.
  package static func isBatch(_ bytes: RawSpan) -> Bool {
    let first = bytes.word(at: 0)
    return first > 2 || first > 0 && bytes.word(at: 4) >= 2
  }
}

extension Cursor {
  /// Skips an entry of a bucket: its metadata, an entry, or the key of a deleted entry.
  fileprivate mutating func skipBucketEntry() throws(XDRError) {
    let types = WalkTypes.shared
    switch try int32() {
    case -1:
      _ = try uint32()
      if try expectDiscriminant(in: 0...1) == 1 { try expectDiscriminant(in: 0...1) }
    case 0, 2: try skip(types.ledgerEntry)
    case 1: try skip(types.ledgerKey)
    case let other: throw XDRError(.unknownDiscriminant, at: position - 4, value: Int64(other))
    }
  }
}

// MARK: lines

extension RecordKind {
  /// The kind of a line: one of our records, an RPC response or an entry of one, or XDR in base64.
  package init?(line: RawSpan) {
    var cursor = JSONCursor(line)
    guard let first = try? cursor.peek() else { return nil }
    switch first {
    case UInt8(ascii: "{"): self.init(object: &cursor)
    case UInt8(ascii: "\""):
      guard let token = try? cursor.string(), !token.isEscaped else { return nil }
      self.init(base64: line.extracting(token.content))
    default:
      var end = line.byteCount
      while end > cursor.position, line[end - 1] <= 0x20 { end -= 1 }
      self.init(base64: line.extracting(cursor.position..<end))
    }
  }

  private init?(base64: RawSpan) {
    var bytes = ByteBuffer(capacity: base64.byteCount)
    guard bytes.append(decodingBase64: base64) == nil else { return nil }
    self.init(whole: bytes.bytes)
  }

  /// The members that identify an object, by priority.
  private static let members: [(name: StaticString, kind: RecordKind)] = [
    ("transactions", .getTransactions), ("ledgers", .getLedgers), ("events", .getEvents), ("envelopeXdr", .getTransactions),
    ("envelopeJson", .getTransactions), ("resultMetaXdr", .getTransactions), ("resultMetaJson", .getTransactions),
    ("topic", .getEvents), ("topicJson", .getEvents), ("ledgerCloseTime", .getLedgers), ("metadataXdr", .getLatestLedger),
    ("metadataJson", .getLatestLedger),
  ]

  private init?(object cursor: inout JSONCursor) {
    var found: Int?
    // An entry of `getTransactions` has all members of a `getTransaction` result except this one.
    var hasLatestLedger = false
    var inside: RecordKind?
    do throws(JSONError) {
      guard try cursor.beginObject() else { return nil }
      repeat {
        let name = try cursor.memberName()
        if cursor.equals(name, "_schema"), try cursor.peek() == UInt8(ascii: "\"") {
          let schema = try cursor.string()
          if cursor.equals(schema, "soroban-pipes.ledger_transaction.v1") { inside = .ledgerTransaction }
          if cursor.equals(schema, "soroban-pipes.contract_invocation.v1") { inside = .contractInvocation }
          if cursor.equals(schema, "soroban-pipes.contract_event.v1") { inside = .contractEvent }
          if cursor.equals(schema, "soroban-pipes.contract_invocation_spec.v1") { inside = .contractInvocation }
          if cursor.equals(schema, "soroban-pipes.contract_event_spec.v1") { inside = .contractEvent }
          if inside != nil { break }
        } else if cursor.equals(name, "result"), try cursor.peek() == UInt8(ascii: "{") {
          inside = RecordKind(object: &cursor)
          if inside != nil { break }
        } else {
          let place = Self.members.firstIndex { cursor.equals(name, $0.name) }
          if cursor.equals(name, "latestLedger") { hasLatestLedger = true }
          if let place, place < found ?? .max { found = place }
          try cursor.skipValue()
        }
      } while try cursor.next(before: UInt8(ascii: "}"))
    } catch {}
    guard let kind = inside ?? found.map({ Self.members[$0].kind }) else { return nil }
    let isPage = found == 0
    self = kind == .getTransactions && inside == nil && !isPage && hasLatestLedger ? .getTransaction : kind
  }
}
