import Bytes
import Foundation
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// The text that `append` appends to an empty buffer.
private func text(_ append: (inout ByteBuffer) -> Void) -> String {
  var out = ByteBuffer(capacity: 1)
  append(&out)
  return String(decoding: out.bytes.copied, as: UTF8.self)
}

@Suite struct Base64Tests {
  private func decoded(_ text: String) -> (bytes: [UInt8], wrong: Int?) {
    var out = ByteBuffer(capacity: 1)
    out.append(UInt8(ascii: "!"))
    let wrong = out.append(decodingBase64: Array(text.utf8).bytes)
    let bytes = out.bytes.copied
    #expect(bytes.first == UInt8(ascii: "!"))
    return (Array(bytes.dropFirst()), wrong)
  }

  @Test func encodingAndDecodingAgreeWithFoundation() {
    var random = SeededGenerator(seed: 1)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      let encoded = text { $0.append(base64: bytes.bytes) }
      #expect(encoded == Data(bytes).base64EncodedString())
      let back = decoded(encoded)
      #expect(back.bytes == bytes && back.wrong == nil)
    }
  }

  /// RFC 4648 section 4: padded, canonical, no other characters. The offset is that of the first invalid character.
  @Test(arguments: [
    ("A", 1), ("AA", 2), ("AAA", 3), ("AAAAA", 5), ("A===", 1), ("====", 0), ("AA=A", 2), ("AAAA====", 4), ("AA==AAAA", 2),
    ("AB==", 1),
    ("AAB=", 2), ("AAA-", 3), ("AA_A", 2), ("AAAAA AA", 5), ("AAAA\nAAA", 4), ("é==", 0), ("AAAAAAAAAA*A", 10), ("=AAA", 0),
  ]) func invalidTextIsRefused(text: String, offset: Int) {
    let result = decoded(text)
    #expect(result.wrong == offset)
    #expect(result.bytes == [])
  }
}

@Suite struct EscapedTests {
  /// Texts of every length with a few bytes that are not text, escaped as in SEP-51, compared with a bytewise implementation.
  @Test func anyBytes() {
    func escape(_ byte: UInt8) -> String {
      switch byte {
      case 0: #"\\0"#
      case 9: #"\\t"#
      case 10: #"\\n"#
      case 13: #"\\r"#
      case 0x5C: #"\\\\"#
      case 0x22: #"\""#
      case 0x20...0x7E: String(UnicodeScalar(byte))
      default: #"\\x"# + hexDigits([byte])
      }
    }
    var random = SeededGenerator(seed: 3)
    for length in 0..<40 {
      for specials in 0..<8 {
        var bytes = (0..<length).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
        for _ in 0..<specials where length > 0 { bytes[random.below(length)] = UInt8.random(in: 0...255, using: &random) }
        // Within other bytes, to check that those stay unchanged.
        let around = [0xFF] + bytes + [0xFF]
        let written = text {
          $0.append(UInt8(ascii: "<"))
          $0.append(escaped: around.bytes.extracting(1..<1 + length))
          $0.append(UInt8(ascii: ">"))
        }
        #expect(written == "<\(bytes.map(escape).joined())>")
      }
    }
  }
}

@Suite struct HexTests {
  @Test func roundTrip() {
    let all = (0...255).map { UInt8($0) }
    let digits = text { $0.append(hex: all.bytes) }
    #expect(digits == hexDigits(all))
    for written in [digits, digits.uppercased()] {
      var out = ByteBuffer()
      #expect(out.append(decodingHex: Array(written.utf8).bytes) == nil)
      let back = out.bytes.copied
      #expect(back == all)
    }
  }

  @Test(arguments: [("0g", 1), ("g0", 0), ("00 0", 2), ("0000zz", 4)]) func invalidDigitsAreRefused(digits: String, offset: Int) {
    var out = ByteBuffer()
    #expect(out.append(decodingHex: Array(digits.utf8).bytes) == offset)
  }
}

@Suite struct DecimalTests {
  @Test func wordsOfEveryLength() {
    var value: UInt64 = 1
    for _ in 0..<20 {
      for near in [value &- 1, value, value &+ 1, value &* 5] {
        #expect(text { $0.append(decimal: near) } == "\(near)")
        #expect(text { $0.append(decimal: Int64(bitPattern: near)) } == "\(Int64(bitPattern: near))")
      }
      value = value &* 10
    }
    for edge in [Int64.min, .max, 0, -1] { #expect(text { $0.append(decimal: edge) } == "\(edge)") }
    #expect(text { $0.append(decimal: UInt64.max) } == "\(UInt64.max)")
  }

  /// Compared with Swift's own 128-bit integers.
  @Test func doubleWords() throws {
    var random = SeededGenerator(seed: 2)
    var values: [UInt128] = [
      0, 1, .max, 1 << 64, 1 << 127, (1 << 127) - 1, 10_000_000_000_000_000_000, 99_999_999_999_999_999_999,
    ]
    for shift in 0..<128 { values.append(UInt128(random.next()) << 64 | UInt128(random.next()) >> UInt128(shift)) }
    for value in values {
      let parts = doubleWord(UInt64(value >> 64)) + doubleWord(UInt64(truncatingIfNeeded: value))
      #expect(try rendered(type("UInt128Parts"), parts) == "\"\(value)\"")
      #expect(try rendered(type("Int128Parts"), parts) == "\"\(Int128(bitPattern: value))\"")
      #expect(try parsed(type("UInt128Parts"), "\"\(value)\"") == parts)
      #expect(try parsed(type("Int128Parts"), "\"\(Int128(bitPattern: value))\"") == parts)
    }
  }

  @Test(arguments: [
    (true, "ff", "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
    (false, "ff", "-1"), (true, "00", "0"), (false, "00", "0"),
    (false, "80", "-57896044618658097711785492504343953926634992332820282019728792003956564819968"),
    (true, "80", "57896044618658097711785492504343953926634992332820282019728792003956564819968"),
    (false, "7f", "57896044618658097711785492504343953926634992332820282019728792003956564819967"),
  ]) func quadrupleWords(isUnsigned: Bool, first: String, digits: String) throws {
    let rest: UInt8 = first == "ff" || first == "7f" ? 0xFF : 0
    let value = hex(first) + [UInt8](repeating: rest, count: 31)
    let name = type(isUnsigned ? "UInt256Parts" : "Int256Parts")
    #expect(try rendered(name, value) == "\"\(digits)\"")
    #expect(try parsed(name, "\"\(digits)\"") == value)
  }

  @Test(arguments: [
    ("UInt256Parts", "115792089237316195423570985008687907853269984665640564039457584007913129639936"), ("UInt256Parts", "-1"),
    ("Int256Parts", "57896044618658097711785492504343953926634992332820282019728792003956564819968"),
    ("Int256Parts", "-57896044618658097711785492504343953926634992332820282019728792003956564819969"),
    ("UInt256Parts", "1" + String(repeating: "0", count: 1_000_000)), ("UInt128Parts", "340282366920938463463374607431768211456"),
  ]) func outOfRangeNumbers(name: String, digits: String) {
    #expect(throws: JSONError.self) { try parsed(type(name), "\"\(digits)\"") }
  }
}

@Suite struct TimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (1_704_067_200, "2024-01-01T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    (253_402_300_800, "10000-01-01T00:00:00Z"), (UInt64.max, "584554051223-11-09T07:00:15Z"),
  ]) func secondsAndDates(seconds: UInt64, date: String) {
    #expect(text { $0.append(time: seconds) } == date)
    #expect(unixSeconds(rfc3339: Array(date.utf8).bytes) == seconds)
  }

  @Test func everyDayOfFourCenturiesAgreesWithFoundation() {
    let formatter = ISO8601DateFormatter()
    for day in stride(from: 0, to: 146_097, by: 37) {
      let seconds = UInt64(day) * 86_400 + 3661
      let date = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
      #expect(text { $0.append(time: seconds) } == date)
      #expect(unixSeconds(rfc3339: Array(date.utf8).bytes) == seconds)
    }
  }

  @Test(arguments: [
    ("2026-06-20T11:02:33Z", 1_781_953_353), ("2026-06-20t11:02:33z", 1_781_953_353), ("2026-06-20 11:02:33Z", 1_781_953_353),
    ("2026-06-20T11:02:33.999999999Z", 1_781_953_353), ("2026-06-20T13:02:33+02:00", 1_781_953_353),
    ("2026-06-20T05:32:33-05:30", 1_781_953_353), ("1970-01-01T01:00:00+01:00", 0), ("2016-12-31T23:59:60Z", 1_483_228_800),
  ]) func otherTimeNotations(date: String, seconds: UInt64) {
    #expect(unixSeconds(rfc3339: Array(date.utf8).bytes) == seconds)
  }

  /// A year of twelve digits has more seconds than fit into a word: such years once stopped the program.
  @Test(arguments: [
    "", "2026", "2026-06-20", "2026-06-20T11:02Z", "2026-06-20T11:02:33", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-06-31T00:00:00Z", "2026-06-00T00:00:00Z", "2026-06-20T24:00:00Z",
    "2026-06-20T11:60:00Z", "2026-06-20T11:02:61Z", "2026-06-20T11:02:33Zx", "2026-06-20T11:02:33.Z", "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01", "20260620T110233Z", " 2026-06-20T11:02:33Z", "-2026-06-20T11:02:33Z", "0000-01-01T00:00:00Z",
    "584554051223-11-09T07:00:16Z", "900000000000-01-01T00:00:00Z", "999999999999-12-31T23:59:59Z",
    "9999999999999-01-01T00:00:00Z",
  ]) func invalidTimes(date: String) {
    #expect(unixSeconds(rfc3339: Array(date.utf8).bytes) == nil)
  }
}
