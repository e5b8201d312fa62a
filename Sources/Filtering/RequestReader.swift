import Bytes
import StellarJSON

/// Reads protobuf-JSON: messages with member names in either form, and their values.
struct RequestReader: ~Escapable {
  private var cursor: JSONCursor
  /// The start of the last value.
  private var place = 0

  @_lifetime(copy text)
  init(_ text: RawSpan) { cursor = JSONCursor(text) }

  /// Reads the members of a message. `read` gets each name in snake_case; it reads the value, or returns false for an unknown
  /// member.
  mutating func message(
    _ type: String, _ read: (String, inout RequestReader) throws(UsageError) -> Bool
  ) throws(UsageError) {
    var seen: Set<String> = []
    try expect("not an object") { $0 == UInt8(ascii: "{") }
    guard try json({ cursor throws(JSONError) in try cursor.beginObject() }) else { return }
    repeat {
      let (written, offset) = try memberName()
      let name = Self.snakeCase(written)
      guard seen.insert(name).inserted else {
        throw UsageError("--request: '\(written)' is given twice in \(type) (byte \(offset))")
      }
      if try isNull() {
        try json { cursor throws(JSONError) in try cursor.literal("null") }
      } else if try !read(name, &self) {
        throw UsageError("--request: \(type) has no member '\(written)' (byte \(offset))")
      }
    } while try json { cursor throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) }
  }

  mutating func list(_ read: (inout RequestReader) throws(UsageError) -> Void) throws(UsageError) {
    try expect("not a list") { $0 == UInt8(ascii: "[") }
    guard try json({ cursor throws(JSONError) in try cursor.beginArray() }) else { return }
    repeat { try read(&self) } while try json { cursor throws(JSONError) in try cursor.next(before: UInt8(ascii: "]")) }
  }

  mutating func skip() throws(UsageError) { try json { cursor throws(JSONError) in try cursor.skipValue() } }

  mutating func end() throws(UsageError) { try json { cursor throws(JSONError) in try cursor.expectEnd() } }

  // MARK: values

  mutating func string() throws(UsageError) -> String {
    try expect("not a string") { $0 == UInt8(ascii: "\"") }
    let token = try json { cursor throws(JSONError) in try cursor.string() }
    return try text(token)
  }

  mutating func strings() throws(UsageError) -> [String] {
    var strings: [String] = []
    try list { reader throws(UsageError) in strings.append(try reader.string()) }
    return strings
  }

  mutating func bool() throws(UsageError) -> Bool {
    let isTrue = try expect("neither true nor false") { "tf".utf8.contains($0) } == UInt8(ascii: "t")
    try json { cursor throws(JSONError) in try cursor.literal(isTrue ? "true" : "false") }
    return isTrue
  }

  /// A number, or a string with its digits.
  mutating func uint32() throws(UsageError) -> UInt32 {
    let first = try expect("not a number from 0 to \(UInt32.max)") { "\"-".utf8.contains($0) || $0.isDigit }
    let isText = first == UInt8(ascii: "\"")
    let range = try json { cursor throws(JSONError) in isText ? try cursor.string().content : try cursor.number() }
    let digits = cursor.slice(range).text
    guard digits.utf8.allSatisfy({ $0.isDigit }), let number = UInt32(digits) else {
      throw failure("\(digits) is not a number from 0 to \(UInt32.max)")
    }
    return number
  }

  /// The number of an enumeration's value, which is given by name or number.
  mutating func enumeration(_ names: [String]) throws(UsageError) -> Int {
    switch try begin() {
    case UInt8(ascii: "\""): break
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = Int(clamping: try uint32())
      guard names.indices.contains(number) else {
        throw failure("\(number) is not the number of any of \(names.joined(separator: ", "))")
      }
      return number
    default: throw failure("this is not one of \(names.joined(separator: ", "))")
    }
    let name = try string()
    guard let number = names.firstIndex(of: name) else {
      throw failure("'\(name)' is not one of \(names.joined(separator: ", "))")
    }
    return number
  }

  /// A list of an enumeration's values, one bit for each; nil for an empty list.
  mutating func bits(_ names: [String]) throws(UsageError) -> UInt32? {
    var bits: UInt32 = 0
    try list { reader throws(UsageError) in bits |= 1 << UInt32(try reader.enumeration(names)) }
    return bits == 0 ? nil : bits
  }

  /// A list of keys or ids; nil for an empty list.
  mutating func identifiers(_ kind: IdentifierSet.Kind) throws(UsageError) -> IdentifierSet? {
    var set: IdentifierSet?
    try list { reader throws(UsageError) in
      let text = try reader.string()
      if set == nil { set = IdentifierSet() }
      if set?.insert(strkey: text, as: kind) == false { throw reader.failure(IdentifierSet.problem(text, kind)) }
    }
    return set
  }

  /// Base64 in either alphabet, with or without padding.
  mutating func bytes() throws(UsageError) -> [UInt8] {
    let text = try string()
    var characters = text.utf8.map {
      $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
    }
    while characters.count % 4 != 0 { characters.append(UInt8(ascii: "=")) }
    var bytes = ByteBuffer(capacity: characters.count)
    guard bytes.append(decodingBase64: characters.bytes) == nil else { throw failure("'\(text)' is not base64") }
    return bytes.bytes.copied
  }

  /// An error about the last value.
  func failure(_ words: String) -> UsageError { Self.failure(words, at: place, in: cursor.text) }

  mutating func expression() throws(UsageError) -> RegularExpression {
    let text = try string()
    do throws(UsageError) { return try RegularExpression(text) } catch { throw failure(error.description) }
  }

  mutating func seconds(roundingUp: Bool) throws(UsageError) -> UInt64 {
    let text = try string()
    do throws(UsageError) { return try Moment.seconds(text, roundingUp: roundingUp) } catch { throw failure(error.description) }
  }

  // MARK: options that do not select records

  /// Rejects options of a request that apply before or after a filter, which only selects records.
  static func refuseOptions(_ reader: inout RequestReader) throws(UsageError) {
    func refuse(_ isWanted: Bool, _ name: String, _ instead: String) throws(UsageError) {
      if isWanted { throw UsageError("--request: options.\(name) does not select records: use \(instead)") }
    }
    let everything = "events,diagnostics,calls,state,ttl,auth,resources"
    try reader.message("ResponseOptions") { name, reader throws(UsageError) in
      switch name {
      case "include_raw_xdr":
        try refuse(try reader.bool(), "includeRawXdr", "invocation-extract --include \(everything),raw, the stage before")
      case "include_decoded_only": try refuse(try reader.bool(), "includeDecodedOnly", "scval-json, before or after this stage")
      case "compress_response": try refuse(try reader.bool(), "compressResponse", "zstd, after this stage")
      case "max_events_per_response":
        try refuse(try reader.uint32() > 0, "maxEventsPerResponse", "split -l, after this stage: records are not batched")
      case "inclusion":
        try reader.message("ContentInclusion") { name, reader throws(UsageError) in
          let flags = [
            (
              "include_diagnostic_events", "includeDiagnosticEvents", "invocation-extract --include diagnostics, the stage before"
            ),
            ("include_state_changes", "includeStateChanges", "invocation-extract --include state, the stage before"),
            ("include_contract_calls", "includeContractCalls", "invocation-extract --include calls, the stage before"),
            ("include_ttl_extensions", "includeTtlExtensions", "invocation-extract --include ttl, the stage before"),
            ("include_archive_info", "includeArchiveInfo", "invocation-extract, the stage before, whose meta always has it"),
          ]
          guard let (_, written, instead) = flags.first(where: { $0.0 == name }) else { return false }
          try refuse(try reader.bool(), "inclusion.\(written)", instead)
          return true
        }
      default: return false
      }
      return true
    }
  }

  // MARK: JSON

  private mutating func json<T>(_ body: (inout JSONCursor) throws(JSONError) -> T) throws(UsageError) -> T {
    do throws(JSONError) { return try body(&cursor) } catch {
      throw Self.failure(error.description, at: error.offset, in: cursor.text)
    }
  }

  private static func failure(_ words: String, at offset: Int, in text: RawSpan) -> UsageError {
    UsageError("--request: \(jsonPath(to: offset, in: text))\(words) (byte \(offset))")
  }

  /// The first character of the next value.
  private mutating func begin() throws(UsageError) -> UInt8 {
    let first = try json { cursor throws(JSONError) in try cursor.peek() }
    place = cursor.position
    return first
  }

  /// The first character of the next value. A value of another kind is rejected with `otherwise`, and text that is not JSON with
  /// its own message.
  @discardableResult
  private mutating func expect(_ otherwise: String, _ isWanted: (UInt8) -> Bool) throws(UsageError) -> UInt8 {
    let first = try begin()
    if isWanted(first) { return first }
    try json { cursor throws(JSONError) in try cursor.skipValue() }
    throw failure("this is \(otherwise)")
  }

  private mutating func isNull() throws(UsageError) -> Bool {
    try json { cursor throws(JSONError) in try cursor.peek() == UInt8(ascii: "n") }
  }

  private mutating func memberName() throws(UsageError) -> (String, offset: Int) {
    let token = try json { cursor throws(JSONError) in try cursor.memberName() }
    return (try text(token), token.content.lowerBound - 1)
  }

  private func text(_ token: JSONCursor.StringToken) throws(UsageError) -> String {
    var plain = ByteBuffer(capacity: token.content.count)
    do throws(JSONError) { try plain.append(unescaped: token, of: cursor.text) } catch {
      throw Self.failure(error.description, at: error.offset, in: cursor.text)
    }
    return plain.bytes.text
  }

  private static func snakeCase(_ name: String) -> String {
    var result: [UInt8] = []
    for byte in name.utf8 {
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      if isUpper { result.append(UInt8(ascii: "_")) }
      result.append(isUpper ? byte | 0x20 : byte)
    }
    return result.bytes.text
  }
}
