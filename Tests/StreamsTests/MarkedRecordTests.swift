import Streams
import Testing

@Suite struct MarkedRecordTests {
  let records = [noise(20), noise(1, seed: 2), noise(300, seed: 3)]

  @Test(arguments: 1...17) func areTheSameForAnyReadSize(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", records.flatMap { marked($0) })
    let run = readAll([file], chunk: chunk)
    #expect(run.records == records)
    #expect(run.places.map(\.offset) == [4, 28, 33])
    #expect(run.places.map(\.record) == [1, 2, 3])
    #expect(run.error == nil)
  }

  @Test(arguments: [1, 2, 3, 7, 100], [1, 5, 17, 1 << 18]) func areJoinedFromFragments(size: Int, chunk: Int) throws {
    let folder = try TemporaryFolder()
    // The first record of a FILE is in one fragment: a stream that begins otherwise looks like bare XDR.
    let stream = marked(records[0]) + marked(records[1], fragments: size) + marked(records[2], fragments: size) + marked([9])
    let run = readAll([try folder.file("a", stream)], chunk: chunk)
    #expect(run.records == records + [[9]])
    #expect(run.places.last?.offset == Int64(stream.count - 1))
    #expect(run.error == nil)
  }

  @Test func largeRecordsAreRead() throws {
    let folder = try TemporaryFolder()
    let large = [noise(900_000), noise(10), noise(700_001, seed: 5)]
    let run = readAll([try folder.file("a", marked([1]) + large.flatMap { marked($0, fragments: 123_457) })])
    let areEqual = run.records == [[1]] + large  // not in #expect: a million bytes are not a useful message
    #expect(areEqual)
  }

  @Test(arguments: [1, 4, 1 << 18]) func truncationAnywhereIsAnError(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let stream = marked(records[0]) + marked(records[1], fragments: 1) + marked(noise(40), fragments: 8)
    let ends = [0, 24, 29, stream.count]
    for cut in 0...stream.count {
      let run = readAll([try folder.file("a", Array(stream.prefix(cut)))], chunk: chunk)
      let whole = ends.filter { $0 > 0 && $0 <= cut }.count
      #expect(run.records.count == whole)
      guard !ends.contains(cut) else {
        #expect(run.error == nil)
        continue
      }
      let error = try #require(run.error)
      guard case .cutOff(let have, let need) = error.kind else {
        Issue.record("cut at \(cut): \(error)")
        continue
      }
      #expect(have < need)
      #expect(error.isBadData && !error.isSkippable)
      #expect(error.record == whole + 1)
      #expect(error.file == folder.path + "/a")
    }
  }

  @Test func truncationErrorsNameTheirPosition() throws {
    let folder = try TemporaryFolder()
    let run = readAll([try folder.file("a", marked(noise(20)) + [0x80, 0, 0])])
    #expect(run.error == StreamError(.cutOff(have: 3, need: 4), file: folder.path + "/a", offset: 24, record: 2))
    #expect(run.error?.description == "the input ends inside a record header, after 3 of 4 bytes")
    let inside = readAll([try folder.file("a", marked(noise(20)) + marked(noise(20)).dropLast(5))])
    #expect(inside.error == StreamError(.cutOff(have: 15, need: 20), file: folder.path + "/a", offset: 28, record: 2))
  }

  @Test func recordsEndWithTheirFile() throws {
    let folder = try TemporaryFolder()
    let stream = marked(noise(20))
    let first = try folder.file("a", Array(stream.prefix(10)))
    let run = readAll([first, try folder.file("b", Array(stream.dropFirst(10)))])
    #expect(run.error?.file == first)
  }

  @Test func emptyRecordsCanBeSkipped() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", marked([1]) + marked([]) + marked([2]))
    let stopped = readAll([file])
    #expect(stopped.records == [[1]])
    #expect(stopped.error == StreamError(.emptyRecord, file: file, offset: 9, record: 2))
    let run = readAll([file], keepGoing: true)
    #expect(run.records == [[1], [2]])
    #expect(run.places.map(\.record) == [1, 3])
  }

  @Test func fragmentsWithoutEndAreAnError() throws {
    let folder = try TemporaryFolder()
    let empty = [[UInt8]](repeating: bigEndian(0), count: 5000).flatMap { $0 }
    #expect(readAll([try folder.file("a", marked([1]) + empty)]).error?.kind == .emptyFragments(1000))
    let tiny = [[UInt8]](repeating: bigEndian(1) + [7], count: 5000).flatMap { $0 }
    #expect(readAll([try folder.file("b", marked([1]) + tiny)], maximumRecord: 1000).error?.kind == .tooLong(1001, limit: 1000))
  }

  @Test func longerThanAllowedAreAnErrorAtTheirHeader() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", marked([1]) + bigEndian(0xFFFF_FFFF))
    let run = readAll([file], maximumRecord: 1000)
    #expect(run.records == [[1]])
    #expect(run.error == StreamError(.tooLong(0x7FFF_FFFF, limit: 1000), file: file, offset: 9, record: 2))
    #expect(readAll([try folder.file("b", marked(noise(1000)))], maximumRecord: 1000).error == nil)
  }

  /// A declared length alone allocates nothing.
  @Test func aHugeHeaderAllocatesNothing() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let file = try folder.file("a", marked([1]) + bigEndian(0xFFFF_FFFF))
      _ = readAll([file], maximumRecord: 1000)  // loads the code itself
      let before = residentBytes()
      let run = readAll([file], maximumRecord: .max)
      let after = residentBytes()
      try #require(run.error?.kind == .cutOff(have: 0, need: 0x7FFF_FFFF))
      try #require(after - before < 1 << 20, "\(after - before) bytes more")
    }
  }
}
