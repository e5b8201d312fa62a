import Foundation
import TestSupport
import Testing

/// The manual as a whole: its HTML, guides, pictures and spelling, and that it is complete.
@Suite struct ManualTests {
  private static let hasMandoc = Documentation.isInstalled("mandoc") && Documentation.isInstalled("python3")

  /// All pages as one text, including macros.
  private static let text = Documentation.pages.map { Documentation.lines($0).joined(separator: "\n") }.joined(separator: "\n")

  @Test func everyPageIsListed() {
    let files = ["1", "5", "7"].flatMap { Repository.files(in: "\(Repository.root)/man", ending: ".\($0)") }
    #expect(Set(files) == Set(Documentation.pages.map { "\(Repository.root)/\($0)" }))
  }

  @Test(.enabled(if: hasMandoc, "mandoc is not installed"), arguments: Documentation.guides)
  func guidesAreShort(page: String) throws {
    let shown = try Documentation.run("mandoc -T utf8 \(page) | wc -l").lines.first.flatMap(Int.init)
    #expect((50...300).contains(try #require(shown)))
  }

  /// Each link of the HTML leads to an existing file and anchor, and nothing is loaded from elsewhere.
  @Test(.enabled(if: hasMandoc, "mandoc is not installed")) func linksOfTheHTML() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("manual-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Documentation.run("scripts/html \(folder)")
    #expect(made.status == 0, "\(made.text)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count { $0.hasSuffix(".html") } == Documentation.pages.count + 1)
    var files: [String: String] = [:]
    for name in names { files[name] = String(decoding: Repository.bytes("\(folder)/\(name)"), as: UTF8.self) }
    var links = 0
    for (name, text) in files where name.hasSuffix(".html") {
      for match in text.matches(of: /(href|src)="([^"]*)"/) {
        let parts = match.2.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if match.1 == "href", parts[0].hasPrefix("https://") { continue }
        let target = files[parts[0].isEmpty ? name : parts[0]]
        #expect(target != nil, "\(name): \(match.2)")
        if parts.count == 2 { #expect(target?.contains("id=\"\(parts[1])\"") == true, "\(name): \(match.2)") }
        links += 1
      }
    }
    #expect(links > 1000)
    #expect(try Documentation.run("scripts/html --check \(folder)").status == 0)
    // The check notices a missing page.
    try FileManager.default.removeItem(atPath: "\(folder)/event-filter.1.html")
    let check = try Documentation.run("scripts/html --check \(folder)")
    #expect(check.status == 1 && check.text.contains("index.html: event-filter.1.html leads nowhere"), "\(check.text)")
  }

  /// The search finds headings, options and messages; the index names every page.
  @Test(.enabled(if: hasMandoc, "mandoc is not installed")) func theSearchIsComplete() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("manual-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Documentation.run("scripts/html \(folder)")
    let entries = String(decoding: Repository.bytes("\(folder)/headings.js"), as: UTF8.self)
    for entry in [
      #""YOUR CONTRACT","soroban-start.7.html#YOUR_CONTRACT","soroban-start(7)""#,
      #""--any-call","event-filter.1.html#any-call""#,
      #""gzip data; pipe it through zcat","soroban-messages.7.html#"#,
    ] {
      #expect(entries.contains(entry), "\(entry)")
    }
    let index = String(decoding: Repository.bytes("\(folder)/index.html"), as: UTF8.self)
    for page in Documentation.pages {
      #expect(index.contains("<dt><a href=\"\(page.dropFirst("man/".count)).html\">"), "\(page)")
    }
  }

  @Test(.enabled(if: Documentation.isInstalled("python3"), "python3 is not installed")) func picturesMatchTheTable() throws {
    let check = try Documentation.run("scripts/pictures --check")
    #expect(check.status == 0, "\(check.text)")
    let readme = Documentation.lines("README.md").joined(separator: "\n")
    for match in readme.matches(of: /(?:src|srcset)="([^"]*)"/) {
      #expect(FileManager.default.fileExists(atPath: "\(Repository.root)/\(match.1)"), "\(match.1)")
    }
  }

  /// The links of the README, and of the other Markdown pages, lead to files.
  @Test func linksOfTheReadme() {
    let readme = Documentation.lines("README.md").joined(separator: "\n")
    let links = readme.matches(of: /\]\(([^)#]+)\)/).map { String($0.1) }
    #expect(links.count > 20)
    for link in links where !link.hasPrefix("https://") {
      #expect(FileManager.default.fileExists(atPath: "\(Repository.root)/\(link)"), "\(link)")
    }
  }

  /// aspell knows every word of the README and the manual, or the word is in the project's list.
  @Test(.enabled(if: hasMandoc && Documentation.isInstalled("aspell"), "aspell or mandoc is not installed"))
  func wordsAreSpelled() throws {
    let found = try Documentation.run("scripts/spelling")
    #expect(found.status == 0 && found.text.isEmpty, "\(found.text)")
    let wrong = try Documentation.run("echo 'The ledgre is read.' > /tmp/sp-spelling.md; scripts/spelling /tmp/sp-spelling.md")
    #expect(wrong.status == 1 && wrong.lines == ["/tmp/sp-spelling.md: ledgre"], "\(wrong.text)")
  }

  /// At most 16 words per sentence on average, in every page.
  @Test(
    .enabled(if: hasMandoc && Documentation.isInstalled("style"), "style, of the package diction, or mandoc is not installed"))
  func sentencesAreShort() throws {
    let table = try Documentation.run("scripts/reading-ease").lines.dropFirst().map { $0.split(separator: "\t").map(String.init) }
    #expect(table.count == Documentation.pages.count + 1)
    for row in table {
      let (words, grade) = (Double(row[2]) ?? 99, Double(row[3]) ?? 99)
      #expect(words <= 16 && grade <= 7, "\(row.joined(separator: " "))")
    }
  }

  // MARK: completeness

  /// All options in the manual: `Fl -name`, `, -name` after another one, and `--name` in examples.
  private static let options = Set(
    text.matches(of: /(?:\bFl -|, -|--)([a-z][a-z0-9-]+)/).map { String($0.1) })

  @Test(
    .enabled(if: Documentation.isInstalled("python3"), "python3 is not installed"),
    arguments: [
      "serve/start", "serve/grpc", "replay pipe", "replay lake", "replay rpc", "deploy/backfill", "deploy/backfill plan",
      "deploy/backfill check", "deploy/backfill compact", "deploy/backfill estimate", "deploy/backfill stream",
      "deploy/flowctl/soroban-flowctl",
    ])
  func everyFlagIsMentioned(program: String) throws {
    let help = try Documentation.run("scripts/\(program) --help")
    if help.text.contains("is missing") { try Test.cancel("\(program) needs packages that are not installed") }
    let options = Set(help.text.matches(of: /--([a-z][a-z-]+)/).map { String($0.1) }).subtracting(["help"])
    #expect(help.status == 0 && !options.isEmpty, "\(help.text)")
    #expect(options.isSubset(of: Self.options), "not in the manual: \(options.subtracting(Self.options))")
  }

  /// `DocumentationOptionTests` compares the tools' own options; the guides must not name options that do not exist.
  @Test func guidesNameOptionsThatExist() throws {
    var known: Set<String> = []
    for tool in Documentation.tools {
      known.formUnion(try Documentation.run("\(tool) --help").text.matches(of: /--([a-z][a-z0-9-]+)/).map { String($0.1) })
    }
    for page in Documentation.guides {
      for line in Documentation.lines(page) {
        let shown = Documentation.printed(line)
        guard let tool = Documentation.tools.first(where: { shown.contains("\($0) -") }) else { continue }
        let words = shown.split(separator: "|").first { $0.contains("\(tool) -") }.map(String.init) ?? ""
        for match in words.matches(of: /\s--([a-z][a-z0-9-]+)/) { #expect(known.contains(String(match.1)), "\(page): \(line)") }
      }
    }
  }

  @Test func everyAlertIsMentioned() {
    let rules = Documentation.lines("scripts/deploy/monitoring/rules.yml")
    let alerts = rules.compactMap { $0.firstMatch(of: /- alert: (\w+)/).map { String($0.1) } }
    #expect(alerts.count > 5)
    for alert in alerts { #expect(Self.text.contains(".It \(alert)\n"), "\(alert)") }
  }

  /// `MonitoringTests` compares those of the tools with a real file.
  @Test func everyMetricIsMentioned() {
    let monitor = Documentation.lines("scripts/serve/serve_lib/monitor.py").joined(separator: "\n")
    let service = monitor.matches(of: /"([a-z_]+)": \("[A-Z1]|"([a-z]+_[a-z_]+)": "[A-Z]/).compactMap { $0.1 ?? $0.2 }.map(
      String.init)
    let section = Documentation.lines("man/soroban-serve.7").drop { $0 != ".Sh METRICS" }.prefix { $0 != ".Sh EXIT STATUS" }
    let items = section.filter { $0.hasPrefix(".It ") }.flatMap { $0.split { " ,".contains($0) }.map(String.init) }
    #expect(service.count > 10 && Set(service).isSubset(of: items), "\(Set(service).subtracting(items))")
    let client = Documentation.lines("scripts/consumers/node/src/metrics.ts").joined(separator: "\n")
      .matches(of: /metric\('([a-z_]+)'/).map { String($0.1) }
    #expect(client.count > 5)
    for name in client { #expect(Self.text.contains(name), "\(name)") }
  }

  @Test func everyEndpointIsMentioned() {
    let request = Documentation.lines("scripts/serve/serve_lib/request.py").joined(separator: "\n")
    let routes = request.matches(of: /^    "(\/[a-z]+)": \(\(/.anchorsMatchLineEndings()).map { String($0.1) }
    #expect(routes.count >= 4)
    for route in routes + ["/manual/"] { #expect(Self.text.contains(".It Li GET Pa \(route)\n"), "\(route)") }
  }

  /// Exit statuses, HTTP and gRPC statuses, and the error classes of the clients.
  @Test func everyKindOfErrorIsMentioned() {
    for tool in Documentation.tools {
      let lines = Documentation.lines("man/\(tool).1")
      let section = lines.drop { $0 != ".Sh EXIT STATUS" }.prefix { $0 != ".El" }
      for status in ["0", "2", "3", "4"] + (tool == "event-filter" ? ["1"] : []) {
        #expect(section.contains(".It \(status)"), "\(tool) \(status)")
      }
    }
    let answers = Documentation.lines("scripts/serve/serve_lib/answers.py").joined(separator: "\n")
    let statuses = answers.matches(of: /(\d{3}): "[A-Z]/).map { String($0.1) }
    #expect(statuses.count > 8)
    let serve = Documentation.lines("man/soroban-serve.7").joined(separator: "\n")
    for status in statuses { #expect(serve.contains(status), "\(status)") }
    let codes = Documentation.lines("scripts/serve/serve_lib/rpc.py").joined(separator: "\n").matches(of: /\d{3}: "([A-Z_]+)"/)
    #expect(codes.count >= 5)
    for code in codes { #expect(serve.contains(".It Li \(code.1)\n"), "\(code.1)") }
    let errors = Documentation.lines("scripts/consumers/node/src/errors.ts").joined(separator: "\n")
      .matches(of: /class (\w+Error) extends SorobanPipesError/)
    #expect(errors.count == 5)
    for error in errors { #expect(Self.text.contains(".It Li \(error.1)\n"), "\(error.1)") }
  }

  /// The recipe index is complete.
  @Test(arguments: RecipeTests.recipes) func everyRecipeIsMentioned(recipe: String) {
    let index = Documentation.lines("man/soroban-start.7").filter { $0.hasPrefix(".It Li ") }
    #expect(index.contains { $0.dropFirst(7).split { " ,".contains($0) }.contains(Substring(recipe)) }, "\(recipe)")
  }
}
