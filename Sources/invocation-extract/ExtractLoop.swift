import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes the records of all transactions of a session.
final class ExtractLoop<Writer: TransactionWriter & ~Copyable>: RecordLoop {
  private var reader: TransactionReader
  private var writer: Writer
  private let verifies: Bool

  init(_ reader: consuming TransactionReader, _ writer: consuming Writer, verifies: Bool) {
    self.reader = reader
    self.writer = writer
    self.verifies = verifies
  }

  let framer: any BareFramer = RefusingFramer(
    "XDR without record marking; invocation-extract reads the records that ledger-split makes from LedgerCloseMeta",
    for: .invocationExtract)

  func run(_ session: inout Session) throws {
    reader.begin()
    while let isGood = try reader.next(&session) {
      guard isGood else { continue }
      if reader.isEvent { try writeEvent(&session) } else { try write(&session) }
    }
  }

  private func writeEvent(_ session: inout Session) throws {
    session.count(ledger: reader.ledger)
    if verifies { throw Failure(Diagnostic("events of getEvents hold nothing to verify", at: session.reader.place)) }
    writer.take(reader.decoded)
    try writer.write(&session)
  }

  /// Writes the records of the current transaction.
  private func write(_ session: inout Session) throws {
    let transaction = reader.transaction
    session.count(ledger: transaction.ledgerSequence, closedAt: transaction.closedAt)
    do {
      if verifies { try prove(&session) }
      if try Self.extract(reader, session, to: &writer) > 0 { try writer.write(&session) }
    } catch let error as DataError {
      try session.skip(Failure(error, at: session.reader.place, ledger: transaction.ledgerSequence))
    }
  }

  /// Checks the return value and the events of the current transaction against the hash in its result.
  private func prove(_ session: inout Session) throws {
    let transaction = reader.transaction
    let found: (exceptions: [ResultProof.Exception], mismatch: ResultProof.Mismatch?)
    do throws(XDRError) { found = try Self.check(reader, session) } catch {
      throw DataError(Self.words(for: error, reader, session))
    }
    let name = "transaction \(transaction.hash.hex)"
    for exception in found.exceptions {
      session.warn(
        exception.kind, Diagnostic("\(name): \(exception)", at: session.reader.place, ledger: transaction.ledgerSequence))
    }
    if let mismatch = found.mismatch { throw DataError("\(name): \(mismatch)") }
  }

  // The bytes of a transaction are in the reader or in the session's record.

  private static func extract(
    _ reader: borrowing TransactionReader, _ session: borrowing Session, to writer: inout Writer
  ) throws -> Int {
    reader.isDecoded
      ? try writer.extract(reader.transaction, reader.decoded) : try writer.extract(reader.transaction, session.reader.record)
  }

  private static func check(
    _ reader: borrowing TransactionReader, _ session: borrowing Session
  ) throws(XDRError) -> (exceptions: [ResultProof.Exception], mismatch: ResultProof.Mismatch?) {
    reader.isDecoded
      ? try ResultProof.check(reader.transaction, reader.decoded)
      : try ResultProof.check(reader.transaction, session.reader.record)
  }

  private static func words(
    for error: XDRError, _ reader: borrowing TransactionReader, _ session: borrowing Session
  ) -> String {
    reader.isDecoded
      ? reader.transaction.words(for: error, reader.decoded) : reader.transaction.words(for: error, session.reader.record)
  }
}
