import Streams

/// What a message says, as facts. `Messages` puts it on standard error, as
/// `TOOL: FILE: what is wrong (byte OFFSET, record N, ledger L)`; what is not known is left out.
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

  /// About a record. `within` is the offset in the record of what is wrong.
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

/// An error that says how it is reported and which exit status it leads to.
package protocol ReportableError: Error {
  var diagnostic: Diagnostic { get }
  var status: ExitStatus { get }
}

/// An error of a tool itself, or one that was given a place.
package struct Failure: ReportableError, Equatable {
  package var diagnostic: Diagnostic
  package var status: ExitStatus

  package init(_ diagnostic: Diagnostic, status: ExitStatus = .badData) {
    self.diagnostic = diagnostic
    self.status = status
  }

  package init(_ error: some ReportableError) { self.init(error.diagnostic, status: error.status) }

  package static func usage(_ what: String) -> Failure { Failure(Diagnostic(what), status: .usage) }
}

/// Why a session cannot go on. What reads records throws nothing else, so that it compiles where there is no `any Error` (Embedded Swift).
package enum RunError: ReportableError {
  /// The input or the output: nothing more can be read, or written.
  case stream(StreamError)
  /// What was read.
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
  package var diagnostic: Diagnostic { Diagnostic(description, file: file, offset: offset, record: record) }
  package var status: ExitStatus { isBadData ? .badData : .system }
}
