import Bytes
import StellarJSON
import StellarXDR

/// Reads one ledger at a time from a record, a line, or bytes without framing. Each is validated completely before it is current.
package final class LedgerReader: BareFramer {
  /// The current ledger. `withBytes` gives the bytes of its positions.
  package private(set) var ledger = LedgerCloseMeta()

  private let network: Network?
  private let wanted: LedgerRanges
  private let onlyFrames: Bool
  private var line = LedgerLine()
  private var isFromLine = false
  private static let type = Schema.shared.id("LedgerCloseMeta")

  /// Without a network, envelopes are not hashed; envelopes of ledgers that are not wanted never are. With `countsEvents`, each
  /// transaction gets the number of events before it.
  package init(network: Network?, wanted: LedgerRanges, countsEvents: Bool) {
    (self.network, self.wanted, onlyFrames) = (network, wanted, false)
    ledger.countsEvents = countsEvents
  }

  /// Only finds the ends of ledgers without framing, for other readers. This takes less time than reading them.
  package init() { (network, wanted, onlyFrames) = (nil, .all, true) }

  /// Passes the bytes of the current ledger to `body`: `record`, which it was read from, unless it is from a line.
  package func withBytes<Result, Problem>(
    _ record: RawSpan, _ body: (RawSpan) throws(Problem) -> Result
  ) throws(Problem) -> Result { isFromLine ? try line.withCurrent(body) : try body(record) }

  // MARK: records and lines

  package func read(record: RawSpan) throws(DataError) {
    isFromLine = false
    try read(record)
  }

  /// Reads the first ledger of a line; returns false if it contains none, as an RPC server's empty page does.
  package func read(line text: RawSpan) throws(DataError) -> Bool {
    try line.read(text)
    return try readNextOfLine()
  }

  package var hasMoreOfLine: Bool { line.hasMore }

  /// Reads the next ledger of the line; returns false if there is none.
  package func readNextOfLine() throws(DataError) -> Bool {
    isFromLine = true
    guard line.advance() else { return false }
    do throws(DataError) { try line.withCurrent { bytes throws(DataError) in try read(bytes) } } catch {
      // The line contains base64, so an offset in the decoded bytes would mislead.
      throw DataError(error.what, ledger: error.ledger)
    }
    return true
  }

  /// Discards the rest of the line.
  package func discardLine() { line.clear() }

  /// Reads a LedgerCloseMeta, which must be all of `bytes`.
  private func read(_ bytes: RawSpan) throws(DataError) {
    if let refusal = RecordKind(bytes)?.refusal(by: .ledgerSplit) { throw DataError(refusal) }
    do throws(XDRError) {
      var cursor = Cursor(bytes)
      try read(&cursor)
      try Schema.shared.expectEnd(Self.type, cursor)
    } catch {
      if let refusal = RecordKind(whole: bytes)?.refusal(by: .ledgerSplit) { throw DataError(refusal) }
      let what = Schema.shared.message(for: error, in: Self.type, bytes)
      throw DataError(what, at: error.offset, ledger: ledger.sequence == 0 ? nil : ledger.sequence)
    }
  }

  private func read(_ cursor: inout Cursor) throws(XDRError) {
    try ledger.readHeader(&cursor)
    try ledger.readBody(&cursor, network: wanted.contains(ledger.sequence) ? network : nil)
  }

  // MARK: bytes without framing

  /// Finds the next ledger, alone or in a LedgerCloseMetaBatch, and makes it the current one.
  package func extent(
    of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords
  ) throws(DataError) -> Extent {
    isFromLine = false
    var skip = 0
    if announced.count == 0 {
      if bytes.byteCount < 12 { return .more(atLeast: Int64(12 - bytes.byteCount)) }
      if LedgerCloseMeta.isBatch(bytes) {
        guard let batch = AnnouncedRecords(batch: bytes) else {
          throw DataError("neither a LedgerCloseMeta nor a LedgerCloseMetaBatch begins here")
        }
        (announced, skip) = (batch, 12)
      }
    }
    let rest = bytes.extracting(skip..<bytes.byteCount)
    let length: Int
    do throws(XDRError) { length = try self.length(rest, needsSequence: announced.count > 0) } catch {
      if error.isTruncation { return .more(atLeast: max(1, Int64(skip) + error.value - Int64(bytes.byteCount))) }
      throw DataError(Schema.shared.message(for: error, in: Self.type, rest), at: skip + error.offset)
    }
    if announced.count > 0 {
      guard ledger.sequence == announced.next else {
        throw DataError("a batch that should hold ledger \(announced.next) here", at: skip, ledger: ledger.sequence)
      }
      announced = AnnouncedRecords(count: announced.count - 1, next: announced.next &+ 1)
    }
    return .record(skip: skip, length: length)
  }

  /// The length of the ledger that begins here.
  private func length(_ bytes: RawSpan, needsSequence: Bool) throws(XDRError) -> Int {
    var cursor = Cursor(bytes)
    if onlyFrames {
      try Schema.shared.skip(Self.type, &cursor)
      var header = Cursor(bytes)
      if needsSequence { try ledger.readHeader(&header) }
    } else {
      try read(&cursor)
    }
    return cursor.position
  }
}

extension AnnouncedRecords {
  /// The ledgers that the header of a LedgerCloseMetaBatch announces: first, last, and the size of the array. Nil if they do not
  /// agree.
  init?(batch bytes: RawSpan) {
    let (first, last, count) = (bytes.word(at: 0), bytes.word(at: 4), bytes.word(at: 8))
    guard last >= first, last - first < .max, count == last - first + 1 else { return nil }
    self.init(count: count, next: first)
  }
}
