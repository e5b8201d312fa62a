import ArgumentParser
import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// The tool, for the executables.
package let invocationExtract: any Tool.Type = InvocationExtract.self

/// Reads transactions and writes contract invocations or events (specification, section 5).
struct InvocationExtract: Tool {
  static let about = About(
    name: "invocation-extract", abstract: "Extract contract invocations from Stellar transactions.", role: .transform,
    reads: ["soroban-pipes.ledger_transaction.v1"],
    writes: ["soroban-pipes.contract_invocation.v1", "soroban-pipes.contract_event.v1"],
    notes: """
      Reads what ledger-split writes, or entries of an RPC server's getTransactions as lines, and writes one record for each \
      InvokeHostFunction operation: what was called, by whom, how it ended, and what it did. With --by event it writes one for each \
      event instead, also of classic operations and fees, and reads entries of getEvents as well.
      """,
    examples: [
      About.Example(
        "every invocation of an archive, values decoded", "ledger-split ledgers/*.xdr.zst | invocation-extract | scval-json"),
      About.Example(
        "only calls, with their events and state", "invocation-extract --type call --include events,state transactions.xdr"),
      About.Example(
        "every event of an archive, as getEvents would answer", "ledger-split ledgers/*.xdr.zst | invocation-extract --by event"),
    ])

  enum Unit: String, ExpressibleByArgument, CaseIterable { case invocation, event }

  @Option(help: ArgumentHelp("Write a record for each invocation, or for each event.", valueName: "unit"))
  var by = Unit.invocation

  @Option(
    help: ArgumentHelp(
      "The parts to write: events, diagnostics, calls, state, ttl, auth, resources, raw, metrics (default: all but the last two).",
      valueName: "parts"))
  var include: [PartList] = []

  @Option(help: ArgumentHelp("The parts to leave out.", valueName: "parts"))
  var exclude: [PartList] = []

  @Option(help: ArgumentHelp("The kinds to write: call, create, upload (default: all).", valueName: "kinds"))
  var type: [TypeList] = []

  @Flag(help: "Also write what ExtendFootprintTTL and RestoreFootprint operations did.")
  var footprintOps = false

  @Flag(help: "Leave out updates of entries that change nothing.")
  var omitUnchanged = false

  @Flag(help: "Prove return values and events by the hash in each result; a difference is an error.")
  var verify = false

  @Option(
    help: ArgumentHelp(
      "Only what comes after the operation with this meta.toid: continue where an earlier run stopped.", valueName: "toid"))
  var after: TOID?

  @Option(
    help: ArgumentHelp(
      "The network of RPC transactions: pubnet, testnet, futurenet, local or a passphrase (default: $NETWORK_PASSPHRASE, else pubnet).",
      valueName: "network"), completion: .list(["pubnet", "testnet", "futurenet", "local"]))
  var network: String?

  @OptionGroup var options: StreamOptions

  var outputFormat: OutputFormat? { options.output ?? .ndjson }

  func run(_ session: inout Session) throws -> ExitStatus {
    let network = Network(network ?? environment("NETWORK_PASSPHRASE") ?? "pubnet")
    let format = outputFormat ?? .ndjson
    let (verifies, tool) = (verify, self)
    switch by {
    case .invocation:
      session.count(InvocationCounts())
      let form = RecordForm("ContractInvocation", format)
      let loop = { (form: RecordForm) in
        ExtractLoop(TransactionReader(network: network, readsEvents: false), tool.extractor, form, verifies: verifies)
      }
      _ = try session.run(loop(form), copy: { loop(form.copy()) })
    case .event:
      try checkEventOptions()
      session.count(events: 0)
      // The index of an event depends on the previous transaction, so this needs one thread.
      let loop = ExtractLoop(
        TransactionReader(network: network, readsEvents: true), EventExtractor(), RecordForm("ContractEventRecord", format),
        verifies: verifies)
      _ = try session.run(loop)
    }
    return .success
  }

  private func checkEventOptions() throws(Failure) {
    let isNarrowed = !include.isEmpty || !exclude.isEmpty || !type.isEmpty || footprintOps || omitUnchanged || after != nil
    guard isNarrowed else { return }
    throw .usage(
      "--by event writes every event; --include, --exclude, --type, --footprint-ops, --omit-unchanged and --after can't be combined with it"
    )
  }

  private var extractor: InvocationExtractor {
    var extractor = InvocationExtractor()
    if !include.isEmpty { extractor.parts = include.reduce([]) { $0.union($1.parts) } }
    extractor.parts.subtract(exclude.reduce([]) { $0.union($1.parts) })
    if !type.isEmpty { extractor.types = type.reduce([]) { $0.union($1.types) } }
    if footprintOps { extractor.types.formUnion([.extendTTL, .restoreFootprint]) }
    extractor.omitsUnchanged = omitUnchanged
    extractor.after = after?.value
    return extractor
  }
}

/// `--after`: a SEP-35 id, decimal.
struct TOID: ExpressibleByArgument {
  let value: Int64

  init?(argument: String) {
    guard let value = Int64(argument), value >= 0 else { return nil }
    self.value = value
  }
}

/// `events,state`: parts of a record, by name.
struct PartList: ExpressibleByArgument {
  var parts: InvocationParts = []

  init?(argument: String) {
    for name in argument.split(separator: ",") {
      guard let known = InvocationParts.named.first(where: { $0.name == name }) else { return nil }
      parts.insert(known.part)
    }
  }

  static var allValueStrings: [String] { InvocationParts.named.map(\.name) }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// `call,create`: kinds of invocation, by name.
struct TypeList: ExpressibleByArgument {
  var types: Set<InvocationType> = []

  private static let named: [(name: String, type: InvocationType)] = [("call", .call), ("create", .create), ("upload", .upload)]

  init?(argument: String) {
    for name in argument.split(separator: ",") {
      guard let known = Self.named.first(where: { $0.name == name }) else { return nil }
      types.insert(known.type)
    }
  }

  static var allValueStrings: [String] { named.map(\.name) }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}
