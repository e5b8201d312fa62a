import Bytes
import CommandLineTools
import StellarJSON
import Streams

/// A decoder for the thread that writes.
final class SecondDecoder: @unchecked Sendable {
  private var decoder: ValueDecoder
  let keepGoing: Bool

  init(_ decoder: consuming ValueDecoder, keepGoing: Bool) {
    self.decoder = decoder
    self.keepGoing = keepGoing
  }

  /// The record's lines, and how many they are; on an error what was written of them stays.
  fileprivate func decode(_ record: RawSpan, _ framing: Framing, into out: inout ByteBuffer) throws(BadValue) -> Int {
    try decoder.decode(record, framing, into: &out)
    out.append(UInt8(ascii: "\n"))
    var count = 1
    while decoder.hasMore {
      try decoder.decodeNext(of: record, into: &out)
      out.append(UInt8(ascii: "\n"))
      count += 1
    }
    return count
  }

  /// The paths of `--field` that led to no string here or in the other decoder's lines. Not while the other thread is at work.
  func unseenFields(with other: borrowing ValueDecoder) -> [(path: String, meant: String?)] {
    decoder.unseenFields(with: other)
  }

  fileprivate func fill(_ filling: Outline.Filling, _ bytes: RawSpan, into out: inout ByteBuffer) {
    decoder.fill(filling, bytes, into: &out)
  }
}

/// Records for `SecondDecoder`, or parts of them, one behind the other, and what becomes of them.
final class DecoderBatch: RecordBatch, @unchecked Sendable {
  private enum Work {
    case record(Framing, Place)
    /// A gap of an outline behind so many bytes of text.
    case part(text: Int, Outline.Filling, isLast: Bool)
  }

  private let decoder: SecondDecoder
  // Room that is not used costs nothing, and to grow costs each long stream a little.
  private var bytes = ByteBuffer(capacity: 1 << 20)
  private var entries: [(end: Int, work: Work)] = []
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
    entries.append((bytes.count, .record(framing, place)))
  }

  func add(_ gap: Outline.Gap, of record: RawSpan, _ framing: Framing, _ decoder: borrowing ValueDecoder, isLast: Bool) {
    decoder.outline.appendText(before: gap, to: &bytes)
    decoder.withBytes(for: gap, in: record, framing) { bytes.append($0) }
    entries.append((bytes.count, .part(text: gap.text.count, gap.filling, isLast: isLast)))
  }

  func makeRecord(into out: inout ByteBuffer) -> Bool {
    guard next < entries.count, !hasFailed else { return false }
    let entry = entries[next]
    let start = next == 0 ? 0 : entries[next - 1].end
    let written = out.count
    next += 1
    switch entry.work {
    case .record(let framing, let place):
      do throws(BadValue) {
        made += try decoder.decode(bytes.bytes(start..<entry.end), framing, into: &out)
      } catch {
        out.truncate(to: written)
        failures.append(Failure(error.diagnostic(at: place)))
        hasFailed = !decoder.keepGoing
      }
    case .part(let text, let filling, let isLast):
      out.append(bytes.bytes(start..<start + text))
      decoder.fill(filling, bytes.bytes(start + text..<entry.end), into: &out)
      if isLast { made += 1 }
    }
    return true
  }
}
