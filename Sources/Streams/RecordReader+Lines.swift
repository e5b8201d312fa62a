import Bytes

/// Which lines are read as one record.
package struct LineJoining: Sendable {
  /// A JSON value that stands over many lines.
  package var values = true
  /// Base64 that is wrapped at one of these widths, in characters.
  package var wrapped: ClosedRange<Int>

  /// Lines as they are.
  package static let off = LineJoining(values: false, wrapped: 0...0)

  /// 76 characters without padding stand for 57 bytes. XDR has a multiple of four: so such a line is no whole value, and goes on.
  package static let xdr = LineJoining(wrapped: 76...76)
}

// A record is a line; or several of them:
//
//   {                                 a JSON value whose first line begins with a bracket and does not end with the one that
//     "id": 1,                        belongs to it
//     …
//   }
//   AAAAAgAAAACS7EN/8zaZiaVKwET1…     base64 in lines of the same length, of which only the last one may be shorter
//   AAAAAGWSALcAAAAAAAAAAQAAAAC8…
//   AAAAAA==
//
// A value that is damaged, or cut off in the middle of a stream, ends before the next line that begins, in its first column, as a record
// does. So a line that was cut off costs no other record, and what is left of a damaged value is no record of its own.

extension RecordReader {
  private static var lineFeed: UInt8 { 0x0A }

  /// The next line that is not blank, or lines that belong together. The last one needs no line feed.
  mutating func nextLine(_ output: inout Output) throws(StreamError) -> Step? {
    if let parts { return try joinBase64(parts, &output) }
    while available < linesWanted, try fill(&output) {}
    linesWanted = 0
    while true {
      guard let length = try lineLength(from: 0, &output) else { return nil }
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
          throw StreamError(.xdrBehindLines, file: place.file, offset: offset, record: number)
        }
        if isWrappedBase64(visible) {
          return try joinBase64(Parts(end: visible.upperBound, next: end, offset: offset, width: visible.count), &output)
        }
        let whole = try wholeRecord(0..<length, visible, &output)
        take(0..<(whole?.length ?? length), upTo: whole?.end ?? end, offset: offset)
        return .record
      }
      start += end
      after = start
    }
  }

  /// Whether the current line had its line feed. Without it the FILE ended there, perhaps too early.
  package var isLineEnded: Bool { after > 0 && buffer.bytes[after - 1] == Self.lineFeed }

  /// The length of the line that begins `line` bytes behind `start`, without its line feed; nil at the end of the FILE.
  private mutating func lineLength(from line: Int, _ output: inout Output) throws(StreamError) -> Int? {
    // No byte is searched twice, however many reads a line takes, or how often the input pauses.
    searched = max(searched, line)
    while true {
      if let found = buffer.bytes.firstIndex(of: Self.lineFeed, from: start + searched) {
        searched = 0
        return found - start - line
      }
      searched = available
      guard searched <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      if try !fill(&output) {
        searched = 0
        return available == line ? nil : available - line
      }
    }
  }

  /// A line without the white space around it; nil for a blank one. Positions count from `start`, here and below.
  private func visible(_ line: Range<Int>) -> Range<Int>? {
    let bytes = buffer.bytes
    var (first, end) = (line.lowerBound, line.upperBound)
    while first < end, Self.isSpace(bytes[start + first]) { first += 1 }
    while end > first, Self.isSpace(bytes[start + end - 1]) { end -= 1 }
    return first < end ? first..<end : nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private func byte(_ offset: Int) -> UInt8 { buffer.bytes[start + offset] }

  /// What the FILE is instead, by its first line.
  private func foreign(in length: Int) -> StreamError.Kind? {
    Foreign(line: buffer.bytes(start..<start + length), alsoText: joining.values).map { .foreign($0) }
  }

  /// Bytes that no text begins with, behind lines of text: XDR, record-marked or not, or a zstd frame.
  private func isBinary(_ line: Range<Int>) -> Bool {
    guard position > 0 else { return false }
    switch byte(line.lowerBound) {
    case 0x00, 0x80..<0xC0: return true
    case 0x28: return line.count > 1 && byte(line.lowerBound + 1) == 0xB5
    default: return false
    }
  }

  /// Whether a line is the first of base64 that goes on in the next one.
  private func isWrappedBase64(_ line: Range<Int>) -> Bool {
    switch byte(line.lowerBound) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): false
    default: joining.wrapped.contains(line.count) && isBase64(line, isLast: false)
    }
  }

  /// Where the record that begins with `line` ends, if that is not the line's end, and where the next line begins.
  private mutating func wholeRecord(
    _ line: Range<Int>, _ visible: Range<Int>, _ output: inout Output
  ) throws(StreamError) -> (length: Int, end: Int)? {
    let last = byte(visible.upperBound - 1)
    switch byte(visible.lowerBound) {
    case UInt8(ascii: "{"): return joining.values && last != UInt8(ascii: "}") ? try wholeValue(line, &output) : nil
    case UInt8(ascii: "["): return joining.values && last != UInt8(ascii: "]") ? try wholeValue(line, &output) : nil
    default: return nil
    }
  }

  // MARK: JSON values

  private mutating func wholeValue(_ first: Range<Int>, _ output: inout Output) throws(StreamError) -> (length: Int, end: Int)? {
    var scanner = ValueScanner()
    var line = first
    // The first line behind `first` that could begin a record, and where the text before it ends.
    var boundary: (length: Int, end: Int)?
    var hasMore = false
    var isDamaged = position < damagedUntil
    while true {
      let end = min(line.upperBound + 1, available)
      if !isDamaged {
        switch scanner.read(buffer.bytes(start + line.lowerBound..<start + line.upperBound)) {
        case .finished: return (line.upperBound, end)
        case .unfinished: break
        case .wrong:
          guard hasMore else { return nil }
          isDamaged = true
          damagedUntil = position + Int64(beginsRecord(line) ? line.lowerBound : end)
        }
      }
      if isDamaged, let boundary { return boundary }
      let length: Int?
      do throws(StreamError) { length = try lineLength(from: end, &output) } catch {
        // All of it is looked at again.
        (searched, linesWanted) = (0, available + available / 4)
        throw error
      }
      guard let length else {
        guard hasMore else { return nil }
        if isDamaged { return (line.upperBound, end) }
        damagedUntil = position + Int64(end)
        if let boundary { return boundary }
        throw failure(.cutOffValue)
      }
      guard end + length <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      let next = end..<end + length
      if visible(next) != nil {
        hasMore = true
        if boundary == nil, beginsRecord(next) { boundary = (line.upperBound, end) }
      }
      line = next
    }
  }

  /// Whether a line could begin a record: it is neither indented, nor does it go on with what stands before it.
  private func beginsRecord(_ line: Range<Int>) -> Bool {
    guard !line.isEmpty else { return false }
    switch byte(line.lowerBound) {
    case 0x00...0x20, UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"): return false
    default: return true
    }
  }

  // MARK: base64

  /// Moves the lines of wrapped base64 together.
  private mutating func joinBase64(_ begun: Parts, _ output: inout Output) throws(StreamError) -> Step {
    var record = begun
    while true {
      parts = record
      guard let count = try lineLength(from: record.next, &output) else { break }
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
    return .record
  }

  /// Whether these are characters of base64; padding only at the end of the last line.
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
