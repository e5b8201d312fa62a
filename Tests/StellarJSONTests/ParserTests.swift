import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// The address of a contract.
private let noContract = word(1) + [UInt8](repeating: 7, count: 32)

/// The message of `scval-json --encode` for a line; nil for a valid one.
private func complaint(_ type: TypeID, _ text: String) -> String? {
  do throws(JSONError) {
    _ = try parsed(type, text)
    return nil
  } catch {
    return error.message(in: Array(text.utf8).bytes)
  }
}

/// Rows of type, text and message.
private let badInput = table(
  #"""
  SCVal | {"u32":-1}                                 | u32: number out of range for unsigned int
  SCVal | {"u32":4294967296}                         | u32: number out of range for unsigned int
  SCVal | {"u32":99999999999999999999999999}         | u32: number out of range for unsigned int
  SCVal | {"u32":1.5}                                | u32: expected unsigned int (a whole number, not in quotes)
  SCVal | {"u32":1e3}                                | u32: expected unsigned int (a whole number, not in quotes)
  SCVal | {"u32":"1"}                                | u32: expected unsigned int (a whole number, not in quotes)
  SCVal | {"u32":null}                               | u32: expected unsigned int (a whole number, not in quotes)
  SCVal | {"i32":2147483648}                         | i32: number out of range for int
  SCVal | {"u64":"-1"}                               | u64: number out of range for unsigned hyper
  SCVal | {"u64":"18446744073709551616"}             | u64: number out of range for unsigned hyper
  SCVal | {"u64":"1x"}                               | u64: expected unsigned hyper (a decimal string)
  SCVal | {"u64":""}                                 | u64: expected unsigned hyper (a decimal string)
  SCVal | {"i64":"-"}                                | i64: expected hyper (a decimal string)
  SCVal | {"i64":"+1"}                               | i64: expected hyper (a decimal string)
  SCVal | {"i128":"170141183460469231731687303715884105728"} | i128: number out of range for Int128Parts
  SCVal | {"u128":1}                                 | u128: expected UInt128Parts (a decimal string)
  SCVal | {"bool":1}                                 | bool: expected bool (true or false)
  SCVal | {"bool":"true"}                            | bool: expected bool (true or false)
  SCVal | {"symbol":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"} | symbol: too long for SCSymbol (at most 32 bytes)
  SCVal | {"string":"é"}                             | string: expected SCString (a string; bytes other than printable ASCII as \\xNN)
  SCVal | {"string":"\\q"}                           | string: expected SCString (a string; bytes other than printable ASCII as \\xNN)
  SCVal | {"string":"\\x0"}                          | string: expected SCString (a string; bytes other than printable ASCII as \\xNN)
  SCVal | {"string":"\n"}                            | string: expected SCString (a string; bytes other than printable ASCII as \\xNN)
  SCVal | {"string":"\ud800"}                        | string: half of a surrogate pair in a JSON string
  SCVal | {"bytes":"0g"}                             | bytes: expected SCBytes (hex digits)
  SCVal | {"bytes":"012"}                            | bytes: expected SCBytes (hex digits)
  SCVal | {"address":"GA7QYNF7"}                     | address: not a strkey for SCAddress (G…, C…, M…, B… or L…)
  SCVal | {"address":1}                              | address: expected SCAddress (G…, C…, M…, B… or L…)
  SCVal | {"nonsense":1}                             | nonsense: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …)
  SCVal | {}                                         | expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …)
  SCVal | "u32"                                      | "u32" of SCVal needs a value: {"u32":…}
  SCVal | {"void":null}                              | void: "void" of SCVal has no value, and is written as a string
  SCVal | 7                                          | expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …)
  SCVal | {"u32":1,"i32":2}                          | i32: SCVal has one member, and this is a second one
  SCVal | {"vec":[{"u32":1},{"u32":true}]}           | vec[1].u32: expected unsigned int (a whole number, not in quotes)
  SCVal | {"vec":{}}                                 | vec: expected SCVec (an array)
  SCVal | {"error":{"budget":"exceeded"}}            | error.budget: expected SCErrorCode (arith_domain, index_bounds, invalid_input, missing_value, existing_value, exceeded_limit, invalid_action, internal_error, …)
  SCVal | {"map":[{"key":"void"}]}                   | map[0]: SCMapEntry needs the member "val"
  SCVal | {"xdr":"AAAA"}                             | xdr: base64 that does not hold a valid SCVal
  SCVal | {"xdr":"AAA?"}                             | xdr: not base64
  SCVal | {"xdr":"AAAAAQ==","xdr":"AAAAAQ=="}        | xdr: unexpected ',' in JSON
  Price | {"n":1}                                    | Price needs the member "d"
  Price | {"n":1,"d":2,"n":3}                        | n: member given twice in Price
  Price | {"d":1,"d":2,"n":3}                        | d: member given twice in Price
  Price | {"n":1,"e":2}                              | e: Price has no such member (n, d)
  Price | {"n":1,"d":2}x                             | something follows the JSON value
  Price | {"n":1,"d":2                               | JSON ends inside a value
  Price | {"n":1,}                                   | unexpected '}' in JSON
  Price | [1,2]                                      | expected Price (an object of n, d)
  Hash  | "00"                                       | expected Hash (64 hex digits)
  Memo  | {"text":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}   | text: too long for string<28> (at most 28 bytes)
  SCSpecTypeTuple | {"value_types":["val","val","val","val","val","val","val","val","val","val","val","val","val"]} | value_types: too long for SCSpecTypeDef<12> (at most 12)
  AssetCode4 | "TOOLONG"                             | too long for AssetCode4 (at most 4 bytes)
  AccountID  | "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA" | not a strkey for AccountID (G…)
  MuxedAccount | "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU" | not a strkey for MuxedAccount (G… or M…)
  """#)

@Suite struct ParserTests {
  @Test(arguments: badInput) func badInputIsNamed(row: [String]) {
    #expect(complaint(type(row[0]), row[1]) == row[2])
  }

  @Test func emptyInputIsRefused() {
    for text in ["", " ", "\t\r\n"] {
      #expect(complaint(Schema.shared.scval, text)?.hasPrefix("JSON ends inside a value") == true)
    }
  }

  @Test(arguments: [
    #"{"n":1,"d":2}"#, #"{"d":2,"n":1}"#, #" { "d" : 2 , "n" : 1 } "#, #"{"\u006e":1,"\u0064":2}"#,
    #"{"$schema":"price.json","n":1,"d":2}"#, #"{"n":1,"$schema":{"a":["b"]},"d":2}"#, #"{"n":1,"d":2,"$schema":null}"#,
  ]) func membersComeInAnyOrder(text: String) throws {
    #expect(try parsed(type("Price"), text) == word(1) + word(2))
  }

  private static let ways: [(String, [UInt8])] = [
    (#"{"u64":"18446744073709551615"}"#, word(5) + doubleWord(.max)),
    (#"{"u64":18446744073709551615}"#, word(5) + doubleWord(.max)),
    (#"{"i64":-9223372036854775808}"#, word(6) + doubleWord(1 << 63)),
    (#"{"u64":"007"}"#, word(5) + doubleWord(7)),
    (#"{"i32":-1}"#, word(4) + word(.max)),
    (#"{"u128":"340282366920938463463374607431768211455"}"#, word(9) + doubleWord(.max) + doubleWord(.max)),
    (#"{"i128":"-170141183460469231731687303715884105728"}"#, word(10) + doubleWord(1 << 63) + doubleWord(0)),
    (#"{"bytes":"0aFF"}"#, Value.bytes([0x0A, 0xFF])),
    (#"{"string":"\\x00\\0\\t\\n\\r\\\\\\xFf"}"#, word(14) + counted([0, 0, 9, 10, 13, 0x5C, 0xFF])),
    (#"{"symbol":"\u0073\u0077ap"}"#, Value.symbol("swap")),
    (#"{"string":"\/\"{}"}"#, Value.string("/\"{}")),
    (#"{"vec":null}"#, word(16) + word(0)),
    (#"{"map":[]}"#, Value.map([])),
    (#""\u0076oid""#, Value.void),
    (#"{"$schema":1,"u32":7}"#, Value.u32(7)),
    (#"{"u32":7,"$schema":[]}"#, Value.u32(7)),
    (#"{"map":[{"val":"void","key":{"u32":1}}]}"#, Value.map([(Value.u32(1), Value.void)])),
    (#"{"xdr":"AAAAAwAAAAc="}"#, Value.u32(7)),
    (#"{"vec":[{"xdr":"AAAAAQ=="},{"u32":7}]}"#, Value.vec([Value.void, Value.u32(7)])),
  ]

  @Test(arguments: ways.indices) func allNotationsAreRead(index: Int) throws {
    #expect(try parsed(Schema.shared.scval, Self.ways[index].0) == Self.ways[index].1)
  }

  /// Some writers called the member `type_` for several years.
  @Test func typeMayHaveATrailingUnderscore() throws {
    let event = type("ContractEvent")
    let text = #"{"ext":"v0","contract_id":null,"type":"contract","body":{"v0":{"topics":[],"data":"void"}}}"#
    let value = word(0) + word(0) + word(1) + word(0) + word(0) + Value.void
    #expect(try rendered(event, value) == text)
    #expect(try parsed(event, text) == value)
    #expect(try parsed(event, text.replacing(#""type""#, with: #""type_""#)) == value)
    let twice = text.replacing(#""type""#, with: #""type_":"contract","type""#)
    #expect(complaint(event, twice) == "type: member given twice in ContractEvent")
  }

  @Test func anErrorLeavesNoOutput() throws {
    var out = ByteBuffer()
    out.append(UInt8(7))
    var parser = Parser()
    let text = Array(#"{"vec":[{"u32":1},{"u32":2},{"u32":x}]}"#.utf8)
    do throws(JSONError) {
      try parser.parse(Schema.shared.scval, text.bytes, into: &out)
      Issue.record("x is no number")
    } catch { #expect(error.offset == 35) }
    let left = out.bytes.copied
    #expect(left == [7])
    try parser.parse(Schema.shared.scval, Array(#""void""#.utf8).bytes, into: &out)
    let next = out.bytes.copied
    #expect(next == [7] + Value.void)
  }

  // MARK: depth

  /// The bytes around a value of each recursive type, and the innermost value.
  private static let nests: [(name: String, open: [UInt8], innermost: [UInt8], close: [UInt8])] = [
    ("SCVal", word(16) + word(1) + word(1), Value.u32(7), []),
    // An entry's value and its key.
    ("SCVal", word(17) + word(1) + word(1) + Value.void, Value.u32(7), []),
    ("SCVal", word(17) + word(1) + word(1), Value.u32(7), Value.void),
    // A stored value: four levels of JSON each.
    ("SCVal", word(19) + word(1) + word(1) + word(1) + Value.void, Value.u32(7), []),
    ("ClaimPredicate", word(3) + word(1), word(0), []), ("ClaimPredicate", word(1) + word(1), word(0), []),
    ("SCPQuorumSet", word(1) + word(0) + word(1), word(1) + word(0) + word(0), []),
    (
      "SorobanAuthorizedInvocation", word(0) + noContract + counted("f") + word(0) + word(1),
      word(0) + noContract + counted("f") + word(0) + word(0), []
    ),
    ("SorobanDelegateSignature", noContract + Value.void + word(1), noContract + Value.void + word(0), []),
    ("SCSpecTypeDef", word(1000), word(1), []), ("SCSpecTypeDef", word(1005) + word(1), word(1), []),
  ]

  /// Everything that decodes encodes again.
  @Test(arguments: nests.indices) func theDeepestValuesComeBack(index: Int) throws {
    let nest = Self.nests[index]
    for levels in [2, 63, 64, 65, 128, 499] {
      let value =
        concatenated(repeatElement(nest.open, count: levels - 1)) + nest.innermost
        + concatenated(repeatElement(nest.close, count: levels - 1))
      #expect(try parsed(type(nest.name), rendered(type(nest.name), value)) == value, "\(nest.name), \(levels) levels")
    }
    // A delegate's signature is a value, which is one more level.
    let levels = nest.name == "SorobanDelegateSignature" ? 499 : 500
    let value =
      concatenated(repeatElement(nest.open, count: levels - 1)) + nest.innermost
      + concatenated(repeatElement(nest.close, count: levels - 1))
    #expect(try parsed(type(nest.name), rendered(type(nest.name), value)) == value)
    #expect(throws: XDRError.self) { try rendered(type(nest.name), nest.open + value + nest.close) }
  }

  @Test(arguments: [501, 1024]) func deeperValuesAreRefused(levels: Int) throws {
    let text = String(repeating: #"{"vec":["#, count: levels) + String(repeating: "]}", count: levels)
    let message = try #require(complaint(Schema.shared.scval, text))
    #expect(message.hasSuffix("nested more than 500 levels of XDR deep"))
  }

  /// JSON that is nested deeper than any value, where any JSON is allowed.
  @Test func deeperJSONIsRefused() throws {
    func text(_ levels: Int) -> String {
      let deep = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
      return #"{"$schema":\#(deep),"u32":7}"#
    }
    #expect(try parsed(Schema.shared.scval, text(2047)) == Value.u32(7))
    for levels in [2048, 100_000] {
      #expect(complaint(Schema.shared.scval, text(levels))?.hasSuffix("JSON nested more than 2048 levels deep") == true)
    }
  }
}
