import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes the invocations of transactions, in either form, and counts them.
struct InvocationWriter: TransactionWriter, ~Copyable {
  private let form: RecordForm
  private var extractor: InvocationExtractor
  private var records = ByteBuffer(capacity: 256 << 10)
  /// Of those of the last transaction.
  private var ranges: [Range<Int>] = []
  private var counts = InvocationCounts()

  init(format: OutputFormat, extractor: consuming InvocationExtractor) {
    self.extractor = extractor
    form = RecordForm("ContractInvocation", format)
  }

  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw BadTransaction(description: transaction.words(for: error, bytes))
    }
    ranges.removeAll(keepingCapacity: true)
    for record in extractor.records {
      ranges.append(record.range)
      count(record)
    }
    return extractor.records.count
  }

  func write(_ session: inout Session) throws { try form.write(ranges, of: records, &session) }

  // MARK: counters

  private mutating func count(_ record: InvocationExtractor.Record) {
    counts.restorations += record.restorations
    switch record.type {
    case .call: counts.calls.count(record.isSuccessful)
    case .create: counts.creations.count(record.isSuccessful)
    case .upload: counts.uploads.count(record.isSuccessful)
    // Operations on footprints invoke nothing.
    case .extendTTL, .restoreFootprint: break
    }
  }

  func update(_ counters: inout Counters) { counters.invocations = counts }
}

/// A transaction that cannot be read.
struct BadTransaction: Error, CustomStringConvertible {
  let description: String
}
