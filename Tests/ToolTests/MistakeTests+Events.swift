import TestSupport

/// Unreadable events, and events that cannot be proved.
extension MistakeTests {
  private static let events = "invocation-extract --by event"

  /// An entry of getEvents with some members, and its message.
  private static func entry(_ members: String, _ message: String) -> Mistake {
    ("echo '{\(members)}' | \(events)", 3, "invocation-extract: standard input: \(message)")
  }

  static let eventMistakes: [Mistake] = [
    entry(#""topic":[]"#, "entry without ledger (byte 0, record 1)"),
    entry(#""ledger":5,"topic":[],"value":"AAAAAQ==""#, "entry without type (byte 0, record 1, ledger 5)"),
    entry(
      #""ledger":5,"type":"classic","topic":[],"value":"AAAAAQ==""#,
      "type is neither contract, system nor diagnostic (byte 20, record 1, ledger 5)"),
    entry(
      #""result":{"events":[{"ledger":5,"type":"contract","value":"AAAAAQ=="}]}"#,
      "entry without topic (byte 0, record 1, ledger 5)"),
    entry(#""ledger":5,"type":"contract","topic":[]"#, "entry without value (byte 0, record 1, ledger 5)"),
    entry(
      #""ledger":5,"type":"contract","topic":[7],"value":"AAAAAQ==""#, "topic[0] is not a string (byte 39, record 1, ledger 5)"),
    entry(
      #""ledger":5,"type":"contract","topic":["AAA*"],"value":"AAAAAQ==""#,
      "topic[0] is not base64 (byte 39, record 1, ledger 5)"),
    entry(
      #""ledger":5,"type":"contract","topic":[],"value":"AAAAYw==""#,
      "value: SCVal has no arm 99 (byte 49, record 1, ledger 5)"),
    entry(
      #""ledger":5,"type":"contract","topicJson":[{"u32":-1}],"valueJson":"void""#,
      "topicJson[0]: number out of range for unsigned int (byte 50, record 1, ledger 5)"),
    entry(
      #""ledger":5,"type":"contract","contractId":"CABC","topic":[],"value":"AAAAAQ==""#,
      "contractId is not a C… address (byte 44, record 1, ledger 5)"),
    entry(
      #""ledger":5,"txHash":"12","type":"contract","topic":[],"value":"AAAAAQ==""#,
      "txHash is not 64 hex digits (byte 22, record 1, ledger 5)"),
    entry(
      #""ledger":5,"ledgerClosedAt":"today","type":"contract","topic":[],"value":"AAAAAQ==""#,
      "ledgerClosedAt is not an RFC 3339 time (byte 30, record 1, ledger 5)"),
    entry(
      #""ledger":5,"id":"\\ud800","type":"contract","topic":[],"value":"AAAAAQ==""#,
      "id: half of a surrogate pair in a JSON string (byte 18, record 1, ledger 5)"),
    (
      "invocation-extract rpc/getEvents.json", 3,
      "invocation-extract: rpc/getEvents.json: this is an answer of getEvents; invocation-extract --by event reads it (byte 0, record 1)"
    ),
    (
      "\(events) --verify rpc/getEvents.json", 3,
      "invocation-extract: rpc/getEvents.json: events of getEvents hold nothing to verify (byte 0, record 1)"
    ),
    (
      "\(events) events.ndjson", 3,
      "invocation-extract: events.ndjson: this is a ContractEvent, which invocation-extract --by event makes from transactions (byte 0, record 1)"
    ),
    (
      "event-filter --function x --min-args 2 --contract native events.ndjson", 2,
      "event-filter: --function, --min-args do not apply to ContractEvent records, and the input begins with one"
    ),
    (
      "event-filter --any --has events --failed events.ndjson", 2,
      "event-filter: --has does not apply to ContractEvent records, and the input begins with one"
    ),
    // The members that the condition reads come before the cut.
    (
      "head -c 100000 invocations.ndjson | event-filter -c --account GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL", 3,
      "event-filter: standard input: contract_call.state_changes[0].new_value.xdr: JSON ends inside a value (byte 100000, record 36, ledger 1032)"
    ),
    (
      "head -c 2000 events.ndjson | event-filter -c --stage after_all_txs", 3,
      "event-filter: standard input: meta: JSON ends inside a value (byte 2000, record 3)"
    ),
    (
      "event-filter --stage operation invocations.ndjson", 2,
      "event-filter: --stage does not apply to ContractInvocation records, and the input begins with one"
    ),
    (
      "sed 1q events.ndjson | jq -c 'del(.event)' | event-filter", 3,
      #"event-filter: standard input: this is not a ContractEvent, a line that begins with {"_schema":"soroban-pipes.contract_event.v1" and has a meta and an event (byte 0, record 1, ledger 2000)"#
    ),
    (
      "ledger-split events.ndjson", 3,
      "ledger-split: events.ndjson: this is a ContractEvent, which invocation-extract --by event makes; ledger-split reads LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      "ledger-split --network local --verify --anchor 1999:\(String(repeating: "0", count: 64)) events.xdr", 3,
      "ledger-split: ledger 1999 of --anchor was not read, so nothing before it is proved"
    ),
    (
      #"echo '{"_schema":"soroban-pipes.contract_invocation.v1","meta":{"metrics":[]}}' | scval-json --encode --type ContractInvocation"#,
      3,
      "scval-json: standard input: meta.metrics: expected InvocationMetrics (an object of decimal strings) (byte 68, record 1)"
    ),
  ]
}
