/// What is wrong with data that was read, in words. The facts that it is made from are those of `XDRError` and `JSONError`, or of
/// the code that expected something else.
package struct DataError: Error, Equatable {
  package let what: String
  /// The offset in the record, line or file; nil if the error is about all of it.
  package let offset: Int?
  /// The ledger, if it is known.
  package let ledger: UInt32?

  package init(_ what: String, at offset: Int? = nil, ledger: UInt32? = nil) {
    self.what = what
    self.offset = offset
    self.ledger = ledger
  }
}
