import TestSupport
import Testing

/// `invocation-extract` in the shell (specification, section 5).
@Suite struct ExtractTests {
  private static let split = "ledger-split --network local ledgers.xdr"

  @Test(arguments: [
    "\(split) | invocation-extract", "invocation-extract transactions.ndjson", "invocation-extract - < transactions.ndjson",
    "\(split) -o ndjson | invocation-extract -i ndjson", "\(split) | invocation-extract -i xdr -o ndjson",
    "\(split) --soroban | invocation-extract",
  ]) func bothFormsOfTransactionsGiveTheSame(command: String) throws {
    let found = try Shell.run(command)
    #expect(found.status == 0 && found.errors == "")
    #expect(found.text == Expected.invocations)
  }

  @Test func footprintOperations() throws {
    #expect(try Shell.run("\(Self.split) | invocation-extract --footprint-ops").text == Expected.text("invocations.ndjson"))
  }

  /// The XDR form, decoded or not along the way, gives the NDJSON form.
  @Test func bothFormsOfInvocationsAgree() throws {
    let decoded = try Shell.run("\(Self.split) | invocation-extract --footprint-ops | scval-json")
    #expect(decoded.status == 0 && decoded.lines.count == 91)
    for command in [
      "\(Self.split) | invocation-extract --footprint-ops -o xdr | scval-json", "scval-json invocations.ndjson",
      "scval-json < invocations.ndjson",
      "\(Self.split) | invocation-extract --footprint-ops | scval-json | scval-json",
      "scval-json --encode --type ContractInvocation -o xdr invocations.ndjson | scval-json",
      "scval-json invocations.ndjson | scval-json --encode --type contractinvocation -o xdr | scval-json",
    ] {
      #expect(try Shell.run(command).output == decoded.output, "\(command)")
    }
  }

  /// A record of more than 8 MiB, which is written while it is rendered or directly from where it was made, has the usual
  /// content.
  @Test func manyEvents() throws {
    let scratch = try Scratch()
    let times = 4_600
    let found = try Shell.run(
      """
      set -e
      sed -n 44p transactions.ndjson >$SCRATCH/one
      jq -r .meta_xdr $SCRATCH/one | scval-json --type TransactionMeta |
        jq -c '.v3.soroban_meta.events |= [range(\(times)) as $i | .[]]' |
        scval-json --encode --type TransactionMeta >$SCRATCH/meta
      jq -c --rawfile meta $SCRATCH/meta '.meta_xdr = ($meta | rtrimstr("\n"))' $SCRATCH/one >$SCRATCH/many
      invocation-extract $SCRATCH/many >$SCRATCH/lines
      invocation-extract -o xdr $SCRATCH/many >$SCRATCH/records
      event-filter -o ndjson $SCRATCH/records | cmp - $SCRATCH/lines
      for records in one many; do
        invocation-extract $SCRATCH/$records | scval-json | jq -c '.contract_call.events | [length, (.[:20], .[-20:] | map({topics, data}))]'
      done
      wc -c <$SCRATCH/records
      """, environment: ["SCRATCH": scratch.folder])
    try #require(found.status == 0 && found.lines.count == 3, "\(found.errors)")
    let (one, many) = (found.lines[0], found.lines[1])
    #expect(one.hasPrefix("[20,[{\"topics\":") && many == "[\(20 * times),\(one.dropFirst(4))")
    #expect((Int(found.lines[2]) ?? 0) > 8 << 20)
  }

  // MARK: selections

  private func records(_ options: String) throws -> [JSON] {
    let found = try Shell.run("invocation-extract \(options) transactions.ndjson")
    #expect(found.status == 0 && found.errors == "")
    return try found.lines.map { try JSON(text: $0) }
  }

  private let kinds = ["contract_call", "create_contract", "upload_wasm", "extend_ttl", "restore_footprint"]

  @Test(arguments: [
    ("--type call", ["contract_call"]), ("--type create,upload", ["create_contract", "upload_wasm"]),
    ("--type upload --type call", ["contract_call", "upload_wasm"]),
    ("--type create --footprint-ops", ["create_contract", "extend_ttl", "restore_footprint"]),
  ]) func kindsOfInvocations(options: String, expected: [String]) throws {
    let found = Set(try records(options).compactMap { $0.kind(among: kinds) })
    #expect(found == Set(expected))
  }

  private static let selections: [(options: String, parts: [String], hasResources: Bool)] = [
    ("--include events", ["events"], false),
    ("--include state,ttl --include auth", ["state_changes", "ttl_extensions", "auth"], false),
    ("--exclude events,diagnostics,calls", ["state_changes", "ttl_extensions", "auth"], true),
    ("--include events,calls --exclude calls", ["events"], false), ("--include resources", [], true),
    ("--exclude events,diagnostics,calls,state,ttl,auth,resources", [], false),
  ]

  /// An omitted part is absent; `null` would mean that it is unknown.
  @Test(arguments: selections.indices) func partsOfRecords(index: Int) throws {
    let selection = Self.selections[index]
    let parts = ["events", "diagnostic_events", "contract_calls", "state_changes", "ttl_extensions", "auth"]
    for record in try records(selection.options) {
      let body = try #require(record.kind(among: kinds).flatMap { record[$0] })
      #expect(parts.filter { body[$0] != nil } == selection.parts)
      #expect((record["meta"]?["resources"] != nil) == selection.hasResources && record["raw_xdr"] == nil)
    }
  }

  @Test func rawXDRIsTheInput() throws {
    let transactions = try Expected.transactions.split(separator: "\n").map { try JSON(text: String($0)) }
    for record in try records("--include raw --footprint-ops") {
      let source = try #require(transactions.first { $0["tx_hash"] == record["meta"]?["tx_hash"] })
      for name in ["envelope", "result", "meta"] { #expect(record["raw_xdr"]?[name] == source["\(name)_xdr"]) }
    }
  }

  @Test func unchangedUpdatesCanBeOmitted() throws {
    let (all, fewer) = try (records("--include state"), records("--include state --omit-unchanged"))
    let changes = { (record: JSON) in record.kind(among: kinds).flatMap { record[$0]?["state_changes"]?.elements } ?? [] }
    let isUnchanged = { (change: JSON) in change["operation"] == "update" && change["old_value"] == change["new_value"] }
    #expect(all.flatMap(changes).contains(where: isUnchanged))
    #expect(!fewer.flatMap(changes).contains { isUnchanged($0) && $0["entry"] != "code" })
    let values = { (records: [JSON]) in records.flatMap(changes).filter { $0["entry"] != "code" && !isUnchanged($0) } }
    #expect(values(all) == values(fewer))
  }

  // MARK: RPC

  /// An RPC server's transactions equal those of the ledgers, except for the protocol version, which the server omits.
  @Test(arguments: ["getTransactions.ndjson", "getTransaction.ndjson"]) func rpcAgreesWithTheLedgers(file: String) throws {
    let found = try Shell.run("invocation-extract --network local --footprint-ops rpc/\(file)")
    #expect(found.status == 0 && found.errors == "")
    let all = try Expected.text("invocations.ndjson").split(separator: "\n").map { try JSON(text: String($0)) }
    let hashes = try Repository.lines(Repository.testdata("rpc/\(file)")).map { try JSON(text: $0)["txHash"] }
    let expected = hashes.flatMap { hash in all.filter { $0["meta"]?["tx_hash"] == hash } }
    #expect(found.lines.count == expected.count && !expected.isEmpty)
    for (line, expected) in zip(found.lines, expected) {
      let record = try JSON(text: line)
      #expect(record["meta"]?["protocol_version"] == .null)
      #expect(withoutVersion(record) == withoutVersion(expected))
    }
  }

  private func withoutVersion(_ record: JSON) -> JSON {
    var record = record
    record["meta"]?["protocol_version"] = nil
    return record
  }

  /// Entries, a response, and its result give the same records; numbers may be strings, and a response may be empty.
  @Test func rpcResponsesInEveryForm() throws {
    let entries = Expected.text("rpc/getTransactions.ndjson")
    let expected = try Shell.run("invocation-extract --network local", input: Array(entries.utf8))
    let list = "[" + entries.split(separator: "\n").joined(separator: ",") + "]"
    for text in [
      #"{"jsonrpc":"2.0","id":1,"result":{"transactions":\#(list),"latestLedger":1051}}"#,
      #"{"transactions":\#(list),"cursor":"1"}"#,
      entries.replacing(/"(ledger|createdAt|applicationOrder)":(\d+)/) { #""\#($0.1)":"\#($0.2)""# },
    ] {
      let found = try Shell.run("invocation-extract --network local", input: Array((text + "\n").utf8))
      #expect(found.errors == "" && found.output == expected.output)
    }
    for text in [
      #"{"result":{"status":"NOT_FOUND","latestLedger":5}}"#, #"{"result":{"transactions":[]}}"#, #"{"status":"NOT_FOUND"}"#,
    ] {
      let found = try Shell.run("invocation-extract", input: Array(text.utf8))
      #expect(found.status == 0 && found.output == [] && found.errors == "")
    }
  }

  @Test func rpcLedgersAreLedgers() throws {
    let found = try Shell.run("ledger-split --network local -o ndjson -q rpc/getLedgers.json")
    let expected = Expected.transactions.split(separator: "\n").filter {
      $0.contains("\"ledger_sequence\":1035,") || $0.contains("\"ledger_sequence\":1040,")
    }
    #expect(found.status == 0 && found.errors == "" && found.lines == expected.map(String.init))
  }
}
