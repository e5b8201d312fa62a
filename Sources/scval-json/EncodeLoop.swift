import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Converts lines of SEP-51 JSON to base64 or record-marked XDR.
final class EncodeLoop: RecordLoop {
  private let type: TypeID
  private let format: OutputFormat
  private var parser = Parser()
  private var xdr = ByteBuffer(capacity: 64 << 10)
  let framer: any BareFramer = RefusingFramer("XDR without record marking; scval-json --encode reads lines of JSON")

  init(_ type: TypeID, _ format: OutputFormat) { (self.type, self.format) = (type, format) }

  func run(_ session: inout Session) throws {
    while try session.next() {
      do { try encode(session.reader.record, session.reader.framing, &session.output) } catch let error as DataError {
        try session.skip(Failure(error, at: session.reader.place))
        continue
      }
      try session.finishRecords()
    }
  }

  private func encode(_ record: RawSpan, _ framing: Framing, _ output: inout Output) throws {
    guard framing == .lines else { throw DataError("XDR; --encode reads lines of JSON") }
    if format == .xdr {
      output.beginMarkedRecord()
      try parse(record, into: &output.buffer)
      return try output.endMarkedRecord()
    }
    xdr.truncate(to: 0)
    xdr.shrink(above: 8 << 20)
    try parse(record, into: &xdr)
    Self.write(xdr, to: &output.buffer)
  }

  private static func write(_ xdr: borrowing ByteBuffer, to out: inout ByteBuffer) {
    out.append(base64: xdr.bytes)
    out.append(UInt8(ascii: "\n"))
  }

  private func parse(_ line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    do throws(JSONError) { try parser.parse(type, line, into: &out) } catch { throw DataError(error, in: line) }
  }
}
