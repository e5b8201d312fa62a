import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// A record's partial text and the text of its parts are together the text that is rendered at once.
@Suite struct PartialTextTests {
  private static let seed: UInt64 = 2_718

  @Test(arguments: [ValueStyle.sep51, .native, .raw], [3, 48, 300])
  func partsOfAnyType(style: ValueStyle, partSize: Int) throws {
    var generator = ValueGenerator(seed: Self.seed + UInt64(partSize))
    let renderer = Renderer(style: style, partSize: partSize)
    let plain = Renderer(style: style)
    var count = 0
    for (name, id) in Schema.shared.types {
      for size in [100, 2_000] {
        let value = generator.value(of: id, size: size)
        var whole = ByteBuffer()
        try plain.render(id, value.bytes, into: &whole)
        let isEqual = try renderedInParts(id, value, by: renderer) == whole.bytes.copied
        #expect(isEqual, "\(name), \(value.count) bytes")
        count += renderer.partialText.parts.count - 1
      }
    }
    #expect(count > 150)
  }

  /// Errors are found before any part of the value can be written, with the usual message.
  @Test func damageIsFoundFirst() {
    var generator = ValueGenerator(seed: Self.seed)
    var mutator = Mutator(seed: Self.seed)
    let renderer = Renderer(style: .sep51, partSize: 12)
    var damaged = 0
    for (name, id) in Schema.shared.types {
      for _ in 0..<4 {
        let value = mutator.damaged(generator.value(of: id, size: 1_000), other: generator.value(of: id))
        let expected = Self.error { () throws(XDRError) in try Schema.shared.validate(id, value.bytes) }
        let found = Self.error { () throws(XDRError) in _ = try renderedInParts(id, value, by: renderer) }
        // The number of missing bytes may refer to the part or to the complete value.
        let isSame = found == expected || found?.isTruncation == true && expected?.isTruncation == true
        #expect(isSame, "\(name): \(String(describing: found)), not \(String(describing: expected))")
        if expected != nil { damaged += 1 }
      }
    }
    #expect(damaged > 300)
  }

  private static func error(_ body: () throws(XDRError) -> Void) -> XDRError? {
    do throws(XDRError) { try body() } catch { return error }
    return nil
  }

  /// Nested vectors, each of which fills nearly all of the one around it: they are not skipped once per level.
  @Test func nestedValuesAreSkippedFewTimes() throws {
    let levels = 100
    let inside = Value.bytes([UInt8](repeating: 1, count: 2_000))
    let nest = (0..<levels).reduce(inside) { value, _ in Value.vec([value]) }
    let renderer = Renderer(style: .sep51, partSize: 300)
    let text = try renderedInParts(Schema.shared.scval, nest, by: renderer)
    #expect(try String(decoding: text, as: UTF8.self) == rendered(Schema.shared.scval, nest))
    // One part per level would have been seven for the innermost.
    #expect(renderer.partialText.parts.count == 1 + 1)
  }

  /// Lines with text and values of any length, both valid and invalid.
  @Test func linesWithGaps() throws {
    var generator = ValueGenerator(seed: Self.seed)
    var random = SeededGenerator(seed: Self.seed)
    var count = 0
    let renderer = Renderer(style: .sep51, partSize: 48)
    var kept = LineRewriter(renderer: renderer, type: Schema.shared.scval)
    for _ in 0..<400 {
      var parts: [String] = []
      for _ in 0..<random.below(6) {
        switch random.below(4) {
        case 0: parts.append("\"\(String(repeating: "text ", count: random.below(80)))\"")
        case 1: parts.append(#"{"xdr":"not base64"}"#)
        case let way:
          let value = base64Text(generator.value(of: Schema.shared.scval, size: 20 << random.below(6)))
          parts.append(way == 2 ? "{ \"xdr\" : \"\(value)\" }" : "{\"xdr\":\"\(value)\"}")
        }
      }
      let line = Array("[\(parts.joined(separator: ","))]".utf8)
      var plain = LineRewriter(renderer: Renderer(style: .sep51), type: Schema.shared.scval)
      var whole = ByteBuffer()
      try plain.rewrite(embedded: line.bytes, into: &whole)
      if random.once(in: 4) {
        // First a line without parts.
        var out = ByteBuffer()
        try kept.rewrite(embedded: line.bytes, into: &out)
      }
      let isEqual = try rewrittenInParts(line, by: &kept, renderer) == whole.bytes.copied
      #expect(isEqual, "\(String(decoding: line, as: UTF8.self))")
      count += renderer.partialText.parts.count - 1
    }
    #expect(count > 400)
  }
}
