/// Responses of RPC servers with missing or unexpected parts.
extension MistakeTests {
  static let answerMistakes: [Mistake] = [
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = true' | invocation-extract --network local", 3,
      "invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found true (byte 6272, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = -1' | invocation-extract --network local", 3,
      "invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found -1 (byte 6272, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = "soon"' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found "soon" (byte 6272, record 1, ledger 1027)"#
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = [1]' | invocation-extract --network local", 3,
      "invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found [1] (byte 6272, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = 1.5' | invocation-extract --network local", 3,
      "invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found 1.5 (byte 6272, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = "2024-01-01"' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found "2024-01-01" (byte 6272, record 1, ledger 1027)"#
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = ""' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found "" (byte 6272, record 1, ledger 1027)"#
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c 'del(.createdAt)' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without createdAt (byte 0, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.createdAt = null' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without createdAt (byte 0, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c 'del(.applicationOrder)' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without applicationOrder (byte 0, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.applicationOrder = 0' | invocation-extract --network local", 3,
      "invocation-extract: standard input: applicationOrder: expected a number from 1 to 1048575, found 0 (byte 115, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.applicationOrder = 1048576' | invocation-extract --network local", 3,
      "invocation-extract: standard input: applicationOrder: expected a number from 1 to 1048575, found 1048576 (byte 115, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.applicationOrder = "x"' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: applicationOrder: expected a number from 1 to 1048575, found "x" (byte 115, record 1, ledger 1027)"#
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.applicationOrder = -1' | invocation-extract --network local", 3,
      "invocation-extract: standard input: applicationOrder: expected a number from 1 to 1048575, found -1 (byte 115, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = -1' | invocation-extract --network local", 3,
      "invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found -1 (byte 6255, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = 0' | invocation-extract --network local", 3,
      "invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found 0 (byte 6255, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = 2147483648' | invocation-extract --network local", 3,
      "invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found 2147483648 (byte 6255, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = 12345678901' | invocation-extract --network local", 3,
      "invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found 12345678901 (byte 6255, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = true' | invocation-extract --network local", 3,
      "invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found true (byte 6255, record 1)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = "1027a"' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found "1027a" (byte 6255, record 1)"#
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.ledger = {"a":1}' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found {"a":1} (byte 6255, record 1)"#
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | sed 's/"ledger":1027/"ledger":1e3/' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: ledger: expected a number from 1 to 2147483647, found 1e3 (byte 6255, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c 'del(.ledger)' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without ledger (byte 0, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.txHash = 5' | invocation-extract --network local", 3,
      "invocation-extract: standard input: txHash: expected 64 hex digits, found 5 (byte 29, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.txHash = "0e72"' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: txHash: expected 64 hex digits, found "0e72" (byte 29, record 1, ledger 1027)"#
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c 'del(.envelopeXdr, .resultMetaXdr)' | invocation-extract --network local", 3,
      #"invocation-extract: standard input: status is "SUCCESS", but there is neither envelopeXdr nor envelopeJson (byte 0, record 1)"#
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.envelopeXdr = ""' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: envelopeXdr is empty (byte 0, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.envelopeXdr = null' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without envelopeXdr (byte 0, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.resultXdr = ""' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: resultXdr is empty (byte 0, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.resultXdr = null' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without resultXdr (byte 0, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.resultMetaXdr = ""' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: resultMetaXdr is empty (byte 0, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.resultMetaXdr = null' | invocation-extract --network local", 3,
      "invocation-extract: standard input: entry without resultMetaXdr (byte 0, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.resultXdr = "AAAAAAAAAAD////3AAAAAQ=="' | invocation-extract --network local"#,
      3,
      "invocation-extract: standard input: resultXdr.ext: TransactionResultExt has no arm 1 (byte 0, record 1, ledger 1027)"
    ),
    (
      #"head -n1 rpc/getTransaction.ndjson | jq -c '.resultMetaXdr = "AAAABw=="' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: resultMetaXdr: TransactionMeta has no arm 7 (byte 0, record 1, ledger 1027)"
    ),
    (
      #"echo '{"status":"PENDING","hash":"00","latestLedger":7}' | invocation-extract --network local"#, 3,
      #"invocation-extract: standard input: status is "PENDING", but there is neither envelopeXdr nor envelopeJson (byte 0, record 1)"#
    ),
    (
      #"echo '{"transactions":[7]}' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: entry of transactions that is not an object (byte 0, record 1)"
    ),
    (
      #"echo '{"transactions":[{}]}' | invocation-extract --network local"#, 3,
      "invocation-extract: standard input: entry without ledger (byte 0, record 1)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c 'del(.txHash)' | invocation-extract --network local > /dev/null", 0,
      #"invocation-extract: standard input: entry without txHash, so --network cannot be checked; its hash is computed for "Standalone Network ; February 2017" (byte 0, record 1, ledger 1027)"#
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq -c '.resultMetaJson = {v7: 1} | del(.resultMetaXdr)' | invocation-extract --network local",
      3,
      "invocation-extract: standard input: resultMetaJson.v7: expected TransactionMeta (v0, v1, v2, v3, v4) (byte 3088, record 1, ledger 1027)"
    ),
    (
      "head -n1 rpc/getTransaction.ndjson | jq . | head -n 6 | invocation-extract --network local", 3,
      "invocation-extract: standard input: the input ends inside a JSON value (byte 0, record 1)"
    ),
    (
      "jq . rpc/getLedgers.json | head -n 5 | ledger-split", 3,
      "ledger-split: standard input: the input ends inside a JSON value (byte 0, record 1)"
    ),
    (
      "jq '.result.ledgers[0].metadataXdr = 7' rpc/getLedgers.json | ledger-split", 3,
      "ledger-split: standard input: object without metadataXdr (an entry of getLedgers, or its response, was expected) (byte 70, record 1)"
    ),
    (
      #"echo '{"ledgers":[{"metadataXdr":""}]}' | ledger-split"#, 3,
      "ledger-split: standard input: metadataXdr is empty (byte 0, record 1)"
    ),
    (
      #"echo '{"ledgers":[7]}' | ledger-split"#, 3,
      "ledger-split: standard input: this is not a LedgerCloseMeta, which stellar-core makes (byte 12, record 1)"
    ),
    (
      #"echo '{"metadataJson":{"v7":1}}' | ledger-split"#, 3,
      "ledger-split: standard input: metadataJson.v7: expected LedgerCloseMeta (v0, v1, v2) (byte 17, record 1)"
    ),
    (
      #"echo '{"ledgers":[{"metadataXdr":"AAAA"}' | ledger-split"#, 3,
      "ledger-split: standard input: JSON ends inside a value (byte 34, record 1)"
    ),
    (
      "tail -n1 transactions.ndjson | jq -r .meta_xdr | base64 -d | base64 -w 64 | scval-json --type TransactionMeta", 3,
      "scval-json: standard input: ends inside the value; if it is wrapped at 64 columns, pipe it through base64 -d | base64 -w 0 (byte 0, record 1)"
    ),
  ]
}
