import CZstd
import Streams
import Testing

@Suite struct ZstdTests {
  let records = [noise(20), noise(1, seed: 2), noise(70_000, seed: 3), [UInt8](repeating: 7, count: 300_000)]
  var stream: [UInt8] { records.flatMap { marked($0) } }

  @Test(arguments: [1, 2, 3, 5, 17, 1000, 1 << 18]) func areTheSameForAnyReadSize(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", zstd(stream))
    let run = readAll([file], chunk: chunk)
    #expect(run.records == records)
    #expect(run.error == nil)
    #expect(run.places == readAll([try folder.file("a", stream)]).places)
  }

  @Test func framesAreOneStream() throws {
    let folder = try TemporaryFolder()
    let half = stream.count / 2
    let frames =
      skippableFrame([1, 2, 3]) + zstd(Array(stream.prefix(half))) + zstd([]) + skippableFrame([])
      + zstd(Array(stream.dropFirst(half)), level: 19) + skippableFrame([4])
    for chunk in [1, 7, 1 << 18] {
      let run = readAll([try folder.file("a", frames)], chunk: chunk)
      #expect(run.records == records)
      #expect(run.error == nil)
    }
  }

  @Test func manySmallFramesAreLinear() throws {
    let folder = try TemporaryFolder()
    let frame = zstd(marked(noise(30)))
    let run = readAll([try folder.file("a", [[UInt8]](repeating: frame, count: 50_000).flatMap { $0 })])
    #expect(run.records.count == 50_000)
  }

  @Test func containersInsideAreFoundAsOutside() throws {
    let folder = try TemporaryFolder()
    let files = [
      try folder.file("lines.zst", zstd(Array("{}\n[]\n".utf8))),
      try folder.file("marked", marked([1])),
      try folder.file("bare", zstd(Toy.record([5]))),
      try folder.file("empty", zstd([])),
      try folder.file("only skippable", skippableFrame([1])),
    ]
    let run = readAll(files)
    #expect(run.records == [Array("{}".utf8), Array("[]".utf8), [1], Toy.record([5])])
    #expect(run.error == nil)
  }

  @Test func cutAnywhereIsAnError() throws {
    let folder = try TemporaryFolder()
    let frame = zstd(marked(noise(50)))
    let input = frame + frame
    for chunk in [1, 1 << 18] {
      for cut in 1..<input.count where cut != frame.count {
        let run = readAll([try folder.file("a", Array(input.prefix(cut)))], chunk: chunk)
        let error = try #require(run.error, "cut at \(cut)")
        #expect(error.kind == .cutOffFrame || cut > frame.count)
        #expect(error.isBadData && !error.isSkippable)
        #expect(run.records.count <= cut / frame.count)
      }
    }
  }

  @Test(arguments: [1, 1 << 18]) func damageIsAnError(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let frame = zstd(marked(noise(50)))
    let garbage = readAll([try folder.file("a", frame + Array("garbage".utf8))], chunk: chunk)
    #expect(garbage.records == [noise(50)])
    #expect(garbage.error?.kind == .garbageAfterZstd)
    var damaged = frame
    damaged[4] ^= 0xFF
    #expect(readAll([try folder.file("b", damaged)], chunk: chunk).error?.isBadData == true)
  }

  @Test func tooLargeAWindowIsRefused() throws {
    let folder = try TemporaryFolder()
    let window2GiB: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8] + [9, 0, 0, 1]
    let run = readAll([try folder.file("a", window2GiB)])
    #expect(run.error?.kind == .zstdWindow(limit: 128 << 20))
  }

  @Test func twiceIsRefused() throws {
    let folder = try TemporaryFolder()
    #expect(readAll([try folder.file("a", zstd(zstd(marked([1]))))]).error?.kind == .zstdInZstd)
    #expect(readAll([try folder.file("a", zstd([0x1F, 0x8B, 8, 0]))]).error?.kind == .gzip)
  }

  @Test func aBombInALineIsStopped() throws {
    let folder = try TemporaryFolder()
    let bomb = zstd([UInt8](repeating: 0x31, count: 30 << 20))
    let run = readAll([try folder.file("a", bomb)], maximumRecord: 1 << 20)
    #expect(run.error?.kind == .tooLong(nil, limit: 1 << 20))
  }
}
