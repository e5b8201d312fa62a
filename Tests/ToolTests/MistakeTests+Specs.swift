/// Files that are not contract specifications.
extension MistakeTests {
  static let specMistakes: [Mistake] = [
    ("scval-json --spec nowhere invocations.ndjson", 4, "scval-json: nowhere: No such file or directory"),
    (
      "scval-json --spec cases.json invocations.ndjson", 3,
      "scval-json: cases.json: not a contract specification: network: expected SCSpecEntry (function_v0, udt_struct_v0, udt_union_v0, udt_enum_v0, udt_error_enum_v0, event_v0) (byte 3)"
    ),
    (
      #"printf '\0asm\1\0\0\0' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: WebAssembly without a contract specification (contractspecv0)"
    ),
    (
      #"printf '\0asm\2\0\0\0' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: WebAssembly that is not a module of version 1 (byte 4)"
    ),
    (
      #"printf "" | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: a contract specification without entries"
    ),
    (
      "head -c 3 contract.wasm | scval-json --spec /dev/stdin invocations.ndjson", 3,
      "scval-json: /dev/stdin: not a contract specification: SCSpecEntry 1: ends inside the value (byte 0)"
    ),
    (
      "head -c 30 contract.wasm | scval-json --spec /dev/stdin invocations.ndjson", 3,
      "scval-json: /dev/stdin: WebAssembly section of 1103 bytes where 19 are left (byte 11)"
    ),
    (
      #"printf '\200\0\0\10\0\0' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: not a contract specification: ends inside a record (byte 0)"
    ),
    (
      #"printf '\200\0\0\4\0\0\0\11' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: not a contract specification: SCSpecEntry 1: SCSpecEntry has no arm 9"
    ),
    (
      #"printf '\0\0\0\0\0\0\0\0\0\0\0\1f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\11' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: SCSpecEntry 2: SCSpecEntry has no arm 9 (byte 24)"
    ),
    (
      #"echo '{"function_v0":{}}' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      #"scval-json: /dev/stdin: not a contract specification: function_v0: SCSpecFunctionV0 needs the member "doc" (byte 15)"#
    ),
    (
      #"printf '\0asm\1\0\0\0\0' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: WebAssembly that ends inside a section (byte 9)"
    ),
    (
      #"printf '\0asm\1\0\0\0\0\200\200\200\200\200\200' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: WebAssembly section whose length has more than 32 bits (byte 14)"
    ),
    (
      #"printf '\037\213\010' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: gzip data; pipe it through zcat (byte 0)"
    ),
    (
      #"printf '\050\265\057\375' | scval-json --spec /dev/stdin invocations.ndjson"#, 3,
      "scval-json: /dev/stdin: the input ends inside a zstd frame"
    ),
    ("scval-json --spec lake invocations.ndjson", 4, "scval-json: lake: Is a directory"),
    (
      "scval-json --spec contract.wasm --max-record 1KiB invocations.ndjson", 3,
      "scval-json: contract.wasm: record of more than 1024 bytes (see --max-record)"
    ),
  ]
}
