import Testing

@testable import Filtering

/// Patterns on values: arguments, event topics and data, state.
@Suite struct ValueTests {
  private func arguments(_ lists: String...) -> [Sample] { lists.map { Sample(what: Sample.call(arguments: "[\($0)]")) } }

  @Test func scalarsAreMatchedInTheirNativeText() throws {
    let samples = arguments(
      #"{"symbol":"transfer"}"#, #"{"string":"a \"b\" \\xe2\\x82\\xac"}"#, #"{"bytes":"00ff17"}"#, #"{"i128":"-170"}"#,
      #"{"u32":170}"#,
      #"{"bool":true}"#, #""void""#, #"{"address":"\#(account(3))"}"#, #"{"error":{"contract":5}}"#,
      #"{"timepoint":"1700000000"}"#)
    #expect(try select(samples) { $0["arg"] = ["transfer"] } == [0])
    #expect(try select(samples) { $0["arg"] = [#"a "b" €"#] } == [1])
    #expect(try select(samples) { $0["arg"] = [#"a "b" ?"#] } == [1])
    #expect(try select(samples) { $0["arg"] = ["00ff17"] } == [2])
    #expect(try select(samples) { $0["arg"] = ["-170"] } == [3])
    #expect(try select(samples) { $0["arg"] = ["170"] } == [4])
    #expect(try select(samples) { $0["arg"] = ["true", "null"] } == [5, 6])
    #expect(try select(samples) { $0["arg"] = items(account(3)) } == [7])
    #expect(try select(samples) { $0["arg"] = items(String(account(3).prefix(8)) + "*") } == [7])
    #expect(try select(samples) { $0["arg"] = ["/^G.*[A-Z2-7]{20}$/"] } == [7])
    #expect(try select(samples) { $0["arg"] = [#"{"error":{"contract":5}}"#] } == [8])
    #expect(try select(samples) { $0["arg"] = ["/^17/"] } == [4, 9])
  }

  /// Bytes that are not UTF-8 are escaped as a whole.
  @Test func invalidUTF8() throws {
    let samples = arguments(#"{"string":"\\xff\\n"}"#, #"{"string":"\\xc3\\xa9"}"#)
    #expect(try select(samples) { $0["arg"] = [#"\xff\n"#] } == [0])
    #expect(try select(samples) { $0["arg"] = ["é"] } == [1])
    #expect(try select(samples) { $0["arg"] = ["?"] } == [1])
  }

  @Test func innerValuesAreMatched() throws {
    let samples = arguments(
      #"{"vec":[{"symbol":"a"},{"vec":[{"u32":7},"void"]}]}"#, #"{"map":[{"key":{"symbol":"amount"},"val":{"i128":"1000"}}]}"#,
      #"{"map":[{"key":{"u32":1},"val":{"symbol":"amount"}}]}"#)
    // The complete value as compact JSON; each scalar; keys of maps; but no nested vec or map.
    #expect(try select(samples) { $0["arg"] = [#"["a",[7,null]]"#] } == [0])
    #expect(try select(samples) { $0["arg"] = ["7"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["null"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["[7,null]"] } == [])
    #expect(try select(samples) { $0["arg"] = ["amount"] } == [1, 2])
    #expect(try select(samples) { $0["arg"] = [#"{"amount":"1000"}"#] } == [1])
    #expect(try select(samples) { $0["arg"] = [#"[[1,"amount"]]"#] } == [2])
    #expect(try select(samples) { $0["arg"] = [">=1000"] } == [1])
  }

  /// The JSON object of an instance, an error or a nonce is not one of the inner values.
  @Test func objectsOtherThanMaps() throws {
    let instance = #"{"contract_instance":{"executable":"stellar_asset","storage":[{"key":{"symbol":"admin"},"val":{"u32":1}}]}}"#
    let bare = #"{"contract_instance":{"executable":{"wasm":"\#(hash(3))"},"storage":null}}"#
    let samples = [
      Sample(state: "[\(Sample.change(of: contract(1), "create", new: instance))]"),
      Sample(state: "[\(Sample.change(of: contract(1), "create", new: bare))]"),
      Sample(
        state: "[\(Sample.change(of: contract(1), "create", key: #"{"ledger_key_nonce":{"nonce":"77"}}"#, new: #""void""#))]"),
    ]
    #expect(try select(samples) { $0["state"] = ["admin"] } == [0])
    #expect(try select(samples) { $0["state"] = ["stellar_asset"] } == [])
    #expect(try select(samples) { $0["state"] = items(hash(3)) } == [])
    #expect(try select(samples) { $0["state"] = [#"{"executable":{"wasm":"*"#] } == [1])
    #expect(try select(samples) { $0["state"] = ["storage"] } == [])
    #expect(try select(samples) { $0["state"] = ["77"] } == [])
    #expect(try select(samples) { $0["state"] = [#"{"nonce":"77"}"#] } == [2])
  }

  @Test func numbersOfAnyWidth() throws {
    let most = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    let least = "-57896044618658097711785492504343953926634992332820282019728792003956564819968"
    let samples = arguments(
      #"{"u256":"\#(most)"}"#, #"{"i256":"\#(least)"}"#, #"{"i128":"18446744073709551617"}"#, #"{"u64":"18446744073709551615"}"#,
      #"{"i32":-1}"#, #"{"duration":"60"}"#, #"{"string":"60s"}"#)
    #expect(try select(samples) { $0["arg"] = [">18446744073709551615"] } == [0, 2])
    #expect(try select(samples) { $0["arg"] = [">=18446744073709551615"] } == [0, 2, 3])
    #expect(try select(samples) { $0["arg"] = ["<0"] } == [1, 4])
    #expect(try select(samples) { $0["arg"] = ["<= -1"] } == [1, 4])
    #expect(try select(samples) { $0["arg"] = ["=\(most)", "=\(least)"] } == [0, 1])
    #expect(try select(samples) { $0["arg"] = [">\(most)0"] } == [])
    #expect(try select(samples) { $0["arg"] = ["<\(least)0"] } == [])
    #expect(try select(samples) { $0["arg"] = ["<\(most)0"] } == [0, 1, 2, 3, 4, 5])
    #expect(try select(samples) { $0["arg"] = ["=060"] } == [5])
    #expect(try select(samples) { $0["arg"] = [">-0"] } == [0, 2, 3, 5])
  }

  @Test func exactBytes() throws {
    let samples = arguments(#"{"bytes":"00ff"}"#, #"{"bytes":"00ff00"}"#, #"{"bytes":""}"#)
    #expect(try select(samples) { $0["arg"] = ["hex:00FF"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["hex:"] } == [2])
  }

  @Test func positions() throws {
    let samples = arguments(#"{"u32":1},{"u32":2}"#, #"{"u32":2},{"u32":1}"#)
    #expect(try select(samples) { $0["arg"] = ["0=1"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["1=>1"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["1==1"] } == [1])
    #expect(try select(samples) { $0["arg"] = ["2=*"] } == [])
    #expect(try select(samples) { $0["arg"] = ["=2"] } == [0, 1])
  }

  @Test func classes() throws {
    let samples = arguments(
      #"{"symbol":"a"}"#, #"{"string":"text"}"#, #"{"i256":"5"}"#, #"{"address":"\#(contract(1))"}"#, #"{"bytes":"\#(hash(1))"}"#,
      #"{"vec":[{"u32":1}]}"#)
    #expect(try select(samples) { $0["value-type"] = ["string"] } == [0, 1])
    #expect(try select(samples) { $0["value-type"] = ["numeric"] } == [2])
    #expect(try select(samples) { $0["value-type"] = ["address", "bytes"] } == [3, 4])
    #expect(try select(samples) { ($0["value-type"], $0["arg"]) = (["string"], ["a", "5"]) } == [0])
    let data = [Sample(events: "[\(Sample.event("[]", data: #"{"u32":1}"#))]")]
    #expect(try select(data) { ($0["value-type"], $0["data"]) = (["numeric"], ["*"]) } == [0])
    #expect(try select(data) { ($0["value-type"], $0["data"]) = (["address"], ["*"]) } == [])
  }

  // MARK: events

  private let transfer = #"[{"symbol":"transfer"},{"u32":1},{"u32":2}]"#

  @Test func topicsSegmentBySegment() throws {
    let samples = [
      Sample(events: "[\(Sample.event(transfer))]"), Sample(events: "[\(Sample.event(#"[{"symbol":"transfer"}]"#))]"),
      Sample(events: "[\(Sample.event("[]"))]"), Sample(),
    ]
    #expect(try select(samples) { $0["topic"] = ["transfer/*/*"] } == [0])
    #expect(try select(samples) { $0["topic"] = ["transfer/**"] } == [0, 1])
    #expect(try select(samples) { $0["topic"] = ["transfer/*/**"] } == [0])
    #expect(try select(samples) { $0["topic"] = ["**"] } == [0, 1, 2])
    #expect(try select(samples) { $0["topic"] = ["*"] } == [1])
    #expect(try select(samples) { $0["topic"] = ["transfer/2/*", "tr?ns*/1/2"] } == [0])
    #expect(try select(samples) { $0["topic"] = ["2=2"] } == [0])
    #expect(try select(samples) { $0["topic"] = ["0=/^t/"] } == [0, 1])
    #expect(try select(samples) { $0["topic"] = ["3=*"] } == [])
  }

  /// A topic is matched as a whole; topics and data must match in the same event.
  @Test func topicsWithData() throws {
    let samples = [
      Sample(
        events:
          "[\(Sample.event(transfer, data: #"{"u32":5}"#)),\(Sample.event(#"[{"symbol":"mint"}]"#, data: #"{"u32":6}"#, index: 1))]"
      ),
      Sample(events: "[\(Sample.event(#"[{"vec":[{"symbol":"mint"}]}]"#, data: #"{"vec":[{"u32":6}]}"#))]"),
    ]
    #expect(try select(samples) { ($0["topic"], $0["data"]) = (["mint"], ["6"]) } == [0])
    #expect(try select(samples) { ($0["topic"], $0["data"]) = (["mint"], ["5"]) } == [])
    #expect(try select(samples) { $0["topic"] = [#"["mint"]"#] } == [1])
    #expect(try select(samples) { $0["data"] = ["6"] } == [0, 1])
  }

  @Test func eventTypes() throws {
    let samples = [
      Sample(events: "[\(Sample.event(#"[{"symbol":"a"}]"#))]"),
      Sample(events: "[\(Sample.event(#"[{"symbol":"a"}]"#, type: "system"))]"),
      Sample(diagnostics: "[\(Sample.diagnostic(#"[{"symbol":"a"}]"#))]"),
      Sample(successful: false, diagnostics: "[\(Sample.diagnostic(#"[{"symbol":"a"}]"#, type: "contract"))]"),
    ]
    #expect(try select(samples) { $0["topic"] = ["a"] } == [0, 1])
    #expect(try select(samples) { ($0["topic"], $0["event-type"]) = (["a"], ["contract"]) } == [0, 3])
    #expect(try select(samples) { ($0["topic"], $0["event-type"]) = (["a"], ["system", "diagnostic"]) } == [1, 2])
    #expect(try select(samples) { $0["event-type"] = ["diagnostic"] } == [2])
  }

  @Test func stateKeysAndValues() throws {
    let samples = [
      Sample(state: "[\(Sample.change(of: contract(1), "create", key: #"{"symbol":"x"}"#, new: #"{"u32":1}"#))]"),
      Sample(state: "[\(Sample.change(of: contract(1), "update", old: #"{"symbol":"x"}"#, new: #"{"u32":2}"#))]"),
      Sample(state: "[\(Sample.change(of: contract(1), "delete", old: #"{"u32":2}"#))]"),
    ]
    #expect(try select(samples) { $0["state"] = ["x"] } == [0, 1])
    #expect(try select(samples) { $0["state"] = ["=2"] } == [1, 2])
  }
}
