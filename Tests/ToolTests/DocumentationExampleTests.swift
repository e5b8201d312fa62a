import Foundation
import TestSupport
import Testing

/// A command of the README or the manual, and what it is said to print.
struct Example: CustomTestStringConvertible {
  let page: String
  let line: Int
  var command: String
  var output: [String] = []

  var testDescription: String { "\(page):\(line)" }

  /// A command goes on in the next line after a backslash, a pipe, an ampersand, or inside quotes.
  private var isOpen: Bool {
    let end = command.trimmingCharacters(in: .whitespaces).last
    return end == "\\" || end == "|" || end == "&" || command.count { $0 == "'" } % 2 == 1 || isInsideLoop
  }

  private var isInsideLoop: Bool { command.hasPrefix("for ") && !command.hasSuffix("done") }

  /// The lines that begin with `$ `, in the literal displays of a page.
  static func of(_ page: String) -> [Example] {
    let isMarkdown = page.hasSuffix(".md")
    var examples: [Example] = []
    var isLiteral = false
    var current: Example?
    func finish() {
      if let example = current { examples.append(example) }
      current = nil
    }
    for (index, source) in Documentation.lines(page).enumerated() {
      if isMarkdown ? source.hasPrefix("```") : source.hasPrefix(".Bd ") || source.hasPrefix(".Ed") {
        finish()
        isLiteral = isMarkdown ? source == "```console" : source.hasPrefix(".Bd -literal")
      } else if isLiteral {
        let text = isMarkdown ? source : Documentation.printed(source)
        if text.hasPrefix("$ ") {
          finish()
          current = Example(page: page, line: index + 1, command: String(text.dropFirst(2)))
        } else if current?.isOpen == true, current?.output.isEmpty == true {
          current?.command += "\n\(text)"
        } else {
          current?.output.append(text)
        }
      }
    }
    finish()
    return examples
  }
}

@Suite struct DocumentationExampleTests {
  static let examples = (["README.md"] + Documentation.pages).flatMap(Example.of)

  @Test func thereAreExamples() {
    for page in ["README.md"] + Documentation.pages { #expect(!Example.of(page).isEmpty, "\(page)") }
  }

  /// Examples print what the page says that they print.
  @Test(arguments: examples)
  func printsWhatThePageSays(example: Example) throws {
    if let missing = Documentation.missingProgram(in: example.command) { try Test.cancel("\(missing) is not installed") }
    let outcome = try Documentation.run(example.command)
    #expect(outcome.lines == example.output, "\(example.page):\(example.line): \(example.command)\nprints\n\(outcome.text)")
  }

  /// A terminal of 80 columns shows displays without breaking them.
  @Test(arguments: Documentation.pages)
  func displaysFitTheTerminal(page: String) {
    var isLiteral = false
    for (index, line) in Documentation.lines(page).enumerated() {
      if line.hasPrefix(".Bd -literal") { isLiteral = true }
      if line.hasPrefix(".Ed") { isLiteral = false }
      if isLiteral, !line.hasPrefix(".") {
        #expect(Documentation.printed(line).count <= 78, "\(page):\(index + 1)")
      }
    }
  }
}
