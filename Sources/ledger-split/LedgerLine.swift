import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// The ledgers of a line of NDJSON: base64 of a LedgerCloseMeta or a LedgerCloseMetaBatch, an entry of an RPC server's `getLedgers`, or its
/// whole response.
struct LedgerLine: ~Copyable {
  private var decoded = ByteBuffer(capacity: 1 << 20)
  /// Where the ledgers of the line stand in `decoded`; those before `next` were given out.
  private var ledgers: [Range<Int>] = []
  private var next = 0
  private var hits: [FieldPaths.Hit] = []
  private let paths: FieldPaths

  init() {
    guard let paths = FieldPaths(["metadataXdr", "ledgers[].metadataXdr", "result.ledgers[].metadataXdr"]) else {
      preconditionFailure("these are paths")
    }
    self.paths = paths
  }

  /// The ledger that `advance` moved to.
  var current: RawSpan {
    @_lifetime(borrow self)
    get { decoded.bytes(ledgers[next - 1]) }
  }

  mutating func advance() -> Bool {
    guard next < ledgers.count else { return false }
    next += 1
    return true
  }

  /// Decodes the session's current record.
  mutating func read(_ session: borrowing Session) throws(Failure) {
    decoded.truncate(to: 0)
    decoded.shrink(above: 8 << 20)
    ledgers.removeAll(keepingCapacity: true)
    next = 0
    let line = session.reader.record
    let place = session.reader.place
    let first = line.firstVisible ?? 0
    switch line[first] {
    case UInt8(ascii: "{"):
      hits.removeAll(keepingCapacity: true)
      do throws(JSONError) { try paths.find(in: line, into: &hits) } catch {
        throw Failure(Diagnostic(error.description, at: place, within: error.offset))
      }
      if hits.isEmpty { throw Failure(Diagnostic(wrongObject(line), at: place)) }
      for hit in hits { try decode(hit.token, line, place) }
    case UInt8(ascii: "["):
      throw Failure(Diagnostic(JSONError.arrayForLines, at: place))
    case UInt8(ascii: "\""):
      var cursor = JSONCursor(line)
      let token: JSONCursor.StringToken
      do throws(JSONError) {
        token = try cursor.string()
        try cursor.expectEnd()
      } catch { throw Failure(Diagnostic(error.description, at: place, within: error.offset)) }
      try decode(token, line, place)
    default:
      let text = first..<line.lastVisible
      try decode(JSONCursor.StringToken(content: text, isEscaped: false), line, place)
    }
  }

  /// Says what an object is that holds no ledger.
  private func wrongObject(_ line: RawSpan) -> String {
    for kind in [RecordKind.ledgerTransaction, .contractInvocation, .contractEvent] where line.begins(kind) {
      return LedgerReader.wrongKind(kind)
    }
    return rpcError(in: line) ?? "object without metadataXdr (an entry of getLedgers, or its response, was expected)"
  }

  private mutating func decode(_ token: JSONCursor.StringToken, _ line: RawSpan, _ place: Place) throws(Failure) {
    let start = decoded.count
    var wrong: Int?
    if token.isEscaped {
      var plain = ByteBuffer(capacity: token.content.count)
      do throws(JSONError) { try plain.append(unescaped: token, of: line) } catch {
        throw Failure(Diagnostic(error.description, at: place, within: error.offset))
      }
      wrong = decoded.append(decodingBase64: plain.bytes)
    } else {
      wrong = decoded.append(decodingBase64: line.extracting(token.content))
    }
    if let wrong {
      throw Failure(Diagnostic("not base64", at: place, within: token.content.lowerBound + wrong))
    }
    do throws(XDRError) { try Self.split(start..<decoded.count, of: decoded, into: &ledgers) } catch {
      let batch = Schema.shared.id("LedgerCloseMetaBatch")
      throw Failure(Diagnostic(Schema.shared.message(for: error, in: batch, decoded.bytes(start..<decoded.count)), at: place))
    }
  }

  /// A batch holds several ledgers; anything else is taken for one.
  private static func split(_ range: Range<Int>, of decoded: borrowing ByteBuffer, into ledgers: inout [Range<Int>])
    throws(XDRError)
  {
    let bytes = decoded.bytes(range)
    guard bytes.byteCount >= 12, bytes.word(at: 0) > 2, RecordKind(bytes) == nil,
      bytes.word(at: 4) >= bytes.word(at: 0), bytes.word(at: 8) == bytes.word(at: 4) - bytes.word(at: 0) + 1
    else { return ledgers.append(range) }
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
  /// The first byte that is no white space.
  fileprivate var firstVisible: Int? { (0..<byteCount).first { self[$0] > 0x20 } }

  /// The offset behind the last byte that is no white space.
  fileprivate var lastVisible: Int { ((0..<byteCount).last { self[$0] > 0x20 } ?? -1) + 1 }

  /// Whether a line begins as our records of that kind do.
  fileprivate func begins(_ kind: RecordKind) -> Bool {
    let text = extracting(first: 80).text
    return switch kind {
    case .ledgerTransaction: text.contains("soroban-pipes.ledger_transaction")
    case .contractInvocation: text.contains("soroban-pipes.contract_invocation")
    case .contractEvent: text.contains("soroban-pipes.contract_event")
    case .ledgerCloseMeta: false
    }
  }
}
