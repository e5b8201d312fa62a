import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Converts records to lines of JSON.
struct ValueDecoder: ~Copyable {
  let type: TypeID
  private let renderer: Renderer
  private var rewriter: LineRewriter
  private let fields: FieldPaths?
  private static let invocation = Schema.shared.id("ContractInvocation")
  private static let transaction = Schema.shared.id("LedgerTransaction")
  private static let event = Schema.shared.id("ContractEventRecord")

  init(type: TypeID, style: ValueStyle, fields: FieldPaths?) {
    self.init(Renderer(style: style, of: type, Self.invocation, Self.transaction, Self.event), type, fields)
  }

  /// A copy for another thread.
  func copy() -> ValueDecoder { ValueDecoder(renderer.copy(), type, fields) }

  private init(_ renderer: Renderer, _ type: TypeID, _ fields: FieldPaths?) {
    self.type = type
    self.fields = fields
    self.renderer = renderer
    rewriter = LineRewriter(renderer: renderer, type: type)
  }

  /// Writes the text of a record, without a line end. Of a base64 line with several values it writes the first; `hasMore` shows
  /// whether there are others.
  mutating func decode(_ record: RawSpan, _ framing: Framing, into out: inout ByteBuffer) throws(DataError) {
    if framing == .lines { try decode(line: record, into: &out) } else { try decode(record: record, into: &out) }
  }

  var hasMore: Bool { rewriter.hasMore }

  /// Writes the next value of the current line.
  mutating func decodeNext(of line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    do throws(JSONError) { try rewriter.rewriteNext(into: &out) } catch { throw dataError(error, line) }
  }

  /// Adds the statistics of another decoder, which has read other lines of the same input.
  mutating func merge(_ other: borrowing ValueDecoder) { rewriter.merge(other.rewriter) }

  /// The paths of `--field` that led to no string in any line.
  var unseenFields: [(path: String, suggestion: String?)] { fields.map { rewriter.unseen($0) } ?? [] }

  /// Whether the text of a record is too large to build in memory as a whole. Smaller records are decoded faster in one step, one
  /// in each thread. Lines are longer than the values in them.
  func needsPartialText(_ size: Int, _ framing: Framing) -> Bool { size > (framing == .lines ? 4 << 20 : 3 << 19) }

  var partialText: PartialText { renderer.partialText }

  /// Calls `body` with the bytes for a part in a record.
  func withBytes(for part: PartialText.Part, in record: RawSpan, _ framing: Framing, _ body: (RawSpan) -> Void) {
    if framing == .lines { rewriter.withBytes(for: part, in: record, body) } else { body(record.extracting(part.bytes)) }
  }

  func renderPart(_ content: PartialText.Content, _ bytes: RawSpan, into out: inout ByteBuffer) {
    renderer.renderPart(content, bytes, into: &out)
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
  private mutating func decode(line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
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
      throw dataError(error, line, isMarked: isMarked)
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

  private func dataError(_ error: JSONError, _ line: RawSpan, isMarked: Bool = false) -> DataError {
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

/// Converts lines of SEP-51 JSON to base64 or record-marked XDR.
struct ValueEncoder: ~Copyable {
  private let type: TypeID
  private let format: OutputFormat
  private var parser = Parser()
  private var xdr = ByteBuffer(capacity: 64 << 10)

  init(type: TypeID, format: OutputFormat) {
    self.type = type
    self.format = format
  }

  mutating func encode(_ record: RawSpan, _ framing: Framing, _ output: inout Output) throws {
    guard framing == .lines else { throw DataError("XDR; --encode reads lines of JSON") }
    if format == .xdr {
      output.beginMarkedRecord()
      try Self.parse(record, type, &parser, into: &output.buffer)
      return try output.endMarkedRecord()
    }
    xdr.truncate(to: 0)
    xdr.shrink(above: 8 << 20)
    try Self.parse(record, type, &parser, into: &xdr)
    output.buffer.append(base64: xdr.bytes)
    output.buffer.append(UInt8(ascii: "\n"))
  }

  private static func parse(
    _ line: RawSpan, _ type: TypeID, _ parser: inout Parser, into out: inout ByteBuffer
  ) throws(DataError) {
    do throws(JSONError) { try parser.parse(type, line, into: &out) } catch { throw DataError(error, in: line) }
  }
}
