import ArgumentParser
import BuildInfo
import Bytes
import Streams

/// One of the programs: what it says about itself, its options, and its loop. `main` does what is the same for all.
///
/// ```
/// @main struct Copy: Tool {
///   static let about = About(name: "copy", …)
///   @OptionGroup var options: StreamOptions
///   var outputFormat: OutputFormat? { .ndjson }
///
///   func run(_ session: inout Session) throws -> ExitStatus {
///     while case .record = try session.next() {
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
  /// What will be written, if that is known before the input is read.
  var outputFormat: OutputFormat? { get }
  /// What to read. The FILEs of the command line, unless directories have a meaning.
  var files: InputFiles { get }

  /// The loop. Options that it needs for each record are read before it: each reading costs the parser a search.
  mutating func run(_ session: inout Session) throws -> ExitStatus
}

extension Tool {
  package static var configuration: CommandConfiguration { about.configuration }
  /// Messages begin with the tool's name instead.
  package static var _errorPrefix: String { "" }

  package var files: InputFiles { InputFiles(options.files) }

  package static func main() {
    main(Array(argumentsOfProcess(for: about.name).dropFirst())).endProcess()
  }

  /// Runs the tool, from its arguments to its exit status.
  package static func main(_ arguments: [String]) -> ExitStatus {
    prepareStandardStreams()
    let options = arguments.prefix { $0 != "--" }
    if options.contains("--describe-json") { return say(about.json(of: self)) }
    do {
      if let shell = try CompletionScript.Shell(askedForBy: options) {
        return say(CompletionScript(tool: about.name, of: self).text(for: shell))
      }
      var tool = try parse(normalized(arguments))
      if tool.options.version { return say("\(about.name) \(Version.current)") }
      return tool.run()
    } catch {
      return end(parsing: error)
    }
  }

  /// The arguments as the parser understands them. It would take the next argument for the value of `--option=`, and knows neither `-m1` nor
  /// `-cm1`, which people write because getopt(3) does.
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

  /// `-cm1` as `-c -m 1`; nil where a letter is no option's.
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
      // What was finished before comes out before the message does.
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

  /// Nobody types ledgers. Who means to types `-`.
  private func checkInput() throws(Failure) {
    guard options.files.isEmpty, options.input != .ndjson, StandardStream.input.isTerminal else { return }
    throw .usage("standard input is a terminal; name a FILE, pipe something in, or say - (see \(Self.about.name) --help)")
  }

  /// Says what the parser has to say: help that was asked for, or what is wrong with the arguments.
  private static func end(parsing error: any Error) -> ExitStatus {
    let text = message(for: error)
    guard exitCode(for: error) != .success else {
      return say(text == helpMessage() ? "\(text)\n\(about.exampleText)" : text)
    }
    let messages = Messages(tool: about.name)
    messages.error(Diagnostic(sentence(fullMessage(for: error)) ?? text))
    messages.line("See '\(about.name) --help'.")
    return .usage
  }

  /// What the parser says, in one line: what is wrong, the words that are possible, or the help of the option.
  private static func sentence(_ message: String) -> String? {
    // Without the synopsis: it would hide the one line that matters.
    let lines = message.split(separator: "\n").prefix { !$0.hasPrefix("Usage:") }
    guard let first = lines.first else { return nil }
    let words = lines.dropFirst().filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
    if !words.isEmpty { return "\(first) \(words.joined(separator: ", "))" }
    guard !first.hasSuffix("."), let help = lines.first(where: { $0.hasPrefix("Help:") }) else { return String(first) }
    // Help:  --option <value>  What it is.
    return ([first] + help.split(separator: "  ").dropFirst(2).map { $0.drop { $0 == " " } }).joined(separator: ". ")
  }

  private static func say(_ text: String) -> ExitStatus { writeText(text, for: about.name) }
}

/// Writes a text to standard output, and reports as `tool` if that fails.
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

/// What the process was called with, its name first. Ends the process where it cannot be read: to go on without would be to ignore it.
func argumentsOfProcess(for tool: String) -> [String] {
  // Swift reads them from /proc. The C library has them where that is not mounted.
  let arguments =
    CommandLine.arguments.isEmpty
    ? (0..<soroban_pipes_argument_count()).map { unsafe String(cString: soroban_pipes_argument($0)) } : CommandLine.arguments
  guard arguments.isEmpty else { return arguments }
  let messages = Messages(tool: tool)
  messages.error(Diagnostic("the arguments cannot be read: /proc is not mounted"))
  ExitStatus.system.endProcess()
}
