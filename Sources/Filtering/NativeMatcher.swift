import Bytes
import StellarJSON
import StellarXDR

/// Compares native-style values with patterns: plain JSON, which is matched without conversion.
///
/// The type of a value is known only from its appearance: digits are a number, a strkey is an address, and so on. An object that
/// represents a scalar (an error, a nonce, an address without a strkey) is matched as a scalar.
struct NativeMatcher: ~Copyable {
  /// Shorter hex counts as a word, because bytes are usually hashes and keys.
  private static let shortestHex = 16

  private var compact = ByteBuffer(capacity: 1024)
  private var unescaped = ByteBuffer(capacity: 256)
  private var payload = ByteBuffer(capacity: 128)
  private let errorTypes = Schema.shared.node(Schema.shared.id("SCErrorType").node)

  /// Whether the value itself matches, regardless of its contents.
  mutating func matches(itself json: RawSpan, _ wanted: ValueCondition.Alternative) throws(JSONError) -> Bool {
    if let classes = wanted.classes, classes.isDisjoint(with: try self.classes(of: json)) { return false }
    guard let pattern = wanted.pattern else { return true }
    return try matches(whole: json, pattern)
  }

  /// Whether a value is a scalar, also one that is represented by an object. `isKey`: it is a ledger key.
  func isScalar(_ json: RawSpan, isKey: Bool) -> Bool {
    switch json[0] {
    case UInt8(ascii: "["): false
    case UInt8(ascii: "{"): isError(JSONCursor(json)) || isMuxedContract(JSONCursor(json)) || isKey && isNonce(json)
    default: true
    }
  }

  /// Whether a value meets the condition. `index`: its index in its list.
  mutating func matches(
    _ json: RawSpan, _ condition: borrowing ValueCondition, at index: Int, isKey: Bool = false
  ) throws(JSONError) -> Bool {
    for alternative in condition.alternatives where alternative.index == nil || alternative.index == index {
      if let classes = alternative.classes, classes.isDisjoint(with: try self.classes(of: json)) { continue }
      guard let pattern = alternative.pattern else { return true }
      if try matches(whole: json, pattern) { return true }
      guard json[0] == UInt8(ascii: "{") || json[0] == UInt8(ascii: "[") else { continue }
      // A nonce is always a ledger key; elsewhere this is a map.
      if isKey, isNonce(json) { continue }
      var cursor = JSONCursor(json)
      if try matches(scalarsOf: &cursor, pattern, isInstance: isInstance(json)) { return true }
    }
    return false
  }

  /// Whether the value itself matches, regardless of its contents.
  mutating func matches(whole json: RawSpan, _ pattern: Pattern) throws(JSONError) -> Bool {
    if case .anything = pattern { return true }
    if case .value(let wanted) = pattern { return try isValue(json, wanted.native.bytes) }
    switch json[0] {
    case UInt8(ascii: "\""): return try matches(string: json, pattern)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard pattern.isAboutText else { return false }
      compact.truncate(to: 0)
      compact.shrink(above: 1 << 20)
      try compact.append(compact: json)
      return pattern.matches(text: compact.bytes)
    case _ where pattern.isAboutText: return pattern.matches(text: json)
    default:
      if case .number(let comparison) = pattern { return comparison.matches(forDecimal: json) }
      return false
    }
  }

  private mutating func matches(string json: RawSpan, _ pattern: Pattern) throws(JSONError) -> Bool {
    var cursor = JSONCursor(json)
    let token = try cursor.string()
    let raw = json.extracting(token.content)
    switch pattern {
    case .number(let comparison): return comparison.matches(forDecimal: raw)
    case .bytes(let wanted): return Self.isHex(raw, of: wanted)
    default: break
    }
    guard token.isEscaped else { return pattern.matches(text: raw) }
    unescaped.truncate(to: 0)
    // Half of a surrogate pair is not a character; it is matched in its escaped form.
    do throws(JSONError) { try unescaped.append(unescaped: token, of: json) } catch { return pattern.matches(text: raw) }
    return pattern.matches(text: unescaped.bytes)
  }

  /// Whether this is the same JSON, except for white space and escapes.
  private mutating func isValue(_ json: RawSpan, _ wanted: RawSpan) throws(JSONError) -> Bool {
    switch json[0] {
    case UInt8(ascii: "\""):
      guard wanted[0] == UInt8(ascii: "\"") else { return false }
      var cursor = JSONCursor(json)
      let token = try cursor.string()
      if !token.isEscaped { return json.equals(wanted) }
      compact.truncate(to: 0)
      var wantedCursor = JSONCursor(wanted)
      try compact.append(unescaped: try wantedCursor.string(), of: wanted)
      return cursor.equals(token, compact.bytes)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard wanted[0] == json[0] else { return false }
      compact.truncate(to: 0)
      compact.shrink(above: 1 << 20)
      try compact.append(compact: json)
      return compact.bytes.equals(wanted)
    default: return json.equals(wanted)
    }
  }

  private static func isHex(_ text: RawSpan, of bytes: [UInt8]) -> Bool {
    guard text.byteCount == 2 * bytes.count else { return false }
    for (offset, byte) in bytes.enumerated() {
      guard let high = hexValue(text[2 * offset]), let low = hexValue(text[2 * offset + 1]), high << 4 | low == byte else {
        return false
      }
    }
    return true
  }

  // MARK: contents

  /// Tests the scalars of an array or object at all levels.
  private mutating func matches(
    scalarsOf cursor: inout JSONCursor, _ pattern: Pattern, isInstance: Bool = false
  ) throws(JSONError) -> Bool {
    let first = try cursor.peek()
    let start = cursor.position
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      try cursor.skipValue()
      return try matches(whole: cursor.slice(start..<cursor.position), pattern)
    }
    if first == UInt8(ascii: "{"), isError(cursor) || isMuxedContract(cursor) {
      try cursor.skipValue()
      return try matches(whole: cursor.slice(start..<cursor.position), pattern)
    }
    let close = first &+ 2
    guard try first == UInt8(ascii: "{") ? cursor.beginObject() : cursor.beginArray() else { return false }
    repeat {
      if first == UInt8(ascii: "{") {
        _ = try cursor.peek()
        let name = cursor.position
        let token = try cursor.memberName()
        if isInstance {
          // In an instance, only the storage contains values.
          let isAbsent = try cursor.peek() == UInt8(ascii: "n")
          if isAbsent || cursor.equals(token, "executable") {
            try cursor.skipValue()
            continue
          }
        } else if try matches(string: cursor.slice(name..<token.content.upperBound + 1), pattern) {
          return true
        }
      }
      if try matches(scalarsOf: &cursor, pattern) { return true }
    } while try cursor.next(before: close)
    return false
  }

  // MARK: scalars that are objects

  /// `{"error":{"contract":5}}`, `{"error":{"storage":"missing_value"}}`
  private func isError(_ start: borrowing JSONCursor) -> Bool {
    var cursor = JSONCursor(start.text, at: start.position)
    guard (try? cursor.beginObject()) == true, let name = try? cursor.memberName(), cursor.equals(name, "error"),
      (try? cursor.peek()) == UInt8(ascii: "{"), (try? cursor.beginObject()) == true, let kind = try? cursor.memberName()
    else { return false }
    let schema = Schema.shared
    let isType = (errorTypes.first..<errorTypes.first + errorTypes.count).contains { index in
      let quoted = schema.quotedName(schema.member(index))
      return cursor.equals(kind, quoted.extracting(1..<quoted.byteCount - 1))
    }
    guard isType, let first = try? cursor.peek(), first == UInt8(ascii: "\"") || first.isDigit, (try? cursor.skipValue()) != nil
    else { return false }
    return (try? cursor.next(before: UInt8(ascii: "}"))) == false && (try? cursor.next(before: UInt8(ascii: "}"))) == false
  }

  /// `{"muxed_contract":{"id":"…","contract_id":"C…"}}`, an address without a strkey.
  private func isMuxedContract(_ start: borrowing JSONCursor) -> Bool {
    var cursor = JSONCursor(start.text, at: start.position)
    guard (try? cursor.beginObject()) == true, let name = try? cursor.memberName(), cursor.equals(name, "muxed_contract"),
      (try? cursor.peek()) == UInt8(ascii: "{"), (try? cursor.beginObject()) == true, let id = try? cursor.memberName(),
      cursor.equals(id, "id"), (try? cursor.string()) != nil, (try? cursor.next(before: UInt8(ascii: "}"))) == true,
      let contract = try? cursor.memberName(), cursor.equals(contract, "contract_id"), (try? cursor.string()) != nil
    else { return false }
    return (try? cursor.next(before: UInt8(ascii: "}"))) == false && (try? cursor.next(before: UInt8(ascii: "}"))) == false
  }

  /// `{"executable":…,"storage":…}`; an instance is never inside another value.
  func isInstance(_ json: RawSpan) -> Bool {
    var cursor = JSONCursor(json)
    for (expected, isLast) in [("executable", false), ("storage", true)] as [(StaticString, Bool)] {
      if !isLast, (try? cursor.beginObject()) != true { return false }
      guard let name = try? cursor.memberName(), cursor.equals(name, expected), (try? cursor.skipValue()) != nil,
        (try? cursor.next(before: UInt8(ascii: "}"))) == !isLast
      else { return false }
    }
    return true
  }

  /// `{"nonce":"…"}`
  private func isNonce(_ json: RawSpan) -> Bool {
    var cursor = JSONCursor(json)
    guard (try? cursor.beginObject()) == true, let name = try? cursor.memberName(), cursor.equals(name, "nonce"),
      let digits = try? cursor.string(), json.extracting(digits.content).isCanonicalDecimal
    else { return false }
    return (try? cursor.next(before: UInt8(ascii: "}"))) == false
  }

  private mutating func classes(of json: RawSpan) throws(JSONError) -> ValueClasses {
    switch json[0] {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .numeric
    case UInt8(ascii: "\""):
      var cursor = JSONCursor(json)
      let text = json.extracting(try cursor.string().content)
      if text.isCanonicalDecimal { return .numeric }
      payload.truncate(to: 0)
      if let version = Strkey.decode(text, into: &payload) {
        let length = payload.count
        if payload.append(addressOf: version, payload.bytes(0..<length).copied.bytes) { return .address }
      }
      if text.byteCount >= Self.shortestHex, text.byteCount % 2 == 0, text.isLowerCaseHex { return .bytes }
      return .string
    default: return isMuxedContract(JSONCursor(json)) ? .address : []
    }
  }
}

extension RawSpan {
  fileprivate var isLowerCaseHex: Bool {
    for offset in 0..<byteCount where !self[offset].isDigit && !(0x61...0x66).contains(self[offset]) { return false }
    return true
  }
}

extension ByteBuffer {
  /// A JSON value without white space between its tokens.
  fileprivate mutating func append(compact json: RawSpan) throws(JSONError) {
    var cursor = JSONCursor(json)
    var start = 0
    while cursor.position < json.byteCount {
      let position = cursor.position
      switch json[position] {
      case UInt8(ascii: "\""): _ = try cursor.string()
      case 0...0x20:
        append(json.extracting(start..<position))
        start = position + 1
        cursor.position += 1
      default: cursor.position += 1
      }
    }
    append(json.extracting(start..<json.byteCount))
  }
}
