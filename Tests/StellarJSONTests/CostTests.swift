import Bytes
import Foundation
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// No input causes exponential or quadratic cost. At the depths below, exponential cost would never end.
@Suite(.timeLimit(.minutes(60))) struct CostTests {
  /// Members in the wrong order are sorted once for each object, not again for each object around it.
  @Test func deepObjectsWithMembersOutOfOrder() throws {
    // Three levels of JSON each: {"map":[{"val": … ,"key":"void"}]}
    let levels = 130
    let text =
      String(repeating: #"{"map":[{"val":"#, count: levels) + #""void""# + String(repeating: #","key":"void"}]}"#, count: levels)
    let value = try parsed(Schema.shared.scval, text)
    let expected = (0..<levels).reduce(Value.void) { inside, _ in Value.map([(Value.void, inside)]) }
    #expect(value == expected)
  }

  @Test func deepTreesWithMembersOutOfOrder() throws {
    let call = #""contract_id":"CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6","function":"f","arguments":[]"#
    let levels = 200
    let text =
      String(repeating: #"{"sub_invocations":["#, count: levels) + "{\(call),\"sub_invocations\":[]}"
      + String(repeating: "],\(call)}", count: levels)
    let value = try parsed(type("AuthInvocation"), text)
    #expect(error(in: value, as: type("AuthInvocation")) == nil)
  }

  @Test(arguments: [ValueStyle.sep51, .native, .raw]) func deepValues(style: ValueStyle) throws {
    let maps = (0..<400).reduce(Value.void) { inside, _ in Value.map([(Value.symbol("k"), inside)]) }
    for value in [Value.nestedVec(500), maps] {
      #expect(try !rendered(Schema.shared.scval, value, style: style).isEmpty)
    }
  }

  @Test func errorsInDeepValuesAreNamedQuickly() throws {
    let deep = Array(Value.nestedVec(500).dropLast(4)) + word(.max)
    let text = Array((String(repeating: #"{"vec":["#, count: 250) + "x").utf8)
    #expect(path(toErrorIn: deep, as: Schema.shared.scval).hasPrefix("vec[0].vec[0].vec"))
    #expect(jsonPath(to: text.count - 1, in: text.bytes).hasPrefix("vec[0].vec[0].vec"))
  }

  /// Ten times the elements cost about ten times the work, even if every member is out of place; quadratic work would cost 100
  /// times.
  @Test func wideValuesCostInProportion() throws {
    func work(_ count: Int) throws {
      let entry = #"{"val":{"u32":7},"key":{"symbol":"k"}}"#
      let text = #"{"map":["# + Array(repeating: entry, count: count).joined(separator: ",") + "]}"
      let value = try parsed(Schema.shared.scval, text)
      _ = try rendered(Schema.shared.scval, value)
      _ = try rendered(Schema.shared.scval, value, style: .native)
    }
    try work(100)
    let (few, many) = (try processorTime(of: 1000, work), try processorTime(of: 10_000, work))
    #expect(many < few * 30)
  }

  /// So do ten times the digits, which are rejected.
  @Test func numbersOfAMillionDigits() {
    func work(_ count: Int) {
      let digits = String(repeating: "9", count: count)
      for text in [#"{"u32":\#(digits)}"#, #"{"u64":"\#(digits)"}"#, #"{"i256":"\#(digits)"}"#] {
        #expect(throws: JSONError.self) { try parsed(Schema.shared.scval, text) }
      }
    }
    work(1000)
    #expect(processorTime(of: 1_000_000, work) < processorTime(of: 100_000, work) * 30)
  }
}
