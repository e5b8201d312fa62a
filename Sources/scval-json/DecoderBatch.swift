import Bytes
import CommandLineTools
import Streams

/// A decoder for the thread that writes.
final class SecondDecoder: @unchecked Sendable {
  private var decoder: ValueDecoder
  let keepGoing: Bool

  init(_ decoder: consuming ValueDecoder, keepGoing: Bool) {
    self.decoder = decoder
    self.keepGoing = keepGoing
  }

  /// The record's line; on an error what was written of it stays.
  fileprivate func decode(_ record: RawSpan, _ framing: Framing, into out: inout ByteBuffer) throws(BadValue) {
    try decoder.decode(record, framing, into: &out)
    out.append(UInt8(ascii: "\n"))
  }
}

/// Records for `SecondDecoder`, one behind the other, and what becomes of them.
final class DecoderBatch: RecordBatch, @unchecked Sendable {
  private struct Entry {
    let end: Int
    let framing: Framing
    let place: Place
  }

  private let decoder: SecondDecoder
  // Room that is not used costs nothing, and to grow costs each long stream a little.
  private var bytes = ByteBuffer(capacity: 1 << 20)
  private var entries: [Entry] = []
  private var next = 0
  private(set) var made = 0
  private(set) var failures: [Failure] = []
  private(set) var hasFailed = false

  init(_ decoder: SecondDecoder) { self.decoder = decoder }

  func clear() {
    bytes.truncate(to: 0)
    bytes.shrink(above: 2 << 20)
    entries.removeAll(keepingCapacity: true)
    (next, made) = (0, 0)
    failures.removeAll()
  }

  func add(_ record: RawSpan, _ framing: Framing, at place: Place) {
    bytes.append(record)
    entries.append(Entry(end: bytes.count, framing: framing, place: place))
  }

  func makeRecord(into out: inout ByteBuffer) -> Bool {
    guard next < entries.count, !hasFailed else { return false }
    let entry = entries[next]
    let start = next == 0 ? 0 : entries[next - 1].end
    let written = out.count
    next += 1
    do throws(BadValue) {
      try decoder.decode(bytes.bytes(start..<entry.end), entry.framing, into: &out)
      made += 1
    } catch {
      out.truncate(to: written)
      failures.append(Failure(error.diagnostic(at: entry.place)))
      hasFailed = !decoder.keepGoing
    }
    return true
  }
}
