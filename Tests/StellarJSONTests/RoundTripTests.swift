import Foundation
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// `decode | encode` gives the same bytes for every type of the schema, on values generated from the schema.
@Suite struct RoundTripTests {
  static let seed: UInt64 = 20_260_620

  @Test(arguments: [ValueStyle.sep51, .raw]) func everyTypeComesBack(style: ValueStyle) throws {
    print("values of every type, seed \(Self.seed)")
    var generator = ValueGenerator(seed: Self.seed)
    for (name, id) in Schema.shared.types {
      for _ in 0..<8 {
        let value = generator.value(of: id)
        if Self.isLaterMark(name, value) { continue }
        let text = try rendered(id, value, style: style)
        #expect(try parsed(id, text) == value, "\(name) \(base64Text(value)) \(text)")
      }
    }
  }

  /// The mark of a record's second version alone has the same name as the first; in a record, its members distinguish the two.
  private static func isLaterMark(_ name: String, _ value: [UInt8]) -> Bool { name.hasSuffix("Mark") && value.last != 1 }

  /// Found by fuzzing: the name of an asset whose code is all zeros, `:G…`, was rejected.
  @Test(arguments: [
    "AAAAAQAAAAAAAAAAAAAAAAAAfgAczQAAAAAAAAAAAAAAAAAg97y4vQCCAAA=",
    "AAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAB+ABzNAAAAAAAAAAAAAAAAACD3vLi9AIIAAA==",
  ])
  func anAssetWithoutACode(_ value: String) throws {
    for name in ["AssetName", "Asset"] {
      let text = try rendered(type(name), base64(value))
      #expect(try parsed(type(name), text) == base64(value), "\(text)")
    }
  }

  /// Foundation reads and rewrites the text: members in another order, `\/` and `\u` in strings. The value stays the same.
  @Test func textRewrittenByFoundation() throws {
    var generator = ValueGenerator(seed: Self.seed + 1)
    for (name, id) in Schema.shared.types {
      for _ in 0..<4 {
        let value = generator.value(of: id)
        // In an object whose names are data, their order is also data.
        if Self.isLaterMark(name, value) || name == "InvocationMetrics" || value.starts(with: [0x53, 0x50, 0x49, 2]) { continue }
        let text = try rendered(id, value)
        let tree = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        let rewritten = try JSONSerialization.data(withJSONObject: tree, options: .fragmentsAllowed)
        let other = String(decoding: rewritten, as: UTF8.self)
        #expect(try parsed(id, other) == value, "\(name) \(base64Text(value)) \(other)")
      }
    }
  }

  /// Foundation sees the same tree in either order of members, and our text is compact JSON.
  @Test func renderedTextIsCompactJSON() throws {
    var generator = ValueGenerator(seed: Self.seed + 2)
    for (name, id) in Schema.shared.types {
      let text = try rendered(id, generator.value(of: id))
      _ = try JSON(text: text)
      #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(name) \(text)")
      #expect(try rendered(id, parsed(id, text)) == text, "\(name)")
    }
  }

  /// Skip, which only validates, and render, which also writes, reject the same bytes with the same message.
  @Test func renderRefusesWhatSkipRefuses() {
    var generator = ValueGenerator(seed: Self.seed + 3)
    var refused = 0
    for (name, id) in Schema.shared.types {
      for _ in 0..<8 {
        var value = generator.value(of: id)
        for _ in 0...generator.random.below(3) where !value.isEmpty {
          value[generator.random.below(value.count)] = UInt8(truncatingIfNeeded: generator.random.below(4))
        }
        let expected = error(in: value, as: id)
        for style in [ValueStyle.sep51, .native, .raw] {
          let found = Result { try rendered(id, value, style: style) }
          var fact: XDRError.Fact?
          if case .failure(let error as XDRError) = found { fact = error.fact }
          #expect(fact == expected?.fact, "\(name) \(style) \(base64Text(value))")
        }
        refused += expected == nil ? 0 : 1
      }
    }
    print("\(refused) of \(8 * Schema.shared.types.count) changed values were refused")
    #expect(refused > 500)
  }

  /// The same, with the offsets of errors, for types that Skip+Common.swift skips without a program. Rendering in SEP-51 style
  /// does not use that code.
  @Test(arguments: ["LedgerEntry", "LedgerEntryChange", "LedgerEntryChanges", "SCVal", "SCVec", "OperationMetaV2"])
  func fastPathsAgree(name: String) throws {
    var generator = ValueGenerator(seed: Self.seed + 4)
    var mutator = Mutator(seed: Self.seed + 5)
    let id = type(name)
    var (good, refused, last) = (0, 0, [UInt8]())
    for round in 0..<6000 {
      var value = generator.value(of: id)
      if round % 2 == 1 { value = mutator.damaged(value, other: last) }
      last = value
      let expected = Result { try rendered(id, value, style: .sep51) }
      let found = error(in: value, as: id)
      switch expected {
      case .success:
        good += 1
        #expect(found == nil, "\(base64Text(value))")
      case .failure(let error):
        refused += 1
        let error = try #require(error as? XDRError)
        // Skip checks several words at once, so it may notice missing bytes earlier.
        let isSame = found?.fact == error.fact && (found?.offset == error.offset || error.fact == .truncated)
        #expect(isSame, "\(base64Text(value)) \(error) \(String(describing: found))")
      }
    }
    #expect(good > 2500 && refused > 500)
  }
}
