import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// What is made of transactions: invocations, or events.
protocol TransactionWriter: ~Copyable {
  /// Makes the records of a transaction, in place of those of the one before, and says how many they are.
  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws -> Int
  /// Writes them.
  func write(_ session: inout Session) throws
  /// Brings the counters that are the tool's own up to date.
  func update(_ counters: inout Counters)
}

/// Writes records of one type in either form; lines of a long stream in two threads.
final class RecordForm {
  private let lines: LineMaker?
  private let batches: [LineBatch]

  init(_ type: StaticString, _ format: OutputFormat) {
    lines = format == .ndjson ? LineMaker(type) : nil
    guard let lines else {
      batches = []
      return
    }
    let other = lines.copy()
    batches = [LineBatch(other), LineBatch(other)]
  }

  /// Writes the records of a transaction, which stand one behind the other in `records`.
  func write(_ ranges: [Range<Int>], of records: borrowing ByteBuffer, _ session: inout Session) throws {
    guard let first = ranges.first, let last = ranges.last else { return }
    let size = last.upperBound - first.lowerBound
    let isGiven =
      try lines != nil
      && session.give(size, to: batches) { batch, _ in
        batch.add(ranges, of: records.bytes(first.lowerBound..<last.upperBound))
      }
    if isGiven { return }
    for range in ranges { try write(records.bytes(range), &session.output) }
    try session.finishRecords(ranges.count)
  }

  private func write(_ record: RawSpan, _ output: inout Output) throws {
    guard let lines else { return try output.finish(record, isLine: false) }
    try lines.append(record, to: &output)
  }
}

/// Makes lines of records. One reference, because the parts of a renderer are many.
private final class LineMaker {
  private let type: TypeID
  private let renderer: Renderer

  /// It takes some milliseconds.
  convenience init(_ type: StaticString) {
    let type = Schema.shared.id(type)
    self.init(type, Renderer(style: .raw, of: type))
  }

  private init(_ type: TypeID, _ renderer: Renderer) {
    self.type = type
    self.renderer = renderer
  }

  /// Another one, for another thread.
  func copy() -> LineMaker { LineMaker(type, renderer.copy()) }

  /// Writes a record, a large one in parts.
  func append(_ record: RawSpan, to output: inout Output) throws {
    do { try output.append(line: record, type, by: renderer) } catch let error as XDRError { Self.stop(error) }
  }

  /// Makes the lines of records that stand one behind the other.
  func append(_ records: borrowing ByteBuffer, from start: Int, _ ends: ArraySlice<Int>, to out: inout ByteBuffer) {
    var start = start
    for end in ends {
      do { try renderer.render(type, records.bytes(start..<end), into: &out) } catch { Self.stop(error) }
      out.append(UInt8(ascii: "\n"))
      start = end
    }
  }

  private static func stop(_ error: XDRError) -> Never {
    preconditionFailure("a record of our own making cannot be read: \(error.description(.shared))")
  }
}

/// Records that become lines in the thread that writes.
private final class LineBatch: RecordBatch, @unchecked Sendable {
  private let lines: LineMaker
  private var bytes = ByteBuffer(capacity: 1 << 20)
  private var ends: [Int] = []
  private(set) var made = 0

  let failures: [Failure] = []
  let hasFailed = false

  init(_ lines: LineMaker) { self.lines = lines }

  func clear() {
    bytes.truncate(to: 0)
    bytes.shrink(above: 2 << 20)
    ends.removeAll(keepingCapacity: true)
    made = 0
  }

  /// Adds records that stand one behind the other in `bytes`.
  func add(_ ranges: [Range<Int>], of records: RawSpan) {
    let start = bytes.count - (ranges.first?.lowerBound ?? 0)
    bytes.append(records)
    ends.append(contentsOf: ranges.lazy.map { start + $0.upperBound })
  }

  /// Several records at once: each access to a class's variables costs a check.
  func makeRecord(into out: inout ByteBuffer) -> Bool {
    let last = min(made + 64, ends.count)
    if made == last { return false }
    lines.append(bytes, from: made == 0 ? 0 : ends[made - 1], ends[made..<last], to: &out)
    made = last
    return true
  }
}

/// Writes the events of transactions, in either form, and counts them.
struct EventWriter: TransactionWriter, ~Copyable {
  private let form: RecordForm
  private var extractor = EventExtractor()
  private var records = ByteBuffer(capacity: 256 << 10)
  /// Of those of the last transaction.
  private var ranges: [Range<Int>] = []
  private var events = 0

  init(format: OutputFormat) { form = RecordForm("ContractEventRecord", format) }

  mutating func extract(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws -> Int {
    records.truncate(to: 0)
    records.shrink(above: 8 << 20)
    do throws(XDRError) { try extractor.extract(transaction, bytes, into: &records) } catch {
      throw BadTransaction(description: transaction.words(for: error, bytes))
    }
    // Not the extractor's own list, which it would then have to copy before its next change.
    ranges.removeAll(keepingCapacity: true)
    ranges.append(contentsOf: extractor.records)
    events += ranges.count
    return ranges.count
  }

  /// Takes an event that is a record already.
  mutating func take(_ record: RawSpan) {
    records.truncate(to: 0)
    records.append(record)
    ranges.removeAll(keepingCapacity: true)
    ranges.append(0..<record.byteCount)
    events += 1
  }

  func write(_ session: inout Session) throws { try form.write(ranges, of: records, &session) }

  func update(_ counters: inout Counters) {
    if counters.more.isEmpty { counters.more = [("events", 0)] }
    counters.more[0].value = events
  }
}
