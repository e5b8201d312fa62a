/// Errors in containers, compressed data, data lakes and the order of ledgers.
extension MistakeTests {
  static let streamMistakes: [Mistake] = [
    ("ledger-split --network local --ledgers 1000-1030 lake", 3, "ledger-split: lake: no object holds ledgers 1000 to 1023"),
    ("ledger-split --network local --ledgers 1050-1060 lake", 3, "ledger-split: lake: no object holds ledgers 1052 to 1060"),
    ("ledger-split --network local --ledgers 2000 lake", 3, "ledger-split: lake: no object holds ledger 2000"),
    ("ledger-split --network local --ledgers 2000- lake", 3, "ledger-split: lake: no object holds ledger 2000 or a later one"),
    ("ledger-split --network local --ledgers -5 lake", 3, "ledger-split: lake: no object holds any ledger up to 5"),
    ("ledger-split --network local --ledgers 1030 --ledgers 3000 lake", 3, "ledger-split: lake: no object holds ledger 3000"),
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
      #"printf '\050\265\057\375\040\010\101\000\000\200\000\000\004\000\000\000\001more' | scval-json > /dev/null"#, 3,
      "scval-json: standard input: data after the zstd frame is not zstd (byte 8, record 2)"
    ),
    (
      #"printf '\0\0\0\5\0\0\0\6\0\0\0\2' | ledger-split"#, 3,
      "ledger-split: standard input: the input ends inside a record, 12 of 16 bytes are there (byte 0, record 1)"
    ),
    (
      #"printf '\0\0\0\5\0\0\0\6\0\0\0\3' | ledger-split"#, 3,
      "ledger-split: standard input: neither a LedgerCloseMeta nor a LedgerCloseMetaBatch begins here (byte 0, record 1)"
    ),
    // Containers.
    (
      #"(printf '\0\0\4\0\0\0\4\1\0\0\0\2'; head -c 5084 ledgers.xdr | tail -c +5) | ledger-split --network local > /dev/null"#,
      3,
      "ledger-split: standard input: the input ends before the last record that it announces (byte 5092, record 2)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\1\0\0\0\2'; head -c 5084 ledgers.xdr | tail -c +5; head -c 5084 ledgers.xdr | tail -c +5) | ledger-split --network local > /dev/null"#,
      3,
      "ledger-split: standard input: a batch that should hold ledger 1025 here (byte 5092, record 2, ledger 1024)"
    ),
    (
      #"(printf '\200\0\0\4\0\0\0\0'; printf '\0\0\0\4\0\0\0\0'; head -c 4004 /dev/zero) | scval-json --type uint32 > /dev/null"#,
      3,
      "scval-json: standard input: record of more than 1000 empty fragments (byte 12, record 2)"
    ),
    (
      #"printf '\050\265\057\375\040\003\031\000\000\037\213\010' | scval-json"#, 3,
      "scval-json: standard input: gzip data; pipe it through zcat (byte 0)"
    ),
    ("ledger-split --ledgers 1-2 --ledgers 7 lake", 3, "ledger-split: lake: no object holds ledgers 1 to 2, ledger 7"),
    // Text that does not begin as a line of records does: without framing, no record can be found behind it.
    ("ledger-split -k README.md", 3, "ledger-split: README.md: plain text, neither JSON nor base64 (byte 0, record 1)"),
    ("scval-json -k README.md", 3, "scval-json: README.md: plain text, neither JSON nor base64 (byte 0, record 1)"),
    // XDR without framing.
    (
      "head -c 1000 ledgers.xdr | tail -c +5 | event-filter", 3,
      "event-filter: standard input: this is a LedgerCloseMeta; ledger-split and invocation-extract make ContractInvocation records from it (byte 0, record 1)"
    ),
    (
      #"printf '\0\1\2\3' | event-filter"#, 3,
      "event-filter: standard input: XDR without record marking; event-filter reads ContractInvocation and ContractEvent records, which invocation-extract writes (byte 0, record 1)"
    ),
    (
      #"printf '\0\1\2\3' | scval-json --style proto"#, 3,
      "scval-json: standard input: XDR without record marking; --style proto reads record-marked XDR (byte 0, record 1)"
    ),
    (
      #"printf '\0\1\2\3' | scval-json --spec contract.wasm"#, 3,
      "scval-json: standard input: XDR without record marking; --spec reads record-marked XDR (byte 0, record 1)"
    ),
    (
      #"printf '\0\1\2\3' | scval-json --encode"#, 3,
      "scval-json: standard input: XDR without record marking; scval-json --encode reads lines of JSON (byte 0, record 1)"
    ),
    // Order.
    (
      "(head -c 5084 ledgers.xdr; head -c 5084 ledgers.xdr) | ledger-split --network local > /dev/null", 0,
      "ledger-split: standard input: this ledger was just read; the repeated one is dropped (byte 5088, record 2, ledger 1024)"
    ),
    (
      "(cat ledgers.xdr; head -c 5084 ledgers.xdr) | ledger-split --network local > /dev/null", 0,
      "ledger-split: standard input: comes after ledger 1051 (byte 234220, record 29, ledger 1024)"
    ),
  ]
}
