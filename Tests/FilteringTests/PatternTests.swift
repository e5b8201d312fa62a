import Bytes
import TestSupport
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

  @Test func globsWithBacktracking() throws {
    #expect(try !matches("*a*a*a*a*b", String(repeating: "a", count: 2000)))
  }

  @Test(arguments: [
    ("/b/", "abc", true), ("/^b/", "abc", false), ("/^(a|x)bc$/", "abc", true), ("/[0-9]{3}/", "a12b", false), ("//", "", true),
    ("/^$/", "", true), ("/c$/", "a\0c", true),
  ])
  func expressions(_ pattern: String, _ text: String, _ expected: Bool) throws { #expect(try matches(pattern, text) == expected) }

  /// Characters are UTF-8 in every locale; no wildcard matches bytes that are not UTF-8.
  @Test(arguments: [
    ("/^.$/", "é", true), ("/^..$/", "é", false), ("/[é]/", "\u{2A}", false), ("/[é]/", "ê", false), ("/^[^a]$/", "é", true),
    ("/^é{2}$/", "éé", true), ("/é*b/", "b", true), ("/^[α-ω]+$/", "λόγος", false), ("/^[α-ώ]+$/", "λόγος", true),
    ("/^[[:alpha:]]+$/", "λόγος", true), ("/^.{3}$/", "日本語", true), ("/^.$/", "𝄞", true), ("/^.{9}$/", "日本語", false),
    ("/x.y/", "x𝄞y", true), ("/^[a-z]$/", "é", false), ("/^[^α-ώ]+$/", "λόγος", false), ("/^[^α-ώ]+$/", "logos", true),
    ("/^[a-é]{2}$/", "zâ", true), ("/^[a-é]$/", "ê", false), ("/^[]-é]+$/", "]a~é", true), ("/^[é-]+$/", "-é", true),
    ("/^[é-é]$/", "é", true), ("/^[[:digit:]а-я]+$/", "7ж", true), ("/^[一-龥]+$/", "日本語", true), ("/^\\[é-ü]$/", "[é-ü]", true),
    ("/^[éа-я[:space:]z]+$/", "é жz", true),
  ])
  func characters(_ pattern: String, _ text: String, _ expected: Bool) throws { #expect(try matches(pattern, text) == expected) }

  @Test func invalidUTF8MatchesNoCharacter() throws {
    for bytes: [UInt8] in [[0xC3], [0x61, 0xFF, 0x62], [0xED, 0xA0, 0x80], [0xC3, 0x28], [0xF8, 0x88, 0x80, 0x80, 0x80]] {
      for pattern in ["/é/", "/^.$/", "/[^é]{9}/", "/^é*$/"] {
        #expect(try !Pattern(pattern).matches(text: bytes.bytes), "\(bytes)")
      }
    }
  }

  /// An ASCII pattern is matched by bytes on ASCII text, with the same result as by characters. An alternative that never matches
  /// forces the match by characters.
  @Test func bytesAndCharactersAgreeOnASCII() throws {
    let atoms = [".", "a", "[^a]", "[a-c]", "b*", "(a|bc)", "c+", "a?", "^", "$", "[[:alpha:]]", "{", "\\.", "x{2}"]
    var random = SeededGenerator(seed: 11)
    var matched = 0
    for _ in 0..<400 {
      let pattern = (0...random.below(4)).map { _ in atoms[random.below(atoms.count)] }.joined()
      guard let byBytes = try? Pattern("/\(pattern)/") else { continue }
      let byCharacters = try Pattern("/\(pattern)|é{9}/")
      for _ in 0..<8 {
        let text = (0..<random.below(6)).map { _ in UInt8(ascii: "abcx. ".unicodeScalars.randomElement(using: &random) ?? "a") }
        let isMatched = byBytes.matches(text: text.bytes)
        #expect(isMatched == byCharacters.matches(text: text.bytes), "\(pattern) \(text)")
        matched += isMatched ? 1 : 0
      }
    }
    #expect(matched > 500)
  }

  @Test(arguments: [">5", "<=5", "=5", "hex:35"]) func numbersAndBytesAreNotText(_ pattern: String) throws {
    #expect(try !matches(pattern, "5"))
  }

  /// Text that begins like a comparison is one, or is rejected: matched as text it would never be what the user meant.
  @Test(arguments: [
    "/(a/", "/[/", "hex:0", "hex:0g", ">1e6", "<=12a", "=1.5", ">1_000", ">abc", "=", "<", "=-", ">>5", "==5", "!=5", "=>5",
    "=<5",
    "<>5", ">+5", "> ", "=usd", "/usd/i", #"/^\d+$/"#, #"/[\D]/"#, "AAAADwAAAAh0cmFuc2",
    "/[ü-é]/", "/[é-/", "/[é-ü/", "/[é-\u{10FFFF}]/",
  ])
  func badPatterns(_ pattern: String) { #expect(throws: UsageError.self) { try Pattern(pattern) } }

  @Test(arguments: [
    (">9", "10", true), (">9", "9", false), ("<-9", "-10", true), ("<-9", "-9", false), (">=-10", "-9", true), ("=0", "0", true),
    (">-1", "0", true), ("=5", "05", false), ("=5", "+5", false), ("=5", "5.0", false), ("<5", "-", false), ("<5", "", false),
    (">1", "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999", true),
  ])
  func decimalTexts(_ pattern: String, _ text: String, _ expected: Bool) throws {
    let comparison = try #require(try Comparison(pattern))
    #expect(comparison.matches(forDecimal: Array(text.utf8).bytes) == expected)
  }

  @Test(arguments: ["", "a,b", "a*,b", ">5", "=5", "hex:00", "!=a", contract(1)]) func invalidNames(_ text: String) {
    #expect(throws: UsageError.self) { try Pattern(name: text) }
  }

  @Test(arguments: [
    ("amount=5", "amount", "5", nil), ("balance.amount=>5", "balance.amount", ">5", nil), (".=5", ".", "5", nil),
    (".=a=b", ".", "a=b", nil), (".amount=5", "amount", "5", nil), ("0.amount=5", "amount", "5", 0), ("0.=5", ".", "5", 0),
    ("12.0.1==5", "0.1", "=5", 12), (".0=5", "0", "5", nil), ("a.*=x", "a.*", "x", nil), (".*=x", "*", "x", nil),
    (#""a b".c="#, "a b.c", "", nil), (#""é\u0041"=x"#, "éA", "x", nil), ("007=x", "007", "x", nil),
  ])
  func paths(_ text: String, _ path: String, _ pattern: String, _ place: Int?) throws {
    // Digits alone are a position.
    guard text != "007=x" else {
      #expect(try MemberPath.split(text, places: false)?.path?.description == path)
      return
    }
    let split = try #require(try MemberPath.split(text, places: true))
    #expect(split.path?.description == path && split.pattern == pattern && split.place == place)
  }

  @Test(arguments: [
    "amount", "5", "a b=c", "*=5", "am*=5", "{\"a\":\"b=c\"}", "/a=b/", "hex:00", "=5", ">=5", "https://x?a=b", "é=5", "a-b=c",
    "",
    "\"a=b", "?=5",
  ])
  func textWithoutAPath(_ text: String) throws { #expect(try MemberPath.split(text, places: true)?.pattern == nil) }

  @Test(arguments: ["a[0]=5", "$.a=5", "a..b=5", "a.=5", "..=5", "amount>5", "0.a<= -5", "a!=5", "4294967296=5", "$=5"])
  func invalidPaths(_ text: String) { #expect(throws: UsageError.self) { try MemberPath.split(text, places: true) } }

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
