import Bytes

/// What is wrong with a record, a line or a file, in words.
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

  package init(_ error: JSONError) { self.init(error.description, at: error.offset) }

  /// With the path to the error in the text. The error's offset is from `start`.
  package init(_ error: JSONError, in text: RawSpan, from start: Int = 0) {
    var error = error
    error.offset += start
    self.init(error.message(in: text), at: error.offset)
  }
}
