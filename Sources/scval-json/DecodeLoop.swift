import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Converts records to lines of JSON.
final class DecodeLoop: RecordLoop {
  private let type: TypeID
  private let renderer: Renderer
  private var rewriter: LineRewriter
  private let fields: FieldPaths?
  let framer: any BareFramer
  private static let invocation = Schema.shared.id("ContractInvocation")
  private static let transaction = Schema.shared.id("LedgerTransaction")
  private static let event = Schema.shared.id("ContractEventRecord")

  convenience init(_ type: TypeID, _ style: ValueStyle, _ fields: FieldPaths?, _ framer: any BareFramer) {
    self.init(Renderer(style: style, of: type, Self.invocation, Self.transaction, Self.event), type, fields, framer)
  }

  private init(_ renderer: Renderer, _ type: TypeID, _ fields: FieldPaths?, _ framer: any BareFramer) {
    self.type = type
    self.renderer = renderer
    self.fields = fields
    self.framer = framer
    rewriter = LineRewriter(renderer: renderer, type: type)
  }

  /// A copy for another thread.
  func copy() -> DecodeLoop { DecodeLoop(renderer.copy(), type, fields, framer) }

  /// Adds the statistics of another thread's loop.
  func merge(_ other: DecodeLoop) { rewriter.merge(other.rewriter) }

  /// The paths of `--field` that led to no string in any line.
  var unseenFields: [(path: String, suggestion: String?)] { fields.map { rewriter.unseen($0) } ?? [] }

  func run(_ session: inout Session) throws {
    while try session.next() {
      // The text of a large record is written in parts while it is made. Smaller records are decoded faster in one step, one in each thread.
      // Lines are longer than the values in them.
      let isLine = session.reader.framing == .lines
      let isLarge = session.reader.record.byteCount > (isLine ? 4 << 20 : 3 << 19)
      if isLarge { renderer.partialText.begin(session.output.buffer) }
      defer { if isLarge { renderer.partialText.end() } }
      do throws(DataError) {
        if isLine {
          try decode(line: session.reader.record, into: &session.output.buffer)
        } else {
          try decode(record: session.reader.record, into: &session.output.buffer)
        }
      } catch {
        try session.skip(Failure(error, at: session.reader.place))
        continue
      }
      session.output.buffer.append(UInt8(ascii: "\n"))
      if isLarge, !renderer.partialText.parts.isEmpty {
        try writeParts(&session, isLine: isLine)
      } else {
        try session.finishRecords()
        // Of a base64 line with several values the first was written.
        while rewriter.hasMore { try writeNext(&session) }
      }
    }
  }

  /// Writes another value of the current line.
  private func writeNext(_ session: inout Session) throws {
    do throws(JSONError) { try rewriter.rewriteNext(into: &session.output.buffer) } catch {
      throw Failure(dataError(error, session.reader.record, rewriter), at: session.reader.place)
    }
    session.output.buffer.append(UInt8(ascii: "\n"))
    try session.finishRecords()
  }

  /// Writes a large record in parts.
  private func writeParts(_ session: inout Session, isLine: Bool) throws {
    let partialText = renderer.partialText
    partialText.take(from: &session.output.buffer)
    for part in partialText.parts {
      try session.output.finishRecord()
      partialText.appendText(before: part, to: &session.output.buffer)
      if isLine {
        rewriter.withBytes(for: part, in: session.reader.record) {
          renderer.renderPart(part.content, $0, into: &session.output.buffer)
        }
      } else {
        renderer.renderPart(part.content, session.reader.record.extracting(part.bytes), into: &session.output.buffer)
      }
    }
    try session.finishRecords()
  }

  /// Decodes one record: one of the tools' own by its mark, else a value of `--type`.
  private func decode(record: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    let type =
      switch RecordKind(record) {
      case .contractInvocation: Self.invocation
      case .ledgerTransaction: Self.transaction
      case .contractEvent: Self.event
      default: self.type
      }
    do throws(XDRError) { try renderer.render(type, record, into: &out) } catch {
      // Any number can begin a ledger or a value, so this is checked only if it is not a value. Then ledger-split was probably
      // forgotten.
      if type == renderer.schema.scval, let kind = RecordKind(whole: record), renderer.schema.type(named: kind.rawValue) != nil {
        let maker =
          kind == .ledgerCloseMeta || kind == .ledgerCloseMetaBatch ? "ledger-split makes transactions from it, and " : ""
        throw DataError("this is \(kind.words); \(maker)--type \(kind.rawValue) decodes all of it")
      }
      let isOurs = type != self.type
      throw DataError(error, type, record, offset: error.offset, hint: isOurs ? "" : TypeHint.text(for: error, type, record))
    }
  }

  /// Decodes one line: base64, or JSON that contains values.
  private func decode(line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    var isMarked = false
    do throws(JSONError) {
      if let fields {
        try rewriter.rewrite(line, fields: fields, into: &out)
      } else if isJSON(line) {
        isMarked = true
        try rewriter.rewrite(embedded: line, into: &out)
      } else {
        try rewriter.rewrite(base64: line, into: &out)
      }
    } catch {
      throw dataError(error, line, rewriter, isMarked: isMarked)
    }
  }

  /// Whether a line is JSON other than a string. `null`, `true` and `false` could also be base64, but never of a multiple of four
  /// bytes as XDR requires. They pass through, so that a column of values may have gaps.
  private func isJSON(_ line: RawSpan) -> Bool {
    var (start, end) = (0, line.byteCount)
    while start < end, line[start] <= 0x20 { start += 1 }
    while end > start, line[end - 1] <= 0x20 { end -= 1 }
    if start == end { return false }
    if line[start] == UInt8(ascii: "{") || line[start] == UInt8(ascii: "[") { return true }
    let word = line.extracting(start..<end)
    return word.equals("null") || word.equals("true") || word.equals("false")
  }

  /// Whether a line could be the first one of base64 wrapped at 64 columns, as in PEM. Such a line can also be a complete value,
  /// so the reader does not join it with the next.
  private func isWrappedAt64(_ line: RawSpan) -> Bool {
    let length = line.byteCount > 64 && line[64] == 0x0D ? 65 : 64
    return fields == nil && line.byteCount == length && line[0] != UInt8(ascii: "\"") && line[63] != UInt8(ascii: "=")
  }

  private func dataError(
    _ error: JSONError, _ line: RawSpan, _ rewriter: borrowing LineRewriter, isMarked: Bool = false
  ) -> DataError {
    guard error.fact == .notBase64 || error.fact == .notXDR else { return DataError(error, in: line) }
    if !isMarked, let other = OtherText(line.extracting(rewriter.lastText)) {
      let offset = rewriter.lastText.lowerBound
      return DataError(jsonPath(to: offset, in: line) + other.rawValue, at: offset)
    }
    guard error.fact == .notXDR, let wrong = rewriter.lastError else { return DataError(error, in: line) }
    if wrong.isTruncation, isWrappedAt64(line) {
      return DataError("\(wrong.description(.shared)); if it is wrapped at 64 columns, pipe it through base64 -d | base64 -w 0")
    }
    return DataError(
      wrong, type, rewriter.lastValue, in: jsonPath(to: error.offset, in: line), offset: error.offset,
      hint: TypeHint.text(for: wrong, type, rewriter.lastValue, isMarked: isMarked))
  }
}

extension DataError {
  init(_ error: XDRError, _ type: TypeID, _ bytes: RawSpan, in place: String = "", offset: Int, hint: String = "") {
    self.init(place + Schema.shared.message(for: error, in: type, bytes) + hint, at: offset)
  }
}
