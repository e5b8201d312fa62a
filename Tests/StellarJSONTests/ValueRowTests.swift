import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// A row of `testdata/values.ndjson`: a value from another encoder, and its exact SEP-51 text.
private struct Row {
  let number: Int
  let type: TypeID
  let xdr: [UInt8]
  let text: String

  static func all() throws -> [Row] {
    try Repository.lines(Repository.testdata("values.ndjson")).enumerated().map { index, line in
      let row = try JSON(text: line)
      let name = try #require(row["type"]?.text)
      let xdr = try #require(row["xdr"]?.text)
      return Row(number: index + 1, type: TestSupport.type(name), xdr: base64(xdr), text: try #require(row["json"]?.text))
    }
  }
}

@Suite struct ValueRowTests {
  @Test func everyRowDecodesToItsText() throws {
    let rows = try Row.all()
    #expect(rows.count >= 471)
    for row in rows { #expect(try rendered(row.type, row.xdr) == row.text, "row \(row.number)") }
  }

  @Test func everyRowEncodesToItsBytes() throws {
    for row in try Row.all() { #expect(try parsed(row.type, row.text) == row.xdr, "row \(row.number)") }
  }

  @Test func everyRowIsOneLineOfASCIIJSON() throws {
    for row in try Row.all() {
      _ = try JSON(text: row.text)
      #expect(try rendered(row.type, row.xdr).utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "row \(row.number)")
    }
  }

  /// A truncated value, or one with trailing bytes, is rejected, and nothing is written.
  @Test func damagedRowsAreRefused() throws {
    for row in try Row.all() {
      for bad in [Array(row.xdr.dropLast()), row.xdr + [0]] {
        #expect(throws: XDRError.self, "row \(row.number)") { try rendered(row.type, bad) }
      }
    }
  }
}
