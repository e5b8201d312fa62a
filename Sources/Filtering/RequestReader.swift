import Bytes
import StellarJSON

/// Reads protobuf-JSON: messages with their members' names in either form, and what stands in them.
struct RequestReader: ~Escapable {
  private var cursor: JSONCursor

  @_lifetime(copy text)
  init(_ text: RawSpan) { cursor = JSONCursor(text) }

  /// Reads the members of a message. `read` is given each name in snake_case; it reads the value, or says that there is no such member.
  mutating func message(
    _ type: String, _ read: (String, inout RequestReader) throws(UsageError) -> Bool
  ) throws(UsageError) {
    var seen: Set<String> = []
    guard try json({ cursor throws(JSONError) in try cursor.beginObject() }) else { return }
    repeat {
      let written = try memberName()
      let name = Self.snakeCase(written)
      guard seen.insert(name).inserted else { throw UsageError("--request: '\(written)' stands twice in \(type)") }
      if try isNull() {
        try json { cursor throws(JSONError) in try cursor.literal("null") }
      } else if try !read(name, &self) {
        throw UsageError("--request: \(type) has no member '\(written)'")
      }
    } while try json { cursor throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) }
  }

  mutating func list(_ read: (inout RequestReader) throws(UsageError) -> Void) throws(UsageError) {
    guard try json({ cursor throws(JSONError) in try cursor.beginArray() }) else { return }
    repeat { try read(&self) } while try json { cursor throws(JSONError) in try cursor.next(before: UInt8(ascii: "]")) }
  }

  mutating func end() throws(UsageError) { try json { cursor throws(JSONError) in try cursor.expectEnd() } }

  // MARK: values

  mutating func string() throws(UsageError) -> String {
    let token = try json { cursor throws(JSONError) in try cursor.string() }
    return try text(token)
  }

  mutating func strings() throws(UsageError) -> [String] {
    var strings: [String] = []
    try list { reader throws(UsageError) in strings.append(try reader.string()) }
    return strings
  }

  mutating func bool() throws(UsageError) -> Bool {
    let isTrue = try json { cursor throws(JSONError) in try cursor.peek() == UInt8(ascii: "t") }
    try json { cursor throws(JSONError) in try cursor.literal(isTrue ? "true" : "false") }
    return isTrue
  }

  /// A number, or its digits as a string.
  mutating func uint32() throws(UsageError) -> UInt32 {
    let isText = try json { cursor throws(JSONError) in try cursor.peek() == UInt8(ascii: "\"") }
    let range = try json { cursor throws(JSONError) in isText ? try cursor.string().content : try cursor.number() }
    let digits = cursor.slice(range).text
    guard digits.utf8.allSatisfy(\.isDigit), let number = UInt32(digits) else {
      throw UsageError("--request: \(digits) is no number from 0 to \(UInt32.max)")
    }
    return number
  }

  /// The number of an enumeration's value, which may be given by its name or by the number itself.
  mutating func enumeration(_ names: [String]) throws(UsageError) -> Int {
    guard try json({ cursor throws(JSONError) in try cursor.peek() == UInt8(ascii: "\"") }) else {
      let number = Int(try uint32())
      guard names.indices.contains(number) else {
        throw UsageError("--request: \(number) is the number of none of \(names.joined(separator: ", "))")
      }
      return number
    }
    let name = try string()
    guard let number = names.firstIndex(of: name) else {
      throw UsageError("--request: '\(name)' is none of \(names.joined(separator: ", "))")
    }
    return number
  }

  /// A list of values of an enumeration, a bit for each; nil for an empty one.
  mutating func bits(_ names: [String]) throws(UsageError) -> UInt32? {
    var bits: UInt32 = 0
    try list { reader throws(UsageError) in bits |= 1 << UInt32(try reader.enumeration(names)) }
    return bits == 0 ? nil : bits
  }

  /// A list of keys or ids; nil for an empty one.
  mutating func identifiers(_ kind: IdentifierSet.Kind) throws(UsageError) -> IdentifierSet? {
    let texts = try strings()
    if texts.isEmpty { return nil }
    var set = IdentifierSet()
    for text in texts where !set.insert(strkey: text, as: kind) {
      throw UsageError("--request: '\(text)' is no \(kind == .account ? "account (G…)" : "contract (C…)")")
    }
    return set
  }

  /// Base64, of either alphabet, padded or not.
  mutating func bytes() throws(UsageError) -> [UInt8] {
    let text = try string()
    var characters = text.utf8.map {
      $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
    }
    while characters.count % 4 != 0 { characters.append(UInt8(ascii: "=")) }
    var bytes = ByteBuffer(capacity: characters.count)
    guard bytes.append(decodingBase64: characters.bytes) == nil else { throw UsageError("--request: '\(text)' is no base64") }
    return bytes.bytes.copied
  }

  // MARK: what is up to others

  /// What a request's options ask for is decided before or behind a filter, which only passes records on.
  static func refuseOptions(_ reader: inout RequestReader) throws(UsageError) {
    func refuse(_ isWanted: Bool, _ name: String, _ instead: String) throws(UsageError) {
      if isWanted { throw UsageError("--request: options.\(name) is no question of which records: use \(instead)") }
    }
    let everything = "events,diagnostics,calls,state,ttl,auth,resources"
    try reader.message("ResponseOptions") { name, reader throws(UsageError) in
      switch name {
      case "include_raw_xdr":
        try refuse(try reader.bool(), "includeRawXdr", "invocation-extract --include \(everything),raw, the stage before")
      case "include_decoded_only": try refuse(try reader.bool(), "includeDecodedOnly", "scval-json, before or behind this stage")
      case "compress_response": try refuse(try reader.bool(), "compressResponse", "zstd, behind this stage")
      case "max_events_per_response":
        try refuse(try reader.uint32() > 0, "maxEventsPerResponse", "split -l, behind this stage: records are not batched")
      case "inclusion":
        try reader.message("ContentInclusion") { name, reader throws(UsageError) in
          let flags = [
            "include_diagnostic_events": "invocation-extract --include diagnostics",
            "include_state_changes": "invocation-extract --include state",
            "include_contract_calls": "invocation-extract --include calls",
            "include_ttl_extensions": "invocation-extract --include ttl",
            "include_archive_info": "invocation-extract, whose meta always has it",
          ]
          guard let flag = flags[name] else { return false }
          try refuse(try reader.bool(), "inclusion.\(name)", "\(flag), the stage before")
          return true
        }
      default: return false
      }
      return true
    }
  }

  // MARK: JSON

  private mutating func json<T>(_ body: (inout JSONCursor) throws(JSONError) -> T) throws(UsageError) -> T {
    do throws(JSONError) { return try body(&cursor) } catch { throw Self.failure(error, cursor.text) }
  }

  private static func failure(_ error: JSONError, _ text: RawSpan) -> UsageError {
    UsageError("--request: \(jsonPath(to: error.offset, in: text))\(error.description) (byte \(error.offset))")
  }

  private mutating func isNull() throws(UsageError) -> Bool {
    try json { cursor throws(JSONError) in try cursor.peek() == UInt8(ascii: "n") }
  }

  private mutating func memberName() throws(UsageError) -> String {
    let token = try json { cursor throws(JSONError) in try cursor.memberName() }
    return try text(token)
  }

  private func text(_ token: JSONCursor.StringToken) throws(UsageError) -> String {
    var plain = ByteBuffer(capacity: token.content.count)
    do throws(JSONError) { try plain.append(unescaped: token, of: cursor.text) } catch { throw Self.failure(error, cursor.text) }
    return plain.bytes.text
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { result, character in
      if character.isUppercase { result += "_" }
      result += character.lowercased()
    }
  }
}
