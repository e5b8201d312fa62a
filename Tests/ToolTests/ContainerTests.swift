import TestSupport
import Testing

/// The same ledgers in every container give the same transactions (specification, sections 2 and 4).
@Suite struct ContainerTests {
  private static let containers: [String: [UInt8]] = {
    let ledgers = Ledgers.all
    let quoted = ledgers.map { "\"\(base64Text($0))\"\n" }.joined()
    let objects = ledgers.map { "{\"sequence\":7,\"metadataXdr\":\"\(base64Text($0))\",\"hash\":\"\"}\n" }.joined()
    let response = { (ledgers: [[UInt8]]) in
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ledgers\":["
        + ledgers.map { "{\"metadataXdr\":\"\(base64Text($0))\"}" }.joined(separator: ",") + "],\"cursor\":\"\"}}\n"
    }
    let fragments = Array(ledgers[0].prefix(1000)), rest = Array(ledgers[0].dropFirst(1000))
    return [
      "record-marked": Ledgers.stream,
      "record-marked, the second in three fragments": Ledgers.all[..<1].flatMap(marked)
        + fragmented(ledgers[1]) + Ledgers.all[2...].flatMap(marked),
      "one batch": Ledgers.batch(0..<28),
      "batches back to back": Ledgers.batch(0..<5) + Ledgers.batch(5..<6) + Ledgers.batch(6..<28),
      "bare": concatenated(ledgers), "zstd of record-marked": zstd(Ledgers.stream),
      "zstd in small blocks": zstd(Ledgers.stream, blocks: 777),
      "zstd of a batch": zstd(Ledgers.batch(0..<28)),
      "zstd frames back to back": zstd(Ledgers.batch(0..<10)) + zstd(Ledgers.batch(10..<28)),
      "zstd frames that split a ledger": zstd(Array(Ledgers.stream.prefix(5000))) + zstd(Array(Ledgers.stream.dropFirst(5000))),
      "skippable frames around": skippableFrame([1, 2, 3]) + zstd(Ledgers.stream) + skippableFrame([]),
      "lines of quoted base64": Array(quoted.utf8),
      "lines of bare base64": Array(quoted.utf8.filter { $0 != UInt8(ascii: "\"") }),
      "lines with carriage returns": Array(quoted.replacing("\n", with: "\r\n").utf8),
      "lines with blank ones between": Array(("\n" + quoted.replacing("\n", with: "\n \n")).utf8),
      "lines without the last line feed": Array(quoted.utf8.dropLast()), "entries of getLedgers": Array(objects.utf8),
      "responses of getLedgers": Array((response(Array(ledgers[..<20])) + response(Array(ledgers[20...]))).utf8),
      "base64 of a batch": Array(base64Text(Ledgers.batch(0..<28)).utf8), "zstd of lines": zstd(Array(quoted.utf8)),
    ]
  }()

  private static func fragmented(_ record: [UInt8]) -> [UInt8] {
    let parts = [record[..<5], record[5..<8], record[8...]]
    return parts.enumerated().flatMap { index, part in word(UInt32(part.count) | (index == 2 ? 1 << 31 : 0)) + part }
  }

  @Test(arguments: containers.keys.sorted()) func everyContainerGivesTheSame(name: String) throws {
    let found = try Shell.run("ledger-split --network local -o ndjson", input: Self.containers[name] ?? [])
    #expect(found.errors == "")
    #expect(found.status == 0)
    #expect(found.text == Expected.transactions)
  }

  @Test(arguments: [
    "ledger-split --network local -o ndjson ledgers.xdr", "ledger-split --network local -o ndjson < ledgers.xdr",
    "ledger-split --network local -o ndjson - < ledgers.xdr", "cat ledgers.xdr | ledger-split --network local -o ndjson",
    "ledger-split --network local -o ndjson lake", "ledger-split --network local -o ndjson lake/*/*.zst | sort -s -n -t: -k4",
    "NETWORK_PASSPHRASE='Standalone Network ; February 2017' ledger-split -o ndjson ledgers.xdr",
    "NETWORK_PASSPHRASE=local ledger-split -o ndjson lake",
    "NETWORK_PASSPHRASE=testnet ledger-split --network local -o ndjson lake",
    "ledger-split --network 'Standalone Network ; February 2017' -o ndjson ledgers.xdr",
    "ledger-split --by ledger ledgers.xdr | ledger-split --network local -o ndjson",
    "ledger-split --by ledger -o ndjson lake | ledger-split --network local -o ndjson",
    "ledger-split --network local ledgers.xdr | scval-json --type LedgerTransaction",
  ]) func everyNotationOfTheInput(command: String) throws {
    let found = try Shell.run(command)
    #expect(found.status == 0)
    let isSorted = command.contains("sort")
    #expect((isSorted ? found.lines.sorted() : found.lines) == (isSorted ? lines.sorted() : lines))
  }

  private var lines: [String] { Expected.transactions.split(separator: "\n").map(String.init) }

  /// FILEs in different containers form one stream.
  @Test func severalFilesAreOneStream() throws {
    let scratch = try Scratch()
    try scratch.file("a.zst", zstd(Ledgers.batch(0..<3)))
    try scratch.file("b", Array("\(base64Text(Ledgers.all[3]))\n".utf8))
    try scratch.file("c", Ledgers.all[5...].flatMap(marked))
    let found = try Shell.run("ledger-split --network local -o ndjson a.zst b - c", input: Ledgers.all[4], in: scratch.folder)
    #expect(found.errors == "" && found.text == Expected.transactions)
  }

  @Test(arguments: ["ledger-split", "invocation-extract", "scval-json", "scval-json --encode"])
  func anEmptyInputIsAnEmptyStream(command: String) throws {
    for input in ["", "\n", " \n\r\n"].map({ Array($0.utf8) }) {
      let found = try Shell.run(command, input: input)
      #expect(found.status == 0 && found.output == [] && found.errors == "")
    }
  }

  // MARK: --by ledger

  @Test(arguments: [
    "ledger-split --by ledger ledgers.xdr", "ledger-split --by ledger lake",
    "ledger-split --by ledger -o ndjson lake | ledger-split --by ledger",
    "cat lake/FFFFFBFF*/FFFFFBFF* lake/FFFFFBFF*/FFFFFBFD* lake/FFFFFBFF*/FFFFFBFB* lake/FFFFFBFF*/FFFFFBF9* | ledger-split --by ledger",
  ]) func ledgersAreReframedByteForByte(command: String) throws {
    let found = try Shell.run(command)
    let expected = command.hasPrefix("cat") ? Ledgers.all[..<8].flatMap(marked) : Ledgers.stream
    #expect(found.status == 0 && found.output == expected)
  }
}
