import Bytes
import StellarXDR

/// What is wrong with a JSON text, and where: as facts, because a caller may try another reading; `description` makes the message.
package struct JSONError: Error, Equatable {
  package enum Fact: Sendable, Equatable {
    /// The text ends inside a value.
    case ends
    case unexpected(UInt8)
    case badNumber
    case badEscape
    case controlCharacter
    case notUTF8
    /// Half of a surrogate pair, where valid text is required.
    case loneSurrogate
    case tooDeep
    /// Something follows the value.
    case leftOver

    // JSON that is not a value of the expected type.

    /// The text has something other than a value of this type. Without a type: other than what the caller reads.
    case expected
    /// A number, or a string with a number, that does not fit the type.
    case outOfRange
    /// Longer than the type allows.
    case tooLong
    case badStrkey
    case notBase64
    /// Base64 of bytes that are not a value of the type.
    case notXDR
    case unknownMember
    case duplicateMember
    /// A structure lacks a member, or a union an arm.
    case missingMember
    /// A void arm written as a member, or an arm with a value written as a name.
    case armWithoutValue, armNeedsValue
    /// A second arm of a union.
    case secondArm
    /// More levels of recursive types than XDR allows.
    case tooManyLevels
  }

  package var fact: Fact
  /// The expected type; -1 if there is none.
  package var node: Int32
  /// The offset in the text.
  package var offset: Int
  /// The member that the error is about, by its number in the schema; -1 if there is none.
  package var member: Int32

  package init(_ fact: Fact, at offset: Int, node: Int32 = -1, member: Int32 = -1) {
    self.fact = fact
    self.node = node
    self.offset = offset
    self.member = member
  }
}

extension JSONError: CustomStringConvertible {
  /// The message for a file that is one array.
  package static let arrayForLines = "a JSON array instead of lines; pipe it through jq -c '.[]'"

  /// The message, after the path to the error in the text.
  package func message(in text: RawSpan) -> String { jsonPath(to: offset, in: text) + description }

  package var description: String {
    let schema = Schema.shared
    let type = schema.describe(node: node)
    let member = member >= 0 ? schema.name(schema.member(member)) : ""
    return switch fact {
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
    case .expected: "expected \(type)\(shape(schema))"
    case .outOfRange: "number out of range for \(type)"
    case .tooLong: "too long for \(type)\(limit(schema))"
    case .badStrkey: "not a strkey for \(type)\(shape(schema))"
    case .notBase64: "not base64"
    case .notXDR: "base64 that does not hold a valid \(type)"
    case .unknownMember: "\(type) has no such member\(shape(schema))"
    case .duplicateMember: "member given twice in \(type)"
    case .missingMember: "\(type) needs the member \"\(member)\""
    case .armWithoutValue: "\"\(member)\" of \(type) has no value, and is written as a string"
    case .armNeedsValue: "\"\(member)\" of \(type) needs a value: {\"\(member)\":…}"
    case .secondArm: "\(type) has one member, and this is a second one"
    case .tooManyLevels: "nested more than \(Schema.maximumDepth) levels of XDR deep"
    }
  }

  /// A short description of what is expected; empty if there is none.
  private func shape(_ schema: Schema) -> String {
    guard node >= 0 else { return "" }
    let node = schema.node(node)
    if node.form == .byteArray { return " (an array of \(node.size) numbers, 0 to 255)" }
    if let shape = Self.shape(of: node.form) { return " (\(shape))" }
    switch node.kind {
    case .structure, .union, .enumeration:
      let names = Self.names(in: node, schema)
      let isObject = node.kind == .structure && fact != .unknownMember
      return " (\(isObject ? "an object of " : "")\(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : ""))"
    case .uint32, .int32: return " (a whole number, not in quotes)"
    case .uint64, .int64: return " (a decimal string)"
    case .bool: return " (true or false)"
    case .opaque: return " (hex digits)"
    case .fixedOpaque: return " (\(2 * node.size) hex digits)"
    case .string: return #" (a string; bytes other than printable ASCII as \\xNN)"#
    case .array: return " (an array)"
    case .fixedArray: return " (an array of \(node.size))"
    case .optional, .omittable, .versioned, .alias: return ""
    }
  }

  /// The names of the members, including those of spread types.
  private static func names(in node: Node, _ schema: Schema) -> [String] {
    (node.first..<node.first + node.count).flatMap { index in
      let member = schema.member(index)
      return member.isSpread ? names(in: schema.node(member.node), schema) : [schema.name(member)]
    }
  }

  private static func shape(of form: Form) -> String? {
    switch form {
    case .plain, .scval, .assetCode, .assetCode4, .assetCode12, .byteArray: nil
    case .account: "G…"
    case .contract: "C…"
    case .liquidityPool: "L…"
    case .claimableBalance: "B…"
    case .muxedAccount: "G… or M…"
    case .muxedAccountParts: "M…"
    case .address: "G…, C…, M…, B… or L…"
    case .signerKey: "G…, T…, X… or P…"
    case .signedPayload: "P…"
    case .u128, .i128, .u256, .i256: "a decimal string"
    case .time: "RFC 3339, in UTC"
    case .base64: "base64"
    case .assetName: "native, or CODE:G…"
    case .metrics: "an object of decimal strings"
    }
  }

  /// The maximum length.
  private func limit(_ schema: Schema) -> String {
    let node = schema.node(node)
    return switch node.kind {
    case _ where node.form == .assetCode || node.form == .assetName: " (a code has at most 12 bytes)"
    case .string, .opaque, .fixedOpaque: " (at most \(node.size) bytes)"
    case .array: " (at most \(node.size))"
    default: ""
    }
  }
}

extension DataError {
  package init(_ error: JSONError) { self.init(error.description, at: error.offset) }

  /// With the path to the error in the text. The error's offset is from `start`.
  package init(_ error: JSONError, in text: RawSpan, from start: Int = 0) {
    var error = error
    error.offset += start
    self.init(error.message(in: text), at: error.offset)
  }
}
