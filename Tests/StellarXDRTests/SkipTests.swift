import Bytes
import StellarXDR
import TestSupport
import Testing

/// Bytes that are not a value of a type, and the expected error.
struct BadValue: Sendable, CustomTestStringConvertible {
  let what: String
  let type: String
  let bytes: [UInt8]
  let fact: XDRError.Fact
  let offset: Int
  let path: String
  let words: String

  init(
    _ what: String, in type: String = "SCVal", _ bytes: [UInt8], _ fact: XDRError.Fact, at offset: Int, path: String,
    _ words: String
  ) {
    (self.what, self.type, self.bytes, self.fact) = (what, type, bytes, fact)
    (self.offset, self.path, self.words) = (offset, path, words)
  }

  var testDescription: String { what }
}

private let noContract = word(1) + [UInt8](repeating: 7, count: 32)

private let badValues: [BadValue] = [
  BadValue("nothing", [], .truncated, at: 0, path: "", "ends inside the value"),
  BadValue("half a number", word(5) + word(0), .truncated, at: 4, path: "u64", "ends inside the value"),
  BadValue(
    "text cut off", word(15) + word(4) + [0x73, 0x77], .countBeyondEnd, at: 4, path: "symbol",
    "SCSymbol declares more data than is left"),
  BadValue(
    "text without its padding", word(14) + word(1) + [0x61], .countBeyondEnd, at: 4, path: "string",
    "SCString declares more data than is left"),
  BadValue(
    "a count beyond the end", word(16) + word(1) + word(5), .countBeyondEnd, at: 8, path: "vec",
    "SCVec declares more data than is left"),
  BadValue(
    "the largest count", word(17) + word(1) + word(.max), .countBeyondEnd, at: 8, path: "map",
    "SCMap declares more data than is left"
  ),
  BadValue(
    "the largest length", word(13) + word(.max), .countBeyondEnd, at: 4, path: "bytes", "SCBytes declares more data than is left"),
  BadValue(
    "a symbol too long", word(15) + counted(String(repeating: "a", count: 33)), .tooLong, at: 4, path: "symbol",
    "33 is too long for SCSymbol"),
  BadValue(
    "a list too long", in: "SCSpecTypeTuple", array([[UInt8]](repeating: word(1), count: 13)), .tooLong, at: 0,
    path: "value_types", "13 is too long for SCSpecTypeDef<12>"),
  BadValue("an arm that is none", word(23), .unknownDiscriminant, at: 0, path: "", "SCVal has no arm 23"),
  BadValue("a negative arm", word(.max), .unknownDiscriminant, at: 0, path: "", "SCVal has no arm -1"),
  BadValue("an arm inside", word(2) + word(10) + word(0), .unknownDiscriminant, at: 4, path: "error", "SCError has no arm 10"),
  BadValue(
    "an integer arm", in: "TransactionMeta", word(5), .unknownDiscriminant, at: 0, path: "", "TransactionMeta has no arm 5"),
  BadValue(
    "a version reserved", in: "GeneralizedTransactionSet", word(0), .unknownDiscriminant, at: 0, path: "",
    "GeneralizedTransactionSet has no arm 0"),
  BadValue(
    "an enumeration's value", word(2) + word(1) + word(10), .unknownValue, at: 8, path: "error.wasm_vm",
    "10 is not a valid SCErrorCode"),
  BadValue("true that is 2", word(0) + word(2), .notBoolean, at: 4, path: "bool", "expected 0 or 1, found 2"),
  BadValue("a presence of 2", word(16) + word(2) + word(0), .notBoolean, at: 4, path: "vec", "expected 0 or 1, found 2"),
  BadValue(
    "padding of one", word(15) + word(3) + [0x61, 0x62, 0x63, 1], .nonZeroPadding, at: 11, path: "symbol", "padding is not zero"),
  BadValue(
    "padding of three", word(13) + word(1) + [0xFF, 0, 0, 1], .nonZeroPadding, at: 9, path: "bytes", "padding is not zero"),
  BadValue("left over", word(1) + word(0), .leftOver, at: 4, path: "", "4 bytes left over after SCVal"),
  BadValue(
    "an element of a list", Value.vec([Value.void, Value.u32(1), word(0) + word(7)]), .notBoolean, at: 28, path: "vec[2].bool",
    "expected 0 or 1, found 7"),
  BadValue(
    "a value in a map", Value.map([(Value.symbol("k"), word(99))]), .unknownDiscriminant, at: 24, path: "map[0].val",
    "SCVal has no arm 99"),
  BadValue("a kind of address", word(18) + word(6), .unknownDiscriminant, at: 4, path: "address", "SCAddress has no arm 6"),
  BadValue(
    "a member deep inside", in: "LedgerEntryChange", word(0) + word(1) + word(6) + word(0) + noContract + Value.void + word(2),
    .unknownValue, at: 56,
    path: "created.data.contract_data.durability", "2 is not a valid ContractDataDurability"),
]

@Suite struct SkipTests {
  let schema = Schema.shared

  @Test(arguments: badValues) func badBytesAreRefused(bad: BadValue) {
    let error = error(in: bad.bytes, as: type(bad.type))
    #expect(error?.fact == bad.fact)
    #expect(error?.offset == bad.offset)
    #expect(path(toErrorIn: bad.bytes, as: type(bad.type)) == bad.path)
    #expect(error?.description(schema) == bad.words)
  }

  @Test func pathsOfNestedErrors() {
    let removed = word(2) + word(9) + [UInt8](repeating: 7, count: 32)
    let bytes = word(2) + word(0) + array([word(0)]) + array([removed, word(9)])
    #expect(path(toErrorIn: bytes, as: type("TransactionMeta")) == "v2.tx_changes_after[1]")
  }

  // MARK: depth

  @Test(arguments: [1, 100, 499, 500]) func nestingIsFollowed(levels: Int) {
    #expect(error(in: Value.nestedVec(levels), as: schema.scval) == nil)
  }

  @Test(arguments: [501, 1000, 100_000]) func nestingIsBounded(levels: Int) {
    let error = error(in: Value.nestedVec(levels), as: schema.scval)
    #expect(error == XDRError(.tooDeep, at: 500 * 12))
    #expect(error?.description(schema) == "nested more than 500 levels deep")
  }

  /// One level of each recursive type, around any content.
  @Test(arguments: ["ClaimPredicate", "SCPQuorumSet", "SorobanDelegateSignature", "SorobanAuthorizedInvocation", "SCSpecTypeDef"])
  func everyRecursiveTypeIsBounded(name: String) {
    let call = noContract + counted("f") + word(0)
    let (open, innermost, close): ([UInt8], [UInt8], [UInt8]) =
      switch name {
      case "ClaimPredicate": (word(3) + word(1), word(0), [])
      case "SCPQuorumSet": (word(1) + word(0) + word(1), word(1) + word(0) + word(0), [])
      case "SorobanDelegateSignature": (noContract + Value.void + word(1), noContract + Value.void + word(0), [])
      case "SorobanAuthorizedInvocation": (word(0) + call + word(1), word(0) + call + word(0), [])
      default: (word(1000), word(1), [])
      }
    func nested(_ levels: Int) -> [UInt8] {
      (1..<levels).flatMap { _ in open } + innermost + (1..<levels).flatMap { _ in close }
    }
    // A delegate's signature is a value, which is one more level.
    let deepest = name == "SorobanDelegateSignature" ? 499 : 500
    #expect(error(in: nested(deepest), as: type(name)) == nil)
    #expect(error(in: nested(deepest + 1), as: type(name))?.fact == .tooDeep)
  }

  /// Excessive depth is reported before any other error, also where the bytes end.
  @Test func depthComesBeforeTheEnd() {
    let levels = Int(Schema.maximumDepth)
    let open = [[UInt8]](repeating: word(3) + word(1), count: levels).flatMap { $0 }
    #expect(error(in: open, as: type("ClaimPredicate")) == XDRError(.tooDeep, at: open.count))
    #expect(error(in: open.dropLast(8), as: type("ClaimPredicate"))?.fact == .truncated)
  }

  /// The limit is on nesting, not on the number of values.
  @Test func siblingsDoNotAddDepth() {
    let siblings = Value.vec([[UInt8]](repeating: Value.nestedVec(400), count: 50))
    #expect(error(in: siblings, as: schema.scval) == nil)
  }

  // MARK: cost

  /// A declared count is rejected before any work is done for it, in any position. With work for each of four billion elements,
  /// hundreds of times, the test would not end.
  @Test(.timeLimit(.minutes(60))) func hugeCountsCostNothing() {
    for index in 0..<Int32(schema.nodeCount) where [.array, .opaque, .string].contains(schema.node(index).kind) {
      for count in [UInt32.max, 1 << 31, 1 << 24] {
        let fact = error(in: word(count), as: TypeID(node: index))?.fact
        #expect(fact == .countBeyondEnd || fact == .tooLong)
      }
    }
  }

  // MARK: truncation

  /// For a valid value of any type, cut at any offset, the error says that bytes are missing and the minimum required length.
  @Test func everyCutOfAValueIsATruncation() {
    let seed: UInt64 = 1
    print("every cut of a value of \(schema.types.count) types, seed \(seed)")
    var generator = ValueGenerator(seed: seed)
    for (name, id) in schema.types {
      let value = generator.value(of: id, size: 200)
      #expect(error(in: value, as: id) == nil, "\(name) \(hexDigits(value))")
      for cut in 0..<value.count where value.count < 300 || cut % 7 == 0 {
        let error = error(in: Array(value.prefix(cut)), as: id)
        let isRight = error.map { $0.isTruncation && $0.offset <= cut && cut < $0.value && $0.value <= value.count } == true
        #expect(isRight, "\(name) cut at \(cut): \(error.map { "\($0)" } ?? "") \(hexDigits(value))")
      }
    }
  }
}
