import Bytes

/// Finds the end of a JSON value over several lines. It reads the text one line at a time, and no byte twice.
///
/// It checks only what shows that a line does not belong to the value: brackets, strings, commas and colons. The parser of the
/// value checks the rest.
struct ValueScanner {
  enum Outcome { case unfinished, finished, wrong }

  /// More levels than any tool accepts.
  private static let maximumDepth = 4096

  private enum Expected { case value, valueOrEnd, name, nameOrEnd, colon, commaOrEnd }

  private var expected = Expected.value
  /// For each level, whether it is an object; the innermost last.
  private var levels: [Bool] = []

  /// Reads the next piece. No string, number or literal continues in another piece.
  mutating func read(_ piece: RawSpan) -> Outcome {
    var offset = 0
    while offset < piece.byteCount {
      let byte = piece[offset]
      offset &+= 1
      switch (byte, expected) {
      case (0x20, _), (0x09, _), (0x0A, _), (0x0D, _): continue
      case (UInt8(ascii: "{"), .value), (UInt8(ascii: "{"), .valueOrEnd), (UInt8(ascii: "["), .value),
        (UInt8(ascii: "["), .valueOrEnd):
        guard begin(isObject: byte == UInt8(ascii: "{")) else { return .wrong }
      case (UInt8(ascii: "}"), .nameOrEnd), (UInt8(ascii: "}"), .commaOrEnd), (UInt8(ascii: "]"), .valueOrEnd),
        (UInt8(ascii: "]"), .commaOrEnd):
        guard levels.popLast() == (byte == UInt8(ascii: "}")) else { return .wrong }
        if levels.isEmpty { return .finished }
        expected = .commaOrEnd
      case (UInt8(ascii: ","), .commaOrEnd): expected = levels.last == true ? .name : .value
      case (UInt8(ascii: ":"), .colon): expected = .value
      case (UInt8(ascii: "\""), .colon), (UInt8(ascii: "\""), .commaOrEnd): return .wrong
      case (UInt8(ascii: "\""), _):
        guard let end = Self.endOfString(piece, from: offset) else { return .wrong }
        offset = end
        expected = expected == .name || expected == .nameOrEnd ? .colon : .commaOrEnd
      case (_, .value), (_, .valueOrEnd):
        guard Self.isScalar(byte) else { return .wrong }
        while offset < piece.byteCount, Self.isScalar(piece[offset]) { offset &+= 1 }
        expected = .commaOrEnd
      default: return .wrong
      }
      if levels.isEmpty { return .wrong }
    }
    return .unfinished
  }

  private mutating func begin(isObject: Bool) -> Bool {
    guard levels.count < Self.maximumDepth else { return false }
    levels.append(isObject)
    expected = isObject ? .nameOrEnd : .valueOrEnd
    return true
  }

  /// The offset after the quote that ends a string; nil if there is none.
  private static func endOfString(_ piece: RawSpan, from start: Int) -> Int? {
    var offset = start
    while offset < piece.byteCount {
      switch piece[offset] {
      case UInt8(ascii: "\""): return offset &+ 1
      case UInt8(ascii: "\\"): offset &+= 2
      default: offset &+= 1
      }
    }
    return nil
  }

  /// Whether a byte can be part of a number or a literal.
  private static func isScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
