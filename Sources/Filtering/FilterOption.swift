import StellarXDR

/// An option that selects records: `--name` of event-filter, and the condition `name` of the WebAssembly module.
///
/// Each option is declared only here, with its help and its condition. Both programs create their options from `all`, and so does
/// `FilterOptions.filter()` its conditions.
package struct FilterOption: Sendable {
  /// The groups of `--help`.
  package enum Section: Sendable { case subject, outcome, content, combination }

  /// The type of the option's value.
  package enum Value: Sendable {
    case flag
    case text
    case number
    /// Several values are alternatives.
    case texts
    /// The same; each value is one of these words, or several words separated by commas. The bit of a word is 1 << its index.
    case words([String])
    /// The same, and `@FILE` for values in a file.
    case items
    /// Each program reads these in its own way.
    case network
    case ledgers
    case request
  }

  package let name: String
  package let value: Value
  /// The option's condition; nil if it has none, because it changes another option's.
  let condition: @Sendable (GivenOption) throws(UsageError) -> Condition?
  /// The conditions of several options, which depend on each other.
  let conditions: @Sendable (FilterOptions) throws(UsageError) -> [FilterOptions.Named]
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
    words: @autoclosure () -> [String]? = nil,
    condition: @escaping @Sendable (GivenOption) throws(UsageError) -> Condition? = { _ in nil },
    conditions: @escaping @Sendable (FilterOptions) throws(UsageError) -> [FilterOptions.Named] = { _ in [] }
  ) {
    self.name = name
    self.value = value
    self.conditions = conditions
    self.condition = condition
    #if !hasFeature(Embedded)
      self.section = section
      self.short = short
      self.valueName = valueName
      self.help = help
      if case .words(let accepted) = value { self.words = words() ?? accepted } else { self.words = words() ?? [] }
    #endif
  }

  /// All options, in the order of their conditions and so of messages; within a section, also in the order of `--help`.
  package static let all: [FilterOption] = [
    FilterOption(
      .subject, "contract", .items, takes: "C...|CODE:G...|@FILE",
      "The contract called or created, or an event's; CODE:ISSUER and native are an asset's (repeatable, like all of these)."
    ) { given throws(UsageError) in .contract(try given.ids(.address)) },
    FilterOption(
      .subject, "involves", .items, takes: "C...|@FILE",
      "A contract called, created, or anywhere in sub-calls, events and state changes."
    ) { given throws(UsageError) in .involves(try given.ids(.address)) },
    FilterOption(
      .subject, "network", .network, takes: "network",
      "The network of an asset's contract: pubnet, testnet, futurenet, local or a passphrase (default: $NETWORK_PASSPHRASE, else pubnet).",
      words: ["pubnet", "testnet", "futurenet", "local"]),
    FilterOption(.subject, "function", .texts, takes: "PATTERN", "The function called.") { given throws(UsageError) in
      .function(try given.each(Pattern.init(name:)), anyCall: given.options.isGiven("any-call"))
    },
    FilterOption(
      .subject, "any-call", .flag, "--function looks at sub-calls, too (default: only at the call of the operation)."
    ) { given throws(UsageError) in try given.require("function") },
    FilterOption(
      .subject, "account", .items, takes: "G...|@FILE", "The account that invoked, created or uploaded."
    ) { given throws(UsageError) in .account(try given.ids(.account)) },
    FilterOption(
      .subject, "type", .words(["call", "create", "upload", "extend", "restore"]), takes: "kind",
      "call, create, upload, extend or restore."
    ) { given throws(UsageError) in .code(.kind, try given.bits()) },

    FilterOption(.outcome, "succeeded", .flag, "The operation succeeded.") { _ in .successful(true) },
    FilterOption(.outcome, "failed", .flag, "The operation failed.") { _ in .successful(false) },
    FilterOption(
      .outcome, "result", .words(members(of: "InvocationResultCode")), takes: "code",
      "The operation's result: trapped, entry_archived, ..."
    ) { given throws(UsageError) in .code(.resultCode, try given.bits()) },
    FilterOption(
      .outcome, "tx", .items, takes: "hash|@FILE", "The transaction's hash, outer or inner."
    ) { given throws(UsageError) in .transaction(try given.hashes()) },
    FilterOption(
      .outcome, "ledgers", .ledgers, "",
      conditions: { $0.ledgers.isEmpty ? [] : [FilterOptions.Named(option: "--ledgers", alternatives: [.ledgers($0.ledgers)])] }),
    FilterOption(
      .outcome, "since", .text, takes: "time", "Closed at or after this time: RFC 3339, a date (UTC), or Unix seconds.",
      conditions: { options throws(UsageError) in try options.timeConditions() }),
    FilterOption(.outcome, "until", .text, takes: "time", "Closed at or before this time; a date is that whole day."),
    FilterOption(.outcome, "recent", .text, takes: "duration", "Closed in the last 15m, 1h, 2d, ..."),

    FilterOption(
      .content, "topic", .texts, takes: "SEG/SEG/...",
      "An event whose topics match segment by segment, * any one, ** any rest; or N=PATTERN, one of them.",
      conditions: { options throws(UsageError) in try options.valueConditions() }),
    FilterOption(
      .content, "event-type", .words(eventTypes), takes: "type",
      "Which events --topic and --data look at: contract, system or diagnostic (default: those that took effect).",
      words: ["contract", "system", "diagnostic"]),
    FilterOption(
      .content, "stage", .words(members(of: "EventStage")), takes: "stage",
      "When an event record's event happened: operation, before_all_txs, after_tx or after_all_txs."
    ) { given throws(UsageError) in .code(.stage, try given.bits()) },
    FilterOption(
      .content, "arg", .texts, takes: "[PATH=]PATTERN",
      "A value in the arguments, in the one at position N, or at a member path: 0=PATTERN, 0.amount=PATTERN."),
    FilterOption(
      .content, "data", .texts, takes: "[PATH=]PATTERN",
      "A value in the data of an event: anywhere, at a member path, or (.=) the data itself."),
    FilterOption(.content, "state", .texts, takes: "[PATH=]PATTERN", "A value in the keys and values of state changes."),
    FilterOption(
      .content, "value-type", .words(["string", "numeric", "address", "bytes"]), takes: "class",
      "The class of the value: string, numeric, address or bytes (default: any)."),
    FilterOption(
      .content, "has", .words(["events", "diagnostics", "calls", "state", "ttl", "restorations", "auth"]), takes: "list",
      "At least one of each: events, diagnostics, calls, state, ttl, restorations, auth."
    ) { given throws(UsageError) in
      .has(try given.alternatives().map { Subjects(rawValue: $0 << UInt32(Subject.events.rawValue)) })
    },
    FilterOption(
      .content, "change", .words(members(of: "StateOperation")), takes: "operation",
      "A state change: create, update, delete or restore.",
      conditions: { options throws(UsageError) in try options.changeConditions() }),
    FilterOption(
      .content, "durability", .words(members(of: "ContractDataDurability")), takes: "durability",
      "A change of temporary or persistent state."),
    FilterOption(.content, "affects", .items, takes: "C...|@FILE", "A change of this contract's state."),

    FilterOption(
      .subject, "min-args", .number, takes: "number", "At least this many arguments."
    ) { given throws(UsageError) in .argumentCount(try given.count()...Int.max) },
    FilterOption(
      .subject, "max-args", .number, takes: "number", "At most this many arguments."
    ) { given throws(UsageError) in .argumentCount(0...(try given.count())) },

    FilterOption(.combination, "any", .flag, "One of the conditions is enough (default: all must match)."),
    FilterOption(.combination, "invert-match", short: "v", .flag, "The records that do not match."),
    FilterOption(
      .combination, "request", .request, takes: "file",
      "The filters of a GetInvocationsRequest, in protobuf-JSON, or of a getEvents request."),
  ]
}

extension FilterOption {
  static let eventTypes = members(of: "ContractEventType")

  /// The names of an enumeration of the schema, whose numbers are 0, 1, 2 and so on.
  static func members(of enumeration: StaticString) -> [String] {
    let schema = Schema.shared
    let node = schema.node(schema.id(enumeration).node)
    return (node.first..<node.first + node.count).map { schema.name(schema.member($0)) }
  }
}
