import Foundation
import TestSupport
import Testing

/// Hostile input: each tool ends soon, with the documented message and status, and with little memory.
@Suite struct HostileInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    var command = "scval-json"
    let input: [UInt8]
    let message: String

    var testDescription: String { "\(name): \(command)" }
  }

  private static func line(_ value: [UInt8]) -> [UInt8] { Array("\(base64Text(value))\n".utf8) }

  private static func nested(_ open: String, _ close: String, _ levels: Int) -> [UInt8] {
    Array((String(repeating: open, count: levels) + String(repeating: close, count: levels) + "\n").utf8)
  }

  private static let digits = String(repeating: "9", count: 1_000_000)
  /// A valid record.
  private static let invocation = Expected.invocations.prefix { $0 != "\n" }

  private static let xdr: [Case] = [
    Case(name: "501 levels", input: line(Value.nestedVec(501)), message: "nested more than 500 levels deep"),
    Case(name: "100,000 levels", input: line(Value.nestedVec(100_000)), message: "nested more than 500 levels deep"),
    Case(name: "a marked record of them", input: marked(Value.nestedVec(100_000)), message: "nested more than 500 levels deep"),
    Case(name: "a huge count", input: line(word(16) + word(1) + word(.max)), message: "declares more data than is left"),
    Case(name: "a huge length", input: line(word(13) + word(.max)), message: "declares more data than is left"),
    Case(name: "wrong padding", input: line(word(13) + word(1) + [7, 0, 0, 1]), message: "padding is not zero"),
    Case(name: "a wrong discriminant", input: line(word(23)), message: "SCVal has no arm 23"),
    Case(name: "a wrong boolean", input: line(word(0) + word(2)), message: "expected 0 or 1, found 2"),
    Case(name: "a wrong option", input: line(word(17) + word(7)), message: "expected 0 or 1, found 7"),
    Case(name: "a value cut off", input: line(word(5) + word(0)), message: "ends inside the value"),
    Case(name: "bytes left over", input: line(Value.void + [0, 0, 0, 0]), message: "4 bytes left over"),
  ]

  private static let json: [Case] = [
    Case(name: "2,049 levels", input: nested("{\"a\":", "}", 2049), message: "JSON nested more than 2048 levels"),
    Case(name: "a million levels", input: nested("{\"a\":[", "]}", 1_000_000), message: "nested"),
    Case(name: "a million that never end", input: nested("{\"a\":[", "", 1_000_000), message: "nested"),
    Case(
      name: "501 levels", command: "scval-json --encode", input: nested("{\"vec\":[", "]}", 501),
      message: "nested more than 500 levels of XDR"),
    Case(name: "a zero byte", input: Array("{\"a\":\"x\0\"}\n".utf8), message: "control character"),
    Case(name: "no UTF-8", input: Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}\n".utf8), message: "not UTF-8"),
    Case(
      name: "no UTF-8", command: "invocation-extract", input: Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8), message: "UTF-8"),
    Case(
      name: "half of a pair", command: "scval-json --encode", input: Array(#"{"string":"\ud800"}"#.utf8), message: "surrogate"),
    Case(
      name: "a duplicate member", command: "scval-json --encode",
      input: Array(#"{"map":[{"key":"void","key":"void","val":"void"}]}"#.utf8), message: "member given twice"),
    Case(
      name: "a duplicate member", command: "invocation-extract",
      input: Array(#"{"_schema":"soroban-pipes.ledger_transaction.v1","tx_index":1,"tx_index":1}"#.utf8),
      message: "member given twice"),
    Case(
      name: "a million digits", command: "scval-json --encode", input: Array("{\"u32\":\(digits)}".utf8), message: "out of range"),
    Case(
      name: "a million digits", command: "scval-json --encode", input: Array("{\"i256\":\"\(digits)\"}".utf8),
      message: "out of range"),
    Case(
      name: "a million digits", command: "invocation-extract",
      input: Array(#"{"_schema":"soroban-pipes.ledger_transaction.v1","ledger_sequence":\#(digits)}"#.utf8),
      message: "out of range"),
    Case(
      name: "a million digits", command: "invocation-extract",
      input: Array(#"{"envelopeXdr":"AAAA","ledger":\#(digits)}"#.utf8), message: "ledger"),
  ]

  /// Frames and fragments in which few bytes declare much.
  private static let containers: [Case] = ["ledger-split", "invocation-extract", "event-filter", "scval-json"].flatMap { tool in
    let fragments = { (content: [UInt8]) in
      marked([0, 0, 0, 0]) + concatenated(repeatElement(content, count: 1 << 18))
    }
    return [
      Case(name: "an empty record", command: tool, input: marked([]), message: "empty record (byte 4, record 1)"),
      Case(name: "a record of 2 GiB", command: tool, input: [0xFF, 0xFF, 0xFF, 0xFF, 0], message: "more than 268435456"),
      Case(
        name: "one of 255 MiB that does not come", command: tool, input: word(0x8FF0_0000) + [0, 0, 0, 0],
        message: "the input ends inside a record, 4 of 267386880 bytes"),
      Case(
        name: "a record of 2 GiB that may be as large as anything", command: "\(tool) --max-record \(Int.max)",
        input: word(0xFFFF_FFFF) + [0, 0, 0, 0], message: "the input ends inside a record, 4 of 2147483647 bytes"),
      Case(
        name: "fragments that never end", command: "\(tool) -k --max-record 1MiB", input: fragments(word(8) + word(0) + word(0)),
        message: "record of 1048584 bytes, more than 1048576"),
      Case(
        name: "empty ones", command: "\(tool) -k", input: fragments(word(0)), message: "record of more than 1000 empty fragments"),
      Case(
        name: "a bomb", command: "\(tool) -i ndjson --max-record 1MiB", input: bomb(of: 0x31), message: "more than 1048576 bytes"),
      Case(
        name: "a window of 2 GiB", command: tool, input: [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 1, 0, 0],
        message: "needs a window of more than 128 MiB"),
    ]
  }

  /// Two gigabytes of one byte in 64 kB: blocks that repeat it (RFC 8878, section 3.1.1.2.2). The last block is missing.
  private static func bomb(of byte: UInt8, blocks: Int = 1 << 14) -> [UInt8] {
    let size = 128 << 10
    let block = [UInt8(size << 3 & 0xFF | 2), UInt8(size >> 5 & 0xFF), UInt8(size >> 13), byte]
    return [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38] + concatenated(repeatElement(block, count: blocks))
  }

  /// The system limits each tool to 64 MiB of its own memory and thirty seconds of processor time in these runs.
  @Test(arguments: xdr + json + containers) func endsWithItsMessage(attack: Case) throws {
    let found = try Shell.run("ulimit -d 65536; ulimit -t 30; exec \(attack.command)", input: attack.input)
    #expect(found.status == 3)
    #expect(found.messages.count == (attack.command.contains("-k") ? 2 : 1))
    let last = try #require(found.messages.last)
    #expect(
      last.contains(attack.message) && last.hasPrefix("\(attack.command.prefix { $0 != " " }): standard input: "),
      "\(last.prefix(300))")
  }

  /// Unmarked XDR, for which any length is allowed: nothing exceeds the largest number.
  @Test func unmarkedRecordsMayHaveAnyLength() throws {
    for input in [[UInt8](repeating: 0, count: 8), word(0x7FFF_FFFF) + [0]] {
      let found = try Shell.run("ulimit -d 65536; exec ledger-split --max-record \(Int.max)", input: input)
      #expect(found.status == 3 && found.messages.count == 1, "\(found.messages)")
    }
  }

  /// A hundred levels always work, and other JSON passes, whatever its content.
  @Test func whatIsAllowedPasses() throws {
    let vec = try Shell.run("ulimit -d 65536; exec scval-json --style native", input: Self.line(Value.nestedVec(500)))
    #expect(vec.status == 0 && vec.output == Self.nested("[", "]", 500))
    for line in [
      Self.nested("{\"a\":[", "]}", 256), Array(#"{"a":1,"a":2,"xdr":"","xdr":"AAAAAQ==","b":"\u0000\ud800"}"#.utf8) + [0x0A],
      Array("{\"a\":\(Self.digits),\"b\":-0.\(Self.digits)e-\(Self.digits)}\n".utf8),
    ] {
      let found = try Shell.run("ulimit -d 65536; exec scval-json", input: line)
      #expect(found.status == 0 && found.output == line)
    }
  }

  /// A frame that decompresses to many small records is read to its end, in the same memory.
  @Test func aBombOfGoodRecordsIsAStream() throws {
    let values = Self.line(Value.void)
    let frame = zstd([UInt8](repeating: 0x0A, count: 100) + values)
    let input = frame + Self.bomb(of: 0x0A, blocks: 1 << 5) + [1, 0, 0] + frame
    let found = try Shell.run("ulimit -d 65536; exec scval-json --stats", input: input)
    #expect(found.status == 0 && found.lines == ["\"void\"", "\"void\""] && found.errors.contains("\"records_in\":2,"))
  }

  // MARK: memory

  static let hasProc = FileManager.default.fileExists(atPath: "/proc/self/status")
  static let noProc: Comment = "there is no /proc to ask for the memory of a process"

  /// Starts a tool, writes to it, and leaves it waiting. Returns its peak memory in bytes once it has written `expected` bytes.
  private func peak(_ tool: String, _ arguments: [String] = [], expected: Int, writing: (FileHandle) throws -> Void) throws -> Int
  {
    let scratch = try Scratch()
    let process = Process()
    let input = Pipe()
    process.executableURL = URL(fileURLWithPath: "\(Shell.folder)/\(tool)")
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("output")))
    try process.run()
    let writer = input.fileHandleForWriting
    try writing(writer)
    // A complete record is written before the tool waits for the next one, which does not arrive.
    var written = 0
    for _ in 0..<3000 where written < expected {
      usleep(20_000)
      written = (try FileManager.default.attributesOfItem(atPath: scratch.path("output"))[.size] as? Int) ?? 0
    }
    let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let peak = try #require(status.firstMatch(of: /VmHWM:\s*(\d+) kB/).flatMap { Int($0.1) })
    try writer.close()
    process.waitUntilExit()
    #expect(written == expected && process.terminationStatus == 0)
    return peak << 10
  }

  /// The limit for a tool that copies a line: 64 MiB, the line, and its output.
  @Test(.enabled(if: HostileInputTests.hasProc, HostileInputTests.noProc), arguments: ["scval-json", "event-filter"])
  func aLineOf200MegabytesPasses(tool: String) throws {
    let size = 200_000_000
    let (before, after) =
      tool == "event-filter"
      ? ("\(Self.invocation.dropLast()),\"more\":\"", "\"}\n") : ("{\"a\":\"", "\",\"b\":{\"xdr\":\"AAAAAQ==\"}}\n")
    let expected =
      before.utf8.count + size + after.utf8.count - (tool == "scval-json" ? #"{"xdr":"AAAAAQ=="}"#.count - #""void""#.count : 0)
    let peak = try peak(tool, expected: expected) { writer in
      try writer.write(contentsOf: Data(before.utf8))
      let block = Data(repeating: UInt8(ascii: "x"), count: 1_000_000)
      for _ in 0..<size / block.count { try writer.write(contentsOf: block) }
      try writer.write(contentsOf: Data(after.utf8))
    }
    #expect(peak <= 64 << 20 + expected, "\(peak) bytes")
  }

  /// Values as large as ledgers: two threads hold some of them and their texts, at most 18 MiB in addition to the tool's own
  /// memory. The installed tool, with 13 MiB of its own, stays below 32.
  @Test(.enabled(if: HostileInputTests.hasProc, HostileInputTests.noProc), arguments: [100_000, 175_000, 420_000])
  func largeRecordsAreFewInMemory(values: Int) throws {
    let value = word(16) + word(1) + word(UInt32(values)) + concatenated(repeatElement(word(4) + word(1 << 31), count: values))
    let records = 4_000_000 / values
    let text = #"{"vec":[]}"#.count + values * #"{"i32":-2147483648},"#.count
    let peak = try peak("scval-json", expected: records * text) { writer in
      for _ in 0..<records { try writer.write(contentsOf: Data(marked(value))) }
    }
    let own = try self.peak("scval-json", expected: #""void"\#n"#.utf8.count) { try $0.write(contentsOf: Data(marked(word(1)))) }
    #expect(peak - own <= 18 << 20, "\(peak) bytes, \(own) of them its own")
  }

  /// A ledger with 24 MB of results: the tool does not collect all its transactions before it writes.
  @Test(.enabled(if: HostileInputTests.hasProc, HostileInputTests.noProc)) func aLargeLedgerIsInMemoryOnce() throws {
    let ledger = Ledgers.all[0]
    let text = try Shell.run("scval-json --type LedgerCloseMeta | jq -c '.[].tx_processing[]'", input: marked(ledger)).output
    let type = ledger[3] == 2 ? "TransactionResultMetaV1" : "TransactionResultMeta"
    let encoded = try Shell.run("scval-json --encode --type \(type)", input: text).lines
    let results = encoded.flatMap { [UInt8](Data(base64Encoded: $0) ?? Data()) }
    let found = ledger.firstRange(of: results)
    let place = try #require(found)
    let times = 24_000_000 / results.count
    let count = word(UInt32(encoded.count * times))
    let large =
      ledger[..<(place.lowerBound - 4)] + count + concatenated(repeatElement(results, count: times))
      + ledger[place.upperBound...]
    let once = try Shell.run("ledger-split --network local", input: marked(ledger)).output
    let peak = try peak("ledger-split", ["--network", "local"], expected: once.count * times) { writer in
      try writer.write(contentsOf: Data(marked(Array(large))))
    }
    #expect(peak <= 32 << 20 + large.count, "\(peak) bytes")
  }
}
