import TestSupport
import Testing

/// Data lakes in common layouts (SEP-54), as a directory and as a shell's list of names.
@Suite struct LakeTests {
  private static let transactions = Expected.transactions.split(separator: "\n").map(String.init)

  /// Another object with the same ledgers: `name` contains the test ledgers of `range`.
  private func object(_ range: Range<Int>, in scratch: borrowing Scratch, ending: String = "xdr") throws {
    let (first, last) = (Int(Ledgers.first) + range.lowerBound, Int(Ledgers.first) + range.upperBound - 1)
    let hex = String(0xFFFF_FFFF - first, radix: 16, uppercase: true)
    try scratch.file("lake/\(hex)--\(first)-\(last).\(ending)", Ledgers.batch(range))
  }

  @Test func aShellsListOfObjectsIsReadAsALake() throws {
    let note = "ledger-split: the FILEs have the names of a data lake's objects; they are read as one lake, in ascending order"
    for range in ["", "--ledgers 1024-1030", "--ledgers 1049-"] {
      let listed = try Shell.run("ledger-split --network local -o ndjson \(range) lake/*/*.zst")
      #expect(listed.status == 0 && listed.messages == [note])
      #expect(listed.output == (try Shell.run("ledger-split --network local -o ndjson \(range) lake").output))
      #expect(!listed.output.isEmpty)
    }
    let ascending = try Shell.run("ledger-split --network local -o ndjson $(ls -r lake/*/*.zst)")
    #expect(ascending.messages == [] && ascending.lines == Self.transactions)
    let none = try Shell.run("ledger-split -q --network local --ledgers 2000- lake/*/*.zst")
    #expect(none.status == 3 && none.messages == ["ledger-split: no object holds ledger 2000 or a later one"])
  }

  @Test func ledgersOfOverlappingObjectsAreReadOnce() throws {
    let scratch = try Scratch()
    _ = try Shell.run("mkdir \(scratch.folder)/lake; cp lake/*/* \(scratch.folder)/lake")
    try object(5..<9, in: scratch)
    try object(0..<28, in: scratch)
    try object(6..<8, in: scratch, ending: "xdr.zstd")
    for options in ["", "--verify"] {
      for files in ["lake", "lake/*.zst* lake/*.xdr"] {
        let found = try Shell.run("ledger-split \(options) --network local -o ndjson \(files)", in: scratch.folder)
        #expect(found.status == 0 && found.lines == Self.transactions, "\(options) \(files): \(found.errors)")
      }
    }
  }

  @Test func conflictingObjectsAreAnError() throws {
    let scratch = try Scratch()
    _ = try Shell.run("mkdir \(scratch.folder)/lake; cp lake/*/* \(scratch.folder)/lake")
    // The hash in ledger 1030's header, which only --verify computes.
    var batch = Ledgers.batch(5..<7)
    let header = XDRView("LedgerCloseMeta", Ledgers.all[6])["v\(Ledgers.all[6][3])"]["ledger_header"]["hash"].range
    batch[12 + Ledgers.all[5].count + header.lowerBound] ^= 1
    try scratch.file("lake/FFFFFBFA--1029-1030.xdr", batch)
    let found = try Shell.run("ledger-split -q --network local lake", in: scratch.folder)
    #expect(found.status == 3 && found.messages.count == 1)
    #expect(found.errors.contains(": another object of the data lake holds this ledger with the hash "))
  }

  @Test func anIncompleteRangeIsAnError() throws {
    let inputs = [
      "ledgers.xdr", "- < ledgers.xdr", "$(ls -r lake/*/*.zst)", "rpc.ndjson",
      "$(ls -r lake/*/*.zst | tail -n 3) $(ls -r lake/*/*.zst | head -n 11)",
    ]
    let scratch = try Scratch()
    _ = try Shell.run(
      "cp -r ledgers.xdr lake \(scratch.folder); ledger-split --by ledger -o ndjson lake > \(scratch.folder)/rpc.ndjson")
    for input in inputs {
      let found = try Shell.run("ledger-split -q --network local -o ndjson --ledgers 1050-1070 \(input)", in: scratch.folder)
      #expect(found.status == 3 && found.lines.count == 3, "\(input): \(found.errors)")
      #expect(found.messages == ["ledger-split: the input does not hold ledgers 1052 to 1070 (see --ledgers)"])
    }
    for (options, words) in [
      ("--ledgers 5-9", "ledgers 5 to 9"), ("--ledgers 1020-1030", "ledgers 1020 to 1023"),
      ("--ledgers -1023", "any ledger up to 1023"),
      ("--ledgers -1060", "ledgers 1052 to 1060"),
      ("--ledgers 1000 --ledgers 1030-1031 --ledgers 1052-1053", "ledger 1000, ledgers 1052 to 1053"),
    ] {
      let found = try Shell.run("ledger-split -q --network local \(options) ledgers.xdr")
      #expect(found.status == 3 && found.messages == ["ledger-split: the input does not hold \(words) (see --ledgers)"])
    }
    // A gap inside the range, and ledgers in another order.
    let gap = [1, 2, 5, 6].flatMap { marked(Ledgers.all[$0]) }
    let found = try Shell.run("ledger-split -q --network local --ledgers 1025-1030", input: gap)
    #expect(found.messages == ["ledger-split: the input does not hold ledgers 1027 to 1028 (see --ledgers)"])
    let order = [2, 1, 3, 4].flatMap { marked(Ledgers.all[$0]) }
    #expect(try Shell.run("ledger-split -q --network local --ledgers 1025-1028", input: order).status == 0)
  }

  /// A skipped ledger was already reported; it is not also reported as missing.
  @Test func aSkippedLedgerIsNotMissing() throws {
    var damaged = Ledgers.all[2]
    damaged[11] ^= 0xFF
    let stream = [Ledgers.all[1], damaged, Ledgers.all[3]].flatMap(marked)
    #expect(try Shell.run("ledger-split -kq --network local --ledgers 1025-1027", input: stream).status == 0)
    #expect(try Shell.run("ledger-split -kq --network local --ledgers 1024-1027", input: stream).status == 3)
  }

  @Test func theLakeNamesItsNetwork() throws {
    for files in ["lake", "lake/", "lake/FFFFFBF7--1032-1039/*", "lake/FFFFFBF7--1032-1039/FFFFFBF1--1038-1039.xdr.zst"] {
      let plain = try Shell.run("ledger-split -q \(files)", environment: ["NETWORK_PASSPHRASE": "another"])
      let named = try Shell.run("ledger-split -q --network local \(files)")
      #expect(plain.status == 0 && plain.output == named.output, "\(files)")
    }
    let scratch = try Scratch()
    _ = try Shell.run("mkdir \(scratch.folder)/lake; cp lake/*/* \(scratch.folder)/lake; cp -r lake \(scratch.folder)/other")
    let missing = try Shell.run("ledger-split lake", in: scratch.folder)
    #expect(missing.status == 3 && missing.errors.contains("the network passphrase is likely wrong"))
    try scratch.file(
      "lake/.config.json", Array(#"{"version":"1.0","networkPassphrase":"S\u0074andalone Network ; February 2017"}"#.utf8))
    #expect(try Shell.run("ledger-split lake", in: scratch.folder).status == 0)
    try scratch.file("lake/.config.json", Array(#"{"networkPassphrase":"mine"}"#.utf8))
    let two = try Shell.run("ledger-split other lake", in: scratch.folder)
    #expect(two.status == 3)
    #expect(
      two.messages == [
        #"ledger-split: lake/.config.json: the data lakes are of two networks: "Standalone Network ; February 2017" (other/.config.json), and "mine""#
      ])
    try scratch.file("lake/.config.json", Array("{\"a\":\n".utf8))
    let damaged = try Shell.run("ledger-split --network local lake", in: scratch.folder)
    #expect(damaged.status == 3 && damaged.errors.hasPrefix("ledger-split: lake/.config.json: "))
  }

  @Test(arguments: ["local", "Standalone", "Standalone Network ; February 2017"]) func networksHaveSeveralNames(name: String)
    throws
  {
    #expect(try Shell.run("ledger-split --network '\(name)' ledgers.xdr").status == 0)
  }
}
