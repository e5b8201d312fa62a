import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// The wanted transactions of ledgers, each result with its envelope.
struct TransactionSelection: ~Copyable {
  let network: Network
  let onlySoroban: Bool
  let hashes: Set<Hash32>
  /// The hashes that were not found yet.
  private(set) var unseenHashes: Set<Hash32>

  private var pairing = Pairing()
  /// The index of each result's envelope.
  private var partners: [Int] = []
  private var envelope = TransactionEnvelope()

  init(network: Network, onlySoroban: Bool, hashes: Set<Hash32>) {
    self.network = network
    self.onlySoroban = onlySoroban
    self.hashes = hashes
    unseenHashes = hashes
  }

  /// Finds the envelope of each result.
  mutating func pair(_ ledger: LedgerCloseMeta) throws(DataError) {
    pairing.index(ledger.envelopes)
    partners.removeAll(keepingCapacity: true)
    for index in ledger.processed.indices {
      guard let partner = pairing.envelope(ledger.processed[index].hash, in: ledger.envelopes) else {
        throw unpaired(index, ledger)
      }
      partners.append(partner)
    }
  }

  /// Whether `--tx` names a transaction by its hash or, for a fee bump, by the inner transaction's hash.
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

  /// The transaction of a result of the ledger that was paired last; nil if it is not wanted.
  mutating func transaction(_ index: Int, of ledger: LedgerCloseMeta, _ bytes: RawSpan) throws(XDRError) -> LedgerTransaction? {
    let found = ledger.envelopes[partners[index]]
    if onlySoroban, !found.isSoroban { return nil }
    if !hashes.isEmpty, try !isNamed(found, bytes) { return nil }
    return LedgerTransaction(ledger, index, envelope: found.range, network: network)
  }

  /// The error for a result without an envelope. If no result of the ledger has one, the passphrase is wrong.
  private func unpaired(_ index: Int, _ ledger: LedgerCloseMeta) -> DataError {
    let anyPairs = ledger.processed.contains { pairing.envelope($0.hash, in: ledger.envelopes) != nil }
    if anyPairs || ledger.envelopes.isEmpty {
      return DataError("no envelope hashes to result \(index + 1), \(ledger.processed[index].hash.hex)")
    }
    return DataError(
      "no transaction hashes to any result: the network passphrase is likely wrong (it was \"\(network.passphrase)\"; see --network)"
    )
  }
}
