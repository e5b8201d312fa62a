import Foundation
import TestSupport
import Testing

/// The manual's list of guarantees and the tests of each.
@Suite struct DocumentationGuaranteeTests {
  struct Promise: CustomTestStringConvertible, Sendable {
    var words = ""
    var tests: [String] = []

    var testDescription: String { words }
  }

  /// The items of a section of the manual. Comments name the tests of each, `.\" Suite.test`, because readers do not need them.
  static let promises: [Promise] = {
    let lines = Documentation.lines("man/soroban-pipes.7")
    let section = lines.drop { $0 != ".Sh GUARANTEES" }.dropFirst().prefix { !$0.hasPrefix(".Sh ") }
    return section.split { $0 == ".It" }.dropFirst().map { item in
      var promise = Promise()
      for line in item {
        if line.hasPrefix(".\\\" ") {
          promise.tests.append(String(line.dropFirst(4)))
        } else if !line.hasPrefix(".El") {
          promise.words += (promise.words.isEmpty ? "" : " ") + line
        }
      }
      return promise
    }
  }()

  /// All tests of the project, named as in the list.
  static let tests: Set<String> = {
    var names: Set<String> = []
    let folder = "\(Repository.root)/Tests"
    for path in FileManager.default.subpaths(atPath: folder) ?? [] where path.hasSuffix(".swift") {
      var suite = ""
      var isTest = false
      for line in Documentation.lines("Tests/\(path)") {
        if let found = line.firstMatch(of: /^(?:@Suite.* |extension |private )?(?:struct |extension )?(\w+Tests)\b.*\{/) {
          suite = String(found.1)
        }
        isTest = isTest || line.contains("@Test")
        if isTest, let found = line.firstMatch(of: /\bfunc (\w+)\(/) {
          names.insert("\(suite).\(found.1)")
          isTest = false
        }
      }
    }
    return names
  }()

  @Test func thereAreMany() {
    #expect(Self.promises.count > 20 && Self.tests.count > 200)
    #expect(Self.tests.contains("DocumentationGuaranteeTests.thereAreMany"))
  }

  @Test(arguments: promises) func everyPromiseHasATest(promise: Promise) {
    #expect(!promise.words.isEmpty && !promise.tests.isEmpty)
    for name in promise.tests { #expect(Self.tests.contains(name), "there is no test \(name)") }
  }
}
