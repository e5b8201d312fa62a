/// An option that selects records: `--name` of event-filter, and the condition `name` of the WebAssembly module.
///
/// Each option is declared only here. Both programs create their options from `all`, and `FilterOptions.filter()` creates
/// conditions from the values.
package struct FilterOption: Sendable {
  /// The groups of `--help`.
  package enum Section: Sendable { case subject, outcome, content, combination }

  /// The type of the option's value, and how it is stored in the options.
  package enum Value: Sendable {
    case flag(@Sendable (inout FilterOptions, Bool) -> Void)
    case text(@Sendable (inout FilterOptions, String) -> Void)
    case number(@Sendable (inout FilterOptions, Int) -> Void)
    /// Several values are alternatives.
    case texts(@Sendable (inout FilterOptions, [String]) -> Void)
    /// The same, and `@FILE` for values in a file.
    case items(@Sendable (inout FilterOptions, [FilterOptions.Item]) -> Void)
    /// Each program reads these in its own way.
    case network
    case ledgers
    case request
  }

  package let name: String
  package let value: Value
  #if !hasFeature(Embedded)
    package let section: Section
    /// A single letter with the same meaning.
    package let short: Character?
    /// The placeholder for the value in `--help`.
    package let valueName: String
    package let help: String
    /// The values that shell completion offers.
    package let words: [String]
  #endif

  // The module has no help. Inlining removes the descriptions from it at compile time.
  @inline(__always)
  private init(
    _ section: Section, _ name: String, short: Character? = nil, _ value: Value, takes valueName: String = "", _ help: String,
    words: @autoclosure () -> [String] = []
  ) {
    self.name = name
    self.value = value
    #if !hasFeature(Embedded)
      self.section = section
      self.short = short
      self.valueName = valueName
      self.help = help
      self.words = words()
    #endif
  }

  /// All options, in the order of `--help`.
  package static let all: [FilterOption] = [
    FilterOption(
      .subject, "contract", .items { $0.contracts = $1 }, takes: "C...|CODE:G...|@FILE",
      "The contract called or created, or an event's; CODE:ISSUER and native are an asset's (repeatable, like all of these)."),
    FilterOption(
      .subject, "involves", .items { $0.involved = $1 }, takes: "C...|@FILE",
      "A contract called, created, or anywhere in sub-calls, events and state changes."),
    FilterOption(
      .subject, "network", .network, takes: "network",
      "The network of an asset's contract: pubnet, testnet, futurenet, local or a passphrase (default: $NETWORK_PASSPHRASE, else pubnet).",
      words: ["pubnet", "testnet", "futurenet", "local"]),
    FilterOption(.subject, "function", .texts { $0.functions = $1 }, takes: "PATTERN", "The function called."),
    FilterOption(
      .subject, "any-call", .flag { $0.anyCall = $1 },
      "--function looks at sub-calls, too (default: only at the call of the operation)."),
    FilterOption(
      .subject, "account", .items { $0.accounts = $1 }, takes: "G...|@FILE", "The account that invoked, created or uploaded."),
    FilterOption(
      .subject, "type", .texts { $0.types = $1 }, takes: "kind", "call, create, upload, extend or restore.",
      words: FilterOptions.kinds.map { $0.key }),
    FilterOption(.subject, "min-args", .number { $0.minimumArguments = $1 }, takes: "number", "At least this many arguments."),
    FilterOption(.subject, "max-args", .number { $0.maximumArguments = $1 }, takes: "number", "At most this many arguments."),

    FilterOption(.outcome, "succeeded", .flag { $0.succeeded = $1 }, "The operation succeeded."),
    FilterOption(.outcome, "failed", .flag { $0.failed = $1 }, "The operation failed."),
    FilterOption(
      .outcome, "result", .texts { $0.results = $1 }, takes: "code", "The operation's result: trapped, entry_archived, ...",
      words: FilterOptions.resultCodes.map { $0.key }),
    FilterOption(.outcome, "tx", .items { $0.transactions = $1 }, takes: "hash|@FILE", "The transaction's hash, outer or inner."),
    FilterOption(.outcome, "ledgers", .ledgers, ""),
    FilterOption(
      .outcome, "since", .text { $0.since = $1 }, takes: "time",
      "Closed at or after this time: RFC 3339, a date (UTC), or Unix seconds."),
    FilterOption(
      .outcome, "until", .text { $0.until = $1 }, takes: "time", "Closed at or before this time; a date is that whole day."),
    FilterOption(.outcome, "recent", .text { $0.recent = $1 }, takes: "duration", "Closed in the last 15m, 1h, 2d, ..."),

    FilterOption(
      .content, "topic", .texts { $0.topics = $1 }, takes: "SEG/SEG/...",
      "An event whose topics match segment by segment, * any one, ** any rest; or N=PATTERN, one of them."),
    FilterOption(
      .content, "event-type", .texts { $0.eventTypes = $1 }, takes: "type",
      "Which events --topic and --data look at: contract, system or diagnostic (default: those that took effect).",
      words: ["contract", "system", "diagnostic"]),
    FilterOption(
      .content, "stage", .texts { $0.stages = $1 }, takes: "stage",
      "When an event record's event happened: operation, before_all_txs, after_tx or after_all_txs.",
      words: FilterOptions.stages.map { $0.key }),
    FilterOption(
      .content, "arg", .texts { $0.arguments = $1 }, takes: "[PATH=]PATTERN",
      "A value in the arguments, in the one at position N, or at a member path: 0=PATTERN, 0.amount=PATTERN."),
    FilterOption(
      .content, "data", .texts { $0.data = $1 }, takes: "[PATH=]PATTERN",
      "A value in the data of an event: anywhere, at a member path, or (.=) the data itself."),
    FilterOption(
      .content, "state", .texts { $0.state = $1 }, takes: "[PATH=]PATTERN", "A value in the keys and values of state changes."),
    FilterOption(
      .content, "value-type", .texts { $0.valueTypes = $1 }, takes: "class",
      "The class of the value: string, numeric, address or bytes (default: any).", words: FilterOptions.classes.map { $0.key }),
    FilterOption(
      .content, "has", .texts { $0.has = $1 }, takes: "list",
      "At least one of each: events, diagnostics, calls, state, ttl, restorations, auth.",
      words: FilterOptions.lists.map { $0.key }),
    FilterOption(
      .content, "change", .texts { $0.changes = $1 }, takes: "operation", "A state change: create, update, delete or restore.",
      words: FilterOptions.operations.map { $0.key }),
    FilterOption(
      .content, "durability", .texts { $0.durabilities = $1 }, takes: "durability", "A change of temporary or persistent state.",
      words: FilterOptions.durabilities.map { $0.key }),
    FilterOption(.content, "affects", .items { $0.affected = $1 }, takes: "C...|@FILE", "A change of this contract's state."),

    FilterOption(.combination, "any", .flag { $0.any = $1 }, "One of the conditions is enough (default: all must match)."),
    FilterOption(
      .combination, "invert-match", short: "v", .flag { $0.inverted = $1 }, "The records that do not match."),
    FilterOption(
      .combination, "request", .request, takes: "file",
      "The filters of a GetInvocationsRequest, in protobuf-JSON, or of a getEvents request."),
  ]
}
