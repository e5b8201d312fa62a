import Bytes

/// Reads the JSON of options. Errors name the member.
struct OptionReader: ~Escapable {
  private var cursor: JSONCursor
  /// The names of the enclosing members.
  private var path: [String] = []

  @_lifetime(copy text)
  init(_ text: RawSpan) { cursor = JSONCursor(text) }

  func error(_ what: String) -> UsageError {
    UsageError(path.isEmpty ? what : "\(path.joined(separator: ".")): \(what)")
  }

  private mutating func json<Result>(
    _ body: (inout JSONCursor) throws(JSONError) -> Result
  ) throws(UsageError) -> Result {
    do throws(JSONError) { return try body(&cursor) } catch {
      throw self.error("\(error.description) (byte \(error.offset) of the options)")
    }
  }

  private mutating func peek() throws(UsageError) -> UInt8 { try json { cursor throws(JSONError) in try cursor.peek() } }

  mutating func end() throws(UsageError) { try json { cursor throws(JSONError) in try cursor.expectEnd() } }

  /// Calls `member` with the name of each member, at its value; `member` returns false for an unknown name.
  mutating func object(
    _ member: (String, inout OptionReader) throws(UsageError) -> Bool
  ) throws(UsageError) {
    guard try peek() == UInt8(ascii: "{") else { throw error("expected an object") }
    var hasNext = try json { cursor throws(JSONError) in try cursor.beginObject() }
    while hasNext {
      let name = try text { cursor throws(JSONError) in try cursor.memberName() }
      path.append(name)
      guard try member(name, &self) else { throw error("there is no such option") }
      path.removeLast()
      hasNext = try json { cursor throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) }
    }
  }

  mutating func list(_ element: (inout OptionReader) throws(UsageError) -> Void) throws(UsageError) {
    guard try peek() == UInt8(ascii: "[") else { throw error("expected a list") }
    var hasNext = try json { cursor throws(JSONError) in try cursor.beginArray() }
    while hasNext {
      try element(&self)
      hasNext = try json { cursor throws(JSONError) in try cursor.next(before: UInt8(ascii: "]")) }
    }
  }

  private mutating func text(
    _ token: (inout JSONCursor) throws(JSONError) -> JSONCursor.StringToken
  ) throws(UsageError) -> String {
    let found = try json(token)
    var plain = ByteBuffer(capacity: 64)
    try json { cursor throws(JSONError) in try plain.append(unescaped: found, of: cursor.slice(0..<cursor.position)) }
    return plain.bytes.text
  }

  mutating func string() throws(UsageError) -> String {
    guard try peek() == UInt8(ascii: "\"") else { throw error("expected a string") }
    return try text { cursor throws(JSONError) in try cursor.string() }
  }

  /// A list of strings, or one string.
  mutating func strings() throws(UsageError) -> [String] {
    guard try peek() == UInt8(ascii: "[") else { return [try string()] }
    var strings: [String] = []
    try list { reader throws(UsageError) in strings.append(try reader.string()) }
    return strings
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(UsageError) -> Word
  where Word.RawValue == String {
    let text = try string()
    guard let word = Word(rawValue: text) else {
      throw error("'\(text)' is not one of \(Word.allCases.map { $0.rawValue }.joined(separator: ", "))")
    }
    return word
  }

  mutating func bool() throws(UsageError) -> Bool {
    let first = try peek()
    guard first == UInt8(ascii: "t") || first == UInt8(ascii: "f") else { throw error("expected true or false") }
    let isTrue = first == UInt8(ascii: "t")
    try json { cursor throws(JSONError) in try cursor.literal(isTrue ? "true" : "false") }
    return isTrue
  }

  private mutating func number() throws(UsageError) -> String {
    let first = try peek()
    guard first == UInt8(ascii: "-") || (48...57).contains(first) else { throw error("expected a number") }
    let digits = try json { cursor throws(JSONError) in try cursor.number() }
    return cursor.slice(digits).text
  }

  mutating func integer(atLeast least: Int) throws(UsageError) -> Int {
    let text = try number()
    guard let number = Int(text), number >= least else {
      throw error("'\(text)' is not a whole number from \(least) to \(Int.max)")
    }
    return number
  }

  /// Unix seconds. After January 2038 they do not fit into an Int, which has 32 bits here.
  mutating func seconds() throws(UsageError) -> UInt64 {
    let text = try number()
    guard let seconds = UInt64(text) else { throw error("'\(text)' is not a time in Unix seconds") }
    return seconds
  }

  /// The text of a value, unchanged.
  mutating func raw() throws(UsageError) -> [UInt8] {
    _ = try peek()
    let start = cursor.position
    try json { cursor throws(JSONError) in try cursor.skipValue() }
    return cursor.slice(start..<cursor.position).copied
  }
}
