import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The argument parser's description of its options (`--experimental-dump-help`), as far as `--describe-json` and completions
/// need it. Using it keeps them consistent with the parser.
struct ParserDump: Decodable {
  private struct Command: Decodable { let arguments: [Argument]? }

  struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable {
      let kind: String
      let name: String
    }

    struct Completion: Decodable {
      struct List: Decodable { let values: [String] }

      let list: List?
    }

    let kind: Kind
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let preferredName: Name?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let completionKind: Completion?
    let abstract: String?

    var short: String? { names?.first { $0.kind == "short" }?.name }
  }

  private let command: Command

  var arguments: [Argument] { command.arguments ?? [] }

  init(of tool: any ParsableCommand.Type) {
    let dump = try? JSONDecoder().decode(ParserDump.self, from: Data(tool._dumpHelp().utf8))
    command = dump?.command ?? Command(arguments: nil)
  }
}
