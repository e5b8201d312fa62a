import Foundation
import TestSupport
import Testing

/// soroban-messages(7) lists every message of the tools and of the scripts that users run.
@Suite struct MessageManualTests {
  /// The messages of the page: its items `.It Li "MESSAGE"`.
  static let messages: [String] = Documentation.lines("man/soroban-messages.7").compactMap { line in
    guard line.hasPrefix(".It Li \""), line.hasSuffix("\"") else { return nil }
    return Documentation.printed(String(line.dropFirst(8).dropLast()))
  }

  /// Texts of an error that no caller sees.
  private static let unseen: Set = ["", " "]

  @Test func messagesAreFoundInThePage() {
    #expect(Self.messages.count > 400)
  }

  /// Each group of messages is followed by a remedy.
  @Test func everyMessageHasARemedy() {
    var wasItem = false
    for line in Documentation.lines("man/soroban-messages.7").drop(while: { $0 != ".Sh OPTIONS AND ARGUMENTS" }) {
      if line == ".El" || line.hasPrefix(".Sh") { #expect(!wasItem, "\(line): the messages before it have no remedy") }
      wasItem = line.hasPrefix(".It Li \"")
    }
  }

  /// A new message of a tool needs its cause and remedy in the page.
  @Test(arguments: MessageListTests.texts) func everyMessageOfTheToolsIsListed(text: MessageListTests.Text) {
    #expect(
      Self.messages.contains(where: text.stands) || Self.unseen.contains(text.words),
      "soroban-messages(7) lacks \(text.testDescription)")
  }

  // MARK: Scripts

  /// The scripts that users run, as paths from scripts/. Neither scripts for developers nor hints after an installation are
  /// listed.
  private static let roots = [
    "cookbook", "lib/recipe", "resume", "replay", "replay_lib", "serve", "deploy/backfill", "deploy/backfill_lib",
    "deploy/systemd/soroban-range", "deploy/docker/entrypoint", "deploy/docker/build", "deploy/kubernetes/apply",
    "deploy/flowctl/soroban-flowctl", "deploy/flowctl/flowctl_lib", "validate-records", "counts", "demo", "with-postgresql",
  ]

  private static var files: [String] {
    let folder = "\(Repository.root)/scripts"
    return roots.flatMap { root -> [String] in
      guard let names = FileManager.default.enumerator(atPath: "\(folder)/\(root)")?.compactMap({ $0 as? String }), !names.isEmpty
      else {
        return [root]
      }
      return names.filter { !$0.contains("__pycache__") }.map { "\(root)/\($0)" }
    }
    .filter { name in
      var isFolder: ObjCBool = false
      _ = unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      return !isFolder.boolValue && ![".pyc", ".proto", ".md", ".toml"].contains { name.hasSuffix($0) }
    }
    .sorted()
  }

  static let texts = (try? files.flatMap(texts)) ?? []

  /// The literals that a shell or Python script prints, split at their values.
  private static func texts(_ name: String) throws -> [MessageListTests.Text] {
    let lines = Documentation.lines("scripts/\(name)")
    let isPython = name.hasSuffix(".py") || lines.first?.contains("python") == true
    let saying = try Regex(
      #"(?:\b(?:misused|say|complain)\s+|(?:Problem|Bad|bad|fail|Failure|error|ArgumentTypeError|ValueError|exit)\((?:\d, ?|"[A-Z_]+", ?\{"message": )?f?|echo )"((?:\\.|[^"\\])*)""#,
      as: (Substring, Substring).self)
    let value = try Regex(isPython ? #"\{[^{}]*\}"# : #"\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_0-9@#*]+"#)
    return lines.flatMap { line -> [MessageListTests.Text] in
      if line.drop(while: { $0 == " " }).hasPrefix("#") || (line.contains("echo ") && !line.contains(">&2")) { return [] }
      return line.matches(of: saying).compactMap { match in
        let parts = match.1.split(separator: value).map { String($0).replacing("\\\"", with: "\"") }
        // A literal that is split inside a value is not a text.
        if parts.contains(where: { $0.hasPrefix("$(") }) { return nil }
        return parts.contains { $0.contains(/[a-z]{2,} |[a-z] [a-z]/) } ? MessageListTests.Text(place: name, parts: parts) : nil
      }
    }
  }

  @Test func messagesAreFoundInTheScripts() {
    #expect(Self.texts.count > 120)
    for program in ["resume", "serve/start", "deploy/backfill", "lib/recipe"] {
      #expect(Self.texts.contains { $0.place == program }, "\(program)")
    }
  }

  @Test(arguments: texts) func everyMessageOfTheScriptsIsListed(text: MessageListTests.Text) {
    #expect(Self.messages.contains(where: text.stands), "soroban-messages(7) lacks \(text.testDescription)")
  }
}
