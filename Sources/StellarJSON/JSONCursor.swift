import Bytes

/// A position in one JSON text (strict RFC 8259), read in one pass. It neither allocates nor copies.
package struct JSONCursor: ~Escapable {
  /// 500 levels of XDR render to at most four levels each, plus the levels around the value.
  package static let maximumDepth = 2048

  package let text: RawSpan
  package var position: Int
  package var depth = 0

  /// The position of a string in the text.
  package struct StringToken {
    /// The range between the quotes.
    package var content: Range<Int>
    /// Whether the content contains escapes.
    package var isEscaped: Bool

    package init(content: Range<Int>, isEscaped: Bool) {
      self.content = content
      self.isEscaped = isEscaped
    }
  }

  @_lifetime(copy text)
  package init(_ text: RawSpan, at position: Int = 0) {
    self.text = text
    self.position = position
  }

  package var isAtEnd: Bool { position == text.byteCount }

  /// The next byte that is not white space; the cursor stays before it.
  @inline(__always)
  package mutating func peek() throws(JSONError) -> UInt8 {
    while position < text.byteCount {
      let byte = text[position]
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
        throw JSONError(.unexpected(byte), at: position)
      }
      position &+= 1
    }
    throw JSONError(.ends, at: position)
  }

  /// Reads `byte`, which must be the next byte that is not white space.
  @inline(__always)
  package mutating func expect(_ byte: UInt8) throws(JSONError) {
    let found = try peek()
    if found != byte { throw JSONError(.unexpected(found), at: position) }
    position &+= 1
  }

  /// Reads `byte` if it is the next byte that is not white space.
  @inline(__always)
  package mutating func accept(_ byte: UInt8) throws(JSONError) -> Bool {
    if try peek() != byte { return false }
    position &+= 1
    return true
  }

  /// Only white space may follow.
  package mutating func expectEnd() throws(JSONError) {
    while position < text.byteCount {
      let byte = text[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { throw JSONError(.leftOver, at: position) }
      position &+= 1
    }
  }

  package mutating func enter() throws(JSONError) {
    depth &+= 1
    if depth > Self.maximumDepth { throw JSONError(.tooDeep, at: position) }
  }

  // MARK: values

  /// Reads and checks a string, which must be next.
  package mutating func string() throws(JSONError) -> StringToken {
    try expect(UInt8(ascii: "\""))
    let start = position
    var isEscaped = false
    while true {
      position = text.plainPrefix(from: position)
      guard position < text.byteCount else { throw JSONError(.ends, at: position) }
      switch text[position] {
      case UInt8(ascii: "\""):
        position &+= 1
        return StringToken(content: start..<position &- 1, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try skipEscape()
      case 0x00..<0x20: throw JSONError(.controlCharacter, at: position)
      default:
        guard let length = text.utf8Length(at: position) else { throw JSONError(.notUTF8, at: position) }
        position &+= length
      }
    }
  }

  private mutating func skipEscape() throws(JSONError) {
    guard position &+ 1 < text.byteCount else { throw JSONError(.ends, at: text.byteCount) }
    switch text[position &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      position &+= 2
    case UInt8(ascii: "u"):
      for offset in position &+ 2..<position &+ 6 {
        guard offset < text.byteCount else { throw JSONError(.ends, at: text.byteCount) }
        guard hexValue(text[offset]) != nil else { throw JSONError(.badEscape, at: position) }
      }
      position &+= 6
    default: throw JSONError(.badEscape, at: position)
    }
  }

  /// Reads a number, which must be next, and returns its range.
  package mutating func number() throws(JSONError) -> Range<Int> {
    _ = try peek()
    let start = position
    if text[position] == UInt8(ascii: "-") { position &+= 1 }
    let first = position
    try digits(start)
    if text[first] == UInt8(ascii: "0"), position > first &+ 1 { throw JSONError(.badNumber, at: start) }
    if position < text.byteCount, text[position] == UInt8(ascii: ".") {
      position &+= 1
      try digits(start)
    }
    if position < text.byteCount, text[position] | 0x20 == UInt8(ascii: "e") {
      position &+= 1
      if position < text.byteCount, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") { position &+= 1 }
      try digits(start)
    }
    return start..<position
  }

  private mutating func digits(_ start: Int) throws(JSONError) {
    let first = position
    while position < text.byteCount, text[position] &- 48 < 10 { position &+= 1 }
    if position == first { throw JSONError(position < text.byteCount ? .badNumber : .ends, at: start) }
  }

  package mutating func literal(_ word: StaticString) throws(JSONError) {
    let end = position &+ word.utf8CodeUnitCount
    guard end <= text.byteCount else { throw JSONError(.ends, at: text.byteCount) }
    guard text.extracting(position..<end).equals(word) else { throw JSONError(.unexpected(text[position]), at: position) }
    position = end
  }

  /// Skips one value of any kind, and checks it.
  package mutating func skipValue() throws(JSONError) {
    var nesting = JSONNesting()
    while true {
      switch try peek() {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if try open(&nesting) { continue }
      case UInt8(ascii: "t"): try literal("true")
      case UInt8(ascii: "f"): try literal("false")
      case UInt8(ascii: "n"): try literal("null")
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try number()
      case let byte: throw JSONError(.unexpected(byte), at: position)
      }
      if try !advance(&nesting) { return }
    }
  }

  /// Opens the next object or array. Returns true if the first value inside is next; false if the container is empty, which
  /// closes it.
  @inline(__always)
  mutating func open(_ nesting: inout JSONNesting) throws(JSONError) -> Bool {
    let isObject = text[position] == UInt8(ascii: "{")
    try enter()
    position &+= 1
    if try accept(UInt8(ascii: isObject ? "}" : "]")) {
      depth &-= 1
      return false
    }
    nesting.push(isObject)
    if isObject { _ = try memberName() }
    return true
  }

  /// Continues after a value. Returns true if another value follows; false after all open containers are closed.
  @inline(__always)
  mutating func advance(_ nesting: inout JSONNesting) throws(JSONError) -> Bool {
    while nesting.count > 0 {
      let isObject = nesting.isObject
      if try next(before: UInt8(ascii: isObject ? "}" : "]")) {
        if isObject { _ = try memberName() }
        return true
      }
      nesting.pop()
    }
    return false
  }

  /// Reads the separator after a member or an element: true for a comma, false for the closing bracket, which ends a level.
  @inline(__always)
  package mutating func next(before close: UInt8) throws(JSONError) -> Bool {
    let byte = try peek()
    if byte == UInt8(ascii: ",") {
      position &+= 1
      return true
    }
    guard byte == close else { throw JSONError(.unexpected(byte), at: position) }
    position &+= 1
    depth &-= 1
    return false
  }

  /// Begins an object, which is a level. Returns false if it is empty; the cursor is then after it.
  package mutating func beginObject() throws(JSONError) -> Bool { try begin(UInt8(ascii: "{"), UInt8(ascii: "}")) }

  /// Begins an array, which is a level. Returns false if it is empty; the cursor is then after it.
  package mutating func beginArray() throws(JSONError) -> Bool { try begin(UInt8(ascii: "["), UInt8(ascii: "]")) }

  @inline(__always)
  private mutating func begin(_ open: UInt8, _ close: UInt8) throws(JSONError) -> Bool {
    try enter()
    try expect(open)
    guard try accept(close) else { return true }
    depth &-= 1
    return false
  }

  /// Reads an array, and returns the ranges of its elements.
  package mutating func elements() throws(JSONError) -> [Range<Int>] {
    var found: [Range<Int>] = []
    if try beginArray() {
      repeat {
        _ = try peek()
        let start = position
        try skipValue()
        found.append(start..<position)
      } while try next(before: UInt8(ascii: "]"))
    }
    return found
  }

  /// Reads the name of a member and its colon.
  package mutating func memberName() throws(JSONError) -> StringToken {
    let name = try string()
    try expect(UInt8(ascii: ":"))
    return name
  }

  @_lifetime(copy self)
  package func slice(_ range: Range<Int>) -> RawSpan {
    text.extracting(range)
  }

  /// Whether a string token, with its escapes decoded, equals `name`.
  package func equals(_ token: StringToken, _ name: RawSpan) -> Bool {
    if !token.isEscaped { return text.extracting(token.content).equals(name) }
    var plain = ByteBuffer(capacity: 64)
    guard (try? plain.append(unescaped: token, of: text)) != nil else { return false }
    return plain.bytes.equals(name)
  }

  package func equals(_ token: StringToken, _ name: StaticString) -> Bool {
    if !token.isEscaped { return text.extracting(token.content).equals(name) }
    var plain = ByteBuffer(capacity: 64)
    guard (try? plain.append(unescaped: token, of: text)) != nil else { return false }
    return plain.bytes.equals(name)
  }
}

/// Whether each open container is an object, as one bit per level, so that deep nesting uses no call stack.
struct JSONNesting {
  private(set) var count = 0
  /// The innermost levels; hardly any text has more. The outer levels are in `outer`.
  private var bits: UInt64 = 0
  private var outer: [UInt64] = []

  var isObject: Bool { @inline(__always) get { bits & 1 == 1 } }

  @inline(__always)
  mutating func push(_ isObject: Bool) {
    if count > 0, count % 64 == 0 { outer.append(bits) }
    bits = bits << 1 | (isObject ? 1 : 0)
    count &+= 1
  }

  @inline(__always)
  mutating func pop() {
    bits >>= 1
    count &-= 1
    if count > 0, count % 64 == 0, let before = outer.popLast() { bits = before }
  }
}

/// The value of a hex digit of either case.
@inline(__always)
package func hexValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- 48
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- 87
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- 55
  default: nil
  }
}

extension ByteBuffer {
  /// The decoded content of a JSON string, in UTF-8.
  package mutating func append(unescaped token: JSONCursor.StringToken, of text: RawSpan) throws(JSONError) {
    var offset = token.content.lowerBound
    let end = token.content.upperBound
    while offset < end {
      let byte = text[offset]
      guard byte == UInt8(ascii: "\\") else {
        append(byte)
        offset &+= 1
        continue
      }
      let escape = text[offset &+ 1]
      offset &+= 2
      switch escape {
      case UInt8(ascii: "b"): append(0x08)
      case UInt8(ascii: "f"): append(0x0C)
      case UInt8(ascii: "n"): append(0x0A)
      case UInt8(ascii: "r"): append(0x0D)
      case UInt8(ascii: "t"): append(0x09)
      case UInt8(ascii: "u"):
        let start = offset &- 2
        var scalar = hexWord(text, offset)
        offset &+= 4
        if scalar >> 10 == 0x36, offset &+ 6 <= end, text[offset] == UInt8(ascii: "\\"), text[offset &+ 1] == UInt8(ascii: "u"),
          case let low = hexWord(text, offset &+ 2), low >> 10 == 0x37
        {
          scalar = 0x1_0000 &+ (scalar & 0x3FF) << 10 | low & 0x3FF
          offset &+= 6
        }
        guard let character = UnicodeScalar(scalar) else { throw JSONError(.loneSurrogate, at: start) }
        append(utf8: String(character))
      default: append(escape)
      }
    }
  }

  /// Appends the bytes of a JSON string of base64. Returns the offset of the first invalid character in the decoded content; nothing is then
  /// appended.
  package mutating func append(decodingBase64 token: JSONCursor.StringToken, of text: RawSpan) throws(JSONError) -> Int? {
    guard token.isEscaped else { return append(decodingBase64: text.extracting(token.content)) }
    var plain = ByteBuffer(capacity: token.content.count)
    try plain.append(unescaped: token, of: text)
    return append(decodingBase64: plain.bytes)
  }

  private func hexWord(_ text: RawSpan, _ offset: Int) -> UInt32 {
    (offset..<offset + 4).reduce(0) { $0 << 4 | UInt32(hexValue(text[$1]) ?? 0) }
  }
}
