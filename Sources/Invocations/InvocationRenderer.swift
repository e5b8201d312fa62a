import Bytes
import Ledgers
import StellarXDR

/// Writes ContractInvocation records in a way that needs to know their members.
package protocol InvocationRenderer: ~Copyable {
  /// What it writes.
  var kinds: Set<RecordKind> { get }

  /// Writes a record, given as XDR; false (and nothing is written) for one that has no place in what is written.
  mutating func render(_ record: RawSpan, into out: inout ByteBuffer) throws(XDRError) -> Bool

  /// What could not be written as it was asked for, so far.
  var shortfall: Shortfall { get }
}

/// Things that are no errors, but should be told and counted.
package struct Shortfall: Sendable {
  /// Its member in the counters of `--stats`.
  package let counter: String
  /// In words, the number follows.
  package let words: String
  package var count = 0

  package init(counter: String, words: String) {
    self.counter = counter
    self.words = words
  }
}
