/// Typical input of a first-time user, and the messages.
extension MistakeTests {
  static let inputMistakes: [Mistake] = [
    // Text of other systems, other compression formats.
    (
      #"(printf '\357\273\277'; cat invocations.ndjson) | event-filter"#, 3,
      "event-filter: standard input: UTF-8 text that begins with a byte order mark; pipe it through tail -c +4 (byte 0, record 1)"
    ),
    (
      #"(printf '\357\273\277'; cat transactions.ndjson) | invocation-extract -i ndjson"#, 3,
      "invocation-extract: standard input: UTF-8 text that begins with a byte order mark; pipe it through tail -c +4 (byte 0, record 1)"
    ),
    (
      #"printf '\377\376{\0"\0' | scval-json"#, 3,
      "scval-json: standard input: UTF-16 text; pipe it through iconv -f UTF-16 -t UTF-8 (byte 0, record 1)"
    ),
    (
      #"printf '\3757zXZ\0' | ledger-split"#, 3,
      "ledger-split: standard input: xz data; pipe it through xzcat (byte 0, record 1)"
    ),
    // Responses of a server that are errors or something else.
    (
      #"echo '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"invalid limit"}}' | ledger-split"#, 3,
      "ledger-split: standard input: the RPC server answered with an error: invalid limit (byte 0, record 1)"
    ),
    (
      #"echo '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"invalid limit"}}' | invocation-extract"#, 3,
      "invocation-extract: standard input: the RPC server answered with an error: invalid limit (byte 0, record 1)"
    ),
    (
      "ledger-split rpc/getTransaction.ndjson", 3,
      "ledger-split: rpc/getTransaction.ndjson: this is an answer of getTransactions; invocation-extract reads it (byte 0, record 1)"
    ),
    (
      "invocation-extract rpc/getLedgers.json", 3,
      "invocation-extract: rpc/getLedgers.json: this is an answer of getLedgers; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      "echo '<html><body>502 Bad Gateway</body></html>' | ledger-split", 3,
      "ledger-split: standard input: HTML or XML text, such as a server's error page (byte 0, record 1)"
    ),
    // Notations of other programs.
    (
      "ledger-split --network Mainnet ledgers.xdr", 3,
      #"ledger-split: ledgers.xdr: no transaction hashes to any result: the network passphrase is likely wrong (it was "Public Global Stellar Network ; September 2015"; see --network) (byte 4, record 1, ledger 1024)"#
    ),
    (
      "event-filter --since 2026-01", 2,
      "event-filter: --since: '2026-01' is not a time such as 2026-06-20T11:02:33Z or 1781953353"
    ),
    (
      "ledger-split --by ledger --soroban ledgers.xdr", 2,
      "ledger-split: --by ledger writes whole ledgers; --soroban and --tx can't be combined with it"
    ),
    ("event-filter --data '>1,000'", 2, "event-filter: --data: '>1,000' does not compare with a whole number"),
    (
      "event-filter --account CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6", 2,
      "event-filter: --account: 'CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6' is a contract (C…), not an account (G…)"
    ),
    (
      "event-filter --account MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK", 2,
      "event-filter: --account: 'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK' is a muxed account (M…) of GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ"
    ),
    ("scval-json --field 'topic[0]'", 2, "scval-json: 'topic[0]' is not a list of paths such as topic[] or a.b[].c"),
    ("scval-json --field '$.topic'", 2, "scval-json: '$.topic' is not a list of paths such as topic[] or a.b[].c"),
    ("scval-json --field .topic", 2, "scval-json: '.topic' is not a list of paths such as topic[] or a.b[].c"),
    ("echo AAAADwAAAAh0cmFuc2Zlcg | scval-json", 3, "scval-json: standard input: not base64 (byte 22, record 1)"),
    (
      "echo AAAADwAAAAh0cmFuc2Zlcg== | scval-json --encode", 3,
      "scval-json: standard input: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …) (byte 0, record 1)"
    ),
    (
      #"echo '{"u32":"5"}' | scval-json --encode"#, 3,
      "scval-json: standard input: u32: expected unsigned int (a whole number, not in quotes) (byte 7, record 1)"
    ),
    (
      "scval-json --spec README.md", 3,
      "scval-json: README.md: not a contract specification: neither WebAssembly, nor SCSpecEntry in XDR, base64 or JSON (byte 15)"
    ),
    ("invocation-extract lake", 4, "invocation-extract: lake: Is a directory"),
    // Requests, and the position of their errors.
    (
      #"echo '{"contentFilter":{"dataPatterns":[{"stringPattern":"a"},{"stringPattern":"[a"}]}}' | event-filter --request /dev/stdin"#,
      2,
      "event-filter: --request: contentFilter.dataPatterns[1].stringPattern: '/[a/' is not a POSIX extended regular expression: Unmatched [, [^, [:, [., or [= (byte 73)"
    ),
    (
      #"printf '{\n  "timeFilter": {\n    "startTime": "yesterday"\n  }\n}\n' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: timeFilter.startTime: 'yesterday' is not a time such as 2026-06-20T11:02:33Z or 1781953353 (byte 37)"
    ),
    (
      #"echo '{"typeFilter":{}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: typeFilter: this is not one of INVOCATION_TYPE_FILTER_ALL, INVOCATION_TYPE_FILTER_CONTRACT_CALL, INVOCATION_TYPE_FILTER_CREATE_CONTRACT, INVOCATION_TYPE_FILTER_UPLOAD_WASM (byte 14)"
    ),
    (
      #"echo '{"contractIds":["CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6","CABC"]}' | event-filter --request /dev/stdin"#,
      2,
      "event-filter: --request: contractIds[1]: 'CABC' is not a contract (C…): its length, a character or its checksum is wrong (byte 75)"
    ),
    (
      "event-filter --request README.md", 2, "event-filter: --request: unexpected '#' in JSON (byte 0)"
    ),
  ]
}
