import Bytes
import Ledgers
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// The ledgers of a line, in any of its forms.
@Suite struct LedgerLineTests {
  private static let ledgers = Testdata.ledgers().prefix(3).map(\.self)
  private static let texts = ledgers.map { base64Text($0) }

  /// The ledgers of a line, or its error.
  private func ledgers(of text: String) throws(DataError) -> [[UInt8]] {
    var line = LedgerLine()
    try line.read(Array(text.utf8).bytes)
    var found: [[UInt8]] = []
    while line.advance() { line.withCurrent { found.append($0.copied) } }
    return found
  }

  private func problem(_ text: String) -> DataError? {
    do throws(DataError) {
      _ = try ledgers(of: text)
      return nil
    } catch { return error }
  }

  @Test func everyContainerGivesTheSameLedgers() throws {
    let entries = Self.texts.map { #"{"sequence":1,"metadataXdr":"\#($0)"}"# }
    let page = #"{"ledgers":[\#(entries.joined(separator: ","))],"latestLedger":9}"#
    for text in [page, #"{"jsonrpc":"2.0","id":1,"result":\#(page)}"#, "[\(entries.joined(separator: ","))]", "[\(page)]"] {
      #expect(try ledgers(of: text) == Self.ledgers)
    }
    for (text, ledger) in zip(Self.texts, Self.ledgers) {
      for line in [text, " \(text)\r", "\"\(text)\"", #"{"metadataXdr":"\#(text)"}"#] {
        #expect(try ledgers(of: line) == [ledger])
      }
    }
  }

  @Test func aBatchGivesAllItsLedgers() throws {
    // The ledgers need not be consecutive here: another place checks their order.
    let batch = word(1025) + word(1027) + array(Self.ledgers)
    #expect(try ledgers(of: base64Text(batch)) == Self.ledgers)
  }

  @Test func anEmptyPageHasNoLedgers() throws {
    for text in [#"{"ledgers":[]}"#, #"{"ledgers":null}"#, #"{"result":{"ledgers":[]}}"#, "[]"] {
      #expect(try ledgers(of: text).isEmpty)
    }
  }

  @Test func linesWithoutLedgersAreRefused() throws {
    let good = Self.texts[0]
    for (text, what, offset) in [
      ("AAA!AAAA", "not base64", 3), (#"{"metadataXdr":""}"#, "metadataXdr is empty", 0),
      (#"{"metadataXdr":"\#(good)"} x"#, "something follows the JSON value", good.utf8.count + 19),
      ("[7]", "this is not a LedgerCloseMeta, which stellar-core makes", 1),
      (
        #"{"error":{"code":-32600,"message":"start is after end"}}"#, "the RPC server answered with an error: start is after end",
        0
      ),
      (#"{"a":1}"#, "object without metadataXdr (an entry of getLedgers, or its response, was expected)", 0),
    ] {
      let found = try #require(problem(text), "\(text.prefix(40))")
      #expect(found.what == what && found.offset ?? 0 == offset, "\(text.prefix(40)): \(found)")
    }
  }

  /// One damaged ledger makes the whole line invalid: it gives no ledger.
  @Test func aDamagedLedgerRejectsTheLine() throws {
    var line = LedgerLine()
    #expect(throws: DataError.self) { try line.read(Array(#"["\#(Self.texts[0])","AAAA!"]"#.utf8).bytes) }
    let hasMore = line.advance()
    #expect(!hasMore)
  }
}
