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

  @Test func containersInFramesAreRecognised() throws {
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

  @Test func truncationAnywhereIsAnError() throws {
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

  /// Found by fuzzing: a complete frame with a wrong checksum gave no output at all.
  @Test(arguments: [1, 5, 1000, 1 << 18], [true, false])
  func everythingBeforeAWrongChecksumComesOut(chunk: Int, declaresSize: Bool) throws {
    let folder = try TemporaryFolder()
    var frame = zstd(stream, checksum: true, declaresSize: declaresSize)
    frame[frame.count - 1] ^= 1
    let run = readAll([try folder.file("a", zstd(marked([9])) + frame)], chunk: chunk)
    #expect(run.records == [[9]] + records)
    #expect(run.error?.description == "damaged zstd data: Restored data doesn't match checksum")
    #expect(run.error?.offset == Int64(5 + stream.count) && run.error?.record == 6)
  }

  /// The offsets of a frame's block headers (RFC 8878, section 3.1.1.2).
  private func blocks(_ frame: [UInt8], from first: Int) -> [Int] {
    var starts: [Int] = []
    var place = first
    while true {
      starts.append(place)
      let header = Int(frame[place]) | Int(frame[place + 1]) << 8 | Int(frame[place + 2]) << 16
      place += 3 + (header >> 1 & 3 == 1 ? 1 : header >> 3)
      if header & 1 == 1 { return starts }
    }
  }

  @Test(arguments: [7, 1 << 18], [true, false])
  func everythingBeforeADamagedBlockComesOut(chunk: Int, declaresSize: Bool) throws {
    let folder = try TemporaryFolder()
    // Bytes that alternate with zeros compress to about half.
    let small: [[UInt8]] = (0..<30).map { number in Array(noise(5000, seed: number + 1).map { [$0, 0] }.joined()) }
    let frame = zstd(small.flatMap { marked($0) }, declaresSize: declaresSize)
    let starts = blocks(frame, from: declaresSize ? 9 : 6)
    #expect(starts.count == 3)
    for (number, start) in starts.enumerated() {
      let whole = (number << 17) / 10_004
      // The block has the reserved type: none of it is decoded.
      var damaged = frame
      damaged[start] |= 6
      let run = readAll([try folder.file("a", damaged)], chunk: chunk)
      #expect(run.records == Array(small[..<whole]), "block \(number)")
      #expect(run.error?.description == "damaged zstd data: Data corruption detected")
      // Its literals or its length are wrong, which may be noticed late.
      for place in [start + 3, start + 1] {
        damaged = frame
        damaged[place] ^= 0xFF
        let file = try folder.file("a", damaged)
        let run = readAll([file], chunk: chunk)
        #expect(run.records.count >= whole && run.records.starts(with: small[..<whole]), "block \(number), byte \(place)")
        #expect(run.error != nil && run == readAll([file]), "block \(number), byte \(place)")
      }
    }
  }

  /// A frame with more content than it declares.
  @Test func aFrameOfAnotherLengthIsDamaged() throws {
    let folder = try TemporaryFolder()
    let frame = zstd([UInt8](repeating: 3, count: 1000) + marked(noise(300)))
    for length in [0, 1, 999, 1303, 1305, 60_000] {
      var damaged = frame
      damaged[5] = UInt8(truncatingIfNeeded: length - 256)
      damaged[6] = UInt8(truncatingIfNeeded: (length - 256) >> 8)
      let runs = [1, 100, 1 << 18].map { chunk in readAll([(try? folder.file("a", damaged)) ?? ""], format: .ndjson, chunk: chunk)
      }
      #expect(runs[0].error?.description == "damaged zstd data: Data corruption detected", "\(length)")
      #expect(runs[1] == runs[0] && runs[2] == runs[0])
    }
  }

  /// A block must not exceed the window or 128 KiB, even if the buffer has capacity for it.
  @Test(arguments: [1, 1 << 18]) func aBlockThatIsTooLongIsDamage(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let repeated = 200_000 << 3 | 2
    let record = marked([9])
    let frame: [UInt8] =
      [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50] + [UInt8(record.count << 3), 0, 0] + record
      + [UInt8(repeated & 0xFF), UInt8(repeated >> 8 & 0xFF), UInt8(repeated >> 16), 7] + [1, 0, 0]
    let run = readAll([try folder.file("a", frame)], chunk: chunk)
    #expect(run.records == [[9]] && run.error?.description == "damaged zstd data: Data corruption detected")
  }

  /// Formats older than Zstandard 1; libzstd may support them, but those decoders are not made for untrusted data.
  @Test(arguments: [0x22, 0x25, 0x26, 0x27] as [UInt8]) func framesOfOldFormatsAreGarbage(first: UInt8) throws {
    let folder = try TemporaryFolder()
    let old: [UInt8] = [first, 0xB5, 0x2F, 0xFD, 0x04, 0x68, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    for chunk in [1, 4, 1 << 18] {
      let run = readAll([try folder.file("a", zstd(marked([1])) + old)], chunk: chunk)
      #expect(run.records == [[1]] && run.error?.kind == .garbageAfterZstd)
    }
  }

  @Test func tooLargeAWindowIsRefused() throws {
    let folder = try TemporaryFolder()
    let window2GiB: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8] + [9, 0, 0, 1]
    let run = readAll([try folder.file("a", window2GiB)])
    #expect(run.error?.kind == .zstdWindow(limit: 128 << 20))
  }

  @Test func doubleCompressionIsRefused() throws {
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
