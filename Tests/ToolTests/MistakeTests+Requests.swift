/// A request in the message with which other services filter, and its errors.
extension MistakeTests {
  static let eventRequestMistakes: [Mistake] = [
    (
      #"{"method":"getLedgers","params":{}}"#, "method: 'getLedgers' is not the method getEvents (byte 10)"
    ),
    (#"{"filters":[{"contractId":[]}]}"#, "a filter has no member 'contractId' (byte 13)"),
    (#"{"filters":[],"filtre":1}"#, "a getEvents request has no member 'filtre' (byte 14)"),
    (#"{"params":{"filtre":1}}"#, "params has no member 'filtre' (byte 11)"),
    (#"{"filters":[{"type":"contract,burn"}]}"#, "filters[0].type: 'burn' is not one of contract, system, diagnostic (byte 20)"),
    (
      #"{"filters":[{"contractIds":["CABC"]}]}"#,
      "filters[0].contractIds[0]: 'CABC' is not a contract (C…): its length, a character or its checksum is wrong (byte 28)"
    ),
    (
      #"{"filters":[{"topics":[["transfer"]]}]}"#,
      "filters[0].topics[0][0]: 'transfer' is neither base64 of an SCVal nor * (byte 24)"
    ),
    (
      #"{"filters":[{"topics":[["AAAADwAAAAh0cmFuc2"]]}]}"#,
      "filters[0].topics[0][0]: 'AAAADwAAAAh0cmFuc2' is neither base64 of an SCVal nor * (byte 24)"
    ),
    (
      #"{"filters":[{"topics":[["**","*"]]}]}"#,
      "filters[0].topics[0][1]: '**' matches all topics that follow, so only the last segment can be '**' (byte 29)"
    ),
    (#"{"filters":[{"topics":[[]]}]}"#, "filters[0].topics[0]: a topic filter needs at least one segment (byte 23)"),
    (
      #"{"startLedger":5,"endLedger":5,"filters":[]}"#,
      "endLedger: a range from ledger 5 to before 5 is empty (byte 29)"
    ),
    (
      #"{"filters":[],"pagination":{"cursor":"1-2"}}"#,
      "pagination.cursor: a cursor is valid for one server only; use startLedger to say where to begin (byte 37)"
    ),
    (#"{"filters":[],"pagination":{"page":1}}"#, "pagination has no member 'page' (byte 28)"),
    (#"{"filters":{}}"#, "filters: this is not a list (byte 11)"),
  ].map { ("echo '\($0.0)' | event-filter --request /dev/stdin", 2, "event-filter: --request: \($0.1)") }

  static let requestMistakes: [Mistake] = [
    (
      #"echo '{"filtre":{}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: GetInvocationsRequest has no member 'filtre' (byte 1)"
    ),
    (
      #"echo '{"contractIds":["CABC"]}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contractIds[0]: 'CABC' is not a contract (C…): its length, a character or its checksum is wrong (byte 16)"
    ),
    (
      #"echo '{"startLedger":-1}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: startLedger: -1 is not a number from 0 to 4294967295 (byte 15)"
    ),
    (
      #"echo '{"startLedger":1,"start_ledger":1}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: 'start_ledger' is given twice in GetInvocationsRequest (byte 17)"
    ),
    (
      #"echo '{"contentFilter":{"topicFilters":[{"exactMatch":"a","pattern":"b"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.topicFilters[0].pattern: a TopicFilter has only one of exactMatch, bytesMatch and pattern (byte 62)"
    ),
    (
      #"echo '{"contentFilter":{"topicFilters":[{"pattern":"("}]}}' | event-filter --request /dev/stdin"#, 2,
      #"event-filter: --request: contentFilter.topicFilters[0].pattern: '/(/' is not a POSIX extended regular expression: Unmatched ( or \( (byte 45)"#
    ),
    (
      #"echo '{"contentFilter":{"topicFilters":[{"bytesMatch":"A*"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.topicFilters[0].bytesMatch: 'A*' is not base64 (byte 48)"
    ),
    (
      #"echo '{"contentFilter":' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter: JSON ends inside a value (byte 18)"
    ),
    (
      #"echo '{"contentFilter":{"dataPatterns":[{"location":"NOWHERE"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.dataPatterns[0].location: 'NOWHERE' is not one of DATA_LOCATION_ARGUMENTS, DATA_LOCATION_EVENT_DATA, DATA_LOCATION_STATE_VALUES (byte 46)"
    ),
    (
      #"echo '{"options":{"limit":5}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: ResponseOptions has no member 'limit' (byte 12)"
    ),
    (
      #"echo '{"filter":{}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: GetInvocationsRequest has no member 'filter' (byte 1)"
    ),
    (
      #"echo '{"filter":{"contractFilter":{"contractIds":["CABC"]}}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: GetInvocationsRequest has no member 'filter' (byte 1)"
    ),
    (
      #"echo '{"typeFilter":{"types":["INVOCATION_TYPE_X"]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: typeFilter: this is not one of INVOCATION_TYPE_FILTER_ALL, INVOCATION_TYPE_FILTER_CONTRACT_CALL, INVOCATION_TYPE_FILTER_CREATE_CONTRACT, INVOCATION_TYPE_FILTER_UPLOAD_WASM (byte 14)"
    ),
    (
      #"echo '{"contentFilter":{"dataPatterns":[{"location":7}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.dataPatterns[0].location: 7 is not the number of any of DATA_LOCATION_ARGUMENTS, DATA_LOCATION_EVENT_DATA, DATA_LOCATION_STATE_VALUES (byte 46)"
    ),
    (
      #"echo '{"contentFilter":{"dataPatterns":[{"stringPattern":"a","typeFilter":1}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.dataPatterns[0].typeFilter: a DataPatternFilter has only one of stringPattern, bytesPattern and typeFilter (byte 68)"
    ),
    (
      #"echo '{"contentFilter":{"dataPatterns":[{"stringPattern":"a\u0000"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.dataPatterns[0].stringPattern: a POSIX extended regular expression cannot hold a zero byte (byte 51)"
    ),
    (
      #"echo '{"functionNames":["\ud800"]}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: functionNames[0]: half of a surrogate pair in a JSON string (byte 19)"
    ),
    (
      #"echo '{"successfulOnly":"yes"}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: successfulOnly: this is neither true nor false (byte 18)"
    ),
    (
      #"echo '{"successfulOnly":tru}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: successfulOnly: unexpected 't' in JSON (byte 18)"
    ),
    (
      #"echo '{"contractIds":"CABC"}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contractIds: this is not a list (byte 15)"
    ),
    (
      #"echo '{"contractIds":[1]}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contractIds[0]: this is not a string (byte 16)"
    ),
    (
      #"echo '{"timeFilter":[]}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: timeFilter: this is not an object (byte 14)"
    ),
    (
      #"echo '{"startLedger":true}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: startLedger: this is not a number from 0 to 4294967295 (byte 15)"
    ),
    (
      #"echo '{"startLedger":1.5}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: startLedger: 1.5 is not a number from 0 to 4294967295 (byte 15)"
    ),
    (
      #"echo '{"endLedger":"4294967296"}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: endLedger: 4294967296 is not a number from 0 to 4294967295 (byte 13)"
    ),
    ("echo '[]' | event-filter --request /dev/stdin", 2, "event-filter: --request: this is not an object (byte 0)"),
    (
      "echo '{} {}' | event-filter --request /dev/stdin", 2,
      "event-filter: --request: something follows the JSON value (byte 3)"
    ),
    (
      #"echo '{"options":{"includeRawXdr":true}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.includeRawXdr does not select records: use invocation-extract --include events,diagnostics,calls,state,ttl,auth,resources,raw, the stage before"
    ),
    (
      #"echo '{"options":{"includeDecodedOnly":true}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.includeDecodedOnly does not select records: use scval-json, before or after this stage"
    ),
    (
      #"echo '{"options":{"compressResponse":true}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.compressResponse does not select records: use zstd, after this stage"
    ),
    (
      #"echo '{"options":{"maxEventsPerResponse":5}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.maxEventsPerResponse does not select records: use split -l, after this stage: records are not batched"
    ),
    (
      #"echo '{"options":{"inclusion":{"includeDiagnosticEvents":true}}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.inclusion.includeDiagnosticEvents does not select records: use invocation-extract --include diagnostics, the stage before"
    ),
    (
      #"echo '{"options":{"inclusion":{"includeStateChanges":true}}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.inclusion.includeStateChanges does not select records: use invocation-extract --include state, the stage before"
    ),
    (
      #"echo '{"options":{"inclusion":{"includeContractCalls":true}}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.inclusion.includeContractCalls does not select records: use invocation-extract --include calls, the stage before"
    ),
    (
      #"echo '{"options":{"inclusion":{"includeTtlExtensions":true}}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.inclusion.includeTtlExtensions does not select records: use invocation-extract --include ttl, the stage before"
    ),
    (
      #"echo '{"options":{"inclusion":{"includeArchiveInfo":true}}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: options.inclusion.includeArchiveInfo does not select records: use invocation-extract, the stage before, whose meta always has it"
    ),
  ]
}
