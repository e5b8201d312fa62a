import TestSupport
import Testing

/// Responses of RPC servers in every form that servers and common filters produce (specification, sections 4 and 5).
@Suite struct AnswerTests {
  private static let entries = "rpc/getTransactions.ndjson"
  private static let extract = "invocation-extract --network local --footprint-ops"

  private func run(_ command: String) throws -> Outcome {
    let found = try Shell.run(command)
    #expect(found.status == 0 && found.errors == "", "\(command): \(found.errors)")
    return found
  }

  // MARK: transactions

  /// `xdrFormat: "json"`: the SEP-51 form of each part, with and without the base64 of the others.
  @Test(arguments: [
    ["envelope", "result", "resultMeta"], ["envelope"], ["result"], ["resultMeta"], ["envelope", "resultMeta"],
  ]) func theJSONForm(parts: [String]) throws {
    let types = ["envelope": "TransactionEnvelope", "result": "TransactionResult", "resultMeta": "TransactionMeta"]
    let decoders = parts.map { "scval-json --type \(types[$0] ?? "") --field \($0)Xdr" }.joined(separator: " | ")
    let renamed = parts.map { ".\($0)Json = .\($0)Xdr | del(.\($0)Xdr)" }.joined(separator: " | ")
    let found = try run("cat \(Self.entries) | \(decoders) | jq -c '\(renamed)' | \(Self.extract)")
    #expect(try found.output == run("\(Self.extract) \(Self.entries)").output && found.lines.count == 10)
  }

  /// A server responds with the requested hash, which may be that of a fee bump's inner transaction.
  @Test func feeBumpsByTheirInnerHash() throws {
    let expected = try run("grep '\"feeBump\":true' \(Self.entries) | \(Self.extract)")
    let inner = try expected.lines.map { try #require(try JSON(text: $0)["meta"]?["inner_tx_hash"]?.text) }
    #expect(inner.count == 3 && Set(inner).count == 3)
    let hashes = inner.map { "\"\($0)\"" }.joined(separator: ",")
    for change in [".txHash = $hashes[$index]", ".txHash = ($hashes[$index] | ascii_upcase)"] {
      let found = try run(
        """
        grep '"feeBump":true' \(Self.entries) | jq -nc '[\(hashes)] as $hashes | [inputs] | to_entries[] |
          .key as $index | .value | \(change)' | \(Self.extract)
        """)
      #expect(found.output == expected.output)
    }
    // Another hash is not accepted in its place.
    let swapped = try Shell.run("grep '\"feeBump\":true' \(Self.entries) | jq -c '.txHash = \"\(inner[0])\"' | \(Self.extract)")
    #expect(swapped.status == 3 && swapped.lines == Array(expected.lines.prefix(1)))
  }

  /// The time as a number, as text, and as RFC 3339; the other numbers as text.
  @Test(arguments: [
    ".createdAt |= tonumber", ".createdAt |= tostring", ".createdAt |= (tonumber | todate)",
    ".createdAt |= (tonumber + 7200 | todate | sub(\"Z\"; \".75+02:00\"))", ".ledger |= tostring | .applicationOrder |= tostring",
    ".latestLedger = 2000 | .diagnosticEventsJson = [{}] | .events = {contractEventsXdr: [[]]}", ".status = \"ANY\"",
    "del(.status)",
  ]) func membersInOtherForms(change: String) throws {
    let found = try run("jq -c '\(change)' \(Self.entries) | \(Self.extract)")
    #expect(try found.output == run("\(Self.extract) \(Self.entries)").output)
  }

  /// Responses and entries, on one line or several, consecutive or as an array.
  @Test(arguments: [
    "jq .", "jq --tab .", "jq -s .", "jq -cs .", "jq -s '{result: {transactions: .}}'", "jq -cs '{transactions: .}'",
    "jq '{jsonrpc: \"2.0\", id: 1, result: .}'", "jq -s 'map({id: 1, result: .})'", "jq . | sed 's/$/\\r/'", "jq . | sed G",
    "jq -s '.[:4], .[4:5], {result: {transactions: .[5:]}}'", "jq -s '[.[:4], .[4:]] | .[] | {transactions: .}'",
  ]) func shapesOfAnswers(shape: String) throws {
    let found = try run("cat \(Self.entries) | \(shape) | \(Self.extract)")
    #expect(try found.output == run("\(Self.extract) \(Self.entries)").output)
  }

  /// Our own records, pretty-printed and as an array.
  @Test(arguments: ["jq .", "jq -s .", "jq -cs ."]) func shapesOfTransactions(shape: String) throws {
    #expect(try run("\(shape) transactions.ndjson | invocation-extract").text == Expected.invocations)
  }

  /// Other tools also read JSON on several lines; unchanged values keep their lines.
  @Test(arguments: [
    "event-filter -c", "event-filter -o xdr", "scval-json --encode --type ContractInvocation", "scval-json --style proto -q",
    "event-filter --function 'try_*' | jq -c .", "scval-json --style native | jq -c .",
  ]) func shapesOfInvocations(command: String) throws {
    #expect(try run("jq . invocations.ndjson | \(command)").output == run("cat invocations.ndjson | \(command)").output)
    let text = try run("jq --tab . invocations.ndjson | sed 's/$/\\r/'")
    #expect(try Shell.run("event-filter", input: text.output).output == text.output)
  }

  @Test func wrappedValues() throws {
    let found = try run("tail -n 40 transactions.ndjson | jq -r .meta_xdr | scval-json --type TransactionMeta")
    let wrapped = try run(
      """
      tail -n 40 transactions.ndjson | jq -r .meta_xdr | while read -r line; do echo $line | base64 -d | base64; done |
        scval-json --type TransactionMeta
      """)
    #expect(wrapped.output == found.output && found.lines.count == 40)
  }

  @Test(arguments: [
    #"{"result":{"transactions":[],"latestLedger":7}}"#, #"{"result":{"transactions":null}}"#, "[]", "[\n]",
    #"{"result":{"status":"NOT_FOUND","latestLedger":5,"txHash":"00"}}"#, "{\n  \"status\": \"NOT_FOUND\"\n}",
    #"[{"status":"NOT_FOUND"},{"transactions":[]}]"#,
  ]) func answersWithoutTransactions(text: String) throws {
    let found = try Shell.run("invocation-extract", input: Array(text.utf8))
    #expect(found.status == 0 && found.errors == "" && found.output == [])
  }

  /// Damage in a response affects its entry; damage in a response on several lines affects the response.
  @Test func damageIsSkipped() throws {
    let whole = try run("\(Self.extract) \(Self.entries)").lines
    let entry = try Shell.run(
      "\(Self.extract) -k --stats", input: Array((try run("jq -cs '.[1].ledger = null' \(Self.entries)").text).utf8))
    let lost = try run("sed -n 2p \(Self.entries) | \(Self.extract)").lines
    #expect(entry.status == 0 && entry.lines == whole.filter { !lost.contains($0) } && !lost.isEmpty)
    #expect(entry.messages.first == "invocation-extract: standard input: entry without ledger (byte 0, record 1)")
    let lines = try run("jq . \(Self.entries) | sed '0,/\"ledger\": /s//\"ledger\" /'")
    let value = try Shell.run("\(Self.extract) -k", input: lines.output)
    let first = try run("head -n1 \(Self.entries) | \(Self.extract)").lines
    #expect(value.status == 0 && value.lines == Array(whole.dropFirst(first.count)) && value.messages.count == 1)
    #expect(value.errors.contains("unexpected '1' in JSON (byte "))
  }

  /// Without hashes nothing confirms the network: one warning says so.
  @Test func entriesWithoutTheirHash() throws {
    let found = try Shell.run("jq -c 'del(.txHash)' \(Self.entries) | \(Self.extract)")
    #expect(try found.output == run("\(Self.extract) \(Self.entries)").output)
    #expect(found.status == 0 && found.messages.count == 1 && found.errors.contains("entry without txHash"))
    #expect(try Shell.run("jq -c 'del(.txHash)' \(Self.entries) | \(Self.extract) -q").errors == "")
  }

  // MARK: ledgers

  private static let split = "ledger-split --network local -q"

  @Test(arguments: [
    "jq .", "jq -c '.result'", "jq -c '.result.ledgers'", "jq '.result.ledgers'", "jq '.result.ledgers[]'",
    "jq -c '[.result.ledgers[].metadataXdr]'", "jq '.result.ledgers[].metadataXdr'", "jq -r '.result.ledgers[].metadataXdr'",
    "jq -s .", "jq '.result.ledgers[] | {id: 1, result: {id: .hash, protocolVersion: 22, sequence, metadataXdr}}'",
    "scval-json --type LedgerCloseMeta --field 'result.ledgers[].metadataXdr' | jq '.result.ledgers[] |= (.metadataJson = .metadataXdr | del(.metadataXdr))'",
    "jq -r '.result.ledgers[].metadataXdr' | while read -r line; do echo $line | base64 -d | base64; done",
    "jq -r '.result.ledgers[].metadataXdr' | while read -r line; do echo $line | base64 -d | base64 -w 64; done",
    "jq -r '.result.ledgers[0].metadataXdr, .result.ledgers[1].metadataXdr' | fold -w 100",
    "jq -r '.result.ledgers[].metadataXdr' | fold -w 75 | sed 's/$/\\r/'",
  ]) func shapesOfLedgers(shape: String) throws {
    let found = try run("cat rpc/getLedgers.json | \(shape) | \(Self.split)")
    #expect(try found.output == run("\(Self.split) rpc/getLedgers.json").output && !found.output.isEmpty)
  }

  @Test(arguments: [
    #"{"result":{"ledgers":[],"latestLedger":7}}"#, #"{"result":{"ledgers":null}}"#, #"{"ledgers":[]}"#, "[]",
    "{\n  \"result\": {\n    \"ledgers\": []\n  }\n}",
  ]) func answersWithoutLedgers(text: String) throws {
    let found = try Shell.run("ledger-split", input: Array(text.utf8))
    #expect(found.status == 0 && found.errors == "" && found.output == [])
  }

  /// Most lakes begin with ledger 2, and a batch that begins with it starts with the same word as a LedgerCloseMeta of version 2.
  @Test(arguments: [1, 2, 3]) func batchesOfTheFirstLedgers(first: UInt32) throws {
    let ledgers = try (0..<2).map { index in
      let type = type("LedgerCloseMeta")
      let text = try rendered(type, Ledgers.all[index]).replacing(
        "\"ledger_seq\":\(1024 + index)", with: "\"ledger_seq\":\(Int(first) + index)")
      return try parsed(type, text)
    }
    let batch = word(first) + word(first + 1) + array(ledgers)
    for input in [Array(base64Text(batch).utf8), batch] {
      let found = try Shell.run("ledger-split --by ledger", input: input)
      #expect(found.status == 0 && found.errors == "" && markedRecords(found.output) == ledgers)
    }
  }

  /// Responses that were observed, where they are available.
  @Test(.enabled(if: Repository.realLedgers != nil, "the cases are not at hand")) func observedResponses() throws {
    let cases = "\(Repository.realLedgers ?? "")/../cases"
    for (file, count) in [
      ("rpc-feebump-inner-hash.ndjson", 1), ("getTransaction-xdrFormat-json.json", 1), ("getTransaction-pretty.json", 1),
      ("getTransaction-not-found.json", 0), ("restored-after-updated.ndjson", 1),
    ] {
      #expect(try run("invocation-extract --network local \(cases)/\(file)").lines.count == count, "\(file)")
    }
    for file in ["getLedgers-empty-page.json", "getLatestLedger.json"] {
      #expect(try run("ledger-split --network local \(cases)/\(file)").output.isEmpty == file.contains("empty"), "\(file)")
    }
  }
}
