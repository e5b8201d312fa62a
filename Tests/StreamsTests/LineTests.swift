import Streams
import TestSupport
import Testing

@Suite struct LineTests {
  @Test(arguments: 1...17) func areTheSameForAnyReadSize(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", Array("{\"a\":1}\n\n \t\r\n{\"b\":2}\r\nAAAAAQ==".utf8))
    let run = readAll([file], chunk: chunk)
    #expect(run.records.map { String(decoding: $0, as: UTF8.self) } == ["{\"a\":1}", "{\"b\":2}\r", "AAAAAQ=="])
    #expect(run.places.map(\.offset) == [0, 13, 22])
    #expect(run.places.map(\.record) == [1, 2, 3])
    #expect(run.error == nil)
  }

  @Test(arguments: ["", "\n", " \n\n", "{}", "{}\n"]) func shortInputs(text: String) throws {
    let folder = try TemporaryFolder()
    let run = readAll([try folder.file("a", Array(text.utf8))])
    #expect(run.records.count == (text.hasPrefix("{") ? 1 : 0))
    #expect(run.error == nil)
  }

  @Test(arguments: [1, 10, 1 << 18]) func recordsAboveTheLimitAreAnError(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", Array("{}\n".utf8) + [UInt8](repeating: 0x31, count: 101))
    let run = readAll([file], maximumRecord: 100, chunk: chunk)
    #expect(run.records.count == 1)
    #expect(run.error == StreamError(.tooLong(nil, limit: 100), file: file, offset: 3, record: 2))
    #expect(readAll([file], maximumRecord: 101, chunk: chunk).error == nil)
  }

  /// Each byte of a line is searched once, however many reads the line takes: a line ten times as long costs about ten times the work;
  /// a quadratic search would cost 100 times.
  @Test func searchingIsLinear() throws {
    let folder = try TemporaryFolder()
    func search(_ size: Int) throws {
      let run = readAll([try folder.file("a", [UInt8](repeating: 0x31, count: size))], maximumRecord: 16 << 20, chunk: 64)
      #expect(run.records.first?.count == size)
    }
    let (small, large) = (try processorTime(of: 1 << 20, search), try processorTime(of: 10 << 20, search))
    #expect(large < 40 * small, "\(small) s and \(large) s")
  }

  @Test func eachFileEndsItsLine() throws {
    let folder = try TemporaryFolder()
    let run = readAll([try folder.file("a", Array("{\"a\":".utf8)), try folder.file("b", Array("[1]\n".utf8))])
    #expect(run.records.count == 2)
    #expect(run.places.map(\.file) == [folder.path + "/a", folder.path + "/b"])
    #expect(run.places.map(\.record) == [1, 2])
  }
}
