import Bytes
import Ledgers
import TestSupport
import Testing

/// Ledgers from records, lines, and bytes without framing.
@Suite struct LedgerReaderTests {
  private static let ledgers = Testdata.ledgers().prefix(3).map(\.self)
  private let reader = LedgerReader(network: Network("local"), wanted: .all, countsEvents: false)

  private static func sequence(_ ledger: [UInt8]) throws -> UInt32 {
    let reader = LedgerReader(network: nil, wanted: .all, countsEvents: false)
    try reader.read(record: ledger.bytes)
    return reader.ledger.sequence
  }

  /// The extent of the ledger at the beginning of bytes.
  private func extent(
    _ bytes: [UInt8], by reader: LedgerReader, _ announced: inout AnnouncedRecords
  ) throws(DataError) -> Extent {
    try reader.extent(of: bytes.bytes, at: 0, atEnd: false, announced: &announced)
  }

  private func problem(_ body: () throws(DataError) -> Void) -> DataError? {
    do throws(DataError) {
      try body()
      return nil
    } catch { return error }
  }

  // MARK: records and lines

  @Test func aRecordIsOneWholeLedger() throws {
    for bytes in Self.ledgers {
      try reader.read(record: bytes.bytes)
      #expect(reader.withBytes(bytes.bytes) { $0.copied } == bytes)
      #expect(problem { () throws(DataError) in try reader.read(record: (bytes + [0, 0, 0, 0]).bytes) }?.offset == bytes.count)
      let cut = problem { () throws(DataError) in try reader.read(record: Array(bytes.dropLast(4)).bytes) }
      #expect(cut?.ledger == (try Self.sequence(bytes)))
    }
  }

  @Test func otherRecordsAreNamed() throws {
    let transaction = try #require(try Testdata.transactions().first)
    let found = problem { () throws(DataError) in try reader.read(record: transaction.bytes) }
    #expect(found?.what.contains("LedgerTransaction") == true)
    #expect(found?.offset == nil)
  }

  @Test func theLedgersOfALineAreReadInTurn() throws {
    let line = "[\(Self.ledgers.map { "\"\(base64Text($0))\"" }.joined(separator: ","))]"
    let other = Array("not the line".utf8)
    var found: [[UInt8]] = []
    var isFound = try reader.read(line: Array(line.utf8).bytes)
    while isFound {
      // The bytes are those of the line, whatever the record is.
      found.append(reader.withBytes(other.bytes) { $0.copied })
      #expect(reader.hasMoreOfLine == (found.count < Self.ledgers.count))
      isFound = try reader.readNextOfLine()
    }
    #expect(found == Self.ledgers)
    #expect(try !reader.read(line: Array("[]".utf8).bytes))

    #expect(try reader.read(line: Array(line.utf8).bytes))
    reader.discardLine()
    #expect(!reader.hasMoreOfLine)
  }

  /// An offset in the decoded bytes would mislead: the line contains base64.
  @Test func anErrorInALineHasNoOffset() {
    let line = "\"\(base64Text(Array(Self.ledgers[0].dropLast(4))))\""
    let found = problem { () throws(DataError) in _ = try reader.read(line: Array(line.utf8).bytes) }
    #expect(found != nil && found?.offset == nil)
  }

  /// Only envelopes of wanted ledgers are hashed.
  @Test func envelopesOfOtherLedgersAreSkipped() throws {
    let sequence = try Self.sequence(Self.ledgers[1])
    let reader = LedgerReader(network: Network("local"), wanted: LedgerRanges([sequence...sequence]), countsEvents: false)
    for bytes in Self.ledgers {
      try reader.read(record: bytes.bytes)
      #expect(reader.ledger.envelopes.isEmpty == (reader.ledger.sequence != sequence || reader.ledger.processed.isEmpty))
    }
  }

  // MARK: bytes without framing

  /// The reader that only finds the ends agrees with the one that reads, at every possible end of the bytes and of a batch.
  @Test func theEndIsFoundInAnyPrefix() throws {
    let first = try Self.sequence(Self.ledgers[0])
    let batch = word(first) + word(first) + word(1) + Self.ledgers[0]
    for (bytes, skip) in [(Self.ledgers[0], 0), (batch, 12)] {
      for reader in [reader, LedgerReader()] {
        for count in 0..<bytes.count {
          var announced = AnnouncedRecords()
          guard case .more(let missing) = try extent(Array(bytes.prefix(count)), by: reader, &announced) else {
            Issue.record("\(count) bytes are not a ledger")
            return
          }
          #expect(missing >= 1 && missing <= bytes.count - count)
        }
        var announced = AnnouncedRecords()
        #expect(try extent(bytes + Self.ledgers[1], by: reader, &announced) == .record(skip: skip, length: bytes.count - skip))
        #expect(announced.count == 0)
      }
    }
    #expect(reader.ledger.sequence == first)
  }

  @Test(arguments: [false, true]) func aBatchHoldsWhatItAnnounces(onlyFrames: Bool) throws {
    let reader = onlyFrames ? LedgerReader() : reader
    let first = try Self.sequence(Self.ledgers[0])
    let header = word(first) + word(first + 2) + word(3)
    var announced = AnnouncedRecords()
    #expect(try extent(header + Self.ledgers[0], by: reader, &announced) == .record(skip: 12, length: Self.ledgers[0].count))
    #expect(announced == AnnouncedRecords(count: 2, next: first + 1))
    // The same ledger again.
    var after = announced
    let wrong = problem { () throws(DataError) in _ = try extent(Self.ledgers[0], by: reader, &after) }
    #expect(wrong == DataError("a batch that should hold ledger \(first + 1) here", at: 0, ledger: first))
    #expect(try extent(Self.ledgers[1], by: reader, &announced) == .record(length: Self.ledgers[1].count))
    #expect(announced == AnnouncedRecords(count: 1, next: first + 2))
  }

  @Test(arguments: [false, true]) func whatIsNoLedgerIsAnError(onlyFrames: Bool) throws {
    let reader = onlyFrames ? LedgerReader() : reader
    var announced = AnnouncedRecords()
    // Headers whose numbers do not agree: the size of the array, and the order of the ledgers.
    for header in [word(5) + word(9) + word(4), word(9) + word(5) + word(1), word(4) + word(.max) + word(0)] {
      let found = problem { () throws(DataError) in _ = try extent(header + Self.ledgers[0], by: reader, &announced) }
      #expect(found == DataError("neither a LedgerCloseMeta nor a LedgerCloseMetaBatch begins here"))
    }
    // The number of upgrades in the header, which may be at most 6.
    let upgrades = (Self.ledgers[0][3] > 0 ? 8 : 4) + 32 + 4 + 32 + 32 + 8
    var damaged = Self.ledgers[0]
    damaged[upgrades + 3] = 9
    let found = problem { () throws(DataError) in _ = try extent(damaged, by: reader, &announced) }
    #expect(found?.offset == upgrades)
    #expect(announced == AnnouncedRecords())
  }

  @Test func aToolWithoutFramingRefusesItsInput() throws {
    let framer = RefusingFramer("XDR without record marking", for: .invocationExtract)
    var announced = AnnouncedRecords()
    for (bytes, what) in [
      (Self.ledgers[0], try #require(RecordKind.ledgerCloseMeta.refusal(by: .invocationExtract))),
      ([0, 0, 0, 7], "XDR without record marking"),
    ] {
      let found = problem { () throws(DataError) in
        _ = try framer.extent(of: bytes.bytes, at: 0, atEnd: true, announced: &announced)
      }
      #expect(found == DataError(what))
    }
  }
}
