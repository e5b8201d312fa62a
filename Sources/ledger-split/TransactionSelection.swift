import Bytes
import Ledgers
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
  mutating func pair(_ ledger: LedgerCloseMeta) throws(UnpairedResult) {
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
  private func unpaired(_ index: Int, _ ledger: LedgerCloseMeta) -> UnpairedResult {
    let anyPairs = ledger.processed.contains { pairing.envelope($0.hash, in: ledger.envelopes) != nil }
    if !anyPairs, !ledger.envelopes.isEmpty { return UnpairedResult(passphrase: network.passphrase) }
    return UnpairedResult(index: index + 1, hash: ledger.processed[index].hash)
  }
}

/// A result whose hash matches no envelope.
struct UnpairedResult: Error, CustomStringConvertible {
  /// Set if no envelope of the ledger belongs to a result.
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
