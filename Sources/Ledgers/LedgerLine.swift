import Bytes
import StellarJSON
import StellarXDR

/// The ledgers in a line of NDJSON: base64 of a LedgerCloseMeta or a LedgerCloseMetaBatch, an entry of an RPC server's
/// `getLedgers`, its whole response, the response of `getLatestLedger`, or an array of any of these.
package struct LedgerLine: ~Copyable {
  private var decoded = ByteBuffer(capacity: 1 << 20)
  /// The positions of the line's ledgers in `decoded`. Those before `next` have been returned.
  private var ledgers: [Range<Int>] = []
  private var next = 0
  /// The values of the line in their order, before they are decoded.
  private var values: [RPCValue] = []
  private var parser = Parser()

  package init() {}

  /// The members of an object that contain a ledger, and whether the form is SEP-51 JSON.
  private static let members: [(name: StaticString, isJSON: Bool)] = [("metadataXdr", false), ("metadataJson", true)]

  /// Passes the current ledger to `body`; `advance` moves to it.
  package func withCurrent<Result, Problem>(_ body: (RawSpan) throws(Problem) -> Result) throws(Problem) -> Result {
    try body(decoded.bytes(ledgers[next - 1]))
  }

  /// Discards the ledgers of the line.
  package mutating func clear() {
    ledgers.removeAll(keepingCapacity: true)
    next = 0
  }

  package var hasMore: Bool { next < ledgers.count }

  package mutating func advance() -> Bool {
    guard hasMore else { return false }
    next += 1
    return true
  }

  /// Decodes a line. It may contain no ledger, as an RPC server's empty page does.
  package mutating func read(_ line: RawSpan) throws(DataError) {
    decoded.truncate(to: 0)
    decoded.shrink(above: 8 << 20)
    ledgers.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    next = 0
    let first = line.firstVisible ?? 0
    do throws(DataError) {
      switch line[first] {
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
        try readJSON(line)
      default: values.append(.base64(JSONCursor.StringToken(content: first..<line.lastVisible, isEscaped: false)))
      }
      for value in values { try decode(value, line) }
    } catch {
      ledgers.removeAll(keepingCapacity: true)
      throw error
    }
  }

  // MARK: JSON

  private mutating func readJSON(_ line: RawSpan) throws(DataError) {
    var cursor = JSONCursor(line)
    do throws(JSONError) {
      try read(&cursor)
      try cursor.expectEnd()
    } catch {
      guard error.fact == .expected else { throw DataError(error) }
      throw DataError(Self.refusal(of: line.extracting(error.offset..<line.byteCount)), at: error.offset)
    }
  }

  /// Reads a value that must contain ledgers: an object, a string, or an array of these.
  private mutating func read(_ cursor: inout JSONCursor) throws(JSONError) {
    switch try cursor.peek() {
    case UInt8(ascii: "["): try readArray(&cursor)
    case UInt8(ascii: "{"): try readObject(&cursor)
    case UInt8(ascii: "\""):
      if let value = try RPCValue(&cursor, isJSON: false) { values.append(value) }
    default: throw JSONError(.expected, at: cursor.position)
    }
  }

  private mutating func readArray(_ cursor: inout JSONCursor) throws(JSONError) {
    if try cursor.beginArray() {
      repeat { try read(&cursor) } while try cursor.next(before: UInt8(ascii: "]"))
    }
  }

  private mutating func readObject(_ cursor: inout JSONCursor) throws(JSONError) {
    let start = cursor.position
    var own: [RPCValue?] = [nil, nil]
    var hasLedgers = false
    if try cursor.beginObject() {
      repeat {
        let (name, first) = (try cursor.memberName(), try cursor.peek())
        if let index = Self.members.firstIndex(where: { cursor.equals(name, $0.name) }) {
          own[index] = try RPCValue(&cursor, isJSON: Self.members[index].isJSON)
        } else if first == UInt8(ascii: "{"), cursor.equals(name, "result") {
          hasLedgers = true
          try readObject(&cursor)
        } else if cursor.equals(name, "ledgers"), first == UInt8(ascii: "[") {
          hasLedgers = true
          try readArray(&cursor)
        } else {
          // Some servers write null for an empty page.
          if cursor.equals(name, "ledgers"), first == UInt8(ascii: "n") { hasLedgers = true }
          try cursor.skipValue()
        }
      } while try cursor.next(before: UInt8(ascii: "}"))
    }
    if let value = own[0] ?? own[1] {
      values.append(value)
      return
    }
    if !hasLedgers { throw JSONError(.expected, at: start) }
  }

  /// The message for text that begins with a value that contains no ledger.
  private static func refusal(of text: RawSpan) -> String {
    if text[0] != UInt8(ascii: "{") { return "this is not a LedgerCloseMeta, which stellar-core makes" }
    return rpcError(in: text) ?? RecordKind(line: text)?.refusal(by: .ledgerSplit)
      ?? "object without metadataXdr (an entry of getLedgers, or its response, was expected)"
  }

  // MARK: ledgers

  private mutating func decode(_ value: RPCValue, _ line: RawSpan) throws(DataError) {
    let type = Schema.shared.id("LedgerCloseMeta")
    let range = try value.decode(type, "metadataXdr", line, &parser, into: &decoded)
    do throws(XDRError) { try Self.split(range, of: decoded, into: &ledgers) } catch {
      let batch = Schema.shared.id("LedgerCloseMetaBatch")
      throw DataError(Schema.shared.message(for: error, in: batch, decoded.bytes(range)))
    }
  }

  /// A batch contains several ledgers; any other value is one ledger.
  private static func split(_ range: Range<Int>, of decoded: borrowing ByteBuffer, into ledgers: inout [Range<Int>])
    throws(XDRError)
  {
    let bytes = decoded.bytes(range)
    guard RecordKind(beginning: bytes) == .ledgerCloseMetaBatch, RecordKind(bytes) ?? .ledgerCloseMeta == .ledgerCloseMeta else {
      return ledgers.append(range)
    }
    var cursor = Cursor(bytes, at: 12)
    for _ in 0..<bytes.word(at: 8) {
      let start = cursor.position
      try Schema.shared.skip(Schema.shared.id("LedgerCloseMeta"), &cursor)
      ledgers.append(range.lowerBound + start..<range.lowerBound + cursor.position)
    }
    try Schema.shared.expectEnd(Schema.shared.id("LedgerCloseMetaBatch"), cursor)
  }
}

extension RawSpan {
  /// The offset of the first byte that is not white space.
  fileprivate var firstVisible: Int? { (0..<byteCount).first { self[$0] > 0x20 } }

  /// The offset after the last byte that is not white space.
  fileprivate var lastVisible: Int { ((0..<byteCount).last { self[$0] > 0x20 } ?? -1) + 1 }
}
