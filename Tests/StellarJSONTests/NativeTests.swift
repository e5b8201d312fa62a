import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// Plain JSON for people and SQL (specification, section 6).
@Suite struct NativeTests {
  private static let values: [([UInt8], String)] = [
    (Value.void, "null"), (word(0) + word(1), "true"), (Value.u32(.max), "4294967295"), (word(4) + word(.max), "-1"),
    // All wider integers are strings, so that no reader loses digits.
    (word(5) + doubleWord(.max), #""18446744073709551615""#), (word(6) + doubleWord(1 << 63), #""-9223372036854775808""#),
    (word(7) + doubleWord(1), #""1""#), (word(8) + doubleWord(2), #""2""#),
    (word(9) + doubleWord(1) + doubleWord(0), #""18446744073709551616""#),
    (word(12) + [UInt8](repeating: 0xFF, count: 32), #""-1""#),
    (Value.bytes([0, 0xAB]), #""00ab""#), (Value.bytes([]), #""""#), (Value.symbol("swap"), #""swap""#),
    (Value.string("é \"\\\n"), #""é \"\\\n""#), (word(14) + counted([0xC3, 0x28, 0x61]), #""\\xc3(a""#),
    (Value.vec([Value.u32(1), Value.void]), "[1,null]"), (word(16) + word(0), "null"), (word(17) + word(0), "null"),
    (Value.map([]), "{}"),
    (Value.map([(Value.symbol("a"), Value.u32(1)), (Value.string("b"), Value.vec([]))]), #"{"a":1,"b":[]}"#),
    // Pairs with equal text, or with keys that are not text, do not become members of an object.
    (Value.map([(Value.symbol("a"), Value.u32(1)), (Value.string("a"), Value.u32(2))]), #"[["a",1],["a",2]]"#),
    (
      Value.map([(Value.symbol("b"), Value.void), (Value.symbol("a"), Value.void), (Value.symbol("b"), Value.void)]),
      #"[["b",null],["a",null],["b",null]]"#
    ),
    (
      Value.map([(Value.symbol(""), Value.void), (Value.symbol("a"), Value.void), (Value.symbol(""), Value.void)]),
      #"[["",null],["a",null],["",null]]"#
    ),
    (
      Value.map([(word(14) + counted([0xFF]), Value.void), (Value.string(#"\xff"#), Value.void)]),
      #"[["\\xff",null],["\\xff",null]]"#
    ),
    (Value.map([(Value.u32(1), Value.symbol("a"))]), #"[[1,"a"]]"#),
    (Value.map([(Value.symbol("z"), Value.void), (Value.symbol("a"), Value.void)]), #"{"z":null,"a":null}"#),
    (
      Value.contract(hex("3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a")),
      #""CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA""#
    ),
    (word(2) + word(0) + word(7), #"{"error":{"contract":7}}"#),
    (word(2) + word(7) + word(5), #"{"error":{"budget":"exceeded_limit"}}"#),
    (word(19) + word(1) + word(0), #"{"executable":"stellar_asset","storage":null}"#),
    (
      word(19) + word(1) + word(1) + array([Value.symbol("k") + Value.u32(1)]),
      #"{"executable":"stellar_asset","storage":{"k":1}}"#
    ),
    (word(20), #""ledger_key_contract_instance""#), (word(21) + doubleWord(.max), #"{"nonce":"-1"}"#),
    (word(22) + counted("v1"), #""v1""#),
  ]

  @Test(arguments: values.indices) func valuesArePlain(index: Int) throws {
    let (value, text) = Self.values[index]
    #expect(try rendered(Schema.shared.scval, value, style: .native) == text)
  }

  /// Unsorted keys, few and many.
  @Test(arguments: [2, 24, 25, 300]) func equalKeysMakePairs(count: Int) throws {
    func map(_ keys: [Int]) -> [UInt8] { Value.map(keys.map { (Value.symbol("k\($0)"), Value.u32(UInt32($0))) }) }
    let keys = (0..<count).reversed().map { $0 * 7 }
    let object = "{\(keys.map { #""k\#($0)":\#($0)"# }.joined(separator: ","))}"
    #expect(try rendered(Schema.shared.scval, map(keys), style: .native) == object)
    let twice = keys + [keys[count / 2]]
    let pairs = "[\(twice.map { #"["k\#($0)",\#($0)]"# }.joined(separator: ","))]"
    #expect(try rendered(Schema.shared.scval, map(twice), style: .native) == pairs)
    // The renderer keeps nothing of one map for the next.
    let both = Value.vec([map(keys), map(keys)])
    #expect(try rendered(Schema.shared.scval, both, style: .native) == "[\(object),\(object)]")
  }

  @Test func otherTypesChangeOnlyInnerValues() throws {
    let entry = Value.symbol("k") + Value.vec([Value.u32(1)])
    #expect(try rendered(type("SCMapEntry"), entry, style: .native) == #"{"key":"k","val":[1]}"#)
    #expect(
      try rendered(type("SCMapEntry"), entry, style: .raw)
        == #"{"key":{"xdr":"AAAADwAAAAFrAAAA"},"val":{"xdr":"AAAAEAAAAAEAAAABAAAAAwAAAAE="}}"#)
  }
}
