import Bytes

extension RecordReader {
  private static var lineFeed: UInt8 { 0x0A }

  /// The next line that is not blank. The last one needs no line feed.
  mutating func nextLine(_ output: inout Output) throws(StreamError) -> Step? {
    while true {
      guard let length = try lineLength(&output) else { return nil }
      guard length <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      if let foreign { throw failure(foreign) }
      let end = min(length + 1, available)
      if !isBlank(length) {
        take(0..<length, upTo: end, offset: base + start)
        return .record
      }
      start += end
      after = start
    }
  }

  /// The length of the line that begins at `start`, without its line feed; nil at the end of the FILE.
  private mutating func lineLength(_ output: inout Output) throws(StreamError) -> Int? {
    // No byte is searched twice, however many reads a line takes.
    searched = 0
    while true {
      if let found = buffer.bytes.firstIndex(of: Self.lineFeed, from: start + searched) { return found - start }
      searched = available
      guard searched <= maximumRecord else { throw failure(.tooLong(nil, limit: maximumRecord)) }
      if try !fill(&output) { return available == 0 ? nil : available }
    }
  }

  private func isBlank(_ length: Int) -> Bool {
    let bytes = buffer.bytes
    for offset in start..<start + length {
      switch bytes[offset] {
      case UInt8(ascii: " "), 0x09, 0x0D: continue
      default: return false
      }
    }
    return true
  }
}
