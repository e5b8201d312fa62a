import Bytes
import Streams
import TestSupport
import Testing

@Suite struct DataLakeTests {
  @Test func objectsComeInAscendingOrder() throws {
    let folder = try TemporaryFolder()
    for name in [
      "FFFFFFFD--2-3.xdr.zst", "FFFFFFF7--8-9.xdr.zstd", "FFFFFFFB--4-5.xdr", "FFFFFFF5--10.xdr.zst", ".config.json",
      "README", "FFFFFFF1--14-15.xdr.zst.tmp", "FFFFFFF1--15-14.xdr.zst", "fffffff1--14-15.xdr.zst",
      "FFFFFFF1--014-15.xdr.zst", "FFFFFFF1--99999999999.xdr.zst", "FFFFFFF1-14-15.xdr.zst",
    ] { try folder.file(name, []) }
    #expect(try list(folder.path, [0...UInt32.max]) == [2...3, 4...5, 8...9, 10...10])
    #expect(try list(folder.path, [3...3, 9...9]) == [2...3, 8...9])
  }

  @Test(arguments: [
    ([11...20], "ledgers 11 to 20"), ([7...7, 11...11], "ledger 7, ledger 11"), ([0...1], "any ledger up to 1"),
    ([11...UInt32.max], "ledger 11 or a later one"),
  ])
  func aLakeWithoutTheWantedLedgersIsAnError(wanted: [ClosedRange<UInt32>], words: String) throws {
    let folder = try TemporaryFolder()
    for name in ["FFFFFFFF--0-63/FFFFFFFD--2-3.xdr.zst", "FFFFFFF7--8-9.xdr.zst"] { try folder.file(name, []) }
    let error = #expect(throws: StreamError.self) { try list(folder.path, wanted) }
    #expect(error?.description == "no object holds \(words)" && error?.file == folder.path && error?.isBadData == true)
  }

  @Test func theLastLedgerIsKnownInAdvance() throws {
    let folder = try TemporaryFolder()
    for name in [
      "FFFFFFFF--0-63/FFFFFFFD--2-3.xdr.zst", "FFFFFFBF--64-127/FFFFFFBF--64-65.xdr.zst", "FFFFFFBF--64-127/FFFFFFBD--66.xdr",
    ] {
      try folder.file(name, [])
    }
    #expect(try DataLake(folder.path, wanted: [0...UInt32.max]).lastLedger == 66)
    #expect(try DataLake(folder.path, wanted: [2...3, 64...64]).lastLedger == 65)
    #expect(try DataLake(folder.path, wanted: [2...10]).lastLedger == 3)
    #expect(InputFiles(["file", folder.path], wantedLedgers: [0...9]).lastLedger == 3)
    #expect(InputFiles([folder.path, "file"], wantedLedgers: [0...9]).lastLedger == nil)
    #expect(InputFiles([folder.path]).lastLedger == nil)
  }

  @Test func anObjectWithTwoEndingsIsReadOnce() throws {
    let folder = try TemporaryFolder()
    for name in [
      "FFFFFFFD--2-3.xdr", "FFFFFFFD--2-3.xdr.zst", "FFFFFFFD--2-3.xdr.zstd", "FFFFFFFB--4.xdr.zstd", "FFFFFFFB--4-5.xdr",
    ] {
      try folder.file(name, [])
    }
    var lake = try DataLake(folder.path, wanted: [0...UInt32.max])
    var paths: [String] = []
    while let object = try lake.next() { paths.append(object.path) }
    #expect(paths == ["FFFFFFFD--2-3.xdr.zst", "FFFFFFFB--4.xdr.zstd", "FFFFFFFB--4-5.xdr"].map { "\(folder.path)/\($0)" })
  }

  /// As a shell lists them: newest first, after some FILEs and before others.
  @Test func filesWithTheNamesOfObjectsAreOneLake() throws {
    let folder = try TemporaryFolder()
    let names = ["FFFFFFF7--8-9.xdr.zst", "FFFFFFFB--4-5.xdr.zst", "FFFFFFFB--4-5.xdr", "FFFFFFFD--2-3.xdr.zst"]
    let objects = try names.enumerated().map { try folder.file($0.element, marked([UInt8($0.offset)])) }
    let others = try ["a", "b"].enumerated().map { try folder.file($0.element, marked([UInt8(10 + $0.offset)])) }
    func read(_ files: InputFiles) throws -> [UInt8] {
      var output = Output(descriptor: -1)
      var reader = RecordReader(files, maximumRecord: 100)
      var read: [UInt8] = []
      while try reader.next(&output) { read.append(reader.record.copied[0]) }
      return read
    }
    let all = InputFiles([others[0]] + objects + [others[1]], wantedLedgers: [0...UInt32.max])
    #expect(all.reordered == 4)
    #expect(try read(all) == [10, 3, 1, 0, 11])
    #expect(try read(InputFiles(objects, wantedLedgers: [5...5])) == [1])
    #expect(InputFiles([objects[3], objects[0]], wantedLedgers: [0...9]).reordered == 0)
    // The content of a single FILE decides; without a ledger range, names do not matter.
    #expect(try read(InputFiles([objects[3]], wantedLedgers: [8...9])) == [3])
    #expect(try read(InputFiles(objects)) == [0, 1, 2, 3])
  }

  @Test func unneededPartitionsAreNotListed() throws {
    let folder = try TemporaryFolder()
    try folder.file("FFFFFFFF--0-63/FFFFFFFD--2.xdr.zst", [])
    try folder.file("FFFFFFFF--0-63/FFFFFFC0--63.xdr.zst", [])
    try folder.file("FFFFFFBF--64-127/FFFFFFBF--64.xdr.zst", [])
    try folder.file("FFFFFF7F--128-191", [])  // listing this one would be an error
    #expect(try list(folder.path, [0...100]) == [2...2, 63...63, 64...64])
    #expect(try list(folder.path + "/", [63...64]) == [63...63, 64...64])
    let error = #expect(throws: StreamError.self) { try list(folder.path, [150...150]) }
    #expect(error?.file == folder.path + "/FFFFFF7F--128-191")
  }

  @Test func aFolderWithoutLedgersIsAnError() throws {
    let folder = try TemporaryFolder()
    try folder.file("README", [])
    let error = #expect(throws: StreamError.self) { try list(folder.path, [0...9]) }
    #expect(error == StreamError(.noLedgersInDirectory, file: folder.path))
    #expect(error?.isBadData == false)
  }

  @Test func lakesAreReadAsTheirObjects() throws {
    let folder = try TemporaryFolder()
    try folder.file("lake/FFFFFFFB--4-5.xdr.zst", zstd(Toy.record([45])))
    try folder.file("lake/FFFFFFFD--2-3.xdr", Toy.record([23]))
    let file = try folder.file("file", Toy.record([0]))
    var output = Output(descriptor: -1)
    let files = InputFiles([file, folder.path + "/lake", file], wantedLedgers: [0...UInt32.max])
    #expect(files.totalSize == nil)
    var reader = RecordReader(files, maximumRecord: 100)
    var read: [(UInt8, ClosedRange<UInt32>?)] = []
    reader.framer = ToyFramer()
    while try reader.next(&output) { read.append((reader.record.copied[4], reader.lakeObject?.ledgers)) }
    #expect(read.map(\.0) == [0, 23, 45, 0])
    #expect(read.map(\.1) == [nil, 2...3, 4...5, nil])
  }

  private func list(_ directory: String, _ wanted: [ClosedRange<UInt32>]) throws(StreamError) -> [ClosedRange<UInt32>] {
    var lake = try DataLake(directory, wanted: wanted)
    var result: [ClosedRange<UInt32>] = []
    while let object = try lake.next() {
      #expect(object.path.hasPrefix(directory))
      result.append(object.ledgers)
    }
    return result
  }
}
