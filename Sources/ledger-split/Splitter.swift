import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// Writes the transactions of a ledger that was read, or the ledger itself.
struct Splitter: ~Copyable {
  let network: Network
  let format: OutputFormat
  let onlySoroban: Bool
  let hashes: Set<Hash32>
  /// Those that no transaction had so far.
  private(set) var unseenHashes: Set<Hash32>
  let byLedger: Bool

  private var pairing = Pairing()
  /// The index of each result's envelope.
  private var partners: [Int] = []
  private var envelope = TransactionEnvelope()
  private var record = ByteBuffer(capacity: 64 << 10)
  /// Only where lines are written: it takes some milliseconds to make.
  private let renderer: Renderer?
  private let transactionType = Schema.shared.id("LedgerTransaction")

  init(network: Network, format: OutputFormat, onlySoroban: Bool, hashes: Set<Hash32>, byLedger: Bool) {
    self.network = network
    self.format = format
    self.onlySoroban = onlySoroban
    self.hashes = hashes
    unseenHashes = hashes
    self.byLedger = byLedger
    renderer = format == .ndjson ? Renderer(style: .raw, of: transactionType) : nil
  }

  /// Appends what is wanted of a ledger to the output's buffer, and says how many records that is.
  mutating func split(_ ledger: LedgerCloseMeta, _ bytes: RawSpan, _ output: inout Output) throws -> Int {
    if byLedger {
      try write(ledger: bytes, &output)
      return 1
    }
    try pair(ledger)
    var written = 0
    for (index, partner) in partners.enumerated() {
      let found = ledger.envelopes[partner]
      if onlySoroban, !found.isSoroban { continue }
      if !hashes.isEmpty, try !isNamed(found, bytes) { continue }
      let transaction = LedgerTransaction(ledger, index, envelope: found.range, network: network)
      try write(transaction, bytes, &output)
      written += 1
      // All of the ledger is good: its transactions need not wait for each other, where they would take much memory.
      if bytes.byteCount > Output.mostBeside { try output.finishRecord() }
    }
    return written
  }

  /// Finds the envelope of each result.
  private mutating func pair(_ ledger: LedgerCloseMeta) throws {
    pairing.index(ledger.envelopes)
    partners.removeAll(keepingCapacity: true)
    for index in ledger.processed.indices {
      guard let partner = pairing.envelope(ledger.processed[index].hash, in: ledger.envelopes) else {
        throw unpaired(index, ledger)
      }
      partners.append(partner)
    }
  }

  /// Whether `--tx` names a transaction, by its hash or, for a fee bump, by the inner one's.
  private mutating func isNamed(_ found: LedgerCloseMeta.Envelope, _ bytes: RawSpan) throws(XDRError) -> Bool {
    if hashes.contains(found.hash) {
      unseenHashes.remove(found.hash)
      return true
    }
    var cursor = Cursor(bytes, at: found.range.lowerBound)
    try envelope.read(&cursor)
    guard let inner = network.innerHash(envelope, bytes), hashes.contains(inner) else { return false }
    unseenHashes.remove(inner)
    return true
  }

  private mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) throws {
    guard let renderer else {
      output.beginMarkedRecord()
      transaction.write(bytes, into: &output.buffer)
      return try output.endMarkedRecord()
    }
    record.truncate(to: 0)
    transaction.write(bytes, into: &record)
    try output.append(line: record.bytes, transactionType, by: renderer)
  }

  private func write(ledger: RawSpan, _ output: inout Output) throws {
    if format == .xdr { return try output.finish(ledger, isLine: false) }
    output.buffer.append(base64: ledger)
    output.buffer.append(UInt8(ascii: "\n"))
  }

  /// A result that no envelope hashes to: if that is so of all of them, the passphrase is wrong.
  private func unpaired(_ index: Int, _ ledger: LedgerCloseMeta) -> UnpairedResult {
    let anyPairs = ledger.processed.contains { pairing.envelope($0.hash, in: ledger.envelopes) != nil }
    if !anyPairs, !ledger.envelopes.isEmpty { return UnpairedResult(passphrase: network.passphrase) }
    return UnpairedResult(index: index + 1, hash: ledger.processed[index].hash)
  }
}

/// A result whose hash is none of the envelopes'.
struct UnpairedResult: Error, CustomStringConvertible {
  /// Set where none of the ledger's envelopes belongs to a result.
  var passphrase: String?
  var index = 0
  var hash = Hash32(0, 0, 0, 0)

  var description: String {
    if let passphrase {
      return
        "no transaction hashes to any result: the network passphrase is likely wrong (it was \"\(passphrase)\"; see --network)"
    }
    return "no envelope hashes to result \(index), \(hash.hex)"
  }
}
