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

  /// An error in a line, with its offset.
  package struct BadLine: Error {
    package let what: String
    package let offset: Int
    /// Whether the line is not a value at all. It may have another format, for which there is a better message.
    package let isNoValue: Bool

    fileprivate init(what: String, offset: Int, isNoValue: Bool = false) {
      (self.what, self.offset, self.isNoValue) = (what, offset, isNoValue)
    }

    fileprivate init(_ error: JSONError) { self.init(what: error.description, offset: error.offset) }
  }

  package init() {}

  /// The members of an object that contain a ledger, and whether the form is SEP-51 JSON.
  private static let members: [(name: StaticString, isJSON: Bool)] = [("metadataXdr", false), ("metadataJson", true)]

  /// The current ledger; `advance` moves to it.
  package var current: RawSpan {
    @_lifetime(borrow self)
    get { decoded.bytes(ledgers[next - 1]) }
  }

  /// Discards the ledgers of the line.
  package mutating func clear() {
    ledgers.removeAll(keepingCapacity: true)
    next = 0
  }

  package mutating func advance() -> Bool {
    guard next < ledgers.count else { return false }
    next += 1
    return true
  }

  /// Decodes a line. It may contain no ledger, as an RPC server's empty page does.
  package mutating func read(_ line: RawSpan) throws(BadLine) {
    decoded.truncate(to: 0)
    decoded.shrink(above: 8 << 20)
    ledgers.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    next = 0
    let first = line.firstVisible ?? 0
    do throws(BadLine) {
      switch line[first] {
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
        var cursor = JSONCursor(line)
        try read(&cursor, line)
        do throws(JSONError) { try cursor.expectEnd() } catch { throw BadLine(error) }
      default: values.append(.base64(JSONCursor.StringToken(content: first..<line.lastVisible, isEscaped: false)))
      }
      for value in values { try decode(value, line) }
    } catch {
      ledgers.removeAll(keepingCapacity: true)
      throw error
    }
  }

  // MARK: JSON

  /// Reads a value that must contain ledgers: an object, a string, or an array of these.
  private mutating func read(_ cursor: inout JSONCursor, _ line: RawSpan) throws(BadLine) {
    switch try json({ () throws(JSONError) in try cursor.peek() }) {
    case UInt8(ascii: "["): try readArray(&cursor, line)
    case UInt8(ascii: "{"): try readObject(&cursor, line)
    case UInt8(ascii: "\""):
      if let value = try json({ () throws(JSONError) in try RPCValue(&cursor, isJSON: false) }) { values.append(value) }
    default: throw BadLine(what: "this is not a LedgerCloseMeta, which stellar-core makes", offset: cursor.position)
    }
  }

  private mutating func readArray(_ cursor: inout JSONCursor, _ line: RawSpan) throws(BadLine) {
    try json { () throws(JSONError) in try cursor.enter() }
    if try json({ () throws(JSONError) in try cursor.beginArray() }) {
      repeat { try read(&cursor, line) } while try json({ () throws(JSONError) in try cursor.next(before: UInt8(ascii: "]")) })
    }
    cursor.depth -= 1
  }

  private mutating func readObject(_ cursor: inout JSONCursor, _ line: RawSpan) throws(BadLine) {
    let start = cursor.position
    var own: [RPCValue?] = [nil, nil]
    var hasLedgers = false
    try json { () throws(JSONError) in try cursor.enter() }
    if try json({ () throws(JSONError) in try cursor.beginObject() }) {
      repeat {
        let (name, first) = try json { () throws(JSONError) in (try cursor.memberName(), try cursor.peek()) }
        if let index = Self.members.firstIndex(where: { cursor.equals(name, $0.name) }) {
          own[index] = try json { () throws(JSONError) in try RPCValue(&cursor, isJSON: Self.members[index].isJSON) }
        } else if first == UInt8(ascii: "{"), cursor.equals(name, "result") {
          hasLedgers = true
          try readObject(&cursor, line)
        } else if cursor.equals(name, "ledgers"), first == UInt8(ascii: "[") {
          hasLedgers = true
          try readArray(&cursor, line)
        } else {
          // Some servers write null for an empty page.
          if cursor.equals(name, "ledgers"), first == UInt8(ascii: "n") { hasLedgers = true }
          try json { () throws(JSONError) in try cursor.skipValue() }
        }
      } while try json({ () throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) })
    }
    cursor.depth -= 1
    if let value = own[0] ?? own[1] {
      values.append(value)
      return
    }
    if !hasLedgers { throw BadLine(what: Self.wrongObject(line.extracting(start..<cursor.position)), offset: start) }
  }

  /// The message for an object that contains no ledger.
  private static func wrongObject(_ object: RawSpan) -> String {
    rpcError(in: object)
      ?? RecordKind(line: object)?.refusal(by: .ledgerSplit)
      ?? "object without metadataXdr (an entry of getLedgers, or its response, was expected)"
  }

  // MARK: ledgers

  private mutating func decode(_ value: RPCValue, _ line: RawSpan) throws(BadLine) {
    let range: Range<Int>
    do throws(RPCValue.Problem) {
      range = try value.decode(Schema.shared.id("LedgerCloseMeta"), line, &parser, into: &decoded)
    } catch {
      switch error {
      case .empty: throw BadLine(what: "metadataXdr is empty", offset: 0)
      case .notBase64(let offset):
        throw BadLine(what: "not base64", offset: offset, isNoValue: true)
      case .json(let error): throw BadLine(error)
      case .sep51(let error):
        throw BadLine(what: jsonPath(to: error.offset, in: line) + error.description(.shared), offset: error.offset)
      }
    }
    do throws(XDRError) { try Self.split(range, of: decoded, into: &ledgers) } catch {
      let batch = Schema.shared.id("LedgerCloseMetaBatch")
      throw BadLine(what: Schema.shared.message(for: error, in: batch, decoded.bytes(range)), offset: 0, isNoValue: true)
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

private func json<Result>(_ body: () throws(JSONError) -> Result) throws(LedgerLine.BadLine) -> Result {
  do throws(JSONError) { return try body() } catch { throw LedgerLine.BadLine(error) }
}

extension RawSpan {
  /// The offset of the first byte that is not white space.
  fileprivate var firstVisible: Int? { (0..<byteCount).first { self[$0] > 0x20 } }

  /// The offset after the last byte that is not white space.
  fileprivate var lastVisible: Int { ((0..<byteCount).last { self[$0] > 0x20 } ?? -1) + 1 }
}
