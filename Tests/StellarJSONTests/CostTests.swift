import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// Nothing is exponential, and nothing is quadratic in what a stranger can send.
@Suite struct CostTests {
  private let clock = ContinuousClock()

  /// Members in the wrong order are put right once for each object, not once for each object around it.
  @Test func deepObjectsWithMembersOutOfOrder() throws {
    // Three levels of JSON each: {"map":[{"val": … ,"key":"void"}]}
    let levels = 130
    let text =
      String(repeating: #"{"map":[{"val":"#, count: levels) + #""void""# + String(repeating: #","key":"void"}]}"#, count: levels)
    var value: [UInt8] = []
    let time = try clock.measure { value = try parsed(Schema.shared.scval, text) }
    let expected = (0..<levels).reduce(Value.void) { inside, _ in Value.map([(Value.void, inside)]) }
    #expect(value == expected)
    #expect(time < .seconds(1))
  }

  @Test func deepTreesWithMembersOutOfOrder() throws {
    let call = #""contract_id":"CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6","function":"f","arguments":[]"#
    let levels = 200
    let text =
      String(repeating: #"{"sub_invocations":["#, count: levels) + "{\(call),\"sub_invocations\":[]}"
      + String(repeating: "],\(call)}", count: levels)
    var value: [UInt8] = []
    let time = try clock.measure { value = try parsed(type("AuthInvocation"), text) }
    #expect(error(in: value, as: type("AuthInvocation")) == nil)
    #expect(time < .seconds(1))
  }

  @Test(arguments: [ValueStyle.sep51, .native, .raw]) func deepValues(style: ValueStyle) throws {
    let maps = (0..<400).reduce(Value.void) { inside, _ in Value.map([(Value.symbol("k"), inside)]) }
    for value in [Value.nestedVec(500), maps] {
      let time = try clock.measure { _ = try rendered(Schema.shared.scval, value, style: style) }
      #expect(time < .seconds(1))
    }
  }

  @Test func errorsAtTheBottomAreNamedAsFast() throws {
    let deep = Array(Value.nestedVec(500).dropLast(4)) + word(.max)
    let text = Array((String(repeating: #"{"vec":["#, count: 250) + "x").utf8)
    let time = clock.measure {
      #expect(path(toErrorIn: deep, as: Schema.shared.scval).hasPrefix("vec[0].vec[0].vec"))
      #expect(jsonPath(to: text.count - 1, in: text.bytes).hasPrefix("vec[0].vec[0].vec"))
    }
    #expect(time < .seconds(1))
  }

  /// Ten times the elements take about ten times the time, even if none is where it is expected.
  @Test func wideValuesCostInProportion() throws {
    func seconds(_ count: Int) throws -> Duration {
      let entry = #"{"val":{"u32":7},"key":{"symbol":"k"}}"#
      let text = #"{"map":["# + Array(repeating: entry, count: count).joined(separator: ",") + "]}"
      return try clock.measure {
        let value = try parsed(Schema.shared.scval, text)
        _ = try rendered(Schema.shared.scval, value)
        _ = try rendered(Schema.shared.scval, value, style: .native)
      }
    }
    _ = try seconds(100)
    let (few, many) = (try seconds(1000), try seconds(10_000))
    #expect(many < few * 30)
  }

  @Test func numbersOfAMillionDigits() throws {
    let digits = String(repeating: "9", count: 1_000_000)
    let time = clock.measure {
      for text in [#"{"u32":\#(digits)}"#, #"{"u64":"\#(digits)"}"#, #"{"i256":"\#(digits)"}"#] {
        #expect(throws: ParseError.self) { try parsed(Schema.shared.scval, text) }
      }
    }
    #expect(time < .seconds(3))
  }
}
