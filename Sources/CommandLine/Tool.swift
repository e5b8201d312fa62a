import ArgumentParser
import BuildInfo
import Bytes
import Streams

/// One of the programs: its description, its options, and its loop. `main` contains the common part.
///
/// ```
/// @main struct Copy: Tool {
///   static let about = About(name: "copy", …)
///   @OptionGroup var options: StreamOptions
///   var outputFormat: OutputFormat? { .ndjson }
///
///   func run(_ session: inout Session) throws -> ExitStatus {
///     while try session.next() {
///       session.output.buffer.append(session.reader.record)
///       session.output.buffer.append("\n")
///       try session.finishRecords()
///     }
///     return .success
///   }
/// }
/// ```
package protocol Tool: ParsableCommand {
  static var about: About { get }
  var options: StreamOptions { get }
  /// The output format; nil if it depends on the input.
  var outputFormat: OutputFormat? { get }
  /// The input: the FILEs of the command line, unless the tool can read directories.
  var files: InputFiles { get }

  /// The loop. It must copy the options that it needs for each record, because the parser searches for an option at each access.
  mutating func run(_ session: inout Session) throws -> ExitStatus
}

extension Tool {
  package static var configuration: CommandConfiguration { about.configuration }
  /// Messages begin with the tool's name instead of this prefix.
  package static var _errorPrefix: String { "" }

  package var files: InputFiles { InputFiles(options.files) }

  package static func main() {
    main(Array(argumentsOfProcess(for: about.name).dropFirst())).endProcess()
  }

  /// Runs the tool with these arguments and returns its exit status.
  package static func main(_ arguments: [String]) -> ExitStatus {
    prepareStandardStreams()
    let options = arguments.prefix { $0 != "--" }
    if options.contains("--describe-json") { return printText(about.json(of: self)) }
    do {
      if let shell = try CompletionScript.Shell(requestedBy: options) {
        return printText(CompletionScript(tool: about.name, of: self).text(for: shell))
      }
      var tool = try parse(normalized(arguments))
      if tool.options.version { return printText("\(about.name) \(Version.current)") }
      return tool.run()
    } catch {
      return end(parsing: error)
    }
  }

  /// Converts the arguments for the parser. It would take the next argument for the value of `--option=`, and it does not know
  /// `-m1` and `-cm1`, which getopt(3) accepts.
  private static func normalized(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    func isShort(_ argument: String) -> Bool { argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.utf8.count > 2 }
    func isEmpty(_ argument: String) -> Bool { argument.hasPrefix("--") && argument.hasSuffix("=") }
    guard arguments[..<end].contains(where: { isShort($0) || isEmpty($0) }) else { return arguments }
    let known = ParserDump(of: self).arguments
    return arguments[..<end].flatMap { argument in
      if isShort(argument) { return split(argument, known) ?? [argument] }
      guard isEmpty(argument) else { return [argument] }
      let name = argument.dropFirst(2).dropLast()
      return known.contains { $0.kind == .option && $0.names?.contains { $0.name == name } == true }
        ? ["--\(name)", ""] : [argument]
    } + arguments[end...]
  }

  /// Splits `-cm1` to `-c -m 1`; nil if a letter is not an option.
  private static func split(_ argument: String, _ known: [ParserDump.Argument]) -> [String]? {
    var parts: [String] = []
    var rest = argument.dropFirst()
    while let letter = rest.popFirst() {
      guard let option = known.first(where: { $0.short == String(letter) }) else { return nil }
      parts.append("-\(letter)")
      guard option.kind == .option else { continue }
      if !rest.isEmpty { parts.append(String(rest)) }
      break
    }
    return parts
  }

  private mutating func run() -> ExitStatus {
    var session = Session(tool: Self.about.name, options: options, files: files)
    do {
      try checkInput()
      try session.begin()
      if let outputFormat { try session.checkOutput(outputFormat) }
      return session.end(try run(&session))
    } catch let error as any ReportableError {
      session.output.abandonRecord()
      // Write the finished records before the message.
      let written = Result { () throws(StreamError) in try session.output.flush() }
      session.report(error)
      if case .failure(let failure) = written { session.report(failure) }
      return session.end(error.status)
    } catch {
      session.output.abandonRecord()
      session.report(Failure(Diagnostic(Self.message(for: error))))
      return session.end(error is ValidationError ? .usage : .badData)
    }
  }

  /// Ledgers are not typed by hand. `-` reads the terminal nevertheless.
  private func checkInput() throws(Failure) {
    guard options.files.isEmpty, options.input != .ndjson, StandardStream.input.isTerminal else { return }
    throw .usage("standard input is a terminal; name a FILE, pipe something in, or say - (see \(Self.about.name) --help)")
  }

  /// Prints the parser's result: the requested help, or what is wrong with the arguments.
  private static func end(parsing error: any Error) -> ExitStatus {
    let text = message(for: error)
    guard exitCode(for: error) != .success else {
      return printText(text == helpMessage() ? "\(text)\n\(about.exampleText)" : text)
    }
    let messages = Messages(tool: about.name)
    messages.error(Diagnostic(sentence(fullMessage(for: error)) ?? text))
    messages.line("See '\(about.name) --help'.")
    return .usage
  }

  /// The parser's message as one line: what is wrong, then the possible values or the option's help.
  private static func sentence(_ message: String) -> String? {
    // Without the synopsis, which would hide the important line.
    let lines = message.split(separator: "\n").prefix { !$0.hasPrefix("Usage:") }
    guard let first = lines.first else { return nil }
    let words = lines.dropFirst().filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
    if !words.isEmpty { return "\(first) \(words.joined(separator: ", "))" }
    guard !first.hasSuffix("."), let help = lines.first(where: { $0.hasPrefix("Help:") }) else { return String(first) }
    // Format: `Help:  --option <value>  The option's help.`
    return ([first] + help.split(separator: "  ").dropFirst(2).map { $0.drop { $0 == " " } }).joined(separator: ". ")
  }

  private static func printText(_ text: String) -> ExitStatus { writeText(text, for: about.name) }
}

/// Writes a text to standard output. Reports an error as `tool`.
func writeText(_ text: String, for tool: String) -> ExitStatus {
  var output = Output()
  output.buffer.append(utf8: text)
  if !text.hasSuffix("\n") { output.buffer.append("\n") }
  do throws(StreamError) {
    try output.finishRecord()
    try output.close()
    return .success
  } catch {
    let messages = Messages(tool: tool)
    messages.error(error.diagnostic)
    return error.status
  }
}

/// The arguments of the process, its name first. If they cannot be read it ends the process, because they must not be ignored.
func argumentsOfProcess(for tool: String) -> [String] {
  // Swift reads them from /proc. The C library has them even if /proc is not mounted.
  let arguments =
    CommandLine.arguments.isEmpty
    ? (0..<soroban_pipes_argument_count()).map { unsafe String(cString: soroban_pipes_argument($0)) } : CommandLine.arguments
  guard arguments.isEmpty else { return arguments }
  let messages = Messages(tool: tool)
  messages.error(Diagnostic("the arguments cannot be read: /proc is not mounted"))
  ExitStatus.system.endProcess()
}
