import CommandLineTools
import Ledgers
import Streams

extension LedgerLine {
  /// Decodes the session's current record.
  mutating func read(_ session: borrowing Session) throws(Failure) {
    let (line, place) = (session.reader.record, session.reader.place)
    do throws(BadLine) { try read(line) } catch {
      if error.isNoValue, let foreign = ForeignFormat(insteadOfValue: line) {
        throw Failure(Diagnostic(foreign.rawValue, at: place))
      }
      throw Failure(Diagnostic(error.what, at: place, within: error.offset))
    }
  }
}
