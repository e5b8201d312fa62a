import Foundation
import StellarXDR
import TestSupport
import Testing

/// `scval-json` in the shell (specification, section 6).
@Suite struct ValueTests {
  @Test(arguments: [
    ("echo AAAADwAAAARzd2Fw | scval-json", #"{"symbol":"swap"}"#),
    (#"echo '"AAAADwAAAARzd2Fw"' | scval-json"#, #"{"symbol":"swap"}"#),
    ("echo '  AAAAAQ==  ' | scval-json", #""void""#), ("echo AAAADwAAAARzd2Fw | scval-json --style native", #""swap""#),
    (#"echo '{"a": [{"xdr":"AAAAAwAAAAc="}], "b":1.50}' | scval-json"#, #"{"a": [{"u32":7}], "b":1.50}"#),
    (#"echo '{"a": [{"xdr":"AAAAAwAAAAc="}]}' | scval-json --style native"#, #"{"a": [7]}"#),
    (#"echo '{"xdr":"no base64"}' | scval-json"#, #"{"xdr":"no base64"}"#),
    ("echo AAAAAQAAAAI= | scval-json --type price", #"{"n":1,"d":2}"#),
    (#"echo '{"p":"AAAAAQAAAAI="}' | scval-json --type Price --field p"#, #"{"p":{"n":1,"d":2}}"#),
    ("echo AAAAAQ== | scval-json --type uint32", "1"),
    (#"printf '\200\0\0\4\0\0\0\1\200\0\0\10\0\0\0\3\0\0\0\7' | scval-json"#, "\"void\"\n{\"u32\":7}"),
    (#"echo '{"symbol":"swap"}' | scval-json --encode"#, "AAAADwAAAARzd2Fw"),
    (#"echo '{"d":2,"n":1}' | scval-json --encode --type Price"#, "AAAAAQAAAAI="),
    ("echo AAAADwAAAARzd2Fw | scval-json | scval-json --encode", "AAAADwAAAARzd2Fw"),
    (#"echo '"void"' | scval-json --encode -o xdr | scval-json"#, #""void""#),
  ]) func oneValue(command: String, expected: String) throws {
    let found = try Shell.run(command)
    #expect(found.errors == "" && found.status == 0)
    #expect(found.text == expected + "\n")
  }

  /// Other text passes through byte for byte.
  @Test(arguments: [
    #"{"a":"\ud800","a":1E-007,"\u0061":-0.0}"#, "{\"a\" : [ 1 ,\t2 ] }\r", #"{"xdr":"AAAAAQ==","xdr":"AAAAAQ=="}"#,
    #"{"xdr":"AAAAAQ==","n":1}"#, #"{"xdr":"\ud800"}"#, #"{"xdr":7}"#, "[\"\u{7F}\u{2028}\"]",
    "[\(String(repeating: "7", count: 1_000_000)),-0.\(String(repeating: "3", count: 100_000))e+\(String(repeating: "9", count: 100_000))]",
    String(repeating: "[", count: 2048) + String(repeating: "]", count: 2048),
  ]) func theRestOfALinePasses(line: String) throws {
    for style in ["sep51", "native"] {
      let found = try Shell.run(
        "scval-json --style \(style)", input: Array("\(line)\n[{\"xdr\":\"AAAAAwAAAAc=\"},\(line)]\n".utf8))
      let isDeep = line.hasPrefix("[[")
      #expect(found.status == (isDeep ? 3 : 0))
      #expect(found.text == "\(line)\n" + (isDeep ? "" : "[\(style == "native" ? "7" : "{\"u32\":7}"),\(line)]\n"))
    }
  }

  /// Consecutive values: each becomes a line, from a base64 line and from raw XDR.
  @Test(arguments: [
    ("SCVal", Value.u32(7) + Value.void + Value.symbol("swap"), "{\"u32\":7}\n\"void\"\n{\"symbol\":\"swap\"}\n"),
    ("Price", word(1) + word(2) + word(3) + word(4), "{\"n\":1,\"d\":2}\n{\"n\":3,\"d\":4}\n"),
    ("uint32", word(0) + word(5), "0\n5\n"),
    (
      "SCMetaEntry", word(0) + counted("rsver") + counted("1.79.0") + word(0) + counted("a") + counted(""),
      "{\"sc_meta_v0\":{\"key\":\"rsver\",\"val\":\"1.79.0\"}}\n{\"sc_meta_v0\":{\"key\":\"a\",\"val\":\"\"}}\n"
    ),
    (
      "SCEnvMetaEntry", word(0) + word(22) + word(0),
      "{\"sc_env_meta_kind_interface_version\":{\"protocol\":22,\"pre_release\":0}}\n"
    ),
  ]) func valuesBackToBack(type: String, xdr: [UInt8], expected: String) throws {
    for input in [xdr, Array("\(base64Text(xdr))\n".utf8), Array("\"\(base64Text(xdr))\"".utf8), zstd(xdr)] {
      let found = try Shell.run("scval-json --type \(type) --stats", input: input)
      #expect(found.text == expected && found.status == 0)
      #expect(try JSON(text: found.errors)["records_out"] == .number(Double(found.lines.count)))
    }
  }

  /// A million values, raw and as one base64 line: little memory is used, and nothing is held back.
  @Test func manyValuesBackToBack() throws {
    let some = concatenated((0..<1000).map { Value.vec([Value.u32($0), Value.string("value \($0)")]) })
    let lines = (0..<1000).map { #"{"vec":[{"u32":\#($0)},{"string":"value \#($0)"}]}\#n"# }.joined()
    let scratch = try Scratch()
    let path = try scratch.file("some", some)
    let hash = try Shell.run("for i in $(seq 200); do cat '\(try scratch.file("lines", Array(lines.utf8)))'; done | cksum").text
    let values = "for i in $(seq 200); do cat '\(path)'; done"
    #expect(try Shell.run("\(values) | scval-json | cksum").text == hash)
    #expect(try Shell.run("\(values) | base64 -w 0 | scval-json | cksum").text == hash)
    #expect(try Shell.run("(ulimit -v 400000; \(values) | scval-json --max-record 64KiB) | cksum").text == hash)
  }

  /// Values of the maximum depth in a stream that is long enough for a second thread, and in one that begins with them.
  @Test(arguments: ["sep51", "native"]) func theDeepestValuesOnASecondThread(style: String) throws {
    let levels = 499
    let open = word(19) + word(1) + word(1) + word(1) + Value.void
    let value = base64Text(concatenated(repeatElement(open, count: levels)) + Value.u32(7))
    let scratch = try Scratch()
    let path = try scratch.file("values", Array(String(repeating: "\(value)\n", count: 40).utf8))
    let found = try Shell.run("for i in $(seq 25); do cat '\(path)'; done | scval-json --style \(style) | sort | uniq -c | wc -l")
    #expect(found.text.trimmingCharacters(in: .whitespacesAndNewlines) == "1" && found.errors == "")
    if style == "sep51" {
      let back = try Shell.run("scval-json | scval-json --encode | cmp - '\(path)'", input: Array(Repository.bytes(path)))
      #expect(back.status == 0 && back.errors == "")
    }
  }

  /// Each path is named, also if there are many.
  @Test func manyMissingPaths() throws {
    let fields = (0..<12).map { "--field nothing\($0)" }.joined(separator: " ")
    let found = try Shell.run("echo '{}' | scval-json \(fields)")
    #expect(found.text == "{}\n" && found.status == 0)
    #expect(found.errors.contains("scval-json: --field nothing9: no line has a string there\n"))
    #expect(found.errors.contains("2 more paths that do not lead to a string"))
    // No warning if there was no input.
    #expect(try Shell.run("scval-json --field a", input: []).errors == "")
    #expect(try Shell.run(#"printf '{"a":null}\n{"b":1}\n' | scval-json --field a"#).errors == "")
  }

  /// Help describes the defaults of options, in groups.
  @Test func helpIsGrouped() throws {
    let help = try Shell.run("scval-json --help").text
    let titles = ["WHAT THE VALUES ARE:", "HOW THEY ARE WRITTEN:", "INPUT, OUTPUT AND MESSAGES:"]
    #expect(titles.compactMap { help.range(of: $0)?.lowerBound } == titles.compactMap { help.range(of: $0)?.lowerBound }.sorted())
    #expect(titles.allSatisfy(help.contains))
    for text in ["default: SCVal", "default: sep51", "applies to that contract only"] {
      #expect(help.replacing(/\s+/, with: " ").contains(text), "\(text)")
    }
  }

  /// `decode | encode` gives the ledgers again, `encode | decode` their text.
  @Test func wholeLedgersComeBack() throws {
    let type = "--type LedgerCloseMeta"
    #expect(try Shell.run("scval-json \(type) ledgers.xdr | scval-json --encode \(type) -o xdr").output == Ledgers.stream)
    let lines = try Shell.run("ledger-split --by ledger -o ndjson ledgers.xdr | scval-json \(type)")
    #expect(lines.lines.count == 28)
    #expect(try Shell.run("scval-json --encode \(type) | scval-json \(type)", input: lines.output).output == lines.output)
    for line in lines.lines { _ = try JSON(text: line) }
  }

  /// Rows of an RPC server's getEvents, as in the README.
  @Test func eventsOfAnRPCServer() throws {
    let response = try JSON(text: Expected.text("rpc/getEvents.json"))
    let events = try #require(response.at(pointer: "/result/events")?.elements)
    let whole = try Shell.run("scval-json --field 'result.events[].topic[]' --field 'result.events[].value' rpc/getEvents.json")
    #expect(whole.status == 0 && whole.errors == "")
    let decoded = try #require(try JSON(text: whole.text).at(pointer: "/result/events")?.elements)
    #expect(decoded.count == events.count)
    for (event, decoded) in zip(events, decoded) {
      #expect(decoded["topic"]?.elements?.count == event["topic"]?.elements?.count)
      for (topic, value) in zip(
        (event["topic"]?.elements ?? []) + [event["value"] ?? .null],
        (decoded["topic"]?.elements ?? []) + [decoded["value"] ?? .null])
      {
        let text = try rendered(type("SCVal"), base64(topic.text ?? ""))
        #expect(try JSON(text: text) == value)
      }
    }
  }

  @Test func fieldsOfATransaction() throws {
    let found = try Shell.run("scval-json --field meta_xdr --type TransactionMeta transactions.ndjson")
    #expect(found.status == 0 && found.lines.count == 102)
    for (line, source) in zip(found.lines, Expected.transactions.split(separator: "\n")) {
      let version = try #require(try JSON(text: line)["meta_xdr"])
      #expect(["v0", "v1", "v2", "v3", "v4"].filter { version[$0] != nil }.count == 1)
      // Everything else passes through byte for byte.
      let parts = [line, String(source)].map { $0.components(separatedBy: "\"meta_xdr\":")[0] }
      #expect(parts[0] == parts[1])
    }
  }

  /// Conditions on parts that a specification does not rewrite.
  static let conditions = [
    "", "--contract CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6", "--function 'o*'", "--min-args 3", "--max-args 2",
    "--has events", "--topic 'order/placed/*'", "--topic 'order/cancelled/1'", "--topic '2=G*'", "--data 'too late'",
    "--event-type diagnostic --topic 'fn_return/*'", "--arg USD", "--arg '1=*USD*'", "--arg '>9007199254740992'",
    "--arg 2=hex:0bf474896363505e5ea5e5d6ace8ebfb13a760a409b1fb467d428fc716f9f284", "--value-type bytes", "--state USD",
    "--arg USD --topic 'order/placed/*'", "--arg USD --topic 'order/placed/*' --state '=20000000'", "--failed", "--tx 00",
    "-v --has events",
  ]

  /// `event-filter` selects the same records before and after a specification adds names.
  @Test(arguments: conditions, ["native", "sep51"]) func namesDoNotAffectTheFilter(condition: String, style: String) throws {
    let condition = condition.replacing("--tx 00", with: "--tx \(String(repeating: "0", count: 64))")
    let records = "grep '\"ledger_sequence\":1051,' invocations.ndjson"
    let decode = "scval-json --style \(style) --spec contract.wasm"
    let expected = try Shell.run("\(records) | event-filter -q \(condition) | \(decode)")
    let found = try Shell.run("\(records) | \(decode) | event-filter -q \(condition)")
    #expect(found.errors == "" && found.status == 0)
    #expect(found.text == expected.text)
  }

  /// Every row from another encoder, by type, in one run in each direction.
  @Test(
    arguments: [Repository.testdata("values.ndjson"), Repository.realLedgers.map { "\($0)/values/values.ndjson" }].compactMap(
      \.self))
  func theRowsOfAllTypes(file: String) throws {
    let rows = try Repository.lines(file).map { try JSON(text: $0) }
    #expect(rows.count >= 471)
    for (name, rows) in Dictionary(grouping: rows, by: { $0["type"]?.text ?? "" }) {
      let xdr = rows.map { ($0["xdr"]?.text ?? "") + "\n" }.joined()
      let text = rows.map { ($0["json"]?.text ?? "") + "\n" }.joined()
      #expect(try Shell.run("scval-json --type \(name)", input: Array(xdr.utf8)).text == text)
      #expect(try Shell.run("scval-json --encode --type \(name)", input: Array(text.utf8)).text == xdr)
    }
  }

  /// Complete ledgers of every protocol, with the calls of contracts on the public network. The largest ledgers are omitted: they
  /// take a minute and add nothing else.
  @Test(
    .enabled(if: Repository.realLedgers != nil, "there are no real ledgers in ../shared/ledgers beside the checkout"),
    arguments: ["pubnet/*.zst", "pubnet-run/*.zst", "testnet/*.zst", "core/p2[0-59].xdr.zst"])
  func realLedgersRoundTrip(files: String) throws {
    let scratch = try Scratch()
    let root = try #require(Repository.realLedgers)
    let split = "for file in '\(root)'/\(files); do ledger-split -q --by ledger -o xdr \"$file\"; done > ledgers; test -s ledgers"
    // Some writers use `type_`, which means the same value.
    let rename = "sed 's/\"type\":/\"type_\":/g'"
    let type = "--type LedgerCloseMeta"
    let found = try Shell.run(
      "\(split) && scval-json \(type) ledgers | \(rename) | scval-json \(type) --encode -o xdr | cmp - ledgers",
      in: scratch.folder)
    #expect(found.status == 0 && found.errors == "")
  }
}
