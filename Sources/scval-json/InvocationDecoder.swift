import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// ContractInvocation records, and with --spec ContractEvent records, to lines, for the options that know the records' members.
///
/// A line of JSON, its values raw or as SEP-51, is read to the record that it is the NDJSON form of; then both forms go the same way.
struct InvocationDecoder: ~Copyable {
  /// What needs such records, for messages: `--style proto`.
  private let option: String
  private static let invocation = Schema.shared.id("ContractInvocation")
  private static let event = Schema.shared.id("ContractEventRecord")
  private var parser = Parser()
  private var parsed = ByteBuffer(capacity: 64 << 10)

  init(option: String) { self.option = option }

  /// Writes a record; false for one that is to be left out.
  mutating func decode<Rendering: InvocationRenderer & ~Copyable>(
    _ record: RawSpan, _ framing: Framing, _ renderer: inout Rendering, into out: inout ByteBuffer
  ) throws(BadValue) -> Bool {
    if framing == .lines {
      try parse(record, renderer.kinds)
      return try Self.render(parsed.bytes, isParsed: true, &renderer, into: &out)
    }
    if !(RecordKind(record).map(renderer.kinds.contains) ?? false) {
      try expect(RecordKind(whole: record) ?? RecordKind(record), renderer.kinds)
    }
    return try Self.render(record, isParsed: false, &renderer, into: &out)
  }

  private static func render<Rendering: InvocationRenderer & ~Copyable>(
    _ record: RawSpan, isParsed: Bool, _ renderer: inout Rendering, into out: inout ByteBuffer
  ) throws(BadValue) -> Bool {
    do throws(XDRError) { return try renderer.render(record, into: &out) } catch {
      // An offset in XDR that was made of a line says nothing about the line.
      throw BadValue(error, type(of: RecordKind(record)), record, offset: isParsed ? 0 : error.offset)
    }
  }

  private static func type(of kind: RecordKind?) -> TypeID { kind == .contractEvent ? event : invocation }

  private mutating func parse(_ line: RawSpan, _ kinds: Set<RecordKind>) throws(BadValue) {
    parsed.truncate(to: 0)
    parsed.shrink(above: 8 << 20)
    let kind: RecordKind?
    do throws(JSONError) { kind = try RecordKind(recordLine: line) } catch {
      throw BadValue(what: error.description, offset: error.offset)
    }
    if kind == nil, line.byteCount > 0, line[0] == UInt8(ascii: "[") { throw BadValue(what: JSONError.arrayForLines, offset: 0) }
    try expect(kind ?? RecordKind(line: line), kinds)
    do throws(ParseError) { try parser.parse(Self.type(of: kind), line, into: &parsed) } catch {
      throw BadValue(what: jsonPath(to: error.offset, in: line) + error.description(.shared), offset: error.offset)
    }
  }

  private func expect(_ kind: RecordKind?, _ kinds: Set<RecordKind>) throws(BadValue) {
    if let kind, kinds.contains(kind) { return }
    let reads = "\(option) reads the ContractInvocation records that invocation-extract writes"
    guard let kind else { throw BadValue(what: "this is not a ContractInvocation; \(reads)", offset: 0) }
    throw BadValue(what: "this is \(kind.words); \(reads)", offset: 0)
  }
}

extension RecordKind {
  /// What a line of JSON says that it is: our own records do so in their first member.
  fileprivate init?(recordLine line: RawSpan) throws(JSONError) {
    var cursor = JSONCursor(line)
    guard try cursor.peek() == UInt8(ascii: "{"), try cursor.beginObject() else { return nil }
    let name = try cursor.memberName()
    guard cursor.equals(name, "_schema"), try cursor.peek() == UInt8(ascii: "\"") else { return nil }
    let schema = try cursor.string()
    if cursor.equals(schema, "soroban-pipes.contract_invocation.v1") {
      self = .contractInvocation
    } else if cursor.equals(schema, "soroban-pipes.ledger_transaction.v1") {
      self = .ledgerTransaction
    } else if cursor.equals(schema, "soroban-pipes.contract_event.v1") {
      self = .contractEvent
    } else {
      return nil
    }
  }
}
