import Testing

@testable import Filtering

@Suite struct RequestTests {
  private let samples = [
    Sample(
      ledger: 10,
      what: Sample.call(contract(1), by: account(1), function: "transfer", arguments: #"[{"bytes":"00ff"},{"u32":5}]"#),
      events: "[\(Sample.event(#"[{"symbol":"transfer"},{"bytes":"aa"}]"#, data: #"{"i128":"700"}"#))]"),
    Sample(
      ledger: 20, successful: false, what: Sample.call(contract(2), by: account(2), function: "trans*"),
      diagnostics: "[\(Sample.diagnostic("[]"))]"),
    Sample(
      ledger: 30, what: Sample.creation(contract(3), by: account(3), arguments: "[]"),
      state: "[\(Sample.change(of: contract(3), "create", "temporary", key: #"{"symbol":"key"}"#, new: #"{"symbol":"new"}"#))]",
      kind: "create_contract"),
  ]

  private func select(_ request: String, now: UInt64 = 0) throws -> [Int] {
    try FilteringTests.select(samples) { ($0.request, $0.now) = (Array(request.utf8), now) }
  }

  @Test(
    arguments: [
      ("{}", [0, 1, 2]), (#"{"contractIds":["\#(contract(1))","\#(contract(3))"]}"#, [0, 2]),
      (#"{"contract_ids":["\#(contract(2))"]}"#, [1]),
      (#"{"functionNames":["trans*"]}"#, [1]), (#"{"invoking_accounts":["\#(account(3))"]}"#, [2]),
      (#"{"successfulOnly":true}"#, [0, 2]),
      (#"{"successfulOnly":false}"#, [0, 1, 2]), (#"{"typeFilter":"INVOCATION_TYPE_FILTER_CREATE_CONTRACT"}"#, [2]),
      (#"{"type_filter":1}"#, [0, 1]),
      (#"{"startLedger":20,"endLedger":0}"#, [1, 2]), (#"{"startLedger":"10","end_ledger":20}"#, [0, 1]),
      (#"{"timeFilter":null}"#, [0, 1, 2]),
      (#"{"contentFilter":{"topicFilters":[{"exactMatch":"transfer"}]}}"#, [0]),
      (#"{"contentFilter":{"topicFilters":[{"exactMatch":"tr*"}]}}"#, []),
      (#"{"contentFilter":{"topicFilters":[{"topicIndex":1,"bytesMatch":"qg"},{"topicIndex":9,"pattern":"x"}]}}"#, [0]),
      (#"{"contentFilter":{"topicFilters":[{"pattern":"ansf"}]}}"#, [0]),
      // Larger than any 32-bit Int, which the WebAssembly module has.
      (#"{"contentFilter":{"topicFilters":[{"topicIndex":4294967295,"exactMatch":"transfer"}]}}"#, []),
      (#"{"content_filter":{"has_state_changes":true}}"#, [2]),
      (#"{"contentFilter":{"hasDiagnosticEvents":true}}"#, [1]),
      (#"{"contentFilter":{"dataPatterns":[{"bytesPattern":"AP8="}]}}"#, [0]),
      (#"{"contentFilter":{"dataPatterns":[{"typeFilter":"SC_VALUE_TYPE_FILTER_NUMERIC"}]}}"#, [0]),
      (#"{"contentFilter":{"dataPatterns":[{"location":"DATA_LOCATION_EVENT_DATA","stringPattern":"^7"}]}}"#, [0]),
      // Alternatives may apply to different parts; keys of state changes are not among the values.
      (
        #"{"contentFilter":{"dataPatterns":[{"location":1,"stringPattern":"^7"},{"location":"DATA_LOCATION_STATE_VALUES","stringPattern":"new"}]}}"#,
        [0, 2]
      ),
      (#"{"contentFilter":{"dataPatterns":[{"location":2,"stringPattern":"key"}]}}"#, []),
      (#"{"timeFilter":{"startTime":"2026-06-20T11:02:33.000Z","endTime":"2026-06-20T13:02:33+02:00"}}"#, [0, 1, 2]),
      (#"{"timeFilter":{"startTime":"2026-06-20T11:02:33.5Z"}}"#, []),
      (
        #"{"stateFilter":{"operations":["STATE_CHANGE_OPERATION_CREATE",1],"durabilities":["CONTRACT_DATA_DURABILITY_TEMPORARY"]}}"#,
        [2]
      ),
      (#"{"state_filter":{"affected_contracts":["\#(contract(3))"],"has_ttl_extensions":false}}"#, [2]),
      (#"{"successfulOnly":true,"startLedger":11}"#, [2]), (#"{"options":{"includeRawXdr":false,"inclusion":{}}}"#, [0, 1, 2]),
    ] as [(String, [Int])])
  func requests(_ request: String, _ expected: [Int]) throws { #expect(try select(request) == expected) }

  @Test func recentOnlyIsTheLastHour() throws {
    let closed: UInt64 = 1_781_953_353
    #expect(try select(#"{"timeFilter":{"recentOnly":true}}"#, now: closed + 3600) == [0, 1, 2])
    #expect(try select(#"{"timeFilter":{"recentOnly":true}}"#, now: closed + 3601) == [])
  }

  @Test func impossibleConditions() throws {
    let upload = #""typeFilter":"INVOCATION_TYPE_FILTER_UPLOAD_WASM""#
    for (request, warning) in [
      (#"{\#(upload),"functionNames":["f"]}"#, "no record meets both: --request function_names, and the requested type"),
      (
        #"{\#(upload),"contractIds":["\#(contract(1))"]}"#,
        "no record meets both: --request contract_ids, and the requested type"
      ),
      (#"{\#(upload),"successfulOnly":true}"#, nil), (#"{"functionNames":["f"]}"#, nil),
      (#"{\#(upload),"contentFilter":{"dataPatterns":[{"stringPattern":"a"},{"location":2,"stringPattern":"a"}]}}"#, nil),
    ] {
      #expect(try options { $0.request = Array(request.utf8) }.filter().warnings == (warning.map { [$0] } ?? []))
    }
  }

  @Test func aRequestIsOneCondition() throws {
    let request = Array(#"{"startLedger":20,"successfulOnly":true}"#.utf8)
    #expect(try FilteringTests.select(samples) { ($0.request, $0["function"]) = (request, ["transfer"]) } == [])
    #expect(
      try FilteringTests.select(samples) { ($0.request, $0["function"], $0["any"]) = (request, ["transfer"], []) } == [0, 2])
    #expect(try FilteringTests.select(samples) { ($0.request, $0["invert-match"]) = (request, []) } == [0, 1])
  }

  @Test(arguments: [
    (#"{"contentFilter":{"topicFilters":[{"pattern":"a\u0000b"}]}}"#, "zero byte"),
    (#"{"contractIdz":[]}"#, "contractIdz"), (#"{"contentFilter":{"topicFilter":[]}}"#, "topicFilter"),
    (#"{"typeFilter":"INVOCATION_TYPE_FILTER_BURN"}"#, "INVOCATION_TYPE_FILTER_BURN"), (#"{"contractIds":["#, "JSON"),
    (#"{"contentFilter":{"topicFilters":[{"pattern":"(a"}]}}"#, "(a"), (#"{"successfulOnly":"yes"}"#, "successfulOnly"),
    (#"{"contractIds":["CABC"]}"#, "CABC"), (#"{"startLedger":-1}"#, "-1"), (#"{"typeFilter":9}"#, "9"),
    (#"{"startLedger":1,"start_ledger":2}"#, "twice"), (#"{"timeFilter":{"startTime":"now"}}"#, "now"),
    (#"{"contentFilter":{"topicFilters":[{"exactMatch":"a","pattern":"b"}]}}"#, "only one"),
    (#"{"options":{"includeRawXdr":true}}"#, "invocation-extract --include"),
    (#"{"options":{"inclusion":{"includeStateChanges":true}}}"#, "invocation-extract --include state"),
    (#"{"options":{"include_decoded_only":true}}"#, "scval-json"),
    (#"{"startLedger":20,"endLedger":10}"#, "endLedger: a range from ledger 20 to 10"),
    (#"{"end_ledger":10,"start_ledger":20}"#, "start_ledger: a range from ledger 20 to 10"),
    (
      #"{"timeFilter":{"startTime":"2026-06-20T11:02:33Z","endTime":"2026-06-20T11:02:32Z"}}"#,
      "timeFilter.endTime: a time range"
    ),
    (
      #"{"timeFilter":{"endTime":"2026-06-20T11:02:32Z","startTime":"2026-06-20T11:02:32.5Z"}}"#,
      "timeFilter.startTime: a time range"
    ),
    (#"{"timeFilter":{"startTime":"2026-06-20"}}"#, "not a time such as"),
    (#"{"contentFilter":{"topicFilters":[{"pattern":"^\\d+$"}]}}"#, "[0-9]"),
    (#"{"options":{"maxEventsPerResponse":5}}"#, "maxEventsPerResponse"), ("[]", "not an object"),
  ])
  func badRequestsSayWhatIsWrong(_ request: String, _ words: String) throws {
    let error = try #require(throws: UsageError.self) { try options { $0.request = Array(request.utf8) }.filter() }
    #expect(error.description.contains(words), "\(error)")
  }
}
