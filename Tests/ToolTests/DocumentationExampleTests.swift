import Foundation
import TestSupport
import Testing

/// A block of commands in the README or the manual, and the output that it shows for each.
struct Example: CustomTestStringConvertible {
  struct Step {
    var command: String
    var output: [String] = []

    /// A command continues on the next line after a backslash, a pipe or an ampersand, and inside quotes.
    var isOpen: Bool {
      let end = command.trimmingCharacters(in: .whitespaces).last
      return end == "\\" || end == "|" || end == "&" || command.count { $0 == "'" } % 2 == 1
    }
  }

  let page: String
  let line: Int
  var steps: [Step] = []

  var testDescription: String { "\(page):\(line)" }

  /// The displays of a page in which lines begin with `$ `; the others are not run.
  static func of(_ page: String) -> [Example] {
    let isMarkdown = page.hasSuffix(".md")
    var examples: [Example] = []
    var current: Example?
    for (index, source) in Documentation.lines(page).enumerated() {
      if isMarkdown ? source.hasPrefix("```") : source.hasPrefix(".Bd ") || source.hasPrefix(".Ed") {
        if let example = current, !example.steps.isEmpty { examples.append(example) }
        let begins = isMarkdown ? source == "```console" : source.hasPrefix(".Bd -literal")
        current = begins ? Example(page: page, line: index + 1) : nil
      } else {
        current?.add(isMarkdown ? source : Documentation.printed(source))
      }
    }
    return examples
  }

  private mutating func add(_ line: String) {
    let last = steps.count - 1
    if line.hasPrefix("$ ") {
      steps.append(Step(command: String(line.dropFirst(2))))
    } else if last >= 0, steps[last].isOpen, steps[last].output.isEmpty {
      steps[last].command += "\n\(line)"
    } else if last >= 0 {
      steps[last].output.append(line)
    }
  }
}

@Suite struct DocumentationExampleTests {
  static let pages = ["README.md"] + Documentation.pages
  static let examples = pages.flatMap(Example.of)

  /// The examples of soroban-wasm(7) need the module, which only `make wasm` builds, and those of soroban-deploy(7) need
  /// containers; soroban-messages(7) is a list.
  @Test(arguments: Set(pages).subtracting(["man/soroban-wasm.7", "man/soroban-deploy.7", "man/soroban-messages.7"]).sorted())
  func everyPageHasExamples(page: String) { #expect(!Example.of(page).isEmpty) }

  /// Examples print the output that the page shows.
  @Test(arguments: examples)
  func printsWhatThePageSays(example: Example) throws {
    for step in example.steps {
      if let missing = Documentation.missingProgram(in: step.command) { try Test.cancel("\(missing) is not installed") }
      let outcome = try Documentation.run(step.command)
      #expect(outcome.lines == step.output, "\(step.command)\nprints\n\(outcome.text)")
    }
  }

  /// Displays fit a terminal of 80 columns.
  @Test(arguments: Documentation.pages)
  func displaysFitTheTerminal(page: String) {
    var isLiteral = false
    for (index, line) in Documentation.lines(page).enumerated() {
      if line.hasPrefix(".Bd -literal") { isLiteral = true }
      if line.hasPrefix(".Ed") { isLiteral = false }
      if isLiteral, !line.hasPrefix(".") {
        #expect(Documentation.printed(line).count <= 75, "\(page):\(index + 1)")
      }
    }
  }
}
