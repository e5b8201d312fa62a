import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes and counts the invocations of transactions, as XDR or NDJSON.
struct InvocationWriter: TransactionWriter, ~Copyable {
  private let form: RecordForm
  private var extractor: InvocationExtractor
  private var records = ByteBuffer(capacity: 256 << 10)
  /// The records of the last transaction.
  private var ranges: [Range<Int>] = []
  private var counts = InvocationCounts()

  init(_ form: RecordForm, extractor: consuming InvocationExtractor) {
    self.extractor = extractor
    self.form = form
  }

  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw DataError(transaction.words(for: error, bytes))
    }
    ranges.removeAll(keepingCapacity: true)
    counts = InvocationCounts()
    for record in extractor.records {
      ranges.append(record.range)
      count(record)
    }
    return extractor.records.count
  }

  /// An event is not an invocation.
  mutating func take(_ record: RawSpan) {}

  func write(_ session: inout Session) throws {
    session.count(counts)
    try form.write(ranges, of: records, &session)
  }

  // MARK: counters

  private mutating func count(_ record: InvocationExtractor.Record) {
    counts.restorations += record.restorations
    switch record.type {
    case .call: counts.calls.count(record.isSuccessful)
    case .create: counts.creations.count(record.isSuccessful)
    case .upload: counts.uploads.count(record.isSuccessful)
    // Operations on footprints do not invoke a contract.
    case .extendTTL, .restoreFootprint: break
    }
  }
}
