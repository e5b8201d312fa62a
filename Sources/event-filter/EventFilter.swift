import ArgumentParser
import Bytes
import CommandLineTools
import Filtering
import StellarJSON
import StellarXDR
import Streams

/// Invocations in, the wanted ones out (specification, section 7).
@main
struct EventFilter: Tool {
  static let about = About(
    name: "event-filter", abstract: "Pass on the contract invocations that are wanted.", role: .transform,
    reads: ["soroban-pipes.contract_invocation.v1"], writes: ["soroban-pipes.contract_invocation.v1"],
    values: [.raw, .sep51, .native],
    notes: """
      Reads what invocation-extract writes, as XDR or as NDJSON, its values decoded by scval-json or not, and writes the records that match \
      as they came. Every condition that is given has to hold; several values of one option are alternatives.

      PATTERN is a text with * and ?, compared with the whole value; /.../ is a POSIX extended regular expression that is found anywhere; \
      hex:... are exact bytes; >N, >=N, <N, <=N and =N compare numbers of any width. Where an option takes @FILE, its values stand in a \
      file, one on a line; lines that begin with # are comments.
      """,
    examples: [
      About.Example(
        "the transfers of one contract",
        "event-filter --contract CDL74RF5BLYR2YBLCCI7F5FB6TPSCLKEJUBSD2RSVWZ4YHF3VMFAIGWA --topic 'transfer/**'"),
      About.Example("large amounts, wherever they stand in the arguments", "event-filter --arg '>10000000000' --succeeded"),
      About.Example("how many calls of a watch list failed", "event-filter --contract @contracts.txt --failed --count"),
    ])

  // MARK: what and who

  @Option(help: ArgumentHelp("The contract called or created (repeatable).", valueName: "C...|@FILE"))
  var contract: [String] = []

  @Option(
    help: ArgumentHelp("A contract called, created, or anywhere in sub-calls, events and state changes.", valueName: "C...|@FILE")
  )
  var involves: [String] = []

  @Option(help: ArgumentHelp("The function called.", valueName: "PATTERN"))
  var function: [String] = []

  @Flag(help: "--function looks at sub-calls, too.")
  var anyCall = false

  @Option(help: ArgumentHelp("The account that invoked, created or uploaded.", valueName: "G...|@FILE"))
  var account: [String] = []

  @Option(
    help: ArgumentHelp("call, create, upload, extend or restore.", valueName: "kind"),
    completion: .list(["call", "create", "upload", "extend", "restore"]))
  var type: [String] = []

  // MARK: outcome, where and when

  @Flag(help: "The operation succeeded.")
  var succeeded = false

  @Flag(help: "It did not.")
  var failed = false

  @Option(
    help: ArgumentHelp("The operation's result: trapped, entry_archived, ...", valueName: "code"),
    completion: .list(FilterOptions.resultNames))
  var result: [String] = []

  @Option(help: ArgumentHelp("The transaction's hash, outer or inner.", valueName: "hash|@FILE"))
  var tx: [String] = []

  @OptionGroup var ledgers: LedgerOptions

  @Option(help: ArgumentHelp("Closed at or after this time (RFC 3339 or Unix seconds).", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Closed at or before this time.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Closed in the last 15m, 1h, 2d, ...", valueName: "duration"))
  var recent: String?

  // MARK: events, values and state

  @Option(
    help: ArgumentHelp(
      "An event whose topics match segment by segment, * any one, ** any rest; or N=PATTERN, one of them.",
      valueName: "SEG/SEG/..."))
  var topic: [String] = []

  @Option(
    help: ArgumentHelp("Which events --topic and --data look at: contract, system or diagnostic.", valueName: "type"),
    completion: .list(["contract", "system", "diagnostic"]))
  var eventType: [String] = []

  @Option(help: ArgumentHelp("A value in the arguments, or in the one at position N.", valueName: "[N=]PATTERN"))
  var arg: [String] = []

  @Option(help: ArgumentHelp("A value in the data of an event.", valueName: "PATTERN"))
  var data: [String] = []

  @Option(help: ArgumentHelp("A value in the keys and values of state changes.", valueName: "PATTERN"))
  var state: [String] = []

  @Option(
    help: ArgumentHelp("The class of the value: string, numeric, address or bytes.", valueName: "class"),
    completion: .list(["string", "numeric", "address", "bytes"]))
  var valueType: [String] = []

  @Option(
    help: ArgumentHelp("At least one of each: events, diagnostics, calls, state, ttl, restorations, auth.", valueName: "list"),
    completion: .list(FilterOptions.listNames))
  var has: [String] = []

  @Option(
    help: ArgumentHelp("A state change: create, update, delete or restore.", valueName: "operation"),
    completion: .list(["create", "update", "delete", "restore"]))
  var change: [String] = []

  @Option(
    help: ArgumentHelp("A change of temporary or persistent state.", valueName: "durability"),
    completion: .list(["temporary", "persistent"]))
  var durability: [String] = []

  @Option(help: ArgumentHelp("A change of this contract's state.", valueName: "C...|@FILE"))
  var affects: [String] = []

  @Option(help: ArgumentHelp("At least so many arguments.", valueName: "number"))
  var minArgs: Int?

  @Option(help: ArgumentHelp("At most so many arguments.", valueName: "number"))
  var maxArgs: Int?

  @Option(
    help: ArgumentHelp("A GetInvocationsRequest in protobuf-JSON: all of its filters.", valueName: "file"), completion: .file())
  var request: String?

  // MARK: how

  @Flag(help: "One of the conditions is enough.")
  var any = false

  @Flag(name: [.customShort("v"), .long], help: "The records that do not match.")
  var invertMatch = false

  @Flag(name: .shortAndLong, help: "Write only how many there are.")
  var count = false

  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Stop after so many.", valueName: "number"))
  var maxCount: Int?

  @Flag(help: "End with status 1 if there are none.")
  var exitStatus = false

  @OptionGroup var options: StreamOptions

  var outputFormat: OutputFormat? { count ? .ndjson : options.output }

  func validate() throws {
    if let maxCount, maxCount < 0 { throw ValidationError("--max-count: \(maxCount) is no number of records") }
  }

  func run(_ session: inout Session) throws -> ExitStatus {
    let limit = maxCount ?? Int.max
    var filter = RecordFilter(try filter(&session))
    var writer = RecordWriter(format: options.output)
    var found = 0
    let isCounting = count
    while found < limit, try session.nextInvocation() {
      do throws(RecordError) {
        let isLine = session.reader.framing == .lines
        let isWanted =
          isLine ? try filter.selects(line: session.reader.record) : try filter.selects(record: session.reader.record)
        if let ledger = filter.ledger { session.counters.count(ledger: ledger) }
        guard isWanted else { continue }
      } catch {
        try session.skip(Failure(error, session.reader, ledger: filter.ledger))
        continue
      }
      found += 1
      if isCounting { continue }
      do { try writer.write(&session) } catch let error as Failure {
        found -= 1
        try session.skip(error)
      }
    }
    if isCounting {
      session.output.buffer.append(utf8: "\(found)\n")
      try session.finishRecords(0)
    }
    return exitStatus && found == 0 ? .noMatch : .success
  }
}
