import Bytes
import Testing

@testable import Filtering

@Suite struct PatternTests {
  private func matches(_ pattern: String, _ text: String) throws -> Bool {
    try Pattern(pattern).matches(text: Array(text.utf8).bytes)
  }

  @Test(arguments: [
    ("", "", true), ("", "a", false), ("*", "", true), ("**", "anything", true), ("a*", "a", true), ("a*", "ba", false),
    ("*a", "aa", true),
    ("*ab*", "aab", true), ("*ab*cd", "abcabcd", true), ("?", "", false), ("?", "é", true), ("?", "éé", false),
    ("*??", "é", false),
    ("*?b", "éb", true), ("a?c*e", "abcde", true), ("[a]", "[a]", true), ("[a]*", "a", false), (#"\*"#, #"\x"#, true),
  ])
  func globs(_ pattern: String, _ text: String, _ expected: Bool) throws { #expect(try matches(pattern, text) == expected) }

  @Test func globsThatLookBackOften() throws {
    #expect(try !matches("*a*a*a*a*b", String(repeating: "a", count: 2000)))
  }

  @Test(arguments: [
    ("/b/", "abc", true), ("/^b/", "abc", false), ("/^(a|x)bc$/", "abc", true), ("/[0-9]{3}/", "a12b", false), ("//", "", true),
    ("/^$/", "", true), ("/c$/", "a\0c", true),
  ])
  func expressions(_ pattern: String, _ text: String, _ expected: Bool) throws { #expect(try matches(pattern, text) == expected) }

  @Test(arguments: [">5", "<=5", "=5", "hex:35"]) func numbersAndBytesAreNoText(_ pattern: String) throws {
    #expect(try !matches(pattern, "5"))
  }

  @Test(arguments: [">abc", "=", "<", "=-", ">>5"]) func textThatBeginsWithASign(_ text: String) throws {
    #expect(try matches(text, text))
  }

  @Test(arguments: ["/(a/", "/[/", "hex:0", "hex:0g", ">1e6", "<=12a", "=1.5", ">1_000"])
  func badPatterns(_ pattern: String) { #expect(throws: UsageError.self) { try Pattern(pattern) } }

  @Test(arguments: [
    (">9", "10", true), (">9", "9", false), ("<-9", "-10", true), ("<-9", "-9", false), (">=-10", "-9", true), ("=0", "0", true),
    (">-1", "0", true), ("=5", "05", false), ("=5", "+5", false), ("=5", "5.0", false), ("<5", "-", false), ("<5", "", false),
    (">1", "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999", true),
  ])
  func decimalTexts(_ pattern: String, _ text: String, _ expected: Bool) throws {
    let comparison = try #require(try Comparison(pattern))
    #expect(comparison.holds(forDecimal: Array(text.utf8).bytes) == expected)
  }

  @Test func manyIdentifiers() {
    var set = IdentifierSet()
    var isInserted = true
    for byte in UInt8(0)..<200 { isInserted = isInserted && set.insert(strkey: contract(byte), as: .address) }
    #expect(isInserted)
    for byte in UInt8(0)..<255 {
      let isFound = set.contains(Array(contract(byte).utf8).bytes)
      #expect(isFound == (byte < 200))
    }
    let isFound = set.contains([UInt8](repeating: 7, count: 32).bytes)
    #expect(isFound)
    let isPartFound = set.contains([UInt8](repeating: 7, count: 31).bytes)
    #expect(!isPartFound)
    for (text, kind) in [(contract(1), IdentifierSet.Kind.account), (String(contract(1).dropLast()), .address)] {
      let isInserted = set.insert(strkey: text, as: kind)
      #expect(!isInserted)
    }
  }
}
