import Foundation
import TestSupport
import Testing

/// The parser's description of an option (`--experimental-dump-help`).
private struct Dump: Decodable {
  struct Command: Decodable { let arguments: [Argument] }
  struct Name: Decodable {
    let kind: String
    let name: String
  }
  struct Argument: Decodable {
    let kind: String
    let shouldDisplay: Bool
    let names: [Name]?
    let valueName: String?
    let allValues: [String]?
  }
  let command: Command
}

private struct Option: Hashable, CustomStringConvertible {
  let name: String
  var values: [String]? = nil

  var description: String { name.count == 1 ? "-\(name)" : "--\(name)" }

  static func of(_ tool: String) throws -> [Option] {
    let dump = try Documentation.run("\(tool) --experimental-dump-help")
    let command = try JSONDecoder().decode(Dump.self, from: Data(dump.text.utf8)).command
    return command.arguments.filter { $0.shouldDisplay && $0.kind != "positional" }.flatMap { argument in
      (argument.names ?? []).map { Option(name: $0.name, values: argument.allValues) }
    }
  }
}

/// Help, manual and completions have the same options.
@Suite struct DocumentationOptionTests {
  /// The options of a page: those in its lists, `.It Fl i , Fl -input Ar format`.
  private func optionsOfManual(_ tool: String) -> Set<String> {
    var options: Set<String> = []
    for line in Documentation.lines("man/\(tool).1") where line.hasPrefix(".It ") {
      let words = line.split(separator: " ")
      for (word, next) in zip(words, words.dropFirst()) where word == "Fl" {
        options.insert(String(next.hasPrefix("-") ? next.dropFirst() : next))
      }
    }
    return options
  }

  @Test(arguments: Documentation.tools)
  func manualAndHelpAgree(tool: String) throws {
    let help = Set(try Option.of(tool).map(\.name))
    // The parser's own option, which its help does not list.
    let manual = optionsOfManual(tool).subtracting(["generate-completion-script"])
    #expect(help.subtracting(manual) == [], "not in the manual of \(tool)")
    #expect(manual.subtracting(help) == [], "not in the help of \(tool)")
  }

  /// The words that an option accepts are in its item in the manual.
  @Test(arguments: Documentation.tools)
  func manualListsTheValues(tool: String) throws {
    let text = Documentation.lines("man/\(tool).1").joined(separator: "\n").split { " \n,|[]".contains($0) }
    let words = Set(text.map(String.init))
    for option in try Option.of(tool) {
      for value in option.values ?? [] { #expect(words.contains(value), "\(option) \(value)") }
    }
  }

  /// The manual's synopsis has every option that only this tool has; it does not repeat the common ones.
  @Test(arguments: Documentation.tools)
  func commonOptionsAreTheSameEverywhere(tool: String) {
    func common(_ tool: String) -> [String] {
      let lines = Documentation.lines("man/\(tool).1")
      guard let first = lines.firstIndex(where: { $0.hasPrefix(".It Fl i ,") }),
        let last = lines[first...].firstIndex(of: ".El")
      else { return [] }
      return Array(lines[first..<last])
    }
    #expect(!common(tool).isEmpty)
    #expect(common(tool) == common("ledger-split"))
  }

  /// The subsections of event-filter's page are the groups of its help.
  @Test func helpAndManualHaveTheSameGroups() throws {
    let help = try Documentation.run("event-filter --help").text.matches(of: /^([A-Z ,]+):$/.anchorsMatchLineEndings()).map {
      String($0.1)
    }
    let page = Documentation.lines("man/event-filter.1").prefix { $0 != ".Sh PATTERNS" }.filter { $0.hasPrefix(".Ss ") }
    let groups = page.map { $0.dropFirst(4).uppercased() }
    #expect(groups.count > 5 && groups == help.filter { groups.contains($0) || !["ARGUMENTS", "EXAMPLES"].contains($0) })
  }

  @Test(arguments: Documentation.tools, ["bash", "zsh", "fish"])
  func completionsHaveTheOptions(tool: String, shell: String) throws {
    let script = try Documentation.run("\(tool) --generate-completion-script \(shell)")
    #expect(script.status == 0)
    for option in try Option.of(tool) {
      let written = shell == "fish" ? (option.name.count == 1 ? "-s '\(option.name)'" : "-l '\(option.name)'") : "\(option)"
      #expect(script.text.contains(written) || script.text.contains(written.replacingOccurrences(of: "'", with: "")), "\(option)")
      for value in option.values ?? [] { #expect(script.text.contains(value), "\(option) \(value)") }
    }
    if Documentation.isInstalled(shell) {
      let check = try Documentation.run("\(tool) --generate-completion-script \(shell) | \(shell) -n")
      #expect(check.status == 0, "\(check.text)")
    }
  }

  @Test(.enabled(if: Documentation.isInstalled("mandoc"), "mandoc is not installed"), arguments: Documentation.pages)
  func mandocReportsNothing(page: String) throws {
    let name = page.dropFirst("man/".count)
    let said = try Documentation.run("cd man && mandoc -T lint -W style \(name) 2>/dev/null")
    #expect(said.text == "")
  }
}
