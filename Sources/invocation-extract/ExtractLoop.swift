import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes the records of all transactions of a session.
final class ExtractLoop<Extractor: RecordExtractor & ~Copyable>: RecordLoop {
  private var reader: TransactionReader
  private var extractor: Extractor
  private let form: RecordForm
  private let verifies: Bool
  /// The records of the last transaction, and their ranges.
  private var records = ByteBuffer(capacity: 256 << 10)
  private var ranges: [Range<Int>] = []

  init(_ reader: consuming TransactionReader, _ extractor: consuming Extractor, _ form: RecordForm, verifies: Bool) {
    self.reader = reader
    self.extractor = extractor
    self.form = form
    self.verifies = verifies
  }

  let framer: any BareFramer = RefusingFramer(
    "XDR without record marking; invocation-extract reads the records that ledger-split makes from LedgerCloseMeta",
    for: .invocationExtract)

  func run(_ session: inout Session) throws {
    reader.begin()
    while let isGood = try reader.next(&session) {
      guard isGood else { continue }
      records.truncate(to: 0)
      ranges.removeAll(keepingCapacity: true)
      if reader.isEvent { try writeEvent(&session) } else { try writeTransaction(&session) }
    }
  }

  /// Writes an event that is already a record.
  private func writeEvent(_ session: inout Session) throws {
    session.count(ledger: reader.ledger)
    if verifies { throw Failure(Diagnostic("events of getEvents hold nothing to verify", at: session.reader.place)) }
    records.append(reader.decoded)
    ranges.append(0..<records.count)
    try write(&session)
  }

  /// Writes the records of the current transaction.
  private func writeTransaction(_ session: inout Session) throws {
    let transaction = reader.transaction
    session.count(ledger: transaction.ledgerSequence, closedAt: transaction.closedAt)
    do {
      if verifies { try prove(&session) }
      records.shrink(above: 8 << 20)
      do throws(XDRError) {
        try reader.withBytes(session.reader.record) { bytes throws(XDRError) in
          try extractor.extract(transaction, bytes, into: &records)
        }
      } catch { throw dataError(error, session) }
      extractor.addRanges(to: &ranges)
      if !ranges.isEmpty { try write(&session) }
    } catch let error as DataError {
      try session.skip(Failure(error, at: session.reader.place, ledger: transaction.ledgerSequence))
    }
  }

  private func write(_ session: inout Session) throws {
    extractor.count(ranges.count, in: &session)
    try form.write(ranges, of: records, &session)
  }

  /// Checks the return value and the events of the current transaction against the hash in its result.
  private func prove(_ session: inout Session) throws {
    let transaction = reader.transaction
    let found: (exceptions: [ResultProof.Exception], mismatch: ResultProof.Mismatch?)
    do throws(XDRError) {
      found = try reader.withBytes(session.reader.record) { bytes throws(XDRError) in try ResultProof.check(transaction, bytes) }
    } catch { throw dataError(error, session) }
    let name = "transaction \(transaction.hash.hex)"
    for exception in found.exceptions {
      session.warn(
        exception.kind, Diagnostic("\(name): \(exception)", at: session.reader.place, ledger: transaction.ledgerSequence))
    }
    if let mismatch = found.mismatch { throw DataError("\(name): \(mismatch)") }
  }

  private func dataError(_ error: XDRError, _ session: borrowing Session) -> DataError {
    let transaction = reader.transaction
    return DataError(reader.withBytes(session.reader.record) { transaction.words(for: error, $0) })
  }
}
