import Testing

/// Binary data written to a terminal, and a terminal as input: the exact messages.
@Suite(.enabled(if: Terminal.exists, "there is no /dev/ptmx to make a terminal with"))
struct TerminalMistakeTests {
  private static let tools = ["ledger-split", "invocation-extract", "event-filter", "scval-json"]
  private static let refusal =
    "standard output is a terminal, and this is binary data; redirect it, use -o ndjson, or --force"

  static let mistakes: [(command: String, message: String)] =
    tools.map {
      ("\($0) < TERMINAL", "\($0): standard input is a terminal; name a FILE, pipe something in, or say - (see \($0) --help)")
    } + [
      ("ledger-split --network local ledgers.xdr > TERMINAL", "ledger-split: \(refusal)"),
      ("invocation-extract -o xdr transactions.ndjson > TERMINAL", "invocation-extract: \(refusal)"),
      ("event-filter -o xdr invocations.ndjson > TERMINAL", "event-filter: \(refusal)"),
      // The output has the form of the input.
      ("invocation-extract -o xdr transactions.ndjson | event-filter > TERMINAL", "event-filter: \(refusal)"),
      ("scval-json --encode -o xdr < values.ndjson > TERMINAL", "scval-json: \(refusal)"),
    ]

  @Test(arguments: mistakes.indices) func whatIsSaid(index: Int) throws {
    let (command, message) = Self.mistakes[index]
    let screen = try Terminal(columns: 80)
    let found = try Shell.run(command.replacing("TERMINAL", with: try screen.path()))
    #expect(found.status == 2 && found.messages == [message], "\(command)")
    screen.read(atMost: 0)
    #expect(screen.shown == "")
  }
}
