import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes records of transactions: invocations or events.
protocol TransactionWriter: ~Copyable {
  /// Makes the records of a transaction, which replace those of the previous one. Returns their number.
  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws -> Int
  /// Takes an event that is already a record.
  mutating func take(_ record: RawSpan)
  /// Writes and counts the records.
  func write(_ session: inout Session) throws
}

/// Writes records of one type as XDR or NDJSON. A class, because a renderer is expensive to copy.
final class RecordForm {
  private let type: TypeID
  /// Nil for XDR.
  private let renderer: Renderer?

  /// Takes some milliseconds for NDJSON, because it makes a renderer.
  convenience init(_ type: StaticString, _ format: OutputFormat) {
    let type = Schema.shared.id(type)
    self.init(type, format == .ndjson ? Renderer(style: .raw, of: type) : nil)
  }

  private init(_ type: TypeID, _ renderer: Renderer?) {
    self.type = type
    self.renderer = renderer
  }

  /// A copy for another thread.
  func copy() -> RecordForm { RecordForm(type, renderer?.copy()) }

  /// Writes the records of a transaction; a large record is written in parts.
  func write(_ ranges: [Range<Int>], of records: borrowing ByteBuffer, _ session: inout Session) throws {
    for range in ranges { try write(records.bytes(range), &session.output) }
    try session.finishRecords(ranges.count)
  }

  private func write(_ record: RawSpan, _ output: inout Output) throws {
    guard let renderer else { return try output.finish(record, isLine: false) }
    do { try output.append(line: record, type, by: renderer) } catch let error as XDRError {
      preconditionFailure("a record of our own making cannot be read: \(error.description(.shared))")
    }
  }
}

/// Writes and counts the events of transactions, as XDR or NDJSON.
struct EventWriter: TransactionWriter, ~Copyable {
  private let form: RecordForm
  private var extractor = EventExtractor()
  private var records = ByteBuffer(capacity: 256 << 10)
  /// The records of the last transaction.
  private var ranges: [Range<Int>] = []

  init(_ form: RecordForm) { self.form = form }

  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw DataError(transaction.words(for: error, bytes))
    }
    // Copied into an own array: sharing the extractor's storage would make it copy that at its next change.
    ranges.removeAll(keepingCapacity: true)
    ranges.append(contentsOf: extractor.records)
    return ranges.count
  }

  mutating func take(_ record: RawSpan) {
    records.truncate(to: 0)
    records.append(record)
    ranges.removeAll(keepingCapacity: true)
    ranges.append(0..<record.byteCount)
  }

  func write(_ session: inout Session) throws {
    session.count(events: ranges.count)
    try form.write(ranges, of: records, &session)
  }
}
