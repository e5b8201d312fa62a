import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

@testable import Filtering

/// Patterns on a member of a value.
@Suite struct MemberTests {
  private func data(_ values: String...) -> [Sample] {
    values.map { Sample(events: "[\(Sample.event(#"[{"symbol":"transfer"}]"#, data: $0))]") }
  }

  private func map(_ members: (key: String, value: String)...) -> String {
    "{\"map\":[\(members.map { "{\"key\":\($0.key),\"val\":\($0.value)}" }.joined(separator: ","))]}"
  }

  private let amount = #"{"symbol":"amount"}"#
  private let muxed = #"{"symbol":"to_muxed_id"}"#

  /// CAP-67: the data of a transfer is the amount, or a map with the amount and the receiver's id.
  @Test func transfersOfBothShapes() throws {
    let samples = data(
      #"{"i128":"20"}"#, #"{"i128":"1"}"#, map((amount, #"{"i128":"20"}"#), (muxed, #"{"u64":"1"}"#)),
      map((amount, #"{"i128":"1"}"#), (muxed, #"{"u64":"20"}"#)), #"{"vec":[{"i128":"20"}]}"#)
    #expect(try select(samples) { $0["data"] = [">10"] } == [0, 2, 3, 4])
    #expect(try select(samples) { $0["data"] = ["amount=>10"] } == [2])
    #expect(try select(samples) { $0["data"] = [".=>10"] } == [0])
    #expect(try select(samples) { $0["data"] = [".=>10", "amount=>10"] } == [0, 2])
    #expect(try select(samples) { ($0["data"], $0["topic"]) = ([".=>10", "amount=>10"], ["mint"]) } == [])
    #expect(try select(samples) { $0["data"] = ["0=>10"] } == [4])
    #expect(try select(samples) { ($0["data"], $0["invert-match"]) = ([".=>10", "amount=>10"], []) } == [1, 3, 4])
  }

  @Test func deepPaths() throws {
    let deep = map((#"{"symbol":"a"}"#, map((#"{"string":"b"}"#, "{\"vec\":[\(map((#"{"symbol":"c"}"#, #"{"u32":7}"#)))]}"))))
    let samples = data(deep, #"{"u32":7}"#, #"{"vec":[{"u32":7},{"vec":[{"u32":8},{"symbol":"x"}]}]}"#)
    #expect(try select(samples) { $0["data"] = ["a.b.0.c=7"] } == [0])
    #expect(try select(samples) { $0["data"] = ["a.b.0.c==7"] } == [0])
    #expect(try select(samples) { $0["data"] = ["a.b.1.c=7"] } == [])
    #expect(try select(samples) { $0["data"] = ["a.*.*.c=7"] } == [0])
    #expect(try select(samples) { $0["data"] = ["a.b.c=7"] } == [])
    #expect(try select(samples) { $0["data"] = ["a.b.0.c.d=7"] } == [])
    #expect(try select(samples) { $0["data"] = ["1.1=x"] } == [2])
    #expect(try select(samples) { $0["data"] = [".*=7"] } == [2])
    #expect(try select(samples) { $0["data"] = ["1.*=>7"] } == [2])
    // The value itself, not the values in it; a vec or map as its compact JSON.
    #expect(try select(samples) { $0["data"] = ["1=8"] } == [])
    #expect(try select(samples) { $0["data"] = [#"1=[8,"x"]"#] } == [2])
    #expect(try select(samples) { $0["data"] = [#"a.b=[{"c":7}]"#] } == [0])
    #expect(try select(samples) { $0["data"] = ["a.b=*"] } == [0])
    #expect(try select(samples) { $0["data"] = ["1.0=*"] } == [2])
  }

  /// A map whose keys are not distinct texts is a list of pairs, as in native style.
  @Test func keysOfAllKinds() throws {
    let samples = data(
      map((#"{"u32":1}"#, #"{"symbol":"x"}"#), (#"{"u32":2}"#, #"{"symbol":"y"}"#)),
      map((#"{"symbol":"k"}"#, #"{"u32":1}"#), (#"{"string":"k"}"#, #"{"u32":2}"#)),
      map((#"{"string":"a b.c=d"}"#, #"{"u32":3}"#)), map((#"{"string":"\\xff"}"#, #"{"u32":4}"#)),
      map((#"{"string":"\\xc3\\xa9"}"#, #"{"u32":5}"#)), map((#"{"string":"0"}"#, #"{"u32":6}"#)), #"{"map":[]}"#,
      #"{"map":null}"#)
    #expect(try select(samples) { $0["data"] = ["1.0=2"] } == [0])
    #expect(try select(samples) { $0["data"] = ["*.1=x", "0.1=x"] } == [0])
    #expect(try select(samples) { $0["data"] = [#"0=[1,"x"]"#] } == [0])
    #expect(try select(samples) { $0["data"] = ["k=1"] } == [])
    #expect(try select(samples) { $0["data"] = ["1.1=2"] } == [1])
    #expect(try select(samples) { $0["data"] = [#""a b.c=d"=3"#] } == [2])
    #expect(try select(samples) { $0["data"] = [#""\\xff"=4"#] } == [3])
    #expect(try select(samples) { $0["data"] = [#""é"=5"#] } == [4])
    #expect(try select(samples) { $0["data"] = ["0=6"] } == [5])
    #expect(try select(samples) { $0["data"] = ["0=*"] } == [0, 1, 5])
    #expect(try select(samples) { $0["data"] = [".=null"] } == [7])
  }

  @Test func argumentsByPlaceAndMember() throws {
    let samples = [
      "\(map((amount, #"{"i128":"5"}"#))),\(map((amount, #"{"i128":"9"}"#)))", #"{"i128":"5"},{"vec":[{"i128":"9"}]}"#, "",
    ].map { Sample(what: Sample.call(arguments: "[\($0)]")) }
    #expect(try select(samples) { $0["arg"] = ["amount=5"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["0.amount=5"] } == [0])
    #expect(try select(samples) { $0["arg"] = ["1.amount=5"] } == [])
    #expect(try select(samples) { $0["arg"] = ["1=9"] } == [0, 1])
    #expect(try select(samples) { $0["arg"] = ["1.=9"] } == [])
    #expect(try select(samples) { $0["arg"] = ["0.=5"] } == [1])
    #expect(try select(samples) { $0["arg"] = ["1.0=9", ".0=9"] } == [1])
    #expect(try select(samples) { $0["arg"] = [".=5"] } == [1])
    #expect(try select(samples) { ($0["arg"], $0["value-type"]) = (["amount=*"], ["numeric"]) } == [0])
    #expect(try select(samples) { ($0["arg"], $0["value-type"]) = (["amount=*"], ["string"]) } == [])
  }

  /// Of an instance only its storage; an error or an address is not a map.
  @Test func stateAndValuesOtherThanMaps() throws {
    let storage = #"[{"key":{"symbol":"admin"},"val":{"vec":[{"u32":1}]}}]"#
    let instance = #"{"contract_instance":{"executable":"stellar_asset","storage":\#(storage)}}"#
    let bare = #"{"contract_instance":{"executable":"stellar_asset","storage":null}}"#
    let values = [instance, bare, #"{"error":{"contract":5}}"#].map {
      Sample(state: "[\(Sample.change(of: contract(1), "create", new: $0))]")
    }
    let nonce = #"{"ledger_key_nonce":{"nonce":"77"}}"#
    let keys = [nonce, map((#"{"symbol":"balance"}"#, #"{"u32":3}"#))].map {
      Sample(state: "[\(Sample.change(of: contract(1), "delete", key: $0, old: #"{"u32":1}"#))]")
    }
    #expect(try select(values + keys) { $0["state"] = ["storage.admin.0=1"] } == [0])
    #expect(try select(values + keys) { $0["state"] = ["admin.0=1"] } == [])
    #expect(try select(values + keys) { $0["state"] = ["executable=*"] } == [])
    #expect(try select(values + keys) { $0["state"] = ["storage=*"] } == [0, 1])
    #expect(try select(values + keys) { $0["state"] = ["error.contract=5", "error=*"] } == [])
    #expect(try select(values + keys) { $0["state"] = ["nonce=77"] } == [])
    #expect(try select(values + keys) { $0["state"] = ["balance=3"] } == [4])
    #expect(try select(values + keys) { $0["state"] = [".=1"] } == [3, 4])
  }

  // MARK: exact values

  private func base64(_ value: String) throws -> String {
    var xdr = ByteBuffer()
    var parser = Parser()
    try parser.parse(Schema.shared.scval, Array(value.utf8).bytes, into: &xdr)
    var text = ByteBuffer()
    text.append(base64: xdr.bytes)
    return text.bytes.text
  }

  /// Filters of RPC servers have complete values in base64.
  @Test func valuesInBase64() throws {
    let values = [
      #"{"symbol":"transfer"}"#, #"{"string":"transfer"}"#, #"{"u32":5}"#, #"{"vec":[{"symbol":"transfer"}]}"#, #""void""#,
      #"{"address":"\#(contract(255))"}"#, #"{"string":"a\"\\xc3\\xa9"}"#, #"{"bytes":"ffffff"}"#,
    ]
    let samples = values.map {
      Sample(events: "[\(Sample.event("[\($0),{\"u32\":1}]"))]", state: "[\(Sample.change(of: contract(1), "create", key: $0))]")
    }
    let typed: [RecordForm] = [.xdr, .raw, .sep51]
    #expect(try base64(values[0]) == "AAAADwAAAAh0cmFuc2Zlcg==")
    for (index, value) in values.enumerated() {
      let text = try base64(value)
      let found = index == 0 ? [0, 3] : [index]
      #expect(try select(samples, in: typed) { $0["topic"] = ["\(text)/*"] } == [index], "\(text)")
      #expect(try select(samples, in: typed) { $0["topic"] = ["\(text)/AAAAAwAAAAE="] } == [index], "\(text)")
      #expect(try select(samples, in: typed) { $0["topic"] = ["0=\(text)"] } == [index])
      #expect(try select(samples, in: typed) { $0["state"] = items(text) } == found)
      #expect(try select(samples, in: typed) { $0["state"] = [".=\(text)"] } == [index])
    }
    // A slash in base64 is not a separator.
    #expect(try base64(values[7]).contains("/") && base64(values[5]).contains("/"))
    // Native style does not distinguish a symbol from a string.
    for index in [0, 2, 3, 4, 5, 6] {
      let text = try base64(values[index])
      #expect(try select(samples, in: [.native]) { $0["topic"] = ["\(text)/**"] } == (index == 0 ? [0, 1] : [index]))
    }
    // Without padding.
    #expect(try select(samples, in: typed) { $0["topic"] = ["AAAADwAAAAh0cmFuc2Zlcg/*"] } == [0])
  }
}
