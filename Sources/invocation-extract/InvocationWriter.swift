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

  private var successful = 0
  private var failed = 0
  private var restorations = 0
  private var calls = 0
  private var creations = 0
  private var uploads = 0

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
    restorations += record.restorations
    switch record.type {
    case .call: calls += 1
    case .create: creations += 1
    case .upload: uploads += 1
    // Operations on footprints invoke nothing.
    case .extendTTL, .restoreFootprint: return
    }
    if record.isSuccessful { successful += 1 } else { failed += 1 }
  }

  var counts: [(name: String, value: Int)] { Self.countNames.map { ($0, 0) } }

  private static let countNames = [
    "invocations", "successful", "failed", "contract_calls", "create_contracts", "upload_wasms", "archive_restorations",
  ]

  func updateCounts(_ counts: inout [(name: String, value: Int)]) {
    counts[0].value = successful + failed
    counts[1].value = successful
    counts[2].value = failed
    counts[3].value = calls
    counts[4].value = creations
    counts[5].value = uploads
    counts[6].value = restorations
  }
}

/// A transaction that cannot be read.
struct BadTransaction: Error, CustomStringConvertible {
  let description: String
}
