import Bytes
import CommandLineTools
import Streams

/// Decodes records in another thread, while more are added.
final class DecoderBatch: RecordBatch, @unchecked Sendable {
  /// Records, one behind the other.
  private struct Records: ~Copyable {
    struct Entry {
      let end: Int
      let framing: Framing
      let place: Place
    }
    // Room that is not used costs nothing, and to grow costs each long stream a little.
    var bytes = ByteBuffer(capacity: 1 << 20)
    var entries: [Entry] = []
    var next = 0

    mutating func clear() {
      bytes.truncate(to: 0)
      bytes.shrink(above: 2 << 20)
      entries.removeAll(keepingCapacity: true)
      next = 0
    }
  }

  private var added = Records()
  private var decoder: ValueDecoder
  private let keepGoing: Bool
  private var records = Records()
  private var made = 0
  private var failures: [Failure] = []
  private(set) var hasFailed = false

  init(_ decoder: consuming ValueDecoder, keepGoing: Bool) {
    self.decoder = decoder
    self.keepGoing = keepGoing
  }

  func add(_ record: RawSpan, _ framing: Framing, at place: Place) {
    added.bytes.append(record)
    added.entries.append(Records.Entry(end: added.bytes.count, framing: framing, place: place))
  }

  func begin() {
    swap(&added, &records)
    added.clear()
  }

  func makeRecord(into out: inout ByteBuffer) -> Bool {
    guard records.next < records.entries.count, !hasFailed else { return false }
    let entry = records.entries[records.next]
    let start = records.next == 0 ? 0 : records.entries[records.next - 1].end
    let written = out.count
    records.next += 1
    do throws(BadValue) {
      try decode(records.bytes, start..<entry.end, entry.framing, into: &out)
      made += 1
    } catch {
      out.truncate(to: written)
      failures.append(Failure(error.diagnostic(at: entry.place)))
      hasFailed = !keepGoing
    }
    return true
  }

  private func decode(
    _ bytes: borrowing ByteBuffer, _ range: Range<Int>, _ framing: Framing, into out: inout ByteBuffer
  ) throws(BadValue) {
    try decoder.decode(bytes.bytes(range), framing, into: &out)
    out.append(UInt8(ascii: "\n"))
  }

  func takeResult() -> (made: Int, failures: [Failure]) {
    defer { (made, failures) = (0, []) }
    return (made, failures)
  }
}
