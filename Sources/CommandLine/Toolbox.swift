import Bytes
import Streams

/// Several tools in one executable. The name of the executable selects the tool; under another name the first argument does.
package struct Toolbox {
  private static let name = "soroban-pipes"
  private let tools: [any Tool.Type]

  package init(tools: [any Tool.Type]) { self.tools = tools }

  package func main() -> Never {
    let arguments = argumentsOfProcess(for: Self.name)
    let path = arguments[0].split(separator: "/")
    for (index, name) in [path.last, arguments.dropFirst().first?[...]].enumerated() {
      if let tool = tools.first(where: { $0.about.name == name.map(String.init) }) {
        tool.main(Array(arguments.dropFirst(index + 1))).endProcess()
      }
    }
    prepareStandardStreams()
    switch arguments.dropFirst().first {
    case "--version": write("\(Self.name) \(Version.current)").endProcess()
    case "--help", "-h": write(help).endProcess()
    case let argument:
      let messages = Messages(tool: Self.name)
      messages.error(Diagnostic(argument.map { "there is no tool '\($0)'" } ?? "no tool was named"))
      messages.line("See '\(Self.name) --help'.")
      ExitStatus.usage.endProcess()
    }
  }

  private var help: String {
    let list = tools.map { tool in
      "  \(tool.about.name)\(String(repeating: " ", count: max(1, 20 - tool.about.name.utf8.count)))\(tool.about.abstract)"
    }
    return """
      Usage: \(Self.name) <tool> [<argument> ...]

      Four filters that turn Stellar ledgers into smart-contract invocations and events:

      \(list.joined(separator: "\n"))

      Each of them runs under its own name, too, where this file is linked to it.
      See '\(Self.name) <tool> --help'.
      """
  }

  private func write(_ text: String) -> ExitStatus { writeText(text, for: Self.name) }
}
