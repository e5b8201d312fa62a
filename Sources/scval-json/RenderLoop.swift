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
final class RenderLoop<Rendering: InvocationRenderer & ~Copyable>: RecordLoop {
  private var renderer: Rendering
  /// The option that needs such records, for messages: `--style proto`.
  private let option: String
  private let invocation = Schema.shared.id("ContractInvocation")
  private let event = Schema.shared.id("ContractEventRecord")
  private var parser = Parser()
  private var parsed = ByteBuffer(capacity: 64 << 10)
  /// The part of the omissions that the session has counted.
  private var counted = 0
  let framer: any BareFramer

  init(_ renderer: consuming Rendering, _ option: String) {
    self.renderer = renderer
    self.option = option
    framer = RefusingFramer("XDR without record marking; \(option) reads record-marked XDR")
  }

  /// The values that could not be written as requested.
  var omissions: Omissions { renderer.omissions }

  /// Counts the new part of the omissions.
  private func countOmissions(_ session: inout Session) {
    if renderer.omissions.count > counted { session.count(omissions: renderer.omissions.count - counted) }
    counted = renderer.omissions.count
  }

  func run(_ session: inout Session) throws {
    while try session.next() {
      defer { countOmissions(&session) }
      do throws(DataError) {
        guard try write(session.reader.record, session.reader.framing, into: &session.output.buffer) else { continue }
      } catch {
        try session.skip(Failure(error, at: session.reader.place))
        continue
      }
      session.output.buffer.append(UInt8(ascii: "\n"))
      try session.finishRecords()
    }
  }

  /// Writes a record; returns false for a record that is left out.
  private func write(_ record: RawSpan, _ framing: Framing, into out: inout ByteBuffer) throws(DataError) -> Bool {
    if framing == .lines {
      try parse(record)
      return try render(parsed, into: &out)
    }
    if !(RecordKind(record).map(renderer.kinds.contains) ?? false) {
      try expect(RecordKind(whole: record) ?? RecordKind(record))
    }
    return try render(record, isParsed: false, into: &out)
  }

  private func render(_ parsed: borrowing ByteBuffer, into out: inout ByteBuffer) throws(DataError) -> Bool {
    try render(parsed.bytes, isParsed: true, into: &out)
  }

  private func render(_ record: RawSpan, isParsed: Bool, into out: inout ByteBuffer) throws(DataError) -> Bool {
    do throws(XDRError) { return try renderer.render(record, into: &out) } catch {
      // An offset in XDR that was parsed from a line is not an offset in the line.
      throw DataError(error, type(of: RecordKind(record)), record, offset: isParsed ? 0 : error.offset)
    }
  }

  private func type(of kind: RecordKind?) -> TypeID { kind == .contractEvent ? event : invocation }

  private func parse(_ line: RawSpan) throws(DataError) {
    parsed.truncate(to: 0)
    parsed.shrink(above: 8 << 20)
    let kind: RecordKind?
    do throws(JSONError) { kind = try RecordKind(recordLine: line) } catch { throw DataError(error) }
    if kind == nil, line.byteCount > 0, line[0] == UInt8(ascii: "[") { throw DataError(JSONError.arrayForLines) }
    try expect(kind ?? RecordKind(line: line))
    do throws(JSONError) { try parser.parse(type(of: kind), line, into: &parsed) } catch { throw DataError(error, in: line) }
  }

  private func expect(_ kind: RecordKind?) throws(DataError) {
    if let kind, renderer.kinds.contains(kind) { return }
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
