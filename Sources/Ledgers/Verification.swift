import Bytes
import Hashing
import StellarXDR

/// A hash that a ledger states and that does not match its bytes.
package struct HashMismatch: Error, Equatable, CustomStringConvertible {
  package enum Part: String, Sendable {
    case header = "header hash"
    case previous = "previous ledger hash"
    case transactionSet = "transaction set hash"
    case resultSet = "result set hash"
  }

  package var part: Part
  package var stated: Hash32
  package var computed: Hash32

  package init(part: Part, stated: Hash32, computed: Hash32) {
    self.part = part
    self.stated = stated
    self.computed = computed
  }

  package var description: String {
    part == .previous
      ? "\(part.rawValue) is \(stated.hex), but the ledger before has \(computed.hex)"
      : "\(part.rawValue) is stated as \(stated.hex), but computed as \(computed.hex)"
  }
}

extension LedgerCloseMeta {
  /// Computes the ledger's hashes again (`--verify`). `previous` is the hash of the previous ledger, if it was read.
  package func verify(_ bytes: RawSpan, previous: Hash32?) throws(HashMismatch) {
    try expect(.header, hash, SHA256Hasher.hash(bytes.extracting(header)))
    if let previous { try expect(.previous, previousHash, previous) }
    // A skipped ledger has an empty set, and zeros instead of its hash.
    let setHash = isSkipped ? Hash32(0, 0, 0, 0) : computedTransactionSetHash(bytes)
    try expect(.transactionSet, transactionSetHash, setHash)
    try expect(.resultSet, resultSetHash, computedResultSetHash(bytes))
  }

  private func expect(_ part: HashMismatch.Part, _ stated: Hash32, _ computed: Hash32) throws(HashMismatch) {
    if stated != computed { throw HashMismatch(part: part, stated: stated, computed: computed) }
  }

  /// The hash of the legacy set does not include the number of envelopes: previous ledger hash, then each envelope.
  private func computedTransactionSetHash(_ bytes: RawSpan) -> Hash32 {
    guard version == 0 else { return SHA256Hasher.hash(bytes.extracting(transactionSet)) }
    let start = transactionSet.lowerBound
    var hasher = SHA256Hasher()
    hasher.update(bytes.extracting(start..<start + 32))
    hasher.update(bytes.extracting(start + 36..<transactionSet.upperBound))
    return hasher.finalize()
  }

  /// SHA-256 of the TransactionResultSet: the count, then each TransactionResultPair, which is contiguous in the bytes.
  private func computedResultSetHash(_ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(word: UInt32(processed.count))
    for one in processed { hasher.update(bytes.extracting(one.result.lowerBound - 32..<one.result.upperBound)) }
    return hasher.finalize()
  }
}
