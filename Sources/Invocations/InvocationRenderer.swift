import Bytes
import Ledgers
import StellarXDR

/// Writes ContractInvocation records in a form that depends on their members.
package protocol InvocationRenderer: ~Copyable {
  /// The kinds of records that it accepts.
  var kinds: Set<RecordKind> { get }

  /// Writes a record that is given as XDR. Returns false, and writes nothing, if the output form cannot represent the record.
  mutating func render(_ record: RawSpan, into out: inout ByteBuffer) throws(XDRError) -> Bool

  /// The number of things that could not be written as requested, so far.
  var omissions: Omissions { get }
}

/// Things that are not errors, but should be counted and reported.
package struct Omissions: Sendable {
  /// The name of the counter in the output of `--stats`.
  package let counter: String
  /// The message, which the number follows.
  package let words: String
  package var count = 0

  package init(counter: String, words: String) {
    self.counter = counter
    self.words = words
  }
}
