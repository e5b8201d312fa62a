import Bytes
import StellarJSON
import StellarXDR

/// Compares XDR values with patterns.
///
/// A value is matched by its text in native style: the complete value, and in a vec, map or instance also each scalar, including
/// map keys. Numbers and bytes are compared without being written as text.
struct ValueMatcher: ~Copyable {
  /// The arms of `SCValType` that need different treatment.
  enum Tag {
    static let u32: UInt32 = 3
    static let i256: UInt32 = 12
    static let bytes: UInt32 = 13
    static let string: UInt32 = 14
    static let symbol: UInt32 = 15
    static let vec: UInt32 = 16
    static let map: UInt32 = 17
    static let address: UInt32 = 18
    static let instance: UInt32 = 19
  }

  /// The first arms of `SCAddressType`.
  private enum AddressType {
    static let account: UInt32 = 0
    static let contract: UInt32 = 1
  }

  let schema = Schema.shared
  let native: Renderer
  /// Whether the last path led to a value.
  var isMemberFound = false
  private var rendered = ByteBuffer(capacity: 1024)
  private var unescaped = ByteBuffer(capacity: 256)

  init(native: Renderer) { self.native = native }

  /// Whether a value, which must be valid, meets the condition. `index`: its index in its list.
  mutating func matches(_ value: RawSpan, _ condition: borrowing ValueCondition, at index: Int) throws(XDRError) -> Bool {
    for alternative in condition.alternatives where alternative.index == nil || alternative.index == index {
      if let classes = alternative.classes, classes.isDisjoint(with: Self.classes(of: value)) { continue }
      guard let pattern = alternative.pattern else { return true }
      if try matches(value, pattern) { return true }
    }
    return false
  }

  static func classes(of value: RawSpan) -> ValueClasses {
    switch value.word(at: 0) {
    case Tag.u32...Tag.i256: .numeric
    case Tag.bytes: .bytes
    case Tag.string, Tag.symbol: .string
    case Tag.address: .address
    default: []
    }
  }

  private mutating func matches(_ value: RawSpan, _ pattern: Pattern) throws(XDRError) -> Bool {
    if try matches(whole: value, pattern) { return true }
    guard (Tag.vec...Tag.map).contains(value.word(at: 0)) || value.word(at: 0) == Tag.instance else { return false }
    var cursor = Cursor(value)
    return try matches(scalarsOf: &cursor, pattern)
  }

  /// Whether the value itself matches, regardless of its contents.
  mutating func matches(whole value: RawSpan, _ pattern: Pattern) throws(XDRError) -> Bool {
    let tag = value.word(at: 0)
    switch pattern {
    case .anything: return true
    case .number(let comparison): return try matches(comparison, value, tag)
    case .value(let wanted): return wanted.xdr.bytes.equals(value)
    case .bytes(let wanted):
      guard tag == Tag.bytes else { return false }
      var cursor = Cursor(value, at: 4)
      return wanted.bytes.equals(try cursor.opaque())
    case .text, .glob, .expression:
      switch tag {
      case Tag.symbol, Tag.string:
        var cursor = Cursor(value, at: 4)
        let text = try cursor.opaque()
        if text.plainPrefix(from: 0) == text.byteCount { return pattern.matches(text: text) }
      case Tag.address where value.word(at: 4) <= 4:
        if case .text(let wanted) = pattern {
          return wanted.address?.bytes.equals(value.extracting(4..<value.byteCount)) ?? false
        }
        if value.word(at: 4) == AddressType.contract { return matches(Strkey.contract, value.extracting(last: 32), pattern) }
        if value.word(at: 4) == AddressType.account { return matches(Strkey.account, value.extracting(last: 32), pattern) }
      case Tag.u32...Tag.i256:
        if case .text(let wanted) = pattern {
          guard let number = wanted.number else { return false }
          return try matches(number, value, tag)
        }
      case Tag.vec, Tag.map, Tag.instance:
        if !pattern.canMatchContainer { return false }
      default: break
      }
      return try matches(rendered: value, pattern)
    }
  }

  /// Tests the scalars of a vec, a map or an instance at all levels.
  private mutating func matches(scalarsOf cursor: inout Cursor, _ pattern: Pattern) throws(XDRError) -> Bool {
    let start = cursor.position
    let tag = try cursor.uint32()
    switch tag {
    case Tag.vec, Tag.map, Tag.instance:
      if tag == Tag.instance { try schema.skip(schema.contractExecutable, &cursor) }
      if try cursor.flag() {
        try schema.enter(&cursor)
        let count = try cursor.count(minimum: 4)
        for _ in 0..<(tag == Tag.vec ? count : 2 &* count) {
          if try matches(scalarsOf: &cursor, pattern) { return true }
        }
        cursor.depth &-= 1
        return false
      }
      // An absent vec or map counts as a null scalar; an instance without storage has no scalars.
      if tag == Tag.instance { return false }
    default:
      cursor.position = start
      try schema.skip(schema.scval, &cursor)
    }
    return try matches(whole: cursor.slice(start..<cursor.position), pattern)
  }

  /// Accounts and contracts, which are nearly all addresses: faster than with the renderer.
  private mutating func matches(_ version: UInt8, _ key: RawSpan, _ pattern: Pattern) -> Bool {
    rendered.truncate(to: 0)
    rendered.append(strkey: version, key)
    return pattern.matches(text: rendered.bytes)
  }

  private mutating func matches(rendered value: RawSpan, _ pattern: Pattern) throws(XDRError) -> Bool {
    rendered.truncate(to: 0)
    rendered.shrink(above: 1 << 20)
    var cursor = Cursor(value)
    try native.value(schema.scval.node, &cursor, &rendered)
    return Self.matches(rendered, pattern, &unescaped)
  }

  private static func matches(_ rendered: borrowing ByteBuffer, _ pattern: Pattern, _ unescaped: inout ByteBuffer) -> Bool {
    let json = rendered.bytes
    guard json[0] == UInt8(ascii: "\"") else { return pattern.matches(text: json) }
    let content = 1..<json.byteCount - 1
    if json.plainPrefix(from: 1) == content.upperBound { return pattern.matches(text: json.extracting(content)) }
    unescaped.truncate(to: 0)
    let token = JSONCursor.StringToken(content: content, isEscaped: true)
    do throws(JSONError) { try unescaped.append(unescaped: token, of: json) } catch { return false }
    return pattern.matches(text: unescaped.bytes)
  }

  private func matches(_ comparison: Comparison, _ value: RawSpan, _ tag: UInt32) throws(XDRError) -> Bool {
    guard let (number, isSigned) = try number(value, tag) else { return false }
    return comparison.matches(for: number, isSigned: isSigned)
  }

  /// The number in a value, in two's complement if it is signed; nil for other values.
  private func number(_ value: RawSpan, _ tag: UInt32) throws(XDRError) -> (number: UInt256, isSigned: Bool)? {
    guard (Tag.u32...Tag.i256).contains(tag) else { return nil }
    // u32, i32, u64, i64, timepoint, duration, u128, i128, u256, i256: even tags are signed, except duration.
    let isSigned = tag & 1 == 0 && tag != 8
    var cursor = Cursor(value, at: 4)
    var number = UInt256(high: 0, low: 0)
    if tag <= 4 {
      number.low = UInt128(try cursor.uint32())
      if isSigned { number = .init(signExtending: Int128(Int32(truncatingIfNeeded: number.low))) }
    } else if tag <= 8 {
      number.low = UInt128(try cursor.uint64())
      if isSigned { number = .init(signExtending: Int128(Int64(truncatingIfNeeded: number.low))) }
    } else if tag <= 10 {
      number.low = UInt128(high: try cursor.uint64(), low: try cursor.uint64())
      if isSigned { number = .init(signExtending: Int128(bitPattern: number.low)) }
    } else {
      number.high = UInt128(high: try cursor.uint64(), low: try cursor.uint64())
      number.low = UInt128(high: try cursor.uint64(), low: try cursor.uint64())
    }
    return (number, isSigned)
  }
}

extension UInt256 {
  fileprivate init(signExtending number: Int128) {
    self.init(high: number < 0 ? .max : 0, low: UInt128(bitPattern: number))
  }
}
