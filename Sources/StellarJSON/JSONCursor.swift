import Bytes

/// What is wrong with some JSON, and where.
package struct JSONError: Error, Equatable {
  package enum Fact: Sendable, Equatable {
    /// The text ends inside a value.
    case ends
    case unexpected(UInt8)
    case badNumber
    case badEscape
    case controlCharacter
    case notUTF8
    /// Half of a surrogate pair where text is needed.
    case loneSurrogate
    case tooDeep
    /// Something stands behind the value.
    case leftOver
  }
  package var fact: Fact
  package var offset: Int

  package init(_ fact: Fact, at offset: Int) {
    self.fact = fact
    self.offset = offset
  }
}

extension JSONError: CustomStringConvertible {
  /// What is said of a whole file that is one array.
  package static let arrayForLines = "a JSON array instead of lines; pipe it through jq -c '.[]'"

  package var description: String {
    switch fact {
    case .ends: "JSON ends inside a value"
    case .unexpected(let byte) where byte > 0x20 && byte < 0x7F: "unexpected '\(Character(UnicodeScalar(byte)))' in JSON"
    case .unexpected(let byte): "unexpected byte 0x\(String(byte, radix: 16)) in JSON"
    case .badNumber: "malformed JSON number"
    case .badEscape: "unknown escape in a JSON string"
    case .controlCharacter: "control character in a JSON string"
    case .notUTF8: "JSON string is not UTF-8"
    case .loneSurrogate: "half of a surrogate pair in a JSON string"
    case .tooDeep: "JSON nested more than \(JSONCursor.maximumDepth) levels deep"
    case .leftOver: "something follows the JSON value"
    }
  }
}

/// A position in one JSON text (RFC 8259, strictly), read in one pass. It allocates nothing and copies nothing.
package struct JSONCursor: ~Escapable {
  /// The deepest that 500 levels of XDR are rendered to is four levels for each of them, and what stands around the value.
  package static let maximumDepth = 2048

  package let text: RawSpan
  package var position: Int
  package var depth = 0

  /// A string as it stands in the text.
  package struct StringToken {
    /// Between the quotes.
    package var content: Range<Int>
    /// There are escapes inside.
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

  /// The next byte that is no white space, without passing over it.
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

  /// Passes over `byte`, which must be the next that is no white space.
  @inline(__always)
  package mutating func expect(_ byte: UInt8) throws(JSONError) {
    let found = try peek()
    if found != byte { throw JSONError(.unexpected(found), at: position) }
    position &+= 1
  }

  /// Passes over `byte` if it is the next that is no white space.
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

  /// Passes over a string, which must be next, and checks it.
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

  /// Passes over a number, which must be next, and says where it stands.
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

  /// Passes over one value of any kind and checks it.
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
      if try !goOn(&nesting) { return }
    }
  }

  /// Opens the object or array that is next: true before its first value, false behind it if it is empty.
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

  /// Behind a value: true before the next one, false behind all that was open.
  @inline(__always)
  mutating func goOn(_ nesting: inout JSONNesting) throws(JSONError) -> Bool {
    while nesting.count > 0 {
      let isObject = nesting.isObject
      if try next(before: UInt8(ascii: isObject ? "}" : "]")) {
        if isObject { _ = try memberName() }
        return true
      }
      depth &-= 1
      nesting.pop()
    }
    return false
  }

  /// After a member or an element: true behind a comma, false behind the closing bracket.
  @inline(__always)
  package mutating func next(before close: UInt8) throws(JSONError) -> Bool {
    let byte = try peek()
    if byte == UInt8(ascii: ",") {
      position &+= 1
      return true
    }
    guard byte == close else { throw JSONError(.unexpected(byte), at: position) }
    position &+= 1
    return false
  }

  /// Begins an object; false if it is empty, and passed over already.
  package mutating func beginObject() throws(JSONError) -> Bool {
    try expect(UInt8(ascii: "{"))
    return try !accept(UInt8(ascii: "}"))
  }

  /// Begins an array; false if it is empty, and passed over already.
  package mutating func beginArray() throws(JSONError) -> Bool {
    try expect(UInt8(ascii: "["))
    return try !accept(UInt8(ascii: "]"))
  }

  /// The name of a member, its colon passed over too.
  package mutating func memberName() throws(JSONError) -> StringToken {
    let name = try string()
    try expect(UInt8(ascii: ":"))
    return name
  }

  /// Bytes of the text.
  @_lifetime(copy self)
  package func slice(_ range: Range<Int>) -> RawSpan {
    text.extracting(range)
  }

  /// Whether a string token says `name`, escapes or not.
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

/// Which of the values that are open are objects: a bit for each, so that deep nesting takes no room on the machine's stack.
struct JSONNesting {
  private(set) var count = 0
  /// The innermost ones, of which hardly any text has more; the others behind each other.
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
  /// The text that a JSON string stands for, in UTF-8.
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

  private func hexWord(_ text: RawSpan, _ offset: Int) -> UInt32 {
    (offset..<offset + 4).reduce(0) { $0 << 4 | UInt32(hexValue(text[$1]) ?? 0) }
  }
}
