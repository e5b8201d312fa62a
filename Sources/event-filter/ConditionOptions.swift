import ArgumentParser
import CommandLineTools
import Filtering

// The conditions, grouped as the manual groups them.

struct SubjectOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The contract called or created, or an event's; CODE:ISSUER and native are an asset's (repeatable, like all of these).",
      valueName: "C...|CODE:G...|@FILE"))
  var contract: [String] = []

  @Option(
    help: ArgumentHelp("A contract called, created, or anywhere in sub-calls, events and state changes.", valueName: "C...|@FILE")
  )
  var involves: [String] = []

  @Option(
    help: ArgumentHelp(
      "The network of an asset's contract: pubnet, testnet, futurenet, local or a passphrase (default: $NETWORK_PASSPHRASE, else pubnet).",
      valueName: "network"), completion: .list(["pubnet", "testnet", "futurenet", "local"]))
  var network: String?

  @Option(help: ArgumentHelp("The function called.", valueName: "PATTERN"))
  var function: [String] = []

  @Flag(help: "--function looks at sub-calls, too (default: only at the call of the operation).")
  var anyCall = false

  @Option(help: ArgumentHelp("The account that invoked, created or uploaded.", valueName: "G...|@FILE"))
  var account: [String] = []

  @Option(
    help: ArgumentHelp("call, create, upload, extend or restore.", valueName: "kind"),
    completion: .list(["call", "create", "upload", "extend", "restore"]))
  var type: [String] = []

  @Option(help: ArgumentHelp("At least this many arguments.", valueName: "number"))
  var minArgs: Int?

  @Option(help: ArgumentHelp("At most this many arguments.", valueName: "number"))
  var maxArgs: Int?
}

struct OutcomeOptions: ParsableArguments {
  @Flag(help: "The operation succeeded.")
  var succeeded = false

  @Flag(help: "The operation failed.")
  var failed = false

  @Option(
    help: ArgumentHelp("The operation's result: trapped, entry_archived, ...", valueName: "code"),
    completion: .list(FilterOptions.resultNames))
  var result: [String] = []

  @Option(help: ArgumentHelp("The transaction's hash, outer or inner.", valueName: "hash|@FILE"))
  var tx: [String] = []

  @OptionGroup var ledgers: LedgerOptions

  @Option(
    help: ArgumentHelp("Closed at or after this time: RFC 3339, a date (UTC), or Unix seconds.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Closed at or before this time; a date is that whole day.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Closed in the last 15m, 1h, 2d, ...", valueName: "duration"))
  var recent: String?
}

struct ContentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "An event whose topics match segment by segment, * any one, ** any rest; or N=PATTERN, one of them.",
      valueName: "SEG/SEG/..."))
  var topic: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which events --topic and --data look at: contract, system or diagnostic (default: those that took effect).",
      valueName: "type"),
    completion: .list(["contract", "system", "diagnostic"]))
  var eventType: [String] = []

  @Option(
    help: ArgumentHelp(
      "When an event record's event happened: operation, before_all_txs, after_tx or after_all_txs.", valueName: "stage"),
    completion: .list(FilterOptions.stageNames))
  var stage: [String] = []

  @Option(
    help: ArgumentHelp(
      "A value in the arguments, in the one at position N, or at a member path: 0=PATTERN, 0.amount=PATTERN.",
      valueName: "[PATH=]PATTERN"))
  var arg: [String] = []

  @Option(
    help: ArgumentHelp(
      "A value in the data of an event: anywhere, at a member path, or (.=) the data itself.", valueName: "[PATH=]PATTERN"))
  var data: [String] = []

  @Option(help: ArgumentHelp("A value in the keys and values of state changes.", valueName: "[PATH=]PATTERN"))
  var state: [String] = []

  @Option(
    help: ArgumentHelp(
      "The class of the value: string, numeric, address or bytes (default: any).", valueName: "class"),
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
}

struct CombinationOptions: ParsableArguments {
  @Flag(help: "One of the conditions is enough (default: all must match).")
  var any = false

  @Flag(name: [.customShort("v"), .long], help: "The records that do not match.")
  var invertMatch = false

  @Option(
    help: ArgumentHelp("The filters of a GetInvocationsRequest, in protobuf-JSON, or of a getEvents request.", valueName: "file"),
    completion: .file())
  var request: String?
}

struct SelectionOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Write only the number of matches.")
  var count = false

  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Stop after this many.", valueName: "number"))
  var maxCount: Int?

  @Flag(help: "End with status 1 if nothing matches (default: 0).")
  var exitStatus = false

  func validate() throws {
    if let maxCount, maxCount < 0 { throw ValidationError("--max-count: \(maxCount) is not a number of records") }
  }
}
