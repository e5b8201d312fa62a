import TestSupport
import Testing

/// What is easily done wrong, and what is said of it, to the letter (further kinds of trouble are in `MessageTests`).
@Suite struct MistakeTests {
  private static let mistakes: [(command: String, status: Int32, message: String)] = [
    ("ledger-split --ledger 5", 2, "ledger-split: Unknown option '--ledger'. Did you mean '--ledgers'?"),
    ("ledger-split --netwrok x", 2, "ledger-split: Unknown option '--netwrok'. Did you mean '--network'?"),
    ("ledger-split --bogus", 2, "ledger-split: Unknown option '--bogus'"),
    (
      "ledger-split --ledgers 5:9", 2,
      "ledger-split: The value '5:9' is invalid for '--ledgers <range>'. Only these ledgers: A-B, A-, -B or N (repeatable)."
    ),
    (
      "ledger-split --ledgers 9-5", 2,
      "ledger-split: The value '9-5' is invalid for '--ledgers <range>'. Only these ledgers: A-B, A-, -B or N (repeatable)."
    ),
    (
      "ledger-split --tx 12", 2,
      "ledger-split: The value '12' is invalid for '--tx <hash>'. Only the transaction with this hash, 64 hex digits (repeatable)."
    ),
    (
      "ledger-split --by block", 2,
      "ledger-split: The value 'block' is invalid for '--by <unit>'. Please provide one of 'transaction' and 'ledger'."
    ),
    (
      "ledger-split --max-record 5x", 2,
      "ledger-split: The value '5x' is invalid for '--max-record <size>'. The largest record to accept, such as 64MiB."
    ),
    (
      "ledger-split --network", 2,
      "ledger-split: Missing value for '--network <network>'. pubnet, testnet, futurenet, local, or a network's passphrase (default: $NETWORK_PASSPHRASE, else pubnet)."
    ),
    (
      "ledger-split -i json", 2,
      "ledger-split: The value 'json' is invalid for '-i <format>'. Please provide one of 'auto', 'xdr' or 'ndjson'."
    ),
    ("invocation-extract --includes events", 2, "invocation-extract: Unknown option '--includes'. Did you mean '--include'?"),
    (
      "invocation-extract --include event", 2,
      "invocation-extract: The value 'event' is invalid for '--include <parts>'. Please provide one of the following: events, diagnostics, calls, state, ttl, auth, resources, raw"
    ),
    (
      "invocation-extract --type call,extend", 2,
      "invocation-extract: The value 'call,extend' is invalid for '--type <kinds>'. Please provide one of 'call', 'create' or 'upload'."
    ),
    (
      "invocation-extract --after x", 2,
      "invocation-extract: The value 'x' is invalid for '--after <toid>'. Only what comes behind the operation with this meta.toid: go on where an earlier run stopped."
    ),
    ("event-filter --topics x", 2, "event-filter: Unknown option '--topics'. Did you mean '--topic'?"),
    ("event-filter --type upload,burn", 2, "event-filter: --type: 'burn' is none of call, create, upload, extend, restore"),
    (
      "event-filter --result bad", 2,
      "event-filter: --result: 'bad' is none of success, malformed, trapped, resource_limit_exceeded, entry_archived, insufficient_refundable_fee, op_bad_auth, op_no_account, op_not_supported, op_too_many_subentries, op_exceeded_work_limit, op_too_many_sponsoring"
    ),
    (
      "event-filter --has fun", 2,
      "event-filter: --has: 'fun' is none of events, diagnostics, calls, state, ttl, restorations, auth"
    ),
    ("event-filter --change vanish", 2, "event-filter: --change: 'vanish' is none of create, update, delete, restore"),
    ("event-filter --durability eternal", 2, "event-filter: --durability: 'eternal' is none of temporary, persistent"),
    ("event-filter --event-type classic", 2, "event-filter: --event-type: 'classic' is none of system, contract, diagnostic"),
    ("event-filter --value-type colour", 2, "event-filter: --value-type: 'colour' is none of string, numeric, address, bytes"),
    (
      "event-filter --contract CABC", 2,
      "event-filter: --contract: 'CABC' is no contract (C…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --account CABC", 2,
      "event-filter: --account: 'CABC' is no account (G…): its length, a character or its checksum is wrong"
    ),
    ("event-filter --tx 12", 2, "event-filter: --tx: '12' is no transaction hash, which has 64 hex digits"),
    ("event-filter --contract @nowhere", 4, "event-filter: nowhere: No such file or directory"),
    (
      "event-filter --contract @cases.json", 2,
      "event-filter: cases.json, byte 0: '{' is no contract (C…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --since yesterday", 2,
      "event-filter: --since: 'yesterday' is no time such as 2026-06-20T11:02:33Z or 1781953353"
    ),
    ("event-filter --recent soon", 2, "event-filter: --recent: 'soon' is no duration such as 15m, 1h or 2d"),
    ("event-filter --any-call", 2, "event-filter: --any-call goes with --function"),
    ("event-filter --min-args=-1", 2, "event-filter: --min-args: -1 is no number of arguments"),
    (
      "event-filter --max-args x", 2,
      "event-filter: The value 'x' is invalid for '--max-args <number>'. At most so many arguments."
    ),
    ("event-filter --max-count=-1", 2, "event-filter: --max-count: -1 is no number of records"),
    (
      "event-filter --topic '**/transfer'", 2,
      "event-filter: --topic: '**' stands for all topics that follow, and only the last segment can be it: '**/transfer'"
    ),
    (
      "event-filter --topic '/x/'", 2,
      "event-filter: --topic: '/x/' names no position: a regular expression of one topic is '0=/x/'"
    ),
    (
      "event-filter --function '/(/'", 2,
      #"event-filter: --function: '/(/' is no POSIX extended regular expression: Unmatched ( or \("#
    ),
    ("event-filter --data hex:0g", 2, "event-filter: --data: 'hex:0g' is no hex: two digits make a byte, after 'hex:'"),
    ("event-filter --state '>1e6'", 2, "event-filter: --state: '>1e6' compares with no whole number"),
    ("event-filter --request nowhere", 4, "event-filter: nowhere: No such file or directory"),
    (
      #"echo '{"filtre":{}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: GetInvocationsRequest has no member 'filtre' (byte 1)"
    ),
    ("scval-json --styl native", 2, "scval-json: Unknown option '--styl'. Did you mean '--style'?"),
    (
      "scval-json --style nativ", 2,
      "scval-json: The value 'nativ' is invalid for '--style <style>'. Please provide one of 'sep51', 'native' or 'proto'."
    ),
    (
      "scval-json --type LedgerMeta", 2,
      "scval-json: The value 'LedgerMeta' is invalid for '--type <name>'. The type of base64 lines, fields and XDR records (see --list-types)."
    ),
    ("scval-json --field a..b", 2, "scval-json: 'a..b' is no list of paths such as topic[] or a.b[].c"),
    (
      "scval-json --encode --style native", 2,
      "scval-json: --encode reads SEP-51, and none of --style, --field and --spec goes with it"
    ),
    (
      "scval-json --style proto --type SCVal --field a", 2,
      "scval-json: --style proto is for ContractInvocation records, and neither --field nor --type goes with it"
    ),
    (
      "scval-json --style proto --spec contract.wasm", 2,
      "scval-json: --spec goes with --style native and sep51; the messages of --style proto have no place for what it declares"
    ),
    (
      "scval-json --spec contract.wasm --field a", 2,
      "scval-json: --spec is for ContractInvocation records, and neither --field nor --type goes with it"
    ),
    ("scval-json -o xdr", 2, "scval-json: -o xdr goes with --encode; decoded values are JSON"),
    ("scval-json --generate-completion-script tcsh", 2, "scval-json: --generate-completion-script takes one of bash, zsh, fish"),
    ("ledger-split --network local --ledgers 1000-1030 lake", 3, "ledger-split: lake: no object holds ledgers 1000 to 1023"),
    ("ledger-split --network local --ledgers 1050-1060 lake", 3, "ledger-split: lake: no object holds ledgers 1052 to 1060"),
    ("ledger-split --network local --ledgers 2000 lake", 3, "ledger-split: lake: no object holds ledger 2000"),
    ("ledger-split --network local --ledgers 2000- lake", 3, "ledger-split: lake: no object holds ledger 2000 or a later one"),
    ("ledger-split --network local --ledgers -5 lake", 3, "ledger-split: lake: no object holds any ledger up to 5"),
    ("ledger-split --network local --ledgers 1030 --ledgers 3000 lake", 3, "ledger-split: lake: no object holds ledger 3000"),
    (
      "event-filter ledgers.xdr", 3,
      "event-filter: ledgers.xdr: this is a LedgerCloseMeta; ledger-split and invocation-extract make ContractInvocation records of it (byte 4, record 1)"
    ),
    (
      "event-filter transactions.ndjson", 3,
      "event-filter: transactions.ndjson: this is a LedgerTransaction; invocation-extract makes ContractInvocation records of it (byte 0, record 1)"
    ),
    (
      #"echo '{"a":1}' | event-filter"#, 3,
      #"event-filter: standard input: this is no ContractInvocation, a line that begins with {"_schema":"soroban-pipes.contract_invocation.v1"; invocation-extract makes them (byte 0, record 1)"#
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
      "scval-json: standard input: this is no ContractInvocation; --style proto reads the ContractInvocation records that invocation-extract writes (byte 0, record 1)"
    ),
    (
      "scval-json ledgers.xdr", 3,
      "scval-json: ledgers.xdr: this is a LedgerCloseMeta; ledger-split makes transactions of it, --type LedgerCloseMeta decodes it whole (byte 4, record 1)"
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
      "event-filter: standard input: a JSON array where lines were meant; pipe it through jq -c '.[]' (byte 0, record 1)"
    ),
    (
      "echo '[1]' | scval-json --style native --spec contract.wasm", 3,
      "scval-json: standard input: a JSON array where lines were meant; pipe it through jq -c '.[]' (byte 0, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | ledger-split"#, 3,
      "ledger-split: standard input: JSON ends inside a value; each line is one, so pipe it through jq -c . (byte 1, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: JSON ends inside a value; each line is one, so pipe it through jq -c . (byte 1, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | event-filter"#, 3,
      "event-filter: standard input: JSON ends inside a value; each line is one, so pipe it through jq -c . (byte 1, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | scval-json"#, 3,
      "scval-json: standard input: JSON ends inside a value; each line is one, so pipe it through jq -c . (byte 1, record 1)"
    ),
    (
      #"printf '{\n"_schema":1}\n' | scval-json --encode"#, 3,
      "scval-json: standard input: JSON ends inside a value; each line is one, so pipe it through jq -c . (byte 1, record 1)"
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
    (
      #"printf '\050\265\057\375\040\004\041\000\000\050\265\057\375' | scval-json"#, 3,
      "scval-json: standard input: compressed twice with zstd; pipe it through zstdcat (byte 0)"
    ),
    (
      #"printf '\050\265\057\375\000\370\001\000\000' | scval-json"#, 3,
      "scval-json: standard input: zstd frame that needs a window of more than 128 MiB; pipe it through zstd -dc --long=31 (byte 0, record 1)"
    ),
    (
      #"printf '\050\265\057\375\040\004\047\000\000\000\000\000\000' | scval-json"#, 3,
      "scval-json: standard input: damaged zstd data: Data corruption detected (byte 0, record 1)"
    ),
    (
      #"printf '\037\213\010' | invocation-extract"#, 3,
      "invocation-extract: standard input: gzip data; pipe it through zcat (byte 0)"
    ),
    (#"printf '\037\213\010' | event-filter"#, 3, "event-filter: standard input: gzip data; pipe it through zcat (byte 0)"),
    (#"printf '\037\213\010' | scval-json"#, 3, "scval-json: standard input: gzip data; pipe it through zcat (byte 0)"),
    ("scval-json --spec nowhere invocations.ndjson", 4, "scval-json: nowhere: No such file or directory"),
    (
      "scval-json --spec cases.json invocations.ndjson", 3,
      "scval-json: cases.json: no contract specification: JSON ends inside a value; each line is one, so pipe it through jq -c . (byte 1)"
    ),
    (
      #"printf '\0asm\1\0\0\0' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: WebAssembly without a contract specification (contractspecv0)"
    ),
    (
      #"printf '\0asm\2\0\0\0' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: WebAssembly that is no module of version 1 (byte 4)"
    ),
    (
      #"printf "" | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: a contract specification without entries"
    ),
    (
      "head -c 3 contract.wasm | scval-json --spec /dev/stdin invocations.ndjson", 3,
      "scval-json: /dev/stdin: no contract specification: SCSpecEntry 1: ends inside the value (byte 0)"
    ),
    (
      "head -c 30 contract.wasm | scval-json --spec /dev/stdin invocations.ndjson", 3,
      "scval-json: /dev/stdin: WebAssembly section of 1103 bytes where 19 are left (byte 11)"
    ),
    (
      #"echo '"x"' | scval-json --encode"#, 3,
      "scval-json: standard input: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …) (byte 0, record 1)"
    ),
    (
      #"echo '{"u33":1}' | scval-json --encode"#, 3,
      "scval-json: standard input: u33: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …) (byte 1, record 1)"
    ),
    (#"echo '"AAA"' | scval-json"#, 3, "scval-json: standard input: not base64 (byte 4, record 1)"),
    ("echo AAAAAwAAAAcAAAAA | scval-json", 3, "scval-json: standard input: 4 bytes left over after SCVal (byte 0, record 1)"),
    (
      "ledger-split --network local --verify ledgers.xdr ledgers.xdr > /dev/null", 3,
      "ledger-split: ledgers.xdr: comes after ledger 1051 (byte 4, record 29, ledger 1024)"
    ),
    (
      "ledger-split --network local --verify lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst lake/FFFFFBFF--1024-1031/FFFFFBFB--1028-1029.xdr.zst > /dev/null",
      3,
      "ledger-split: lake/FFFFFBFF--1024-1031/FFFFFBFB--1028-1029.xdr.zst: ledgers 1026 to 1027 missing before this one (byte 12, record 3, ledger 1028)"
    ),
    (
      "ledger-split --network local lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst lake/FFFFFBFF--1024-1031/FFFFFBFB--1028-1029.xdr.zst > /dev/null",
      0,
      "ledger-split: lake/FFFFFBFF--1024-1031/FFFFFBFB--1028-1029.xdr.zst: ledgers 1026 to 1027 missing before this one (byte 12, record 3, ledger 1028)"
    ),
    (
      #"echo '{"contractIds":["CABC"]}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contractIds[0]: 'CABC' is no contract (C…): its length, a character or its checksum is wrong (byte 16)"
    ),
    (
      #"echo '{"startLedger":-1}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: startLedger: -1 is no number from 0 to 4294967295 (byte 15)"
    ),
    (
      #"echo '{"startLedger":1,"start_ledger":1}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: 'start_ledger' stands twice in GetInvocationsRequest (byte 17)"
    ),
    (
      #"echo '{"contentFilter":{"topicFilters":[{"exactMatch":"a","pattern":"b"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.topicFilters[0].pattern: a TopicFilter has only one of exactMatch, bytesMatch and pattern (byte 62)"
    ),
    (
      #"echo '{"contentFilter":{"topicFilters":[{"pattern":"("}]}}' | event-filter --request /dev/stdin"#, 2,
      #"event-filter: --request: contentFilter.topicFilters[0].pattern: '/(/' is no POSIX extended regular expression: Unmatched ( or \( (byte 45)"#
    ),
    (
      #"echo '{"contentFilter":{"topicFilters":[{"bytesMatch":"A*"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.topicFilters[0].bytesMatch: 'A*' is no base64 (byte 48)"
    ),
    (
      #"echo '{"contentFilter":' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter: JSON ends inside a value (byte 18)"
    ),
    (
      #"echo '{"contentFilter":{"dataPatterns":[{"location":"NOWHERE"}]}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: contentFilter.dataPatterns[0].location: 'NOWHERE' is none of DATA_LOCATION_ARGUMENTS, DATA_LOCATION_EVENT_DATA, DATA_LOCATION_STATE_VALUES (byte 46)"
    ),
    (
      #"echo '{"options":{"limit":5}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: ResponseOptions has no member 'limit' (byte 12)"
    ),
    (
      #"printf '\050\265\057\375\040\010\101\000\000\200\000\000\004\000\000\000\001more' | scval-json > /dev/null"#, 3,
      "scval-json: standard input: what follows the zstd frame is not zstd (byte 8, record 2)"
    ),
    (
      #"printf '\0\0\0\5\0\0\0\6\0\0\0\2' | ledger-split"#, 3,
      "ledger-split: standard input: the input ends inside a record, 12 of 16 bytes are there (byte 0, record 1)"
    ),
    (
      #"printf '\0\0\0\5\0\0\0\6\0\0\0\3' | ledger-split"#, 3,
      "ledger-split: standard input: neither a LedgerCloseMeta nor a LedgerCloseMetaBatch begins here (byte 0, record 1)"
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
      "event-filter: --request: typeFilter: this is none of INVOCATION_TYPE_FILTER_ALL, INVOCATION_TYPE_FILTER_CONTRACT_CALL, INVOCATION_TYPE_FILTER_CREATE_CONTRACT, INVOCATION_TYPE_FILTER_UPLOAD_WASM (byte 14)"
    ),
    ("scval-json < /dev/null --list-type", 2, "scval-json: Unknown option '--list-type'. Did you mean '--list-types'?"),
  ]

  /// One clear line; after the parser's own a second one says where the options are described.
  @Test(arguments: (mistakes + inputMistakes).indices) func whatIsSaid(index: Int) throws {
    let (command, status, message) = (Self.mistakes + Self.inputMistakes)[index]
    let found = try Shell.run(command, input: [])
    let tool = message.prefix { $0 != ":" }
    #expect(found.messages.filter { $0 != "See '\(tool) --help'." } == [message], "\(command)")
    #expect(found.status == status, "\(command)")
  }
}
