import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// Writes the invocations of transactions, in either form, and counts them.
struct InvocationWriter: ~Copyable {
  private let format: OutputFormat
  private var extractor: InvocationExtractor
  private var records = ByteBuffer(capacity: 256 << 10)
  /// Only where lines are written: it takes some milliseconds to make.
  private let renderer: Renderer?
  private let type = Schema.shared.id("ContractInvocation")

  private(set) var counts = InvocationCounts()

  init(format: OutputFormat, extractor: consuming InvocationExtractor) {
    self.format = format
    self.extractor = extractor
    renderer = format == .ndjson ? Renderer(style: .raw, of: type) : nil
  }

  /// Appends the invocations of a transaction to the output's buffer, and says how many they are.
  mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw BadTransaction(description: transaction.words(for: error, bytes))
    }
    for record in extractor.records {
      try write(records.bytes(record.range), &output)
      count(record)
    }
    return extractor.records.count
  }

  private func write(_ record: RawSpan, _ output: inout Output) throws {
    guard let renderer else { return try output.finish(record, isLine: false) }
    do { try output.append(line: record, type, by: renderer) } catch let error as XDRError {
      preconditionFailure("a record of our own making cannot be read: \(error.description(.shared))")
    }
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
}

/// A transaction that cannot be read.
struct BadTransaction: Error, CustomStringConvertible {
  let description: String
}
