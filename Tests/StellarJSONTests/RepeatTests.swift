import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// The text of a repeated ledger entry is copied; no other entry is mistaken for it.
@Suite struct RepeatTests {
  private static let changes = type("LedgerEntryChanges")
  private static let entry = type("LedgerEntry")
  private static let arms = [(UInt32(0), "created"), (1, "updated"), (3, "state")]

  /// Changes of some entries, and their text with each entry rendered separately.
  private static func record(
    _ entries: [[UInt8]], _ random: inout SeededGenerator, _ style: ValueStyle
  ) throws -> ([UInt8], String) {
    var parts: [[UInt8]] = []
    var texts: [String] = []
    for _ in 0..<random.below(60) {
      let (discriminant, name) = arms[random.below(arms.count)]
      let entry = entries[random.below(entries.count)]
      parts.append(word(discriminant) + entry)
      texts.append("{\"\(name)\":\(try rendered(Self.entry, entry, style: style))}")
    }
    return (array(parts), "[\(texts.joined(separator: ","))]")
  }

  @Test(arguments: [ValueStyle.sep51, .native, .raw]) func repeatedEntries(style: ValueStyle) throws {
    var random = SeededGenerator(seed: 11)
    var generator = ValueGenerator(seed: 12)
    let renderer = Renderer(style: style)
    var out = ByteBuffer()
    for _ in 0..<60 {
      // One renderer and one buffer for all records, as in the tools; a damaged record leaves no state.
      let entries = (0..<1 + random.below(8)).map { _ in generator.value(of: Self.entry) }
      let (bytes, text) = try Self.record(entries, &random, style)
      let start = out.count
      let damaged = word(2) + word(3) + entries[0] + word(9)
      #expect(throws: XDRError.self) { try renderer.render(Self.changes, damaged.bytes, into: &out) }
      if random.once(in: 2) { out.truncate(to: start) }
      let before = out.count
      try renderer.render(Self.changes, bytes.bytes, into: &out)
      #expect(String(decoding: out.bytes(before..<out.count).copied, as: UTF8.self) == text)
    }
  }

  @Test(arguments: ["ContractEvent", "HostFunction"]) func otherRepeatedValues(name: String) throws {
    var random = SeededGenerator(seed: 14)
    var generator = ValueGenerator(seed: 15)
    // Inside another type: a value on its own is rendered once.
    let outer = name == "ContractEvent" ? type("TransactionEvent") : type("InvokeHostFunctionOp")
    let (before, after) = name == "ContractEvent" ? (word(0), []) : ([], word(0))
    let renderer = Renderer(style: .sep51)
    for _ in 0..<40 {
      let value = before + generator.value(of: type(name)) + after
      let text = try rendered(outer, value)
      var out = ByteBuffer()
      for _ in 0..<1 + random.below(3) {
        let start = out.count
        try renderer.render(outer, value.bytes, into: &out)
        #expect(String(decoding: out.bytes(start..<out.count).copied, as: UTF8.self) == text)
      }
    }
  }

  /// The same bytes can be values of two types.
  @Test func typesAreDistinguished() {
    let cache = RepeatCache()
    var out = ByteBuffer()
    let record = [UInt8](repeating: 3, count: 400)
    func copied(_ type: Int32, at offset: Int, _ out: inout ByteBuffer) -> Int {
      cache.append(type, record.bytes, at: offset, to: &out)
    }
    func write(_ type: Int32, at offset: Int, _ text: StaticString, _ out: inout ByteBuffer) {
      #expect(copied(type, at: offset, &out) == 0)
      out.append(text)
      cache.close(at: offset + 100, out)
    }
    cache.begin()
    write(1, at: 0, "one", &out)
    write(2, at: 100, "two", &out)
    #expect(copied(2, at: 200, &out) == 100)
    // The record ends before the length of the value.
    #expect(copied(2, at: 301, &out) == 0)
    write(2, at: 100, "two", &out)
    #expect(copied(1, at: 200, &out) == 0)
    write(2, at: 100, "two", &out)
    cache.begin()
    #expect(copied(2, at: 100, &out) == 0)
    cache.end()
    #expect(copied(2, at: 100, &out) == 0)
    let text = String(decoding: out.bytes.copied, as: UTF8.self)
    #expect(text == "onetwotwotwotwo")
  }

  /// Two entries whose common prefix is longer than the part that the lookup compares; they differ later, or one is truncated.
  @Test func commonPrefixesAreDistinguished() throws {
    func entry(_ last: UInt8) -> [UInt8] {
      let address = word(1) + [UInt8](repeating: 7, count: 32)
      let value = Value.bytes([UInt8](repeating: 5, count: 199) + [last])
      return word(9) + word(6) + word(0) + address + Value.symbol("key") + word(1) + value + word(0)
    }
    var random = SeededGenerator(seed: 13)
    let (bytes, text) = try Self.record([entry(1), entry(2), entry(3)], &random, .sep51)
    #expect(try rendered(Self.changes, bytes) == text)
    let cut = array([word(1) + entry(1), word(1) + entry(1)]).dropLast(5)
    #expect(throws: XDRError.self) { try rendered(Self.changes, Array(cut)) }
  }
}
