import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// Writes the invocations of transactions, in either form, and counts them.
struct InvocationWriter: TransactionWriter, ~Copyable {
  private let form: RecordForm
  private var extractor: InvocationExtractor
  private var records = ByteBuffer(capacity: 256 << 10)

  private var counts = InvocationCounts()

  init(format: OutputFormat, extractor: consuming InvocationExtractor) {
    self.extractor = extractor
    form = RecordForm("ContractInvocation", format)
  }

  mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw BadTransaction(description: transaction.words(for: error, bytes))
    }
    for record in extractor.records {
      try form.write(records.bytes(record.range), &output)
      count(record)
    }
    return extractor.records.count
  }

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
