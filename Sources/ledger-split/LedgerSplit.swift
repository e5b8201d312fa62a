import ArgumentParser
import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// The tool, for the executables.
package let ledgerSplit: any Tool.Type = LedgerSplit.self

/// Reads ledgers and writes transactions (specification, section 4).
struct LedgerSplit: Tool {
  static let about = About(
    name: "ledger-split", abstract: "Split Stellar ledgers into transactions.", role: .origin, reads: [],
    writes: ["soroban-pipes.ledger_transaction.v1"],
    notes: """
      Reads LedgerCloseMeta in any container: a stellar-core meta pipe or file, the objects of a SEP-54 data lake, compressed with zstd \
      or not, a whole data lake by its directory, or lines from an RPC server's getLedgers. Writes one record for each transaction, in \
      apply order.
      """,
    examples: [
      About.Example("all transactions of an archive", "ledger-split ledgers/*.xdr.zst | invocation-extract"),
      About.Example("one range of a data lake", "ledger-split --ledgers 58000000-58000999 --soroban /lake/pubnet"),
    ])

  enum Unit: String, ExpressibleByArgument, CaseIterable { case transaction, ledger }

  @Option(
    help: ArgumentHelp(
      "pubnet, testnet, futurenet, local, or a passphrase (default: the data lake's, else $NETWORK_PASSPHRASE, else pubnet).",
      valueName: "network"), completion: .list(["pubnet", "testnet", "futurenet", "local"]))
  var network: String?

  @OptionGroup var ledgers: LedgerOptions

  @Flag(help: "Only transactions with a Soroban operation.")
  var soroban = false

  @Option(help: ArgumentHelp("Only the transaction with this hash, 64 hex digits (repeatable).", valueName: "hash"))
  var tx: [TransactionHash] = []

  @Option(help: ArgumentHelp("Write transactions, or whole ledgers in another container.", valueName: "unit"))
  var by = Unit.transaction

  @Flag(help: "Compute all hashes of each ledger again; differences, gaps and repeats are errors.")
  var verify = false

  @Option(
    help: ArgumentHelp(
      "With --verify: this ledger must have this hash, which proves all ledgers read before it (repeatable).",
      valueName: "sequence:hash"))
  var anchor: [Anchor] = []

  @Flag(help: "Wait for the next object of the data lake, for ever or to the end of --ledgers.")
  var follow = false

  @Option(help: ArgumentHelp("With --follow: how often to look where the file system does not notify.", valueName: "seconds"))
  var poll = Seconds(1)

  @Option(
    help: ArgumentHelp(
      "With --follow: how long an object may stay broken, or be missing without a warning.", valueName: "seconds"))
  var patience = Seconds(60)

  @OptionGroup var options: StreamOptions

  var outputFormat: OutputFormat? { options.output ?? .xdr }
  var files: InputFiles {
    let wanted = ledgers.ranges.ranges
    if follow, let lake = options.files.first {
      return InputFiles(following: lake, wantedLedgers: wanted, FollowOptions(poll: poll.duration, patience: patience.duration))
    }
    return InputFiles(options.files, wantedLedgers: wanted)
  }

  func validate() throws {
    if follow, options.files.count != 1 || options.files == ["-"] {
      throw ValidationError(
        "--follow reads one data lake; name its directory (for a file that grows: tail -c +1 -F FILE | ledger-split)")
    }
  }

  func run(_ session: inout Session) throws -> ExitStatus {
    if by == .ledger, soroban || !tx.isEmpty {
      throw Failure.usage("--by ledger writes whole ledgers; --soroban and --tx can't be combined with it")
    }
    if !anchor.isEmpty, !verify { throw Failure.usage("--anchor needs --verify, which computes the hashes to compare") }
    let network = try networkOfLedgers()
    if files.reordered > 0 {
      session.messages.warn(
        "notes", Diagnostic("the FILEs have the names of a data lake's objects; they are read as one lake, in ascending order"))
    }
    let wanted = ledgers.ranges
    let sequence = LedgerSequence(
      wanted: wanted, verifies: verify, keepGoing: session.keepGoing, anchors: anchor)
    let (verifies, countsEvents, byLedger) = (verify, soroban || !tx.isEmpty, by == .ledger)
    func loop(_ splitter: consuming Splitter) -> SplitLoop {
      let reader = LedgerReader(network: byLedger ? nil : network, wanted: wanted, countsEvents: countsEvents)
      return SplitLoop(SessionLedgers(reader, wanted: wanted, verifies: verifies, sequence: sequence), splitter, wanted)
    }
    let first = loop(
      Splitter(
        network: network, format: outputFormat ?? .xdr, onlySoroban: soroban, hashes: Set(tx.map(\.hash)), byLedger: byLedger))
    // A ledger is longer than one line of wrapped base64 of any usual width, so the next line belongs to it.
    session.reader.joining.wrapped = 16...256
    if let last = ledgers.ranges.end { session.expect(lastLedger: last) }
    let others = try session.run(first, sharedFramer: LedgerReader()) { loop(first.copySplitter()) }
    let unseen = others.compactMap { ($0 as? SplitLoop)?.unseenHashes }.reduce(first.unseenHashes) { $0.intersection($1) }
    for hash in unseen {
      session.messages.warn("unknown transactions", Diagnostic("no transaction has the hash \(hash.hex) (see --tx)"))
    }
    do throws(SequenceProblem) { try sequence.checkEnd(skipped: session.counters.skipped) } catch { throw Failure(error) }
    return .success
  }

  /// The network of `--network`, else of the data lake, else of the environment, else the public network.
  private func networkOfLedgers() throws -> Network {
    let stated = by == .transaction ? try LakeNetwork(of: options.files) : nil
    guard let network else { return Network(stated?.passphrase ?? environment("NETWORK_PASSPHRASE") ?? "pubnet") }
    if network.isEmpty { throw Failure.usage("--network is empty; it takes a name such as testnet, or a passphrase") }
    let given = Network(network)
    if let stated, stated.passphrase != given.passphrase {
      throw Failure.usage("--network is \"\(given.passphrase)\", but \(stated.file) says \"\(stated.passphrase)\"")
    }
    return given
  }
}

private final class SplitLoop: RecordLoop {
  private let ledgers: SessionLedgers
  private var splitter: Splitter
  private let wanted: LedgerRanges

  init(_ ledgers: SessionLedgers, _ splitter: consuming Splitter, _ wanted: LedgerRanges) {
    self.ledgers = ledgers
    self.splitter = splitter
    self.wanted = wanted
  }

  var framer: any BareFramer { ledgers.reader }

  /// A copy of the splitter for another thread.
  func copySplitter() -> Splitter { splitter.copy() }

  /// The hashes of `--tx` that were not found yet.
  var unseenHashes: Set<Hash32> { splitter.unseenHashes }

  func run(_ session: inout Session) throws {
    ledgers.begin()
    while let isWanted = try ledgers.next(&session) {
      guard isWanted else { continue }
      let sequence = ledgers.reader.ledger.sequence
      do {
        let written = try Self.split(ledgers.reader, session.reader.record, by: &splitter, &session.output)
        if written > 0 { try session.finishRecords(written) }
      } catch let error as DataError {
        try session.skip(Failure(error, at: session.reader.place, ledger: sequence))
      }
      if !wanted.wantsMore(after: sequence) { session.stop() }
    }
  }

  private static func split(
    _ reader: LedgerReader, _ record: RawSpan, by splitter: inout Splitter, _ output: inout Output
  ) throws -> Int { try reader.withBytes(record) { bytes in try splitter.split(reader.ledger, bytes, &output) } }
}

/// `--tx`: 64 hex digits.
struct TransactionHash: ExpressibleByArgument {
  let hash: Hash32

  init?(argument: String) {
    guard let hash = Hash32(hex: Array(argument.utf8).bytes) else { return nil }
    self.hash = hash
  }
}
