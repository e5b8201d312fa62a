// Handwritten XDR (RFC 4506), so that expectations do not come from the code under test.

import Foundation

package func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) } }

package func doubleWord(_ value: UInt64) -> [UInt8] { word(UInt32(value >> 32)) + word(UInt32(truncatingIfNeeded: value)) }

/// A counted opaque or string.
package func counted(_ content: [UInt8]) -> [UInt8] {
  word(UInt32(content.count)) + content + [UInt8](repeating: 0, count: -content.count & 3)
}

package func counted(_ text: String) -> [UInt8] { counted(Array(text.utf8)) }

/// A counted array of encoded elements.
package func array(_ elements: [[UInt8]]) -> [UInt8] { word(UInt32(elements.count)) + concatenated(elements) }

/// Like `joined`, which takes minutes for a few megabytes in a debug build.
package func concatenated(_ parts: some Sequence<[UInt8]>) -> [UInt8] { parts.reduce(into: []) { $0 += $1 } }

/// SCVals, with the tags of protocol section 8.1.
package enum Value {
  package static let void = word(1)
  package static func u32(_ value: UInt32) -> [UInt8] { word(3) + word(value) }
  package static func bytes(_ value: [UInt8]) -> [UInt8] { word(13) + counted(value) }
  package static func string(_ value: String) -> [UInt8] { word(14) + counted(value) }
  package static func symbol(_ value: String) -> [UInt8] { word(15) + counted(value) }
  package static func vec(_ elements: [[UInt8]]) -> [UInt8] { word(16) + word(1) + array(elements) }
  package static func map(_ entries: [([UInt8], [UInt8])]) -> [UInt8] { word(17) + word(1) + array(entries.map { $0.0 + $0.1 }) }
  package static func contract(_ id: [UInt8]) -> [UInt8] { word(18) + word(1) + id }

  /// `levels` nested vecs, the innermost one empty.
  package static func nestedVec(_ levels: Int) -> [UInt8] {
    (1..<levels).flatMap { _ in word(16) + word(1) + word(1) } + word(16) + word(1) + word(0)
  }
}

/// The bytes of hex digits; spaces between them are ignored.
package func hex(_ digits: String) -> [UInt8] {
  let digits = digits.utf8.filter { $0 != UInt8(ascii: " ") }.map { UnicodeScalar($0) }.map(Character.init)
  precondition(digits.count % 2 == 0)
  return stride(from: 0, to: digits.count, by: 2).map { offset in
    guard let byte = UInt8(String(digits[offset...offset + 1]), radix: 16) else { preconditionFailure("no hex digits") }
    return byte
  }
}

package func hexDigits(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The bytes of base64 text, decoded by Foundation.
package func base64(_ text: String) -> [UInt8] {
  guard let data = Data(base64Encoded: text) else { preconditionFailure("\(text) is not base64") }
  return [UInt8](data)
}

package func base64Text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
