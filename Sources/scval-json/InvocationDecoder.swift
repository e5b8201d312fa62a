import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Converts ContractInvocation records, and with --spec also ContractEvent records, to lines, for options that need the members
/// of records.
///
/// A line of JSON, with raw or SEP-51 values, is first parsed to the XDR record; then both formats are processed in the same way.
struct InvocationDecoder: ~Copyable {
  /// The option that needs such records, for messages: `--style proto`.
  private let option: String
  private static let invocation = Schema.shared.id("ContractInvocation")
  private static let event = Schema.shared.id("ContractEventRecord")
  private var parser = Parser()
  private var parsed = ByteBuffer(capacity: 64 << 10)

  init(option: String) { self.option = option }

  /// Writes a record; returns false for a record that is left out.
  mutating func decode<Rendering: InvocationRenderer & ~Copyable>(
    _ record: RawSpan, _ framing: Framing, _ renderer: inout Rendering, into out: inout ByteBuffer
  ) throws(DataError) -> Bool {
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
  ) throws(DataError) -> Bool {
    do throws(XDRError) { return try renderer.render(record, into: &out) } catch {
      // An offset in XDR that was parsed from a line is not an offset in the line.
      throw DataError(error, type(of: RecordKind(record)), record, offset: isParsed ? 0 : error.offset)
    }
  }

  private static func type(of kind: RecordKind?) -> TypeID { kind == .contractEvent ? event : invocation }

  private mutating func parse(_ line: RawSpan, _ kinds: Set<RecordKind>) throws(DataError) {
    parsed.truncate(to: 0)
    parsed.shrink(above: 8 << 20)
    let kind: RecordKind?
    do throws(JSONError) { kind = try RecordKind(recordLine: line) } catch { throw DataError(error) }
    if kind == nil, line.byteCount > 0, line[0] == UInt8(ascii: "[") { throw DataError(JSONError.arrayForLines) }
    try expect(kind ?? RecordKind(line: line), kinds)
    do throws(JSONError) { try parser.parse(Self.type(of: kind), line, into: &parsed) } catch { throw DataError(error, in: line) }
  }

  private func expect(_ kind: RecordKind?, _ kinds: Set<RecordKind>) throws(DataError) {
    if let kind, kinds.contains(kind) { return }
    let reads = "\(option) reads the ContractInvocation records that invocation-extract writes"
    guard let kind else { throw DataError("this is not a ContractInvocation; \(reads)") }
    throw DataError("this is \(kind.words); \(reads)")
  }
}

extension RecordKind {
  /// The kind that the first member of a JSON line states, which is the schema in the tools' own records.
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
