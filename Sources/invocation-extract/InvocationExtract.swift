import ArgumentParser
import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// Transactions in, contract invocations out (specification, section 5).
@main
struct InvocationExtract: Tool {
  static let about = About(
    name: "invocation-extract", abstract: "Extract contract invocations from Stellar transactions.", role: .transform,
    reads: ["soroban-pipes.ledger_transaction.v1"], writes: ["soroban-pipes.contract_invocation.v1"],
    notes: """
      Reads what ledger-split writes, or entries of an RPC server's getTransactions as lines, and writes one record for each \
      InvokeHostFunction operation: what was called, by whom, how it ended, and what it did.
      """,
    examples: [
      About.Example(
        "every invocation of an archive, values decoded", "ledger-split ledgers/*.xdr.zst | invocation-extract | scval-json"),
      About.Example(
        "only calls, with their events and state", "invocation-extract --type call --include events,state transactions.xdr"),
    ])

  @Option(
    help: ArgumentHelp(
      "The parts to write: events, diagnostics, calls, state, ttl, auth, resources, raw (default: all but raw).",
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

  @Option(
    help: ArgumentHelp(
      "Only what comes behind the operation with this meta.toid: go on where an earlier run stopped.", valueName: "toid"))
  var after: TOID?

  @Option(
    help: ArgumentHelp(
      "The network of RPC transactions: pubnet, testnet, futurenet, local or a passphrase (default: $NETWORK_PASSPHRASE, else pubnet).",
      valueName: "network"), completion: .list(["pubnet", "testnet", "futurenet", "local"]))
  var network: String?

  @OptionGroup var options: StreamOptions

  var outputFormat: OutputFormat? { options.output ?? .ndjson }

  func run(_ session: inout Session) throws -> ExitStatus {
    var reader = TransactionReader(network: Network(network ?? environment("NETWORK_PASSPHRASE") ?? "pubnet"))
    var writer = InvocationWriter(format: outputFormat ?? .ndjson, extractor: extractor)
    session.counters.invocations = writer.counts
    while let isGood = try reader.next(&session) {
      guard isGood else { continue }
      let transaction = reader.transaction
      session.counters.count(ledger: transaction.ledgerSequence, closedAt: transaction.closedAt)
      do {
        let written =
          reader.isDecoded
          ? try writer.write(transaction, reader.decoded, &session.output)
          : try writer.write(transaction, session.reader.record, &session.output)
        if written > 0 {
          session.counters.invocations = writer.counts
          try session.finishRecords(written)
        }
      } catch let error as BadTransaction {
        try session.skip(Failure(Diagnostic("\(error)", at: session.reader.place, ledger: transaction.ledgerSequence)))
      }
    }
    return .success
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
