import Bytes
import Streams
import TestSupport
import Testing

/// All bytes are one record.
private final class OneRecord: BareFramer {
  private(set) var walked = 0

  func extent(of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords) -> Extent {
    walked += bytes.byteCount
    return atEnd ? .record(length: bytes.byteCount) : .more()
  }
}

/// Nothing is a record.
private final class NoRecord: BareFramer {
  func extent(
    of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords
  ) throws(DataError) -> Extent { throw DataError("no record") }
}

@Suite struct BareTests {
  let records = [noise(20), noise(1, seed: 2), noise(300, seed: 3)].map(Toy.record)

  @Test(arguments: 1...17) func areTheSameForAnyReadSize(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let run = readAll([try folder.file("a", records.flatMap { $0 })], chunk: chunk)
    #expect(run.records == records)
    #expect(run.places.map(\.offset) == [0, 24, 29])
    #expect(run.error == nil)
  }

  @Test(arguments: [1, 3, 1 << 18]) func truncationAnywhereIsAnError(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let stream = records.flatMap { $0 }
    let ends = [0, 24, 29, stream.count]
    for cut in 0...stream.count {
      let run = readAll([try folder.file("a", Array(stream.prefix(cut)))], chunk: chunk)
      let whole = ends.filter { $0 > 0 && $0 <= cut }.count
      #expect(run.records.count == whole)
      if ends.contains(cut) {
        #expect(run.error == nil)
      } else {
        let start = ends.last { $0 < cut }
        guard case .cutOff? = run.error?.kind else {
          Issue.record("cut at \(cut): \(String(describing: run.error))")
          continue
        }
        #expect(run.error?.offset == start.map(Int64.init) && run.error?.record == whole + 1)
      }
    }
  }

  @Test func headersAreSkipped() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", Toy.header(2) + records[0] + Toy.header(0) + records[1] + Toy.header(0))
    let run = readAll([file], chunk: 1)
    #expect(run.records == [records[0], records[1]])
    #expect(run.places.map(\.offset) == [4, 32])
    #expect(run.error == nil)
  }

  @Test func announcedRecordsAreRequired() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", Toy.header(2) + records[0])
    let run = readAll([file, file])
    #expect(run.records == [records[0]])
    #expect(run.error == StreamError(.missingRecords, file: file, offset: 28, record: 2))
  }

  @Test(arguments: [1, 100, 1 << 18]) func recordsAboveTheLimitAreAnError(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", records[0] + Toy.record(noise(5000)))
    let run = readAll([file], maximumRecord: 1000, chunk: chunk)
    #expect(run.records.count == 1)
    guard case .tooLong? = run.error?.kind else {
      Issue.record("\(String(describing: run.error))")
      return
    }
    #expect(readAll([file], maximumRecord: 5004, chunk: chunk).error == nil)
  }

  /// The reader cannot go on behind bytes that are no record, whatever they are: it does not know where the next one begins.
  @Test func bytesThatAreNoRecordAreNotSkipped() throws {
    let folder = try TemporaryFolder()
    for (bytes, what) in [(Array("# some words\n".utf8), ForeignFormat.plainText.rawValue), ([0, 1, 2, 3], "no record")] {
      var reader = RecordReader(InputFiles([try folder.file("a", bytes)]), format: .xdr, maximumRecord: 100)
      reader.framer = NoRecord()
      var output = Output(descriptor: -1)
      let error = #expect(throws: StreamError.self) { try reader.next(&output) }
      #expect(error?.description == what && error?.isSkippable == false && error?.isBadData == true)
    }
  }

  /// A framer walks over all bytes on each call, so it must not be called for each read.
  @Test func extentCallsAreProportional() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", noise(1 << 20).map { $0 & 0x7F | 0x02 })
    var output = Output(descriptor: -1)
    var reader = RecordReader(InputFiles([file]), format: .xdr, maximumRecord: 2 << 20, chunk: 100)
    let framer = OneRecord()
    reader.framer = framer
    #expect(try reader.next(&output))
    #expect(reader.record.byteCount == 1 << 20)
    #expect(framer.walked < 8 << 20)
  }

  /// Records of similar length are walked over once each, from a file and from one long frame.
  @Test(arguments: [false, true]) func similarRecordsAreWalkedOnce(isCompressed: Bool) throws {
    let folder = try TemporaryFolder()
    let records = (0..<40).map { Toy.record(noise(60_000 + $0 * 7919 % 60_000)) }
    let stream = records.flatMap { $0 }
    let file = try folder.file("a", isCompressed ? zstd(stream) : stream)
    var found = 0
    var output = Output(descriptor: -1)
    var reader = RecordReader(InputFiles([file]), format: .xdr, maximumRecord: 1 << 20, chunk: 4096)
    let framer = ToyFramer()
    reader.framer = framer
    while try reader.next(&output) { found += 1 }
    #expect(found == records.count)
    #expect(framer.walked < stream.count * 13 / 10, "\(framer.walked) bytes of \(stream.count)")
  }

  /// The reader asks for a record before it reads further, where the read fails. The frame's second block is damaged.
  @Test(arguments: [1, 64, 1 << 18]) func theLastRecordBeforeDamageIsRead(chunk: Int) throws {
    let frame: [UInt8] = [
      0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x6F, 0xDF, 0x05, 0, 0, 0, 0, 0x32, 0x80, 0, 0, 0, 0, 0x37, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0,
      0,
      0x27, 0, 0,
    ]
    let folder = try TemporaryFolder()
    let run = readAll([try folder.file("a", frame)], format: .xdr, chunk: chunk)
    #expect(run.records.count == 1025)
    #expect(run.error?.description.hasPrefix("damaged zstd data") == true)
  }
}
