import TestSupport
import Testing

/// Exact messages: TOOL: FILE: error (byte OFFSET, record N, ledger L).
@Suite struct MessageTests {
  static let messages: [(command: String, status: Int32, message: String)] = [
    // Files
    ("ledger-split nowhere", 4, "ledger-split: nowhere: No such file or directory"),
    ("ledger-split rpc", 4, "ledger-split: rpc: directory without ledger objects (such as FC3D4704--63092987.xdr.zst)"),
    ("invocation-extract lake", 4, "invocation-extract: lake: Is a directory"),
    ("ledger-split --network local ledgers.xdr > /dev/full", 4, "ledger-split: standard output: No space left on device"),
    ("invocation-extract transactions.ndjson > /dev/full", 4, "invocation-extract: standard output: No space left on device"),
    ("scval-json invocations.ndjson > /dev/full", 4, "scval-json: standard output: No space left on device"),
    ("scval-json --help > /dev/full", 4, "scval-json: standard output: No space left on device"),
    ("scval-json invocations.ndjson >&-", 4, "scval-json: standard output: Bad file descriptor"),
    ("scval-json <&-", 4, "scval-json: standard input: Bad file descriptor"),
    // Containers
    (#"printf '\037\213\010' | ledger-split"#, 3, "ledger-split: standard input: gzip data; pipe it through zcat (byte 0)"),
    (#"printf '\200\0\0\0' | ledger-split"#, 3, "ledger-split: standard input: empty record (byte 4, record 1)"),
    (
      #"printf '\200\0' | ledger-split"#, 3,
      "ledger-split: standard input: the input ends inside a record header, after 2 of 4 bytes (byte 0, record 1)"
    ),
    (
      #"printf '\200\0\0\10\0\0\0' | ledger-split"#, 3,
      "ledger-split: standard input: the input ends inside a record, 3 of 8 bytes are there (byte 4, record 1)"
    ),
    (
      #"printf '\200\0\0\4\0\0\0\7' | ledger-split"#, 3,
      "ledger-split: standard input: LedgerCloseMeta has no arm 7 (byte 4, record 1)"
    ),
    (
      #"printf '\377\377\377\377' | ledger-split"#, 3,
      "ledger-split: standard input: record of 2147483647 bytes, more than 268435456 (see --max-record) (byte 4, record 1)"
    ),
    (
      "ledger-split --max-record 1000 ledgers.xdr", 3,
      "ledger-split: ledgers.xdr: record of 5080 bytes, more than 1000 (see --max-record) (byte 4, record 1)"
    ),
    (
      "scval-json --max-record 1KiB invocations.ndjson", 3,
      "scval-json: invocations.ndjson: record of more than 1024 bytes (see --max-record) (byte 0, record 1)"
    ),
    (
      #"printf '\50\265\57\375' | ledger-split"#, 3,
      "ledger-split: standard input: the input ends inside a zstd frame (byte 0, record 1)"
    ),
    // The wrong type, and the tool that makes the right one
    (
      "ledger-split transactions.ndjson", 3,
      "ledger-split: transactions.ndjson: this is a LedgerTransaction, which ledger-split makes; ledger-split reads LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      "ledger-split invocations.ndjson", 3,
      "ledger-split: invocations.ndjson: this is a ContractInvocation, which invocation-extract makes; ledger-split reads LedgerCloseMeta (byte 0, record 1)"
    ),
    (
      "ledger-split --network local ledgers.xdr | ledger-split", 3,
      "ledger-split: standard input: this is a LedgerTransaction, which ledger-split makes; ledger-split reads LedgerCloseMeta (byte 4, record 1)"
    ),
    (
      "invocation-extract ledgers.xdr", 3,
      "invocation-extract: ledgers.xdr: this is a LedgerCloseMeta; ledger-split makes transactions from it (byte 4, record 1)"
    ),
    (
      "invocation-extract invocations.ndjson", 3,
      "invocation-extract: invocations.ndjson: this is a ContractInvocation; invocation-extract reads the LedgerTransaction records that ledger-split writes (byte 0, record 1)"
    ),
    (
      "ledger-split --by ledger -o ndjson ledgers.xdr | invocation-extract", 3,
      "invocation-extract: standard input: this is a LedgerCloseMeta; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      "ledger-split --by ledger -o ndjson ledgers.xdr | head -n1 | base64 -di | invocation-extract", 3,
      "invocation-extract: standard input: this is a LedgerCloseMeta; ledger-split makes transactions from it (byte 0, record 1)"
    ),
    (
      "ledger-split --by ledger -o ndjson ledgers.xdr | head -n1 | base64 -di | scval-json", 3,
      "scval-json: standard input: this is a LedgerCloseMeta; ledger-split makes transactions from it, and --type LedgerCloseMeta decodes all of it (byte 0, record 1)"
    ),
    (
      "ledger-split rpc/getTransactions.ndjson", 3,
      "ledger-split: rpc/getTransactions.ndjson: this is an answer of getTransactions; invocation-extract reads it (byte 0, record 1)"
    ),
    // Networks
    (
      "ledger-split ledgers.xdr", 3,
      #"ledger-split: ledgers.xdr: no transaction hashes to any result: the network passphrase is likely wrong (it was "Public Global Stellar Network ; September 2015"; see --network) (byte 4, record 1, ledger 1024)"#
    ),
    (
      "cd lake/FFFFFBFF--1024-1031 && ledger-split --network testnet - < FFFFFBFF--1024-1025.xdr.zst", 3,
      #"ledger-split: standard input: no transaction hashes to any result: the network passphrase is likely wrong (it was "Test SDF Network ; September 2015"; see --network) (byte 12, record 1, ledger 1024)"#
    ),
    (
      "invocation-extract --network mine rpc/getTransaction.ndjson", 3,
      #"invocation-extract: rpc/getTransaction.ndjson: the envelope does not hash to txHash: the network passphrase is likely wrong (it was "mine"; see --network) (byte 0, record 1, ledger 1027)"#
    ),
    (
      "ledger-split --network testnet lake", 2,
      #"ledger-split: --network is "Test SDF Network ; September 2015", but lake/.config.json says "Standalone Network ; February 2017""#
    ),
    ("ledger-split --network= lake", 2, "ledger-split: --network is empty; it takes a name such as testnet, or a passphrase"),
    // URLs
    (
      "ledger-split s3://bucket/key.xdr.zst", 4,
      "ledger-split: s3://bucket/key.xdr.zst: a URL, which is not a file; pipe it in: aws s3 cp 's3://bucket/key.xdr.zst' - | ..."
    ),
    (
      "ledger-split https://example.org/a", 4,
      "ledger-split: https://example.org/a: a URL, which is not a file; pipe it in: curl -sf 'https://example.org/a' | ..."
    ),
    (
      "invocation-extract gs://a/b", 4,
      "invocation-extract: gs://a/b: a URL, which is not a file; pipe it in: gcloud storage cat 'gs://a/b' | ..."
    ),
    ("scval-json az://a/b", 4, "scval-json: az://a/b: a URL, which is not a file; pipe it in: rclone cat 'az://a/b' | ..."),
    ("scval-json file:///a", 4, "scval-json: file:///a: a URL, which is not a file; pipe it in: cat '/a' | ..."),
    // Lines
    (
      "echo '[1]' | ledger-split", 3,
      "ledger-split: standard input: this is not a LedgerCloseMeta, which stellar-core makes (byte 1, record 1)"
    ),
    (
      "echo '[1]' | invocation-extract", 3,
      "invocation-extract: standard input: this is not a LedgerTransaction, which ledger-split makes from LedgerCloseMeta (byte 1, record 1)"
    ),
    (#"echo '{"metadataXdr":"AA*A"}' | ledger-split"#, 3, "ledger-split: standard input: not base64 (byte 18, record 1)"),
    ("echo AAAAAg== | ledger-split", 3, "ledger-split: standard input: v2.ext: ends inside the value (byte 0, record 1)"),
    (
      #"echo '{"jsonrpc":"2.0","error":{"code":-32602}}' | invocation-extract"#, 3,
      "invocation-extract: standard input: object without envelopeXdr (an entry of getTransactions, or its response, was expected) (byte 0, record 1)"
    ),
    (
      "invocation-extract rpc/getEvents.json", 3,
      "invocation-extract: rpc/getEvents.json: this is an answer of getEvents; invocation-extract --by event reads it (byte 0, record 1)"
    ),
    (
      #"echo '{"ledger":7,"resultMetaXdr":"AAAA"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: entry without envelopeXdr (byte 0, record 1, ledger 7)"
    ),
    (
      #"echo '{"resultMetaXdr":"AAAA"}' | invocation-extract"#, 3,
      "invocation-extract: standard input: entry without ledger (byte 0, record 1)"
    ),
    (
      #"echo '{"ledger":7,"envelopeXdr":"A*A="}' | invocation-extract"#, 3,
      "invocation-extract: standard input: envelopeXdr is not base64 (byte 0, record 1, ledger 7)"
    ),
    (#"echo '{"a":' | scval-json"#, 3, "scval-json: standard input: a: JSON ends inside a value (byte 5, record 1)"),
    (
      #"printf '{}\n{"a":[1,{"xdr":"AAAAFw=="}]}\n' | scval-json"#, 3,
      "scval-json: standard input: a[1]: SCVal has no arm 23 (byte 11, record 2)"
    ),
    (
      #"echo '{"v":"AAAAEAAAAAEAAAABAAAAFw=="}' | scval-json --field v"#, 3,
      "scval-json: standard input: v: vec[0]: SCVal has no arm 23; is it of the type SCVal? (see --type) (byte 5, record 1)"
    ),
    (#"echo '{"v":"A*A="}' | scval-json --field v"#, 3, "scval-json: standard input: v: not base64 (byte 7, record 1)"),
    (
      "echo AAAAAwAA | scval-json", 3,
      "scval-json: standard input: u32: ends inside the value; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      #"printf '"void"\n{"vec":[{"u32":-1}]}\n' | scval-json --encode"#, 3,
      "scval-json: standard input: vec[0].u32: number out of range for unsigned int (byte 22, record 2)"
    ),
    (
      #"printf '\200\0\0\4\0\0\0\1' | scval-json --encode"#, 3,
      "scval-json: standard input: XDR; --encode reads lines of JSON (byte 4, record 1)"
    ),
  ]

  @Test(arguments: messages.indices) func everyKindOfTrouble(index: Int) throws {
    let expected = Self.messages[index]
    let found = try Shell.run(expected.command)
    #expect(found.messages == [expected.message], "\(expected.command)")
    #expect(found.status == expected.status, "\(expected.command)")
  }

  // MARK: damage inside a ledger

  /// The message for ledger 1040 with the word at `place` changed.
  private func expectDamage(_ place: (XDRView) -> XDRView, to number: UInt32, _ message: String) throws {
    let index = 1040 - 1024
    var ledger = Ledgers.all[index]
    let range = place(XDRView("LedgerCloseMeta", ledger)).range
    ledger.replaceSubrange(range.lowerBound..<range.lowerBound + 4, with: word(number))
    let found = try Shell.run(
      "ledger-split --network local -o ndjson", input: Ledgers.all[..<index].flatMap(marked) + marked(ledger))
    #expect(found.status == 3 && found.lines.count == 76)
    let before = Ledgers.all[..<index].reduce(0) { $0 + 4 + $1.count }
    let numbers = "byte \(before + 4 + range.lowerBound), record \(index + 1), ledger 1040"
    #expect(
      found.messages == ["ledger-split: standard input: v2.tx_processing[1].tx_apply_processing.v4.\(message) (\(numbers))"])
  }

  @Test func thePathToADamagedFieldIsNamed() throws {
    let meta = { (ledger: XDRView) in ledger["v2"]["tx_processing"].elements[1]["tx_apply_processing"]["v4"] }
    try expectDamage({ meta($0)["operations"].elements[0]["ext"] }, to: 1, "operations[0].ext: ExtensionPoint has no arm 1")
    try expectDamage(
      { meta($0)["operations"].elements[0]["events"].elements[0]["type"] }, to: 9,
      "operations[0].events[0].type: 9 is not a valid ContractEventType")
    try expectDamage(
      { meta($0)["operations"] }, to: .max, "operations: OperationMetaV2<> declares more data than is left")
  }

  /// An envelope without a result: the other transactions pair, so the passphrase is right and the ledger is damaged.
  @Test func aResultWithoutItsEnvelopeIsNamed() throws {
    var ledger = Ledgers.all[1047 - 1024]
    let hash = XDRView("LedgerCloseMeta", ledger)["v2"]["tx_processing"].elements[1]["result"]["transaction_hash"]
    ledger[hash.range.lowerBound] ^= 0xFF
    let damaged = Array(ledger[hash.range])
    let found = try Shell.run("ledger-split --network local", input: marked(ledger))
    #expect(found.status == 3 && found.output == [])
    #expect(
      found.messages == [
        "ledger-split: standard input: no envelope hashes to result 2, \(hexDigits(damaged)) (byte 4, record 1, ledger 1047)"
      ])
  }

  @Test func trailingBytesAreNamed() throws {
    let found = try Shell.run("ledger-split --network local", input: marked(Ledgers.all[0] + [0, 0, 0, 0]))
    let place = "byte \(4 + Ledgers.all[0].count), record 1, ledger 1024"
    #expect(
      found.status == 3 && found.messages == ["ledger-split: standard input: 4 bytes left over after LedgerCloseMeta (\(place))"])
  }

  private static let hasNamespaces = (try? Shell.run("unshare -rm true").status) == 0

  /// The arguments are also available where /proc is not mounted.
  @Test(.enabled(if: hasNamespaces, "unshare(1) may not make a namespace here"), arguments: Shell.tools + ["event-filter"])
  func argumentsWithoutProc(tool: String) throws {
    let found = try Shell.run("unshare -rm sh -c 'mount -t tmpfs none /proc && exec \(tool) --version'")
    let here = try Shell.run("\(tool) --version")
    #expect(found.status == 0 && found.text == here.text && found.errors.isEmpty, "\(found)")
  }
}
