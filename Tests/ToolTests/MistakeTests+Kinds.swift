/// Records and responses of kinds that another tool reads, or no tool.
extension MistakeTests {
  static let kindMistakes: [Mistake] = [
    (
      "ledger-split --by ledger --ledgers 1025 ledgers.xdr | scval-json --type LedgerCloseMeta | jq -c '.[].ledger_header' | scval-json --encode --type LedgerHeaderHistoryEntry -o xdr | ledger-split",
      3,
      "ledger-split: standard input: this is a LedgerHeaderHistoryEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_set: {previous_ledger_hash: ("00" * 32), txs: []}, ext: "v0"}' | scval-json --encode --type TransactionHistoryEntry -o xdr | ledger-split"#,
      3,
      "ledger-split: standard input: this is a TransactionHistoryEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_result_set: {results: [{transaction_hash: ("00" * 32), result: {fee_charged: "1", result: "tx_bad_seq", ext: "v0"}}]}, ext: "v0"}' | scval-json --encode --type TransactionHistoryResultEntry -o xdr | ledger-split"#,
      3,
      "ledger-split: standard input: this is a TransactionHistoryResultEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\14\377\377\377\377\0\0\0\27\0\0\0\0' | ledger-split"#, 3,
      "ledger-split: standard input: this is a BucketEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{last_modified_ledger_seq: 7, data: {ttl: {key_hash: ("00" * 32), live_until_ledger_seq: 9}}, ext: "v0"}' | scval-json --encode --type LedgerEntry | base64 -d | (printf '\200\0\0\64\0\0\0\0'; cat) | ledger-split"#,
      3,
      "ledger-split: standard input: this is a BucketEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      "head -n1 transactions.ndjson | jq -r .envelope_xdr | ledger-split", 3,
      "ledger-split: standard input: this is a TransactionEnvelope, only a part of a transaction; ledger-split reads LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .result_xdr | ledger-split", 3,
      "ledger-split: standard input: this is a TransactionResult, only a part of a transaction; ledger-split reads LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .meta_xdr | ledger-split", 3,
      "ledger-split: standard input: this is a TransactionMeta, only a part of a transaction; ledger-split reads LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      "ledger-split rpc/getEvents.json", 3,
      "ledger-split: rpc/getEvents.json: this is an answer of getEvents; scval-json --field decodes the values in it (byte 33, record 1)"
    ),
    (
      "jq -c '.result.events[]' rpc/getEvents.json | ledger-split", 3,
      "ledger-split: standard input: this is an answer of getEvents; scval-json --field decodes the values in it (byte 0, record 1)"
    ),
    (
      "ledger-split --by ledger --ledgers 1025 ledgers.xdr | scval-json --type LedgerCloseMeta | jq -c '.[].ledger_header' | scval-json --encode --type LedgerHeaderHistoryEntry -o xdr | invocation-extract",
      3,
      "invocation-extract: standard input: this is a LedgerHeaderHistoryEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_set: {previous_ledger_hash: ("00" * 32), txs: []}, ext: "v0"}' | scval-json --encode --type TransactionHistoryEntry -o xdr | invocation-extract"#,
      3,
      "invocation-extract: standard input: this is a TransactionHistoryEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_result_set: {results: [{transaction_hash: ("00" * 32), result: {fee_charged: "1", result: "tx_bad_seq", ext: "v0"}}]}, ext: "v0"}' | scval-json --encode --type TransactionHistoryResultEntry -o xdr | invocation-extract"#,
      3,
      "invocation-extract: standard input: this is a TransactionHistoryResultEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\14\377\377\377\377\0\0\0\27\0\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: this is a BucketEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{last_modified_ledger_seq: 7, data: {ttl: {key_hash: ("00" * 32), live_until_ledger_seq: 9}}, ext: "v0"}' | scval-json --encode --type LedgerEntry | base64 -d | (printf '\200\0\0\64\0\0\0\0'; cat) | invocation-extract"#,
      3,
      "invocation-extract: standard input: this is a BucketEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      "head -n1 transactions.ndjson | jq -r .envelope_xdr | invocation-extract", 3,
      "invocation-extract: standard input: this is a TransactionEnvelope, only a part of a transaction; invocation-extract reads the LedgerTransaction records that ledger-split writes (byte 0, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .result_xdr | invocation-extract", 3,
      "invocation-extract: standard input: this is a TransactionResult, only a part of a transaction; invocation-extract reads the LedgerTransaction records that ledger-split writes (byte 0, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .meta_xdr | invocation-extract", 3,
      "invocation-extract: standard input: this is a TransactionMeta, only a part of a transaction; invocation-extract reads the LedgerTransaction records that ledger-split writes (byte 0, record 1)"
    ),
    (
      "invocation-extract rpc/getEvents.json", 3,
      "invocation-extract: rpc/getEvents.json: this is an answer of getEvents; invocation-extract --by event reads it (byte 0, record 1)"
    ),
    (
      "jq -c '.result.events[]' rpc/getEvents.json | invocation-extract", 3,
      "invocation-extract: standard input: this is an answer of getEvents; invocation-extract --by event reads it (byte 0, record 1)"
    ),
    (
      "ledger-split --by ledger --ledgers 1025 ledgers.xdr | scval-json --type LedgerCloseMeta | jq -c '.[].ledger_header' | scval-json --encode --type LedgerHeaderHistoryEntry -o xdr | event-filter",
      3,
      "event-filter: standard input: this is a LedgerHeaderHistoryEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_set: {previous_ledger_hash: ("00" * 32), txs: []}, ext: "v0"}' | scval-json --encode --type TransactionHistoryEntry -o xdr | event-filter"#,
      3,
      "event-filter: standard input: this is a TransactionHistoryEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_result_set: {results: [{transaction_hash: ("00" * 32), result: {fee_charged: "1", result: "tx_bad_seq", ext: "v0"}}]}, ext: "v0"}' | scval-json --encode --type TransactionHistoryResultEntry -o xdr | event-filter"#,
      3,
      "event-filter: standard input: this is a TransactionHistoryResultEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\14\377\377\377\377\0\0\0\27\0\0\0\0' | event-filter"#, 3,
      "event-filter: standard input: this is a BucketEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      #"jq -nc '{last_modified_ledger_seq: 7, data: {ttl: {key_hash: ("00" * 32), live_until_ledger_seq: 9}}, ext: "v0"}' | scval-json --encode --type LedgerEntry | base64 -d | (printf '\200\0\0\64\0\0\0\0'; cat) | event-filter"#,
      3,
      "event-filter: standard input: this is a BucketEntry of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive (byte 4, record 1)"
    ),
    (
      "head -n1 transactions.ndjson | jq -r .envelope_xdr | event-filter", 3,
      "event-filter: standard input: this is a TransactionEnvelope, only a part of a transaction; event-filter reads the ContractInvocation and ContractEvent records that invocation-extract writes (byte 0, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .result_xdr | event-filter", 3,
      "event-filter: standard input: this is a TransactionResult, only a part of a transaction; event-filter reads the ContractInvocation and ContractEvent records that invocation-extract writes (byte 0, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .meta_xdr | event-filter", 3,
      "event-filter: standard input: this is a TransactionMeta, only a part of a transaction; event-filter reads the ContractInvocation and ContractEvent records that invocation-extract writes (byte 0, record 1)"
    ),
    (
      "event-filter rpc/getEvents.json", 3,
      "event-filter: rpc/getEvents.json: this is an answer of getEvents; invocation-extract --by event makes ContractEvent records from it (byte 0, record 1)"
    ),
    (
      "jq -c '.result.events[]' rpc/getEvents.json | event-filter", 3,
      "event-filter: standard input: this is an answer of getEvents; invocation-extract --by event makes ContractEvent records from it (byte 0, record 1)"
    ),
    (
      "jq -c '{result: {transactions: [inputs]}}' rpc/getTransactions.ndjson | ledger-split", 3,
      "ledger-split: standard input: this is an answer of getTransactions; invocation-extract reads it (byte 10, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '{result: (.latestLedger = 1051)}' | ledger-split", 3,
      "ledger-split: standard input: this is an answer of getTransaction; invocation-extract reads it (byte 10, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '{result: (.latestLedger = 1051)}' | event-filter", 3,
      "event-filter: standard input: this is an answer of getTransaction; invocation-extract makes ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      "event-filter rpc/getTransactions.ndjson", 3,
      "event-filter: rpc/getTransactions.ndjson: this is an answer of getTransactions; invocation-extract makes ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1'; head -c 5084 ledgers.xdr | tail -c +5) | invocation-extract"#, 3,
      "invocation-extract: standard input: this is a LedgerCloseMetaBatch; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1'; head -c 5084 ledgers.xdr | tail -c +5) | base64 | invocation-extract"#, 3,
      "invocation-extract: standard input: this is a LedgerCloseMetaBatch; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      "cat rpc/getLedgers.json | invocation-extract", 3,
      "invocation-extract: standard input: this is an answer of getLedgers; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      "jq -c '.result.ledgers[0]' rpc/getLedgers.json | invocation-extract", 3,
      "invocation-extract: standard input: this is an answer of getLedgers; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      "jq -c '{id: 1, result: (.result.ledgers[0] | {id: .hash, sequence, metadataXdr})}' rpc/getLedgers.json | invocation-extract",
      3,
      "invocation-extract: standard input: this is an answer of getLatestLedger; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1'; head -c 5084 ledgers.xdr | tail -c +5) | event-filter"#, 3,
      "event-filter: standard input: this is a LedgerCloseMetaBatch; ledger-split and invocation-extract make ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1'; head -c 5084 ledgers.xdr | tail -c +5) | base64 | event-filter"#, 3,
      "event-filter: standard input: this is a LedgerCloseMetaBatch; ledger-split and invocation-extract make ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      "cat rpc/getLedgers.json | event-filter", 3,
      "event-filter: standard input: this is an answer of getLedgers; ledger-split and invocation-extract make ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      "jq -c '.result.ledgers[0]' rpc/getLedgers.json | event-filter", 3,
      "event-filter: standard input: this is an answer of getLedgers; ledger-split and invocation-extract make ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      "jq -c '{id: 1, result: (.result.ledgers[0] | {id: .hash, sequence, metadataXdr})}' rpc/getLedgers.json | event-filter", 3,
      "event-filter: standard input: this is an answer of getLatestLedger; ledger-split and invocation-extract make ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      "ledger-split --by ledger --ledgers 1025 ledgers.xdr | scval-json --type LedgerCloseMeta | jq -c '.[].ledger_header' | scval-json --encode --type LedgerHeaderHistoryEntry -o xdr | scval-json",
      3,
      "scval-json: standard input: this is a LedgerHeaderHistoryEntry; --type LedgerHeaderHistoryEntry decodes all of it (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_set: {previous_ledger_hash: ("00" * 32), txs: []}, ext: "v0"}' | scval-json --encode --type TransactionHistoryEntry -o xdr | scval-json"#,
      3,
      "scval-json: standard input: this is a TransactionHistoryEntry; --type TransactionHistoryEntry decodes all of it (byte 4, record 1)"
    ),
    (
      #"jq -nc '{ledger_seq: 7, tx_result_set: {results: [{transaction_hash: ("00" * 32), result: {fee_charged: "1", result: "tx_bad_seq", ext: "v0"}}]}, ext: "v0"}' | scval-json --encode --type TransactionHistoryResultEntry -o xdr | scval-json"#,
      3,
      "scval-json: standard input: this is a TransactionHistoryResultEntry; --type TransactionHistoryResultEntry decodes all of it (byte 4, record 1)"
    ),
    (
      "ledger-split --by ledger --ledgers 1025 ledgers.xdr | scval-json --type LedgerCloseMeta | jq -c '.[].ledger_header' | scval-json --encode --type LedgerHeaderHistoryEntry -o xdr | scval-json --style proto",
      3,
      "scval-json: standard input: this is a LedgerHeaderHistoryEntry; --style proto reads the ContractInvocation records that invocation-extract writes (byte 4, record 1)"
    ),
    (
      #"printf '\0\0\0\7\0\0\0\1\0\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: XDR without record marking; invocation-extract reads the records that ledger-split makes from LedgerCloseMeta (byte 0, record 1)"
    ),
  ]
}
