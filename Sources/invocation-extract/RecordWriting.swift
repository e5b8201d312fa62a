import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// What is made of transactions: invocations, or events.
protocol TransactionWriter: ~Copyable {
  /// Appends the records of a transaction to the output's buffer, and says how many they are.
  mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) throws -> Int
  /// Brings the counters that are the tool's own up to date.
  func update(_ counters: inout Counters)
}

/// Writes records of one type in either form.
struct RecordForm {
  let type: TypeID
  /// Only where lines are written: it takes some milliseconds to make.
  private let renderer: Renderer?

  init(_ type: StaticString, _ format: OutputFormat) {
    self.type = Schema.shared.id(type)
    renderer = format == .ndjson ? Renderer(style: .raw, of: self.type) : nil
  }

  func write(_ record: RawSpan, _ output: inout Output) throws {
    guard let renderer else { return try output.finish(record, isLine: false) }
    do { try output.append(line: record, type, by: renderer) } catch let error as XDRError {
      preconditionFailure("a record of our own making cannot be read: \(error.description(.shared))")
    }
  }
}

/// Writes the events of transactions, in either form, and counts them.
struct EventWriter: TransactionWriter, ~Copyable {
  private let form: RecordForm
  private var extractor = EventExtractor()
  private var records = ByteBuffer(capacity: 256 << 10)
  private var events = 0

  init(format: OutputFormat) { form = RecordForm("ContractEventRecord", format) }

  mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw BadTransaction(description: transaction.words(for: error, bytes))
    }
    for range in extractor.records { try form.write(records.bytes(range), &output) }
    events += extractor.records.count
    return extractor.records.count
  }

  /// Writes an event that is a record already.
  mutating func write(_ record: RawSpan, _ output: inout Output) throws {
    try form.write(record, &output)
    events += 1
  }

  func update(_ counters: inout Counters) {
    if counters.more.isEmpty { counters.more = [("events", 0)] }
    counters.more[0].value = events
  }
}
