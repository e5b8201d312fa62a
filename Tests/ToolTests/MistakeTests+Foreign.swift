/// Files that are not input: archives, dumps, text; and files that mix two forms.
extension MistakeTests {
  static let foreignMistakes: [Mistake] = [
    (
      #"printf 'BZh91AY&SY\0\0\0\0\n' | ledger-split"#, 3,
      "ledger-split: standard input: bzip2 data; pipe it through bzcat (byte 0, record 1)"
    ),
    (
      #"printf 'PK\3\4\24\0\0\0\10\0\0\0' | ledger-split"#, 3,
      "ledger-split: standard input: a zip archive; pipe in what unzip -p prints (byte 0, record 1)"
    ),
    (
      #"printf '7z\274\257\47\34\0\4\0\0\0\0' | ledger-split"#, 3,
      "ledger-split: standard input: a 7z archive; pipe in what 7z x -so prints (byte 0, record 1)"
    ),
    (
      #"printf '\4\42M\30d@\247\0\0\0\0\0' | ledger-split"#, 3,
      "ledger-split: standard input: lz4 data; pipe it through lz4cat (byte 0, record 1)"
    ),
    (
      #"printf ']\0\0\200\0\377\377\377\377\377\377\377' | ledger-split"#, 3,
      "ledger-split: standard input: lzma data; pipe it through lzcat (byte 0, record 1)"
    ),
    (
      #"printf '\37\235\220\0\2\14\0\0\0\0\0\0' | ledger-split"#, 3,
      "ledger-split: standard input: compress data; pipe it through zcat (byte 0, record 1)"
    ),
    (
      #"printf '00000000: 8000 13d8 0000 0000  ........\n' | ledger-split"#, 3,
      "ledger-split: standard input: a hex dump; pipe it through xxd -r (byte 0, record 1)"
    ),
    (
      "od -A x -t x1 ledgers.xdr | ledger-split", 3,
      "ledger-split: standard input: bytes dumped as text; pipe in the bytes themselves (byte 0, record 1)"
    ),
    (
      #"printf '800013d80000000000000001\n' | ledger-split"#, 3,
      "ledger-split: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf '80 00 13 d8 00 00\n' | ledger-split"#, 3,
      "ledger-split: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      "base64 ledgers.xdr | ledger-split", 3,
      "ledger-split: standard input: base64 of a whole file; pipe it through base64 -d (byte 0, record 1)"
    ),
    (
      "zstd -qc ledgers.xdr | base64 -w 0 | ledger-split", 3,
      "ledger-split: standard input: base64 of a whole file; pipe it through base64 -d (byte 0, record 1)"
    ),
    (
      "gzip -c ledgers.xdr | base64 -w 0 | ledger-split", 3,
      "ledger-split: standard input: base64 of a whole file; pipe it through base64 -d (byte 0, record 1)"
    ),
    (
      #"printf '0x800013d8\n' | ledger-split"#, 3,
      "ledger-split: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf 'ledger,hash\n1024,ab\n' | ledger-split"#, 3,
      "ledger-split: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      #"printf 'ledger\thash\n' | ledger-split"#, 3,
      "ledger-split: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      "cat ../README.md | ledger-split", 3,
      "ledger-split: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      "echo 'No such file or directory' | ledger-split", 3,
      "ledger-split: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      #"printf '<?xml version="1.0"?>\n<Error/>' | ledger-split"#, 3,
      "ledger-split: standard input: HTML or XML text, such as a server's error page (byte 0, record 1)"
    ),
    (
      #"printf 'BZh91AY&SY\0\0\0\0\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: bzip2 data; pipe it through bzcat (byte 0, record 1)"
    ),
    (
      #"printf 'PK\3\4\24\0\0\0\10\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: a zip archive; pipe in what unzip -p prints (byte 0, record 1)"
    ),
    (
      #"printf '7z\274\257\47\34\0\4\0\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: a 7z archive; pipe in what 7z x -so prints (byte 0, record 1)"
    ),
    (
      #"printf '\4\42M\30d@\247\0\0\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: lz4 data; pipe it through lz4cat (byte 0, record 1)"
    ),
    (
      #"printf ']\0\0\200\0\377\377\377\377\377\377\377' | invocation-extract"#, 3,
      "invocation-extract: standard input: lzma data; pipe it through lzcat (byte 0, record 1)"
    ),
    (
      #"printf '\37\235\220\0\2\14\0\0\0\0\0\0' | invocation-extract"#, 3,
      "invocation-extract: standard input: compress data; pipe it through zcat (byte 0, record 1)"
    ),
    (
      #"printf '00000000: 8000 13d8 0000 0000  ........\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: a hex dump; pipe it through xxd -r (byte 0, record 1)"
    ),
    (
      "od -A x -t x1 ledgers.xdr | invocation-extract", 3,
      "invocation-extract: standard input: bytes dumped as text; pipe in the bytes themselves (byte 0, record 1)"
    ),
    (
      #"printf '800013d80000000000000001\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf '80 00 13 d8 00 00\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      "ledger-split --network local ledgers.xdr | base64 -w 0 | invocation-extract", 3,
      "invocation-extract: standard input: base64 of a whole file; pipe it through base64 -d (byte 0, record 1)"
    ),
    (
      #"printf '0x800013d8\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf 'ledger,hash\n1024,ab\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      #"printf 'ledger\thash\n' | invocation-extract"#, 3,
      "invocation-extract: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      "cat ../README.md | invocation-extract", 3,
      "invocation-extract: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      "echo 'No such file or directory' | invocation-extract", 3,
      "invocation-extract: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      #"printf '<?xml version="1.0"?>\n<Error/>' | invocation-extract"#, 3,
      "invocation-extract: standard input: HTML or XML text, such as a server's error page (byte 0, record 1)"
    ),
    (
      #"printf 'BZh91AY&SY\0\0\0\0\n' | event-filter"#, 3,
      "event-filter: standard input: bzip2 data; pipe it through bzcat (byte 0, record 1)"
    ),
    (
      #"printf 'PK\3\4\24\0\0\0\10\0\0\0' | event-filter"#, 3,
      "event-filter: standard input: a zip archive; pipe in what unzip -p prints (byte 0, record 1)"
    ),
    (
      #"printf '7z\274\257\47\34\0\4\0\0\0\0' | event-filter"#, 3,
      "event-filter: standard input: a 7z archive; pipe in what 7z x -so prints (byte 0, record 1)"
    ),
    (
      #"printf '\4\42M\30d@\247\0\0\0\0\0' | event-filter"#, 3,
      "event-filter: standard input: lz4 data; pipe it through lz4cat (byte 0, record 1)"
    ),
    (
      #"printf ']\0\0\200\0\377\377\377\377\377\377\377' | event-filter"#, 3,
      "event-filter: standard input: lzma data; pipe it through lzcat (byte 0, record 1)"
    ),
    (
      #"printf '\37\235\220\0\2\14\0\0\0\0\0\0' | event-filter"#, 3,
      "event-filter: standard input: compress data; pipe it through zcat (byte 0, record 1)"
    ),
    (
      #"printf '00000000: 8000 13d8 0000 0000  ........\n' | event-filter"#, 3,
      "event-filter: standard input: a hex dump; pipe it through xxd -r (byte 0, record 1)"
    ),
    (
      "od -A x -t x1 ledgers.xdr | event-filter", 3,
      "event-filter: standard input: bytes dumped as text; pipe in the bytes themselves (byte 0, record 1)"
    ),
    (
      #"printf '800013d80000000000000001\n' | event-filter"#, 3,
      "event-filter: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf '80 00 13 d8 00 00\n' | event-filter"#, 3,
      "event-filter: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      "zstd -qc invocations.ndjson | base64 -w 0 | event-filter", 3,
      "event-filter: standard input: base64 of a whole file; pipe it through base64 -d (byte 0, record 1)"
    ),
    (
      #"printf '0x800013d8\n' | event-filter"#, 3,
      "event-filter: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf 'ledger,hash\n1024,ab\n' | event-filter"#, 3,
      "event-filter: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      #"printf 'ledger\thash\n' | event-filter"#, 3,
      "event-filter: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      "cat ../README.md | event-filter", 3,
      "event-filter: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      "echo 'No such file or directory' | event-filter", 3,
      "event-filter: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      #"printf '<?xml version="1.0"?>\n<Error/>' | event-filter"#, 3,
      "event-filter: standard input: HTML or XML text, such as a server's error page (byte 0, record 1)"
    ),
    (
      #"printf 'BZh91AY&SY\0\0\0\0\n' | scval-json"#, 3,
      "scval-json: standard input: bzip2 data; pipe it through bzcat (byte 0, record 1)"
    ),
    (
      #"printf 'PK\3\4\24\0\0\0\10\0\0\0' | scval-json"#, 3,
      "scval-json: standard input: a zip archive; pipe in what unzip -p prints (byte 0, record 1)"
    ),
    (
      #"printf '7z\274\257\47\34\0\4\0\0\0\0' | scval-json"#, 3,
      "scval-json: standard input: a 7z archive; pipe in what 7z x -so prints (byte 0, record 1)"
    ),
    (
      #"printf '\4\42M\30d@\247\0\0\0\0\0' | scval-json"#, 3,
      "scval-json: standard input: lz4 data; pipe it through lz4cat (byte 0, record 1)"
    ),
    (
      #"printf ']\0\0\200\0\377\377\377\377\377\377\377' | scval-json"#, 3,
      "scval-json: standard input: lzma data; pipe it through lzcat (byte 0, record 1)"
    ),
    (
      #"printf '\37\235\220\0\2\14\0\0\0\0\0\0' | scval-json"#, 3,
      "scval-json: standard input: compress data; pipe it through zcat (byte 0, record 1)"
    ),
    (
      #"printf '00000000: 8000 13d8 0000 0000  ........\n' | scval-json"#, 3,
      "scval-json: standard input: a hex dump; pipe it through xxd -r (byte 0, record 1)"
    ),
    (
      "od -A x -t x1 ledgers.xdr | scval-json", 3,
      "scval-json: standard input: bytes dumped as text; pipe in the bytes themselves (byte 0, record 1)"
    ),
    (
      #"printf '80 00 13 d8 00 00\n' | scval-json"#, 3,
      "scval-json: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf '0x800013d8\n' | scval-json"#, 3,
      "scval-json: standard input: hex digits; pipe them through xxd -r -p (byte 0, record 1)"
    ),
    (
      #"printf 'ledger,hash\n1024,ab\n' | scval-json"#, 3,
      "scval-json: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      #"printf 'ledger\thash\n' | scval-json"#, 3,
      "scval-json: standard input: text in columns; extract the values, one per line (byte 0, record 1)"
    ),
    (
      "cat ../README.md | scval-json", 3,
      "scval-json: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      "echo 'No such file or directory' | scval-json", 3,
      "scval-json: standard input: plain text, neither JSON nor base64 (byte 0, record 1)"
    ),
    (
      #"printf '<?xml version="1.0"?>\n<Error/>' | scval-json"#, 3,
      "scval-json: standard input: HTML or XML text, such as a server's error page (byte 0, record 1)"
    ),
    (
      "(cat ledgers.xdr transactions.ndjson) | ledger-split --by ledger > /dev/null", 3,
      "ledger-split: standard input: text follows XDR; give XDR and lines as separate FILEs (byte 234216, record 29)"
    ),
    (
      #"(printf '\0\0\4\0\0\0\4\0\0\0\0\1'; head -c 5084 ledgers.xdr | tail -c +5; cat transactions.ndjson) | ledger-split --by ledger > /dev/null"#,
      3,
      "ledger-split: standard input: text follows XDR; give XDR and lines as separate FILEs (byte 5092, record 2)"
    ),
    (
      "(cat ledgers.xdr; echo AAAA) | ledger-split --by ledger > /dev/null", 3,
      "ledger-split: standard input: text follows XDR; give XDR and lines as separate FILEs (byte 234216, record 29)"
    ),
    (
      "cat ledgers.xdr lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst | ledger-split --by ledger > /dev/null", 3,
      "ledger-split: standard input: zstd data follows XDR; give compressed and uncompressed data as separate FILEs (byte 234216, record 29)"
    ),
    (
      "(head -n1 values.ndjson; cat ledgers.xdr) | scval-json > /dev/null", 3,
      "scval-json: standard input: binary data follows lines; give XDR and lines as separate FILEs (byte 63, record 2)"
    ),
    (
      "(head -n1 values.ndjson; cat lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst) | scval-json > /dev/null", 3,
      "scval-json: standard input: binary data follows lines; give XDR and lines as separate FILEs (byte 63, record 2)"
    ),
  ]
}
