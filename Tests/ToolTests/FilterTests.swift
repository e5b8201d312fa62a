import TestSupport
import Testing

/// `event-filter` with the notations that users know from elsewhere.
@Suite struct FilterTests {
  private static let styles = [
    "cat invocations.ndjson", "scval-json invocations.ndjson", "scval-json --style native invocations.ndjson",
    "event-filter -o xdr invocations.ndjson",
  ]

  private func count(_ options: String, of input: String = "cat invocations.ndjson") throws -> Int? {
    let found = try Shell.run("\(input) | event-filter -c -q \(options)")
    #expect(found.status == 0 && found.errors == "", "\(options)")
    return found.lines.first.flatMap { Int($0) }
  }

  /// Transfers, with amounts computed here from the native style: with a muxed receiver, whose id is not an amount, and without.
  @Test(arguments: [0, 1, 3, 9_999_999, 10_000_000, 25_000_000, 60_000_000]) func transfersByAmount(least: Int) throws {
    let records = try Shell.run("scval-json --style native invocations.ndjson").lines.map { try JSON(text: $0) }
    let expected = records.count { record in
      let events = ["contract_call", "create_contract"].compactMap { record[$0]?["events"]?.elements }.joined()
      return events.contains { event in
        guard event["topics"]?.elements?.first?.text == "transfer" else { return false }
        let amount = event["data"]?.text ?? event["data"]?["amount"]?.text
        return amount.flatMap { Int($0) }.map { $0 > least } ?? false
      }
    }
    for input in Self.styles {
      #expect(
        try count("--topic 'transfer/**' --data '.=>\(least)' --data 'amount=>\(least)'", of: input) == expected, "\(input)")
    }
  }

  @Test func membersInAllForms() throws {
    for options in [
      "--data 'amount=*'", "--data '.*=*'", "--state '0=*'", "--arg '0.=/^G/'", "--state '.*.*=*'", "--arg '.0=*'",
    ] {
      let expected = try count(options)
      #expect(expected.map { $0 > 0 } ?? false, "\(options)")
      for input in Self.styles { #expect(try count(options, of: input) == expected, "\(options), \(input)") }
    }
  }

  /// Base64 as in the filters of RPC servers.
  @Test func topicsInBase64() throws {
    let transfers = try count("--topic 'transfer/**'")
    #expect(transfers.map { $0 > 3 } ?? false)
    for input in Self.styles { #expect(try count("--topic 'AAAADwAAAAh0cmFuc2Zlcg==/**'", of: input) == transfers, "\(input)") }
    // A string is not a symbol, except in native style.
    #expect(try count("--topic 'AAAADgAAAAh0cmFuc2Zlcg==/**'") == 0)
  }

  /// Event records pass unchanged in each form; `-o` converts those with XDR; a truncated line at the end is an error.
  @Test(arguments: [
    "cat events.ndjson", "scval-json events.ndjson", "scval-json --style native events.ndjson",
    "event-filter -o xdr events.ndjson",
    "cat invocations.ndjson events.ndjson",
  ]) func eventsPassUnchanged(input: String) throws {
    let all = try Shell.run("\(input) | event-filter")
    let given = try Shell.run(input)
    #expect(all.status == 0 && all.errors == "" && all.output == given.output)
    let scratch = try Scratch()
    let parts = try Shell.run(
      """
      \(input) >$SCRATCH/all && event-filter --failed $SCRATCH/all >$SCRATCH/a && event-filter -v --failed $SCRATCH/all >$SCRATCH/b &&
        cat $SCRATCH/a $SCRATCH/b | wc -c && wc -c <$SCRATCH/all
      """, environment: ["SCRATCH": scratch.folder])
    #expect(parts.lines.count == 2 && parts.lines.first == parts.lines.last)
    if input.contains("native") { return }
    let converted = try Shell.run("\(input) | event-filter -o xdr | event-filter -o ndjson")
    let raw = input.hasPrefix("cat inv") ? "cat invocations.ndjson events.ndjson" : "cat events.ndjson"
    #expect(try converted.output == Shell.run(raw).output && converted.errors == "")
  }

  // MARK: assets

  /// The contracts of assets, from the creations of these contracts.
  @Test func contractsOfAssets() throws {
    let records = try Repository.lines(Repository.testdata("invocations.ndjson")).map { try JSON(text: $0) }
    let created = records.compactMap { record -> (asset: String, contract: String)? in
      guard let creation = record["create_contract"], let asset = creation["asset"]?.text, let id = creation["contract_id"]?.text,
        !asset.contains("\\")
      else { return nil }
      return (asset, id)
    }
    #expect(Set(created.map(\.asset)).count >= 3 && created.contains { $0.asset == "native" })
    for (asset, contract) in created {
      for option in ["--contract", "--involves", "--affects"] {
        let expected = try count("\(option) \(contract)")
        #expect(try count("\(option) \(asset) --network local") == expected, "\(option) \(asset)")
        #expect(try count("\(option) \(asset) --network 'Standalone Network ; February 2017'") == expected)
      }
      #expect(try count("--contract \(asset)") == 0)
      #expect(try count("--contract \(contract)").map { $0 > 0 } ?? false)
    }
    let known = try Shell.run(
      "event-filter -c --contract native invocations.ndjson",
      environment: ["NETWORK_PASSPHRASE": "Standalone Network ; February 2017"])
    let expected = try count("--contract native --network local")
    #expect(known.errors == "" && known.text == "\(expected ?? 0)\n")
  }

  /// A list of assets means one of their contracts; the message gives the position of an invalid one.
  @Test func listsOfAssets() throws {
    let scratch = try Scratch()
    let issuer = "GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH"
    let list = scratch.path("list")
    let command = "event-filter -c --contract '@\(list)' --network local invocations.ndjson"
    _ = try scratch.file("list", Array("# assets\n\nnative\n  USD:\(issuer)\n".utf8))
    #expect(try Shell.run(command).text == "6\n")
    _ = try scratch.file("list", Array("native\nUSD:G\n".utf8))
    let bad = try Shell.run(command)
    #expect(bad.status == 2)
    #expect(
      bad.messages.first
        == "event-filter: \(list), byte 7: 'USD:G' is not an asset: its issuer is not an account (G…): its length, a character or its checksum is wrong"
    )
  }

  // MARK: messages if nothing matched

  /// `-q` silences warnings, and a run that stops before the end of its input has none.
  @Test func warningsAreOptional() throws {
    let nothing = "--tx \(String(repeating: "0", count: 64))"
    #expect(try Shell.run("event-filter -c \(nothing) invocations.ndjson").messages.count == 1)
    #expect(try Shell.run("event-filter -c -q \(nothing) invocations.ndjson").errors == "")
    #expect(try Shell.run("event-filter -v -m 3 \(nothing) invocations.ndjson").errors == "")
    #expect(try Shell.run("event-filter -q --exit-status \(nothing) invocations.ndjson > /dev/null").status == 1)
    #expect(try Shell.run("event-filter -q --exit-status -m 1 --failed invocations.ndjson > /dev/null").status == 0)
  }

  /// The maximum number of warnings of a kind, then their count.
  @Test func manyUnseenValues() throws {
    let ranges = try Shell.run("event-filter -c $(seq -f '--ledgers=%g' 2000 2 2040) invocations.ndjson")
    #expect(ranges.messages.count == 11 && ranges.messages.last?.contains(" ranges without a record ") ?? false)
    let found = try Shell.run(
      "seq -f '%064g' 1 40 | event-filter -c --tx @/dev/stdin invocations.ndjson")
    #expect(found.status == 0 && found.text == "0\n")
    #expect(
      found.messages.first == "event-filter: --tx: there was no record of transaction \(String(repeating: "0", count: 63))1")
    #expect(found.messages.count == 11 && found.messages.last?.contains(" 30 more transactions without a record ") ?? false)
  }

  /// The locale of the environment has no effect.
  @Test(arguments: ["C", "POSIX", "C.UTF-8", "tr_TR.ISO-8859-9", ""]) func expressionsMatchCharacters(locale: String) throws {
    let records = Repository.lines(Repository.testdata("invocations.ndjson")).map { String(decoding: $0, as: UTF8.self) }
    let record = try #require(records.first { $0.contains("\"function_name\":") })
    // The string é.
    let line = record.replacing(/"arguments":\[[^\]]*\]/, with: #""arguments":[{"xdr":"AAAADgAAAALDqQAA"}]"#)
    for (pattern, expected) in [("^.$", 1), ("[é]", 1), ("[è]", 0), ("^[a-ÿ]$", 1), ("^..$", 0)] {
      for style in ["", "| event-filter -o xdr", "| scval-json --style native"] {
        let found = try Shell.run(
          "printf '%s\\n' \"$LINE\" \(style) | event-filter -c --arg '/\(pattern)/'",
          environment: ["LC_ALL": locale, "LANG": locale, "LINE": line])
        #expect(found.text == "\(expected)\n", "\(pattern) \(style) \(found.errors)")
      }
    }
  }
}
