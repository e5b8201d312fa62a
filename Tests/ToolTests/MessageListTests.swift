import Foundation
import TestSupport
import Testing

/// Every message has a test: each text of the sources that is meant for users is part of a message that some test expects.
@Suite struct MessageListTests {
  /// Messages that tests expect outside the tables of complete messages.
  private static let others = [
    // VerifyTests
    "header hash is stated as 00, but computed as 01", "previous ledger hash is 00, but the ledger before has 01",
    "transaction set hash is stated as 00", "result set hash is stated as 00",
    // ProofTests
    "return value and events of operation 0 hash to 00, but its result holds 01",
    "the meta has no return value and events of operation 0, which succeeded",
    "events of operation 0 were rewritten for the meta of a later protocol, and cannot be proved",
    "1 event was added in front by core, and cannot be proved (operation 0)", "the hash is 00, but --anchor says 01",
    "11 operations with rewritten events in all", "11 operations with added events in all",
    // MessageTests and CommandTests
    "no envelope hashes to result 2, 00", "See 'ledger-split --help'.",
    // SelectionTests
    "ledger-split: 3 more gaps (at most 10 are shown per minute)", "1 more repeated ledgers", "1 more steps back",
    "no object holds any ledger",
    // InstallTests
    "no tool was named", "there is no tool 'split'", "See 'soroban-pipes --help'.",
    // LakeTests
    "ledger-split: the FILEs have the names of a data lake's objects; they are read as one lake, in ascending order",
    "the input does not hold ledgers 1052 to 1070 (see --ledgers)",
    "another object of the data lake holds this ledger too; it is dropped here",
    "another object of the data lake holds this ledger with the hash 00",
    "the data lakes are of two networks: \"a\" (other/.config.json), and \"mine\"",
    "waiting for the object of ledger 7, although later ones exist", "3 more missing objects", "3 more metrics not written",
    "no transaction has the hash 00 (see --tx)", "3 more unknown transactions", "5 more ledgers in two objects",
    // FilterTests
    "transactions without a record", "ranges without a record",
    // ValueTests
    "2 more paths that do not lead to a string",
  ]

  /// An error that no caller sees; one that only the WebAssembly module has (more input is needed); a C library that does not
  /// pass the arguments, where /proc is not mounted either; and a case whose own test brings it about, in a buffer of two
  /// gigabytes (`OutputTests.refusesToMarkTwoGigabytes`).
  private static let outOfReach = [
    "not JSON", "'/…/' needs a locale for UTF-8, and this system has none: neither C.UTF-8 nor en_US.UTF-8",
    "the arguments cannot be read: /proc is not mounted", "record of … bytes, too long for record marking",
    "more input is needed",
  ]

  private static let expected =
    MistakeTests.all.map(\.message) + RefusalTests.all.flatMap(\.words) + MessageTests.messages.map(\.message)
    + TerminalMistakeTests.mistakes.map(\.message) + others

  /// Texts that are not messages: help, shell scripts, the meter, and texts of fatal errors of the program itself.
  private static let otherFiles = [
    "About", "CompletionScript", "FilterOption", "JSONSchema", "Meter", "Metrics", "Version", "Version+Commit", "Network",
    "SchemaCompiler",
  ]
  private static let otherPlaces = ["help:", "ArgumentHelp(", "title:", "abstract:", "fatalError(", "precondition"]

  struct Text: CustomTestStringConvertible {
    let place: String
    /// The text between the interpolated values.
    let parts: [String]

    var words: String { parts.joined(separator: "…") }
    var testDescription: String { "\(place): \(words)" }

    func stands(in message: String) -> Bool {
      var rest = message[...]
      for part in parts {
        guard let found = rest.range(of: part) else { return false }
        rest = rest[found.upperBound...]
      }
      return true
    }
  }

  static let texts = (try? sources.flatMap(texts)) ?? []

  private static var sources: [String] {
    let names = FileManager.default.enumerator(atPath: "\(Repository.root)/Sources")?.compactMap { $0 as? String } ?? []
    // scripts/consumers/module/test/module.test.js checks the messages of the WebAssembly module about its options.
    return names.sorted().filter { name in
      name.hasSuffix(".swift") && !name.hasPrefix("WebModule/") && !name.contains("/Schema/")
        && !otherFiles.contains { name.hasSuffix("/\($0).swift") }
    }
  }

  /// The string literals of a file that contain words.
  private static func texts(_ name: String) throws -> [Text] {
    let literal = try Regex(##""((?:\\\##(parentheses(3))|\\.|[^"\\])*)""##, as: (Substring, Substring).self)
    let value = try Regex(##"\\\##(parentheses(3))"##)
    var source = String(decoding: Repository.bytes("\(Repository.root)/Sources/\(name)"), as: UTF8.self)
    source.replace(/static let about = About\([\s\S]*?\n    \]\)/, with: "")
    var before = ""
    return source.split(separator: "\n").flatMap { (line: Substring) -> [Text] in
      let code: Substring = line.drop { $0 == " " }
      defer { before = String(code) }
      if code.hasPrefix("//") || otherPlaces.contains(where: "\(before)\(code)".contains) { return [] }
      return code.matches(of: literal).compactMap { match in
        let parts = match.1.split(separator: value).map { part in
          code[..<match.range.lowerBound].hasSuffix("#")
            ? String(part) : String(part).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        }
        return parts.contains { $0.contains(/[a-z]{2,} |[a-z] [a-z]/) } ? Text(place: name, parts: parts) : nil
      }
    }
  }

  /// A pattern for text in parentheses, nested up to this many levels.
  private static func parentheses(_ levels: Int) -> String {
    ##"\((?:[^()"]|"[^"]*"\##(levels > 0 ? "|" + parentheses(levels - 1) : ""))*\)"##
  }

  @Test func messagesAreFoundInTheSources() { #expect(Self.texts.count > 130) }

  @Test(arguments: texts) func everyMessageIsTested(text: Text) {
    let isExpected = Self.expected.contains(where: text.stands) || Self.outOfReach.contains(text.words)
    #expect(isExpected, "no test expects a message of \(text.testDescription)")
  }
}
