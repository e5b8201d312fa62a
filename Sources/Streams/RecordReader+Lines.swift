import Bytes

/// Which lines are joined to one record.
package struct LineJoining: Sendable {
  /// Whether JSON values over several lines are joined.
  package var values = true
  /// Base64 that is wrapped at one of these widths is joined; in characters.
  package var wrapped: ClosedRange<Int>

  /// Each line is a record.
  package static let off = LineJoining(values: false, wrapped: 0...0)

  /// 76 characters without padding encode 57 bytes. The length of XDR is a multiple of four, so the value must continue in the
  /// next line.
  package static let xdr = LineJoining(wrapped: 76...76)
}

/// The lines of an incomplete JSON value. They keep the state between reads, so that no line is scanned twice. Positions count
/// from `start`.
struct ValueLines {
  /// The end of the first line.
  private let first: Int
  /// The current line.
  var line: Range<Int>
  var scanner = ValueScanner()
  /// Whether the scanner has read the current line.
  var isScanned = false
  /// The first line after the beginning that could begin a record, and the end of the text before it.
  var boundary: (length: Int, end: Int)?
  /// Whether there is another line that is not blank.
  var hasMore = false
  var isDamaged: Bool

  init(line: Range<Int>, isDamaged: Bool) {
    first = line.upperBound
    self.line = line
    self.isDamaged = isDamaged
  }

  /// The first line alone.
  func firstLine(_ available: Int) -> (length: Int, end: Int) { (first, min(first + 1, available)) }
}

// A record is one line or several:
//
//   {                                 a JSON value whose first line begins with a bracket and does not end with the matching one
//     "id": 1,
//     …
//   }
//   AAAAAgAAAACS7EN/8zaZiaVKwET1…     base64 in lines of equal length; only the last one may be shorter
//   AAAAAGWSALcAAAAAAAAAAQAAAAC8…
//   AAAAAA==
//
// A value that is damaged, or cut off in the middle of a stream, ends before the next line whose first column looks like the
// beginning of a record. So a truncated line costs no other record, and the rest of a damaged value does not become a record.

extension RecordReader {
  private static var lineFeed: UInt8 { 0x0A }

  /// The next line that is not blank, or lines that are joined. The last line needs no line feed.
  mutating func nextLine() throws(StreamError) -> Bool {
    if let parts { return try joinBase64(parts) }
    if let value { return try finish(value) }
    while true {
      guard let length = try lineLength(from: 0) else { return false }
      guard length <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      let foreign = position == 0 ? foreign(in: length) : nil
      let end = min(length + 1, available)
      if let visible = visible(0..<length) {
        let offset = position
        if let foreign {
          take(0..<length, upTo: end, offset: offset)
          throw StreamError(foreign, file: place.file, offset: offset, record: number)
        }
        if joining.values, isBinary(visible) {
          take(0..<length, upTo: end, offset: offset)
          throw StreamError(.xdrAfterLines, file: place.file, offset: offset, record: number)
        }
        if isWrappedBase64(visible) {
          return try joinBase64(Parts(end: visible.upperBound, next: end, offset: offset, width: visible.count))
        }
        if beginsValue(visible) { return try finish(ValueLines(line: 0..<length, isDamaged: offset < damagedUntil)) }
        take(0..<length, upTo: end, offset: offset)
        return true
      }
      start += end
      after = start
    }
  }

  /// Whether the current line ends with a line feed. Without it the FILE ended there, and the line may be incomplete.
  package var isLineEnded: Bool {
    batch.next > 0 ? batch.records[batch.next - 1].isLineEnded : after > 0 && buffer.bytes[after - 1] == Self.lineFeed
  }

  /// The length without line feed of the line that begins at `start + line`; nil at the end of the FILE.
  private mutating func lineLength(from line: Int) throws(StreamError) -> Int? {
    // No byte is searched twice, however many reads a line takes.
    searched = max(searched, line)
    while true {
      if let found = buffer.bytes.firstIndex(of: Self.lineFeed, from: start + searched) {
        searched = 0
        return found - start - line
      }
      searched = available
      guard searched <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      if try !fill() {
        searched = 0
        if available > 0 { endedInsideRecord = true }
        return available == line ? nil : available - line
      }
    }
  }

  /// A line without surrounding white space; nil for a blank one. Positions count from `start`, here and below.
  private func visible(_ line: Range<Int>) -> Range<Int>? {
    let bytes = buffer.bytes
    var (first, end) = (line.lowerBound, line.upperBound)
    while first < end, Self.isSpace(bytes[start + first]) { first += 1 }
    while end > first, Self.isSpace(bytes[start + end - 1]) { end -= 1 }
    return first < end ? first..<end : nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private func byte(_ offset: Int) -> UInt8 { buffer.bytes[start + offset] }

  /// The foreign format that the first line shows, if any.
  private func foreign(in length: Int) -> StreamError.Kind? {
    ForeignFormat(line: buffer.bytes(start..<start + length), alsoText: joining.values).map { .foreign($0) }
  }

  /// Whether a line after the first begins with bytes that text cannot begin with: XDR, record-marked or not, or a zstd frame.
  private func isBinary(_ line: Range<Int>) -> Bool {
    guard position > 0 else { return false }
    switch byte(line.lowerBound) {
    case 0x00, 0x80..<0xC0: return true
    case 0x28: return line.count > 1 && byte(line.lowerBound + 1) == 0xB5
    default: return false
    }
  }

  /// Whether a line is the first of wrapped base64.
  private func isWrappedBase64(_ line: Range<Int>) -> Bool {
    switch byte(line.lowerBound) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): false
    default: joining.wrapped.contains(line.count) && isBase64(line, isLast: false)
    }
  }

  /// Whether a line is the first of a JSON value over several lines.
  private func beginsValue(_ visible: Range<Int>) -> Bool {
    guard joining.values else { return false }
    switch byte(visible.lowerBound) {
    case UInt8(ascii: "{"): return byte(visible.upperBound - 1) != UInt8(ascii: "}")
    case UInt8(ascii: "["): return byte(visible.upperBound - 1) != UInt8(ascii: "]")
    default: return false
    }
  }

  // MARK: JSON values

  /// Makes a value over several lines the current record, or only its first line if that does not begin such a value.
  private mutating func finish(_ begun: ValueLines) throws(StreamError) -> Bool {
    var lines = begun
    let whole: (length: Int, end: Int)
    do throws(StreamError) { whole = try findEnd(&lines) } catch {
      // Keep the state: the input has no more bytes for now.
      value = lines
      throw error
    }
    value = nil
    take(0..<whole.length, upTo: whole.end, offset: position)
    return true
  }

  private mutating func findEnd(_ lines: inout ValueLines) throws(StreamError) -> (length: Int, end: Int) {
    while true {
      let line = lines.line
      let end = min(line.upperBound + 1, available)
      if !lines.isScanned {
        if !lines.isDamaged {
          switch lines.scanner.read(buffer.bytes(start + line.lowerBound..<start + line.upperBound)) {
          case .finished: return (line.upperBound, end)
          case .unfinished: break
          case .wrong:
            guard lines.hasMore else { return lines.firstLine(available) }
            lines.isDamaged = true
            damagedUntil = position + Int64(beginsRecord(line) ? line.lowerBound : end)
          }
        }
        lines.isScanned = true
      }
      if lines.isDamaged, let boundary = lines.boundary { return boundary }
      guard let length = try lineLength(from: end) else {
        guard lines.hasMore else { return lines.firstLine(available) }
        if lines.isDamaged { return (line.upperBound, end) }
        damagedUntil = position + Int64(end)
        if let boundary = lines.boundary { return boundary }
        throw failure(.cutOffValue)
      }
      guard end + length <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      let next = end..<end + length
      if visible(next) != nil {
        lines.hasMore = true
        if lines.boundary == nil, beginsRecord(next) { lines.boundary = (line.upperBound, end) }
      }
      lines.line = next
      lines.isScanned = false
    }
  }

  /// Whether a line could begin a record: it is not indented and does not continue the text before it.
  private func beginsRecord(_ line: Range<Int>) -> Bool {
    guard !line.isEmpty else { return false }
    switch byte(line.lowerBound) {
    case 0x00...0x20, UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"): return false
    default: return true
    }
  }

  // MARK: base64

  /// Joins the lines of wrapped base64 in the buffer.
  private mutating func joinBase64(_ begun: Parts) throws(StreamError) -> Bool {
    var record = begun
    while true {
      parts = record
      guard let count = try lineLength(from: record.next) else { break }
      guard record.end + count <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      let line = record.next..<record.next + count
      guard let visible = self.visible(line), visible.count <= record.width, isBase64(visible, isLast: true) else { break }
      let isLast = visible.count < record.width || byte(visible.upperBound - 1) == UInt8(ascii: "=")
      buffer.move(start + visible.lowerBound..<start + visible.upperBound, to: start + record.end)
      record.end += visible.count
      record.next = min(line.upperBound + 1, available)
      if isLast { break }
    }
    parts = nil
    take(0..<record.end, upTo: record.next, offset: record.offset)
    return true
  }

  /// Whether all characters are base64; padding only at the end of the last line.
  private func isBase64(_ line: Range<Int>, isLast: Bool) -> Bool {
    let bytes = buffer.bytes
    var end = line.upperBound
    if isLast {
      while end > line.lowerBound, line.upperBound - end < 2, bytes[start + end - 1] == UInt8(ascii: "=") { end -= 1 }
    }
    for offset in line.lowerBound..<end where !Framing.isBase64(bytes[start + offset]) { return false }
    return end > line.lowerBound
  }
}
