import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Makes the records of transactions: invocations or events.
protocol RecordExtractor: ~Copyable {
  /// Appends the records of a transaction. After an error `out` is unchanged.
  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError)
  /// Appends the ranges of the last transaction's records. A copy of an array in the extractor would make it copy that at its next
  /// change.
  func addRanges(to ranges: inout [Range<Int>])
  /// Counts `records` records. They are the last transaction's, or were read as records.
  func count(_ records: Int, in session: inout Session)
}

extension EventExtractor: RecordExtractor {
  func addRanges(to ranges: inout [Range<Int>]) { ranges.append(contentsOf: records) }

  func count(_ records: Int, in session: inout Session) { session.count(events: records) }
}

extension InvocationExtractor: RecordExtractor {
  func addRanges(to ranges: inout [Range<Int>]) { for record in records { ranges.append(record.range) } }

  func count(_ records: Int, in session: inout Session) {
    var counts = InvocationCounts()
    for record in self.records {
      counts.restorations += record.restorations
      switch record.type {
      case .call: counts.calls.count(record.isSuccessful)
      case .create: counts.creations.count(record.isSuccessful)
      case .upload: counts.uploads.count(record.isSuccessful)
      // Operations on footprints do not invoke a contract.
      case .extendTTL, .restoreFootprint: break
      }
    }
    session.count(counts)
  }
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
