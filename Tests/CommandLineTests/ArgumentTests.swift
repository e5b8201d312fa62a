import ArgumentParser
import Bytes
import CommandLineTools
import Streams
import Testing

@Suite struct ArgumentTests {
  @Test(arguments: [
    ("5", 5...5), ("5-7", 5...7), ("5-", 5...UInt32.max), ("-7", 0...7), ("0-0", 0...0),
    ("4294967295", UInt32.max...UInt32.max),
  ]) func ledgerRanges(text: String, range: ClosedRange<UInt32>) throws {
    #expect(try LedgerRange(text).ledgers == range)
  }

  @Test(arguments: ["", "-", "7-5", "a", "1-2-3", "--5", "+5", "4294967296", "5 - 6", "0x5"])
  func wrongLedgerRanges(text: String) { #expect(throws: ValidationError.self) { try LedgerRange(text) } }

  @Test func rangesAreMerged() {
    let ranges = LedgerRanges([8...9, 1...3, 4...4, 2...3, 20...30])
    #expect(ranges.ranges == [1...4, 8...9, 20...30])
    #expect(ranges.contains(4) && !ranges.contains(5) && ranges.contains(20))
    #expect(ranges.wantsMore(after: 29) && !ranges.wantsMore(after: 30) && !ranges.wantsMore(after: 31))
    #expect(LedgerRanges.all.ranges == [0...UInt32.max] && LedgerRanges.all.contains(.max))
    #expect(LedgerRanges.all.wantsMore(after: .max - 1))
    #expect(LedgerRanges([0...UInt32.max, 5...6]).ranges == [0...UInt32.max])
  }

  @Test(arguments: [
    ("1", 1), ("1000", 1000), ("64KiB", 65536), ("64k", 65536), ("256MiB", 256 << 20), ("1M", 1 << 20), ("2g", 2 << 30),
    ("3B", 3),
  ]) func sizes(text: String, bytes: Int) { #expect(ByteSize(argument: text)?.bytes == bytes) }

  @Test(arguments: ["", "0", "-1", "1T", "KiB", "1.5M", "99999999999999999999", "9999999999G", " 1"])
  func wrongSizes(text: String) { #expect(ByteSize(argument: text) == nil) }

  @Test func sizesAreShownAsTheyAreWritten() {
    #expect(ByteSize(256 << 20).description == "256MiB")
    #expect(ByteSize(1500).description == "1500")
  }

  @Test func optionsAreParsed() throws {
    let tool = try CopyTool.parse([
      "--ledgers", "-5", "--ledgers", "9", "-k", "-i", "xdr", "--max-record=1KiB", "a", "-", "--", "-b",
    ])
    #expect(tool.ledgers.ranges == LedgerRanges([0...5, 9...9]))
    #expect(tool.options.files == ["a", "-", "-b"])
    #expect(tool.options.keepGoing && tool.options.input == .xdr && tool.options.maximumRecord.bytes == 1024)
    #expect(try CopyTool.parse([]).options.maximumRecord.bytes == 256 << 20)
  }
}
