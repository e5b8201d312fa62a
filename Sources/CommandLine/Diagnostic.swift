import Bytes
import Streams

/// The contents of a message. `Messages` prints it on standard error as `TOOL: FILE: what is wrong (byte OFFSET, record N, ledger
/// L)`, without the parts that are not known.
package struct Diagnostic: Equatable, Sendable {
  package var file: String?
  package var what: String
  package var offset: Int64?
  package var record: Int?
  package var ledger: UInt32?

  package init(_ what: String, file: String? = nil, offset: Int64? = nil, record: Int? = nil, ledger: UInt32? = nil) {
    self.file = file
    self.what = what
    self.offset = offset
    self.record = record
    self.ledger = ledger
  }

  /// A message about a record. `within` is the offset of the problem in the record.
  package init(_ what: String, at place: Place, within: Int = 0, ledger: UInt32? = nil) {
    self.init(what, file: place.file, offset: place.offset + Int64(within), record: place.record, ledger: ledger)
  }

  /// The message, without the tool's name.
  package var text: String {
    var text = file.map { "\($0): " } ?? ""
    text += what
    let parts = [
      offset.map { "byte \($0)" }, record.map { "record \($0)" }, ledger.map { "ledger \($0)" },
    ].compactMap { $0 }
    return parts.isEmpty ? text : "\(text) (\(parts.joined(separator: ", ")))"
  }
}

/// An error with its message and exit status.
package protocol ReportableError: Error {
  var diagnostic: Diagnostic { get }
  var status: ExitStatus { get }
}

/// An error of a tool, or an error to which a position was added.
package struct Failure: ReportableError, Equatable {
  package var diagnostic: Diagnostic
  package var status: ExitStatus

  package init(_ diagnostic: Diagnostic, status: ExitStatus = .badData) {
    self.diagnostic = diagnostic
    self.status = status
  }

  package init(_ error: some ReportableError) { self.init(error.diagnostic, status: error.status) }

  /// An error in the record at `place`.
  package init(_ error: DataError, at place: Place, ledger: UInt32? = nil) {
    self.init(Diagnostic(error.what, at: place, within: error.offset ?? 0, ledger: error.ledger ?? ledger))
  }

  package static func usage(_ what: String) -> Failure { Failure(Diagnostic(what), status: .usage) }
}

/// The reason why a session cannot continue. Code that reads records throws no other error, so that it compiles without `any
/// Error` (Embedded Swift).
package enum RunError: ReportableError {
  /// Reading or writing is no longer possible.
  case stream(StreamError)
  /// The data that was read is wrong.
  case failure(Failure)

  package var diagnostic: Diagnostic {
    switch self {
    case .stream(let error): error.diagnostic
    case .failure(let failure): failure.diagnostic
    }
  }

  package var status: ExitStatus {
    switch self {
    case .stream(let error): error.status
    case .failure(let failure): failure.status
    }
  }
}

extension StreamError: ReportableError {
  package var diagnostic: Diagnostic {
    let ledger: UInt32? = if case .noRecord(_, let ledger) = kind { ledger } else { nil }
    return Diagnostic(description, file: file, offset: offset, record: record, ledger: ledger)
  }
  package var status: ExitStatus { isBadData ? .badData : .system }
}
