import Bytes
import CommandLineTools
import Ledgers
import Streams

/// `--anchor`: a ledger and the hash that it must have, as `SEQUENCE:HASH`.
struct Anchor {
  let sequence: UInt32
  let hash: Hash32
}

/// Ledgers of which the hash is known from elsewhere. With the chain of hashes each proves the ledgers that were read before it.
struct Anchors {
  private let anchors: [Anchor]
  /// Those that were not read yet.
  private var missing: Set<UInt32>

  init(_ anchors: [Anchor]) {
    self.anchors = anchors
    missing = Set(anchors.map { $0.sequence })
  }

  /// Compares a ledger whose hash was computed with what it must be.
  mutating func check(_ ledger: LedgerCloseMeta, at place: Place) throws(Failure) {
    for anchor in anchors where anchor.sequence == ledger.sequence {
      guard anchor.hash == ledger.hash else {
        let what = "the hash is \(ledger.hash.hex), but --anchor says \(anchor.hash.hex)"
        throw Failure(Diagnostic(what, at: place, ledger: ledger.sequence))
      }
      missing.remove(anchor.sequence)
    }
  }

  /// Whether all were read.
  func checkEnd() throws(Failure) {
    guard let sequence = missing.min() else { return }
    throw Failure(Diagnostic("ledger \(sequence) of --anchor was not read, so nothing before it is proved"))
  }
}
