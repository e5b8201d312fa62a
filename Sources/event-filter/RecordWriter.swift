import Bytes
import CommandLineTools
import Filtering
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes records unchanged, or converts them between XDR and NDJSON.
struct RecordWriter: ~Copyable {
  /// Nil for the format of the input.
  private let format: OutputFormat?
  private let invocation = Schema.shared.id("ContractInvocation")
  private let event = Schema.shared.id("ContractEventRecord")
  private lazy var invocations = Renderer(style: .raw, of: invocation)
  private lazy var events = Renderer(style: .raw, of: event)
  private var parser = Parser()
  private var isTerminalChecked = false

  init(format: OutputFormat?) { self.format = format }

  /// Writes the session's current record, which must be a valid record of this kind.
  mutating func write(_ session: inout Session, _ kind: RecordKind) throws {
    let type = kind == .contractEvent ? event : invocation
    let isLine = session.reader.framing == .lines
    let format = format ?? (isLine ? .ndjson : .xdr)
    if !isTerminalChecked { try session.checkOutput(format) }
    isTerminalChecked = true
    if isLine == (format == .ndjson) {
      try session.output.finish(session.reader.record, isLine: isLine)
    } else if isLine {
      session.output.beginMarkedRecord()
      try Self.parse(session.reader.record, type, &parser, session.reader.place, into: &session.output.buffer)
      try session.output.endMarkedRecord()
    } else {
      do {
        try session.output.append(line: session.reader.record, type, by: kind == .contractEvent ? events : invocations)
      } catch let error as XDRError {
        throw Failure(RecordError.xdr(error), session.reader)
      }
    }
    try session.finishRecords()
  }

  private static func parse(
    _ line: RawSpan, _ type: TypeID, _ parser: inout Parser, _ place: Place, into out: inout ByteBuffer
  ) throws(Failure) {
    do throws(JSONError) { try parser.parse(type, line, into: &out) } catch {
      let what = error.message(in: line)
      // A raw value that cannot be decoded has not been decoded to native style either.
      let isRaw = error.fact == .notBase64 || error.fact == .notXDR
      let advice =
        "; only records whose values are raw or in SEP-51 style can be written as XDR: filter before scval-json --style native"
      throw Failure(Diagnostic(isRaw ? what : what + advice, at: place, within: error.offset))
    }
  }
}

extension Failure {
  /// An error in the current record.
  init(_ error: RecordError, _ reader: borrowing RecordReader, ledger: UInt32? = nil) {
    var what = error.description(of: reader.record)
    if case .wrongLine = error, let foreign = ForeignFormat(insteadOfValue: reader.record) { what = foreign.rawValue }
    self.init(Diagnostic(what, at: reader.place, within: error.offset, ledger: ledger))
  }
}
