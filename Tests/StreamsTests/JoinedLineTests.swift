import Bytes
import Foundation
import Streams
import TestSupport
import Testing

/// Lines that are read as one record: JSON values on several lines, and wrapped base64.
@Suite struct JoinedLineTests {
  private func run(_ text: String, chunk: Int = 1 << 18, maximumRecord: Int = 1 << 20, joining: LineJoining = .xdr) throws -> Run
  {
    let folder = try TemporaryFolder()
    return readAll(
      [try folder.file("a", Array(text.utf8))], maximumRecord: maximumRecord, joining: joining, chunk: chunk, keepGoing: true)
  }

  private func records(_ run: Run) -> [String] { run.records.map { String(decoding: $0, as: UTF8.self) } }

  // MARK: JSON values

  /// Each of these is one record, on one line or several.
  private static let values = [
    "{\"a\":1}", "{\n  \"a\": 1\n}", "[]", "[\n  1,\n  2\n]", "{\n\t\"a\": {},\n\t\"b\": [\n\t],\n\t\"c\": \"}\\\\\\\"{\"\n}",
    "[ {\"a\": 1},\n  {\"b\": null} ]", "{\"a\":\n[\n[\n-1.5e+3\n,true]\n]\n}", "[{\"a\":1}, \n {\"b\":2}]",
    "{\r\n  \"a\": [\r\n\r\n    1\r\n  ]\r\n}", "[\n{\n\"x\":\n\"\\u007b\"}]", "AAAAAQ==", "\"AAAAAQ==\"", "null",
  ]

  @Test(arguments: [1, 2, 3, 7, 64, 1 << 18]) func valuesOnSeveralLines(chunk: Int) throws {
    for separator in ["\n", "\r\n", "\n\n", "\n \n"] {
      let found = try run(Self.values.joined(separator: separator) + "\n", chunk: chunk)
      let expected = Self.values.map { $0 + (separator == "\r\n" ? "\r" : "") }
      #expect(records(found).map { $0.hasSuffix("\r") ? $0 : $0 + (separator == "\r\n" ? "\r" : "") } == expected)
      #expect(found.error == nil)
      var offset = 0
      for (place, value) in zip(found.places, Self.values) {
        #expect(place.offset == offset)
        offset += value.utf8.count + separator.utf8.count
      }
    }
  }

  /// Every pair of the values, one after the other: neither takes lines of the other.
  @Test func pairsOfValues() throws {
    for one in Self.values {
      for other in Self.values { #expect(records(try run("\(one)\n\(other)")) == [one, other]) }
    }
  }

  @Test func linesAreNotJoinedUnlessRequested() throws {
    let found = try run("{\n\"a\":1}\n" + String(repeating: "A", count: 76) + "\nAA==", joining: .off)
    #expect(records(found) == ["{", "\"a\":1}", String(repeating: "A", count: 76), "AA=="])
  }

  /// A value that is cut ends before the next line that could begin a record, wherever it is cut: no other record is lost.
  @Test func aTruncatedValueAffectsNoOther() throws {
    let value = "{\n  \"a\": [\n    {\"b\": \"c\"},\n    null\n  ],\n  \"d\": {\n    \"e\": 1\n  }\n}"
    let others = ["{\"x\":1}", "{\n  \"y\": 2\n}", "{\"z\":3}"]
    for cut in 1..<value.utf8.count {
      let damaged = String(value.prefix(cut))
      let text = ([damaged] + others).joined(separator: "\n") + "\n"
      for chunk in [1, 5, 1 << 18] {
        let found = records(try run(text, chunk: chunk))
        #expect(found.suffix(3) == others[...], "cut at \(cut)")
        #expect(found.dropLast(3).joined(separator: "\n").filter { $0 != "\n" } == damaged.filter { $0 != "\n" })
        #expect(found.count == 4, "cut at \(cut): \(found)")
      }
    }
  }

  /// A truncated line of NDJSON before complete ones: one bad record.
  @Test(arguments: ["{\"a\":", "{\"a\":[1,", "[1", "{\"a\"", "{", "[", "{\"a\":\"b", "{\"a\":tru", "[[[[{\"b\":"])
  func aCutLineCostsNoOther(cut: String) throws {
    for others in [["{\"x\":1}", "{\"y\":2}"], ["{\"x\":1}"], ["[1]", "{\"x\":[\n 1]\n}", "[2]"], ["AAAAAQ==", "AAAAAg=="]] {
      #expect(records(try run(([cut] + others).joined(separator: "\n"))) == [cut] + others)
    }
  }

  /// Damage inside a value affects only that value.
  @Test func damageInside() throws {
    let damaged = "{\n  \"a\": [\n    1,,\n    2\n  ],\n  \"b\": {\n    \"c\": 1\n  }\n}"
    let whole = "{\n  \"a\": 1\n}"
    #expect(records(try run([whole, damaged, whole, whole].joined(separator: "\n"))) == [whole, damaged, whole, whole])
  }

  @Test(arguments: ["{\n  \"a\": [\n    1", "[\n  {\n    \"a\": 1\n  },\n", "{\n\n\n  \"a\":\n"]) func theEndInside(text: String)
    throws
  {
    let found = try run("{}\n" + text)
    #expect(records(found) == ["{}"])
    let error = try #require(found.error)
    #expect(error.kind == .cutOffValue && error.offset == 3 && error.record == 2)
    #expect(error.description == "the input ends inside a JSON value" && !error.isSkippable && error.isBadData)
  }

  @Test func boundedByTheLargestRecord() throws {
    let value = "[\n" + String(repeating: " 1,\n", count: 30) + " 1\n]"
    let size = value.utf8.count
    #expect(records(try run(value, maximumRecord: size)) == [value])
    #expect(try run(value, maximumRecord: size - 1).error?.kind == .tooLong(nil, limit: size - 1))
    #expect(try run(value, chunk: 10, maximumRecord: 50).error?.kind == .tooLong(nil, limit: 50))
  }

  /// Lines that begin values which never end are read at most twice: ten times as many cost about ten times the work; to start again at
  /// each of them would cost 100 times.
  @Test(arguments: ["[1,\n", "{\"a\":\n", "[\n", "{\"a\":[{\"b\":1,\n"]) func joiningIsLinear(line: String) throws {
    func join(_ size: Int) throws {
      let text = String(repeating: line, count: size / line.utf8.count)
      let found = try run(text + "]\n", maximumRecord: 16 << 20)
      #expect(found.records.reduce(0) { $0 + $1.count } > text.utf8.count / 4)
    }
    let (small, large) = (try processorTime(of: 100_000, join), try processorTime(of: 1_000_000, join))
    #expect(large < 40 * small, "\(small) s and \(large) s")
  }

  /// A value is available as soon as its last line is, not only when the next line arrives.
  @Test func aCompleteValueIsNotHeldBack() throws {
    var pipe = Pipe()
    var output = Output(descriptor: -1)
    var reader = RecordReader(InputFiles([pipe.path]), maximumRecord: 1 << 20, joining: .xdr)
    for text in ["{\n \"a\": 1\n}\n", "[\n]\n", "{}\n"] {
      pipe.write(Array(text.utf8))
      #expect(try reader.next(&output))
      #expect(reader.record.copied == Array(text.utf8.dropLast()))
    }
    pipe.end()
    #expect(try !reader.next(&output))
  }

  /// Arbitrary lines: the records do not depend on the read size, and every byte except white space is in one record, in order.
  @Test func noByteIsLost() throws {
    let pieces = [
      "{", "}", "[", "]", ",", "{\"a\":", "\"b\"", "{}", "[1]", " ", "  \"c\": 1,", "\"d", "AAAA", "\n", "\n", "\n", "\n", "\r\n",
      "  ]",
      "},", ":", "null", String(repeating: "A", count: 76), String(repeating: "B", count: 76),
    ]
    var random = SeededGenerator(seed: 11)
    for _ in 0..<400 {
      let text = "{}\n" + (0..<random.below(40)).map { _ in pieces[random.below(pieces.count)] }.joined()
      let whole = try run(text)
      for chunk in [1, 2, 9] {
        let other = try run(text, chunk: chunk)
        #expect(other.records == whole.records && other.places.map(\.offset) == whole.places.map(\.offset), "\(text)")
        #expect(other.error?.kind == whole.error?.kind && other.error?.offset == whole.error?.offset, "\(text)")
      }
      let found = whole.records.joined().filter { $0 > 0x20 }
      let given = text.utf8.filter { $0 > 0x20 }
      if whole.error == nil { #expect(found == given, "\(text)") } else { #expect(given.starts(with: found), "\(text)") }
    }
  }

  // MARK: base64

  private static func wrapped(_ bytes: [UInt8], _ width: Int, _ lineEnd: String = "\n") -> String {
    let text = Array(Data(bytes).base64EncodedString().utf8)
    return stride(from: 0, to: text.count, by: width).map { start in
      String(decoding: text[start..<min(start + width, text.count)], as: UTF8.self) + lineEnd
    }.joined()
  }

  /// XDR of every length, wrapped like the output of base64(1).
  @Test(arguments: ["\n", "\r\n"]) func wrappedAt76(lineEnd: String) throws {
    for count in stride(from: 4, through: 700, by: 4) {
      let bytes = noise(count, seed: UInt64(count))
      let text = Self.wrapped(bytes, 76, lineEnd) + "{}\n"
      for chunk in [1, 1 << 18] {
        let found = records(try run(text, chunk: chunk)).map { $0.hasSuffix("\r") ? String($0.dropLast()) : $0 }
        #expect(found == [Data(bytes).base64EncodedString(), "{}"], "\(count) bytes")
      }
    }
  }

  /// Consecutive wrapped values: where one ends without filling its last line, the next begins.
  @Test func consecutiveWrappedValues() throws {
    let values = [60, 64, 400, 56, 1000, 4, 8].map { noise($0, seed: UInt64($0)) }
    let text = values.map { Self.wrapped($0, 76) }.joined()
    #expect(records(try run(text)) == values.map { Data($0).base64EncodedString() })
  }

  /// Lines that are complete values stay separate, whatever their length: 64 characters are 48 bytes, which can be one value.
  @Test(arguments: stride(from: 4, through: 400, by: 4).map(\.self)) func completeValuesAreNotJoined(count: Int) throws {
    let values = (1...4).map { Data(noise(count, seed: UInt64(count * $0))).base64EncodedString() }
    #expect(records(try run(values.joined(separator: "\n"))) == values)
  }

  @Test(arguments: [16, 64, 76, 77, 80, 100, 256]) func otherLineWidths(width: Int) throws {
    var joining = LineJoining.xdr
    joining.wrapped = 16...256
    let values = [1000, 3004, 400].map { noise($0, seed: UInt64($0)) }
    let text = values.map { Self.wrapped($0, width) + "\n" }.joined()
    #expect(records(try run(text, joining: joining)) == values.map { Data($0).base64EncodedString() })
  }

  @Test func textOtherThanWrappedBase64() throws {
    let line = String(repeating: "A", count: 76)
    for other in [line + "A", "{}", "AA*A", "\"AAAA\"", "A A"] {
      #expect(records(try run("\(line)\n\(other)\n")) == [line, other])
    }
    #expect(records(try run("\(line)\n\n\(line)\n")) == [line, line])
    #expect(records(try run(line)) == [line])
  }
}
