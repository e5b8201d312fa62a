/// Records of the wrong type, and damaged ones.
extension MistakeTests {
  static let recordMistakes: [Mistake] = [
    (
      "event-filter ledgers.xdr", 3,
      "event-filter: ledgers.xdr: this is a LedgerCloseMeta; ledger-split and invocation-extract make ContractInvocation records from it (byte 4, record 1)"
    ),
    (
      "event-filter transactions.ndjson", 3,
      "event-filter: transactions.ndjson: this is a LedgerTransaction; invocation-extract makes ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      #"echo '{"a":1}' | event-filter"#, 3,
      #"event-filter: standard input: this is not a ContractInvocation, a line that begins with {"_schema":"soroban-pipes.contract_invocation.v1"; invocation-extract makes them (byte 0, record 1)"#
    ),
    (
      #"echo '{"a":1}' | invocation-extract"#, 3,
      "invocation-extract: standard input: object without envelopeXdr (an entry of getTransactions, or its response, was expected) (byte 0, record 1)"
    ),
    (
      #"echo '{"a":1}' | ledger-split"#, 3,
      "ledger-split: standard input: object without metadataXdr (an entry of getLedgers, or its response, was expected) (byte 0, record 1)"
    ),
    (
      #"echo '{"a":1}' | scval-json --style proto"#, 3,
      "scval-json: standard input: this is not a ContractInvocation; --style proto reads the ContractInvocation records that invocation-extract writes (byte 0, record 1)"
    ),
    (
      "scval-json ledgers.xdr", 3,
      "scval-json: ledgers.xdr: this is a LedgerCloseMeta; ledger-split makes transactions from it, and --type LedgerCloseMeta decodes all of it (byte 4, record 1)"
    ),
    (
      "scval-json --style proto transactions.ndjson", 3,
      "scval-json: transactions.ndjson: this is a LedgerTransaction; --style proto reads the ContractInvocation records that invocation-extract writes (byte 0, record 1)"
    ),
    (
      "scval-json --spec contract.wasm ledgers.xdr", 3,
      "scval-json: ledgers.xdr: this is a LedgerCloseMeta; --spec reads the ContractInvocation records that invocation-extract writes (byte 4, record 1)"
    ),
    (
      "echo '[1]' | event-filter", 3,
      "event-filter: standard input: a JSON array instead of lines; pipe it through jq -c '.[]' (byte 0, record 1)"
    ),
    (
      "echo '[1]' | scval-json --style native --spec contract.wasm", 3,
      "scval-json: standard input: a JSON array instead of lines; pipe it through jq -c '.[]' (byte 0, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | ledger-split"#, 3,
      "ledger-split: standard input: object without metadataXdr (an entry of getLedgers, or its response, was expected) (byte 0, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: object without envelopeXdr (an entry of getTransactions, or its response, was expected) (byte 0, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | event-filter"#, 3,
      "event-filter: standard input: this is not a ContractInvocation, a line that begins with {\"_schema\":\"soroban-pipes.contract_invocation.v1\"; invocation-extract makes them (byte 0, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | scval-json --encode"#, 3,
      "scval-json: standard input: _schema: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …) (byte 2, record 1)"
    ),
    (
      "head -c 1000 invocations.ndjson | event-filter", 3,
      "event-filter: standard input: upload_wasm.return_value.xdr: JSON ends inside a value (byte 1000, record 1, ledger 1026)"
    ),
    (
      "head -c 1000 invocations.ndjson | scval-json --style proto", 3,
      "scval-json: standard input: upload_wasm.return_value.xdr: JSON ends inside a value (byte 1000, record 1)"
    ),
    (
      "scval-json --style native invocations.ndjson | event-filter -o xdr > /dev/null", 3,
      "event-filter: standard input: upload_wasm.return_value: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …); only records whose values are raw or in SEP-51 style can be written as XDR: filter before scval-json --style native (byte 965, record 1)"
    ),
    // Records of another type, and damaged ones.
    (
      #"printf '\200\0\0\4abcd' | invocation-extract"#, 3,
      "invocation-extract: standard input: this is not a LedgerTransaction, which ledger-split makes from LedgerCloseMeta (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\4abcd' | event-filter"#, 3,
      "event-filter: standard input: this is not a ContractInvocation, which invocation-extract makes from transactions (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\4abcd' | scval-json --style proto"#, 3,
      "scval-json: standard input: this is not a ContractInvocation; --style proto reads the ContractInvocation records that invocation-extract writes (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\4SPT\1' | event-filter"#, 3,
      "event-filter: standard input: this is a LedgerTransaction; invocation-extract makes ContractInvocation records from it (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\4SPI\1' | invocation-extract"#, 3,
      "invocation-extract: standard input: this is a ContractInvocation; invocation-extract reads the LedgerTransaction records that ledger-split writes (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\10SPT\1\0\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: network_id: ends inside the value (byte 8, record 1)"
    ),
    (
      #"printf '\200\0\0\10SPI\1\0\0\0\0' | event-filter"#, 3,
      "event-filter: standard input: meta.closed_at: ends inside the value (byte 8, record 1, ledger 0)"
    ),
    (
      #"printf '\200\0\0\10SPI\1\0\0\0\0' | scval-json --style proto"#, 3,
      "scval-json: standard input: meta.closed_at: ends inside the value (byte 8, record 1)"
    ),
    (
      #"printf '\200\0\0\10\0\0\0\2\0\0\0\5' | ledger-split"#, 3,
      "ledger-split: standard input: v2.ext: LedgerCloseMetaExt has no arm 5 (byte 8, record 1)"
    ),
    (
      #"grep -m1 1051 transactions.ndjson | sed 's/"meta_xdr":"[^"]*"/"meta_xdr":"AAAABw=="/' | scval-json --encode --type LedgerTransaction -o xdr | invocation-extract"#,
      3,
      "invocation-extract: standard input: meta_xdr: TransactionMeta has no arm 7 (byte 4, record 1, ledger 1051)"
    ),
    // Lines with ledgers.
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1\0\0\0\2') | base64 | ledger-split"#, 3,
      "ledger-split: standard input: ledger_close_metas: ends inside the value (byte 0, record 1)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\1\0\0\0\2'; head -c 5084 ledgers.xdr | tail -c +5; printf '\0\0\0\2\0\0\0\7') | base64 | tr -d '\n' | ledger-split"#,
      3,
      "ledger-split: standard input: ledger_close_metas[1].v2.ext: LedgerCloseMetaExt has no arm 7 (byte 0, record 1)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1'; head -c 5084 ledgers.xdr | tail -c +5; printf '\0\0\0\2') | base64 | tr -d '\n' | ledger-split"#,
      3,
      "ledger-split: standard input: 4 bytes left over after LedgerCloseMetaBatch (byte 0, record 1)"
    ),
    (#"echo '"abc' | ledger-split"#, 3, "ledger-split: standard input: JSON ends inside a value (byte 4, record 1)"),
    (
      #"echo '"abc"x' | ledger-split"#, 3,
      "ledger-split: standard input: something follows the JSON value (byte 5, record 1)"
    ),
    (
      #"echo '{"metadataXdr":"\ud800"}' | ledger-split"#, 3,
      "ledger-split: standard input: half of a surrogate pair in a JSON string (byte 16, record 1)"
    ),
    (#"echo '{"metadataXdr":"AAAA\/"}' | ledger-split"#, 3, "ledger-split: standard input: not base64 (byte 21, record 1)"),
    (#"echo '{"metadataXdr":1' | ledger-split"#, 3, "ledger-split: standard input: JSON ends inside a value (byte 16, record 1)"),
    (#"echo '{"metadataXdr":""}' | ledger-split"#, 3, "ledger-split: standard input: metadataXdr is empty (byte 0, record 1)"),
    // Lines with transactions.
    (
      "echo AAAAAQ== | invocation-extract", 3,
      "invocation-extract: standard input: this is not a LedgerTransaction, which ledger-split makes from LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      #"echo '{"_schema":"soroban-pipes.ledger_transaction.v2"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: this is not a LedgerTransaction, which ledger-split makes from LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      #"echo '{"_schema":"soroban-pipes.ledger_transaction.v1"}' | invocation-extract"#, 3,
      #"invocation-extract: standard input: LedgerTransaction needs the member "network_id" (byte 0, record 1)"#
    ),
    (
      #"head -n1 transactions.ndjson | sed 's/"tx_index":/"txindex":/' | invocation-extract"#, 3,
      "invocation-extract: standard input: txindex: LedgerTransaction has no such member (_schema, network_id, ledger_sequence, closed_at, protocol_version, tx_index, tx_hash, envelope_xdr, …) (byte 209, record 1)"
    ),
    (
      #"head -n1 transactions.ndjson | sed 's/"closed_at":"[^"]*"/"closed_at":"noon"/' | invocation-extract"#, 3,
      "invocation-extract: standard input: closed_at: expected Time (RFC 3339, in UTC) (byte 165, record 1)"
    ),
    (
      #"head -n1 transactions.ndjson | sed 's/"envelope_xdr":"[^"]*"/"envelope_xdr":"A"/' | invocation-extract"#, 3,
      "invocation-extract: standard input: envelope_xdr: not base64 (byte 316, record 1)"
    ),
    (
      #"head -n1 transactions.ndjson | sed 's/"envelope_xdr":"[^"]*"/"envelope_xdr":"AAAABw=="/' | invocation-extract"#, 3,
      "invocation-extract: standard input: envelope_xdr: TransactionEnvelope has no arm 7 (byte 0, record 1, ledger 1024)"
    ),
    (
      #"grep -m1 1051 transactions.ndjson | sed 's/"result_xdr":"[^"]*"/"result_xdr":"AAAABw=="/' | invocation-extract"#, 3,
      "invocation-extract: standard input: result_xdr.fee_charged: ends inside the value (byte 0, record 1, ledger 1051)"
    ),
    (
      #"grep -m1 1051 transactions.ndjson | sed 's/"meta_xdr":"[^"]*"/"meta_xdr":"AAAABw=="/' | invocation-extract"#, 3,
      "invocation-extract: standard input: meta_xdr: TransactionMeta has no arm 7 (byte 0, record 1, ledger 1051)"
    ),
    (
      #"echo '{"ledger":7,"envelopeXdr":"AAAA"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: entry without resultXdr (byte 0, record 1, ledger 7)"
    ),
    (
      #"echo '{"ledger":7,"envelopeXdr":"AAAA","resultXdr":"A"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: resultXdr is not base64 (byte 0, record 1, ledger 7)"
    ),
    (
      #"echo '{"ledger":7,"envelopeXdr":"AAAA","resultXdr":"AAAA"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: entry without resultMetaXdr (byte 0, record 1, ledger 7)"
    ),
    (
      #"echo '{"ledger":7,"envelopeXdr":"AAAA","resultXdr":"AAAA","resultMetaXdr":"A"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: resultMetaXdr is not base64 (byte 0, record 1, ledger 7)"
    ),
    (
      #"echo '{"ledger":7,"envelopeXdr":"AAAABw==","resultXdr":"AAAA","resultMetaXdr":"AAAA"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: envelopeXdr: TransactionEnvelope has no arm 7 (byte 0, record 1, ledger 7)"
    ),
    // Lines with invocations: a member that a condition reads must have the right type.
    (
      #"head -n1 invocations.ndjson | sed 's/"ledger_sequence":[0-9]*/"ledger_sequence":"x"/' | event-filter"#, 3,
      "event-filter: standard input: meta.ledger_sequence: not a ledger sequence (byte 76, record 1)"
    ),
    (
      #"head -n1 invocations.ndjson | sed 's/"closed_at":"[^"]*"/"closed_at":"noon"/' | event-filter --since 1"#, 3,
      "event-filter: standard input: meta.closed_at: not an RFC 3339 time (byte 93, record 1, ledger 1026)"
    ),
    (
      #"head -n1 invocations.ndjson | sed 's/"successful":[a-z]*/"successful":1/' | event-filter --succeeded"#, 3,
      "event-filter: standard input: meta.successful: neither true nor false (byte 232, record 1, ledger 1026)"
    ),
    (
      #"head -n1 invocations.ndjson | sed 's/"tx_hash":"[^"]*"/"tx_hash":"12"/' | event-filter --tx 0000000000000000000000000000000000000000000000000000000000000000"#,
      3,
      "event-filter: standard input: meta.tx_hash: not a hash (byte 126, record 1, ledger 1026)"
    ),
    (
      #"head -n1 invocations.ndjson | sed 's/"result_code":"[^"]*"/"result_code":7/' | event-filter --result success"#, 3,
      "event-filter: standard input: meta.result_code: neither a string nor null (byte 364, record 1, ledger 1026)"
    ),
    (
      #"grep -m1 '"contract_call":' invocations.ndjson | sed 's/"function_name":"[^"]*"/"function_name":null/' | event-filter --function x"#,
      3,
      "event-filter: standard input: contract_call.function_name: not a function name (byte 946, record 1, ledger 1027)"
    ),
    (
      #"grep -m1 '"contract_call":' invocations.ndjson | sed 's/"function_name":"[^"]*"/"function_name":"\\ud800"/' | event-filter --function x"#,
      3,
      "event-filter: standard input: contract_call.function_name: not a string (byte 947, record 1, ledger 1027)"
    ),
    (
      #"grep -m1 '"contract_call":' invocations.ndjson | sed 's/"arguments":\[/"arguments":7,"x":[/' | event-filter --arg x"#, 3,
      "event-filter: standard input: contract_call.arguments: not an array (byte 965, record 1, ledger 1027)"
    ),
    (
      #"grep -m1 '"arguments":\[{' invocations.ndjson | sed 's/"type":"[^"]*"/"type":"odd"/' | event-filter --event-type contract"#,
      3,
      "event-filter: standard input: create_contract.diagnostic_events[0].type: not a valid ContractEventType (byte 1205, record 1, ledger 1026)"
    ),
    (
      #"grep -m1 '"contract_call":.*"arguments":\[{' invocations.ndjson | sed 's/"arguments":\[{"xdr":"[^"]*"/"arguments":[{"xdr":"AAAAFw=="/' | event-filter --arg x"#,
      3,
      "event-filter: standard input: contract_call.arguments[0].xdr: SCVal has no arm 23 (byte 973, record 1, ledger 1027)"
    ),
    (
      #"grep -m1 '"contract_call":.*"arguments":\[{' invocations.ndjson | sed 's/"arguments":\[{"xdr":"[^"]*"/"arguments":[{"xdr":"AAAAFw=="/' | event-filter -o xdr"#,
      3,
      "event-filter: standard input: contract_call.arguments[0].xdr: base64 that does not hold a valid SCVal (byte 974, record 1)"
    ),
    (
      #"grep -m1 '"contract_call":.*"arguments":\[{' invocations.ndjson | sed 's/"arguments":\[{"xdr":"[^"]*"/"arguments":[{"xdr":"A"/' | event-filter -o xdr"#,
      3,
      "event-filter: standard input: contract_call.arguments[0].xdr: not base64 (byte 975, record 1)"
    ),
    (
      #"head -n1 invocations.ndjson | sed 's/,"data_source/ "data_source/' | event-filter"#, 3,
      #"event-filter: standard input: meta: unexpected '"' in JSON (byte 237, record 1, ledger 1026)"#
    ),
    (
      #"head -n1 invocations.ndjson | sed 's/"meta":{/"meta":[],"x":{/' | event-filter"#, 3,
      #"event-filter: standard input: this is not a ContractInvocation, a line that begins with {"_schema":"soroban-pipes.contract_invocation.v1"; invocation-extract makes them (byte 0, record 1)"#
    ),
    // Not an error.
    (
      "scval-json --style proto invocations.ndjson > /dev/null", 0,
      "scval-json: footprint operations left out, for which ContractInvocationEvent has no field: 7"
    ),
    (
      "scval-json --spec contract.wasm invocations.ndjson > /dev/null", 0,
      "scval-json: values that do not fit the types of --spec, written as without it: 20"
    ),
  ]
}
