import Foundation
import TestSupport
import Testing

/// For a long stream, whose records several threads decode, `scval-json` writes the same as for each record alone.
@Suite struct LongStreamTests {
  /// Records of one framing with the line of each; nil for an invalid one.
  private struct Material {
    let name: String
    let command: String
    let records: [(bytes: [UInt8], line: String?)]

    /// Ledgers, and one that is truncated.
    static func ledgers() throws -> Material {
      let command = "scval-json --type LedgerCloseMeta"
      let lines = try Shell.run(command, input: Ledgers.all.flatMap(marked)).lines
      try #require(lines.count == Ledgers.all.count)
      let damaged = Array(Ledgers.all[5].dropLast(4))
      return Material(
        name: "ledgers", command: command,
        records: zip(Ledgers.all.map(marked), lines.map(Optional.some)) + [(marked(damaged), nil)])
    }

    /// Lines with values in them, and one with invalid base64.
    static func lines() throws -> Material {
      let records = Repository.lines(Repository.testdata("invocations.ndjson")).map { $0 + [UInt8(ascii: "\n")] }
      let lines = try Shell.run("scval-json", input: Array(records.joined())).lines
      try #require(lines.count == records.count)
      return Material(
        name: "lines", command: "scval-json",
        records: zip(records, lines.map(Optional.some)) + [(Array(#"{"xdr":"AAAAAQAAAAI="}"#.utf8) + [UInt8(ascii: "\n")], nil)])
    }

    /// Random valid records, with invalid ones at the given positions; enough for several rounds of both threads.
    func stream(bad: Set<Int>, size: Int, seed: UInt64) -> [(bytes: [UInt8], line: String?)] {
      var random = SeededGenerator(seed: seed)
      var stream: [(bytes: [UInt8], line: String?)] = []
      var length = 0
      while length < size {
        let record = bad.contains(stream.count) ? records[records.count - 1] : records[random.below(records.count - 1)]
        stream.append(record)
        length += record.bytes.count
      }
      return stream
    }

    static func named(_ name: String) throws -> Material { try name == "lines" ? lines() : ledgers() }
  }

  private static let size = 8 << 20

  private func text(_ stream: ArraySlice<(bytes: [UInt8], line: String?)>) -> String {
    var text = ""
    for record in stream {
      guard let line = record.line else { continue }
      text += line
      text += "\n"
    }
    return text
  }

  /// With `-k` every line is written in order, and each bad record is reported in order.
  @Test(arguments: ["ledgers", "lines"], [1, 2, 8]) func damagedRecordsAreSkipped(kind: String, jobs: Int) throws {
    let material = try Material.named(kind)
    var random = SeededGenerator(seed: 7)
    let length = material.stream(bad: [], size: Self.size, seed: 1).count
    let bad = Set((0..<40).map { _ in random.below(length) }).union([0, length - 2])
    let stream = material.stream(bad: bad, size: Self.size, seed: 1)
    let found = try Shell.run("\(material.command) -k --stats --jobs \(jobs)", input: stream.flatMap(\.bytes))
    #expect(found.status == 0)
    let areEqual = found.text == text(stream[...])
    #expect(areEqual)
    let told = found.messages.compactMap { message -> Int? in
      guard let match = message.firstMatch(of: /record (\d+)\)$/) else { return nil }
      return Int(match.1)
    }
    let wrong = bad.sorted().map { $0 + 1 }
    #expect(told == wrong)
    let stats = found.messages.last ?? ""
    let numbers = "\"records_out\":\(stream.count - wrong.count),\"skipped\":\(wrong.count),\"errors\":\(wrong.count),"
    #expect(stats.contains("\"records_in\":\(stream.count),") && stats.contains(numbers))
    #expect(stats.contains("\"bytes_out\":\(found.output.count),"))
  }

  /// Without `-k`, everything before the first bad record is written, and nothing after it, whichever thread decodes it.
  @Test(arguments: ["ledgers", "lines"], [1, 2, 8]) func theFirstBadRecordEndsTheRun(kind: String, jobs: Int) throws {
    let material = try Material.named(kind)
    let length = material.stream(bad: [], size: Self.size, seed: 2).count
    for sixteenth in [9, 11, 13, 15] {
      let position = length * sixteenth / 16
      let stream = material.stream(bad: [position, position + 3, position + 90], size: Self.size, seed: 2)
      let found = try Shell.run("\(material.command) --jobs \(jobs)", input: stream.flatMap(\.bytes))
      let areEqual = found.text == text(stream[..<position])
      #expect(areEqual, "bad record at \(position) of \(length)")
      #expect(found.status == 3 && found.messages.count == 1 && found.errors.hasSuffix("record \(position + 1))\n"))
    }
  }

  /// A stream that ends inside a record: all records before it are written, and the error is reported once.
  @Test(arguments: ["ledgers", "lines"], [1, 2, 8]) func aTruncatedStreamKeepsEarlierRecords(kind: String, jobs: Int) throws {
    let material = try Material.named(kind)
    let stream = material.stream(bad: [], size: Self.size, seed: 3)
    let bytes = stream.flatMap(\.bytes)
    let found = try Shell.run(
      "\(material.command) --jobs \(jobs)", input: Array(bytes.dropLast(stream[stream.count - 1].bytes.count / 2)))
    let areEqual = found.text == text(stream.dropLast())
    #expect(areEqual)
    #expect(found.status == 3 && found.messages.count == 1)
  }

  /// A closed pipe and a full disk are reported as in a short stream.
  @Test(arguments: [1, 2, 8]) func aFullDiskEndsTheRun(jobs: Int) throws {
    let material = try Material.ledgers()
    let command = "\(material.command) --jobs \(jobs)"
    let bytes = material.stream(bad: [], size: Self.size, seed: 4).flatMap(\.bytes)
    let full = try Shell.run("\(command) >/dev/full", input: bytes)
    #expect(full.status == 4 && full.messages.count == 1)
    let closed = try Shell.run("{ \(command); echo $? >&2; } | head -n 700 | wc -l", input: bytes)
    #expect(closed.text.filter(\.isNumber) == "700" && closed.errors == "141\n")
  }

  /// Large records, written while they are rendered, among small ones: an error is found before any part of its record is
  /// written.
  @Test(arguments: [true, false], [1, 2, 8]) func largeRecordsAreCheckedFirst(areLines: Bool, jobs: Int) throws {
    let (values, bad) = try Self.largeValues()
    let filler = String(repeating: "x", count: 3 << 20)
    func record(_ value: [UInt8]) -> [UInt8] {
      if !areLines { return marked(value) }
      let text = base64Text(value)
      return Array((text.count < 1000 ? "\(text)\n" : "{\"before\":\"\(filler)\",\"values\":[{\"xdr\":\"\(text)\"}]}\n").utf8)
    }
    func line(_ text: String) -> String {
      areLines && text.count > 1000 ? "{\"before\":\"\(filler)\",\"values\":[\(text)]}\n" : "\(text)\n"
    }
    let good = values.map { record($0.xdr) }
    let lines = values.map { line($0.text) }
    // Two rounds; in the second one all threads work from the start.
    let round = good + [record(bad)] + good.reversed()
    let expected = lines.joined() + lines.reversed().joined()
    let found = try Shell.run("scval-json -k --stats --jobs \(jobs)", input: concatenated(round + round))
    let areEqual = found.text == expected + expected
    #expect(areEqual)
    #expect(found.status == 0 && found.messages.count == 3)
    for (index, number) in [good.count + 1, 3 * good.count + 2].enumerated() {
      #expect(found.messages[index].hasSuffix("record \(number))"), "\(found.messages[index])")
    }
    #expect(found.errors.contains("\"records_out\":\(4 * good.count),\"skipped\":2,"))
    #expect(found.errors.contains("\"bytes_out\":\(2 * expected.utf8.count),"))

    let ended = try Shell.run("scval-json --jobs \(jobs)", input: concatenated(round))
    let isBefore = ended.text == lines.joined()
    #expect(isBefore)
    #expect(ended.status == 3 && ended.messages.count == 1)
  }

  /// Small and large values with their SEP-51 text, and one with an error at its very end.
  private static func largeValues() throws -> (good: [(xdr: [UInt8], text: String)], bad: [UInt8]) {
    let block = [UInt8]((0..<1_001).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    let blocks = 1_600
    let vec = Value.vec((0..<blocks).flatMap { [Value.u32(UInt32($0)), Value.bytes(block)] })
    let hex = hexDigits(block)
    let vecText = "{\"vec\":[\((0..<blocks).map { "{\"u32\":\($0)},{\"bytes\":\"\(hex)\"}" }.joined(separator: ","))]}"
    let bytes = Value.bytes(concatenated(repeatElement(block, count: blocks)))
    let bytesText = "{\"bytes\":\"\(String(repeating: hex, count: blocks))\"}"
    let piece = "caf\u{e9} \\ " + String(repeating: "au lait ", count: 40)
    let pieces = 5_000
    let pieceText = try Shell.run("scval-json", input: Array("\(base64Text(Value.string(piece)))\n".utf8)).text
    let inside = try #require(pieceText.wholeMatch(of: /\{"string":"(.*)"\}\n/)).1
    let string = Value.string(String(repeating: piece, count: pieces))
    let small = (Value.symbol("swap"), "{\"symbol\":\"swap\"}")
    let good = [
      small, (vec, vecText), small, (bytes, bytesText),
      (Value.vec([vec, Value.void, vec]), "{\"vec\":[\(vecText),\"void\",\(vecText)]}"), small, small,
      (string, "{\"string\":\"\(String(repeating: String(inside), count: pieces))\"}"),
    ]
    return (good, vec.dropLast() + [1])
  }

  /// Large records, which `event-filter` writes directly from the input buffer, among small ones.
  @Test(arguments: [1, 2, 8]) func largeRecordsPassUnchanged(jobs: Int) throws {
    let bytes = Data(word(13) + word(9 << 20) + [UInt8](repeating: 7, count: 9 << 20)).base64EncodedString()
    let small = try #require(Expected.invocations.split(separator: "\n").first { $0.contains(#"{"xdr":"AAAAAQ=="}"#) })
    let large = small.replacing(#"{"xdr":"AAAAAQ=="}"#, with: #"{"xdr":"\#(bytes)"}"#, maxReplacements: 1)
    let lines = Array("\(large)\n\(small)\n\(large)\n\(small)\n".utf8)
    let records = try Shell.run("event-filter -o xdr", input: lines).output
    let largeOnes = markedRecords(records).count { $0.count > 9 << 20 }
    #expect(largeOnes == 2)
    for input in [lines, records] {
      let passed = try Shell.run("event-filter --stats --jobs \(jobs)", input: input)
      let areEqual = passed.output == input
      #expect(areEqual && passed.status == 0)
      #expect(passed.errors.contains("\"records_out\":4,"))
      #expect(passed.errors.contains("\"bytes_out\":\(input.count)"))
    }
    let back = try Shell.run("event-filter -o ndjson", input: records).output
    let areEqual = back == lines
    #expect(areEqual)
  }
}
