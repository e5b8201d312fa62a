import Bytes
import CommandLineTools
import Ledgers
import Streams

/// A value of `--anchor`: a ledger and its expected hash, as `SEQUENCE:HASH`.
struct Anchor {
  let sequence: UInt32
  let hash: Hash32
}

/// Ledgers whose hash the user knows. With the chain of hashes each proves the ledgers that were read before it.
struct Anchors {
  private let anchors: [Anchor]
  /// The ledgers that were not read yet.
  private var missing: Set<UInt32>

  init(_ anchors: [Anchor]) {
    self.anchors = anchors
    missing = Set(anchors.map { $0.sequence })
  }

  /// Compares a ledger's computed hash with the expected one.
  mutating func check(_ ledger: ReadLedger) throws(Failure) {
    for anchor in anchors where anchor.sequence == ledger.sequence {
      guard anchor.hash == ledger.hash else {
        let what = "the hash is \(ledger.hash.hex), but --anchor says \(anchor.hash.hex)"
        throw Failure(ledger.diagnostic(what))
      }
      missing.remove(anchor.sequence)
    }
  }

  /// Throws if an anchor was not read.
  func checkEnd() throws(Failure) {
    guard let sequence = missing.min() else { return }
    throw Failure(Diagnostic("ledger \(sequence) of --anchor was not read, so nothing before it is proved"))
  }
}
