import TestSupport
import Testing

/// The version and help of every tool, and its messages on wrong usage (specification, section 1).
@Suite struct CommandTests {
  @Test(arguments: Shell.tools) func version(tool: String) throws {
    let found = try Shell.run("\(tool) --version")
    #expect(found.status == 0 && found.errors == "")
    // The commit is named if the build knows it: `make` passes it, `swift build` does not.
    #expect(found.text.wholeMatch(of: /[a-z-]+ \d+\.\d+\.\d+( \(commit [0-9A-Za-z-]+\))?\n/) != nil)
    #expect(found.text.hasPrefix("\(tool) "))
  }

  @Test(arguments: Shell.tools) func help(tool: String) throws {
    let found = try Shell.run("\(tool) --help")
    #expect(found.status == 0 && found.errors == "")
    #expect(found.text.contains("USAGE: \(tool) [options] [FILE ...]") && found.text.contains("EXAMPLES:"))
    for option in [
      "--input", "--output", "--max-record", "--keep-going", "--quiet", "--stats", "--progress", "--force", "--describe-json",
      "--version",
    ] {
      #expect(found.text.contains(option), "\(option)")
    }
    #expect(found.lines.allSatisfy { $0.count <= 100 })
  }

  @Test(arguments: Shell.tools) func describeJSON(tool: String) throws {
    let found = try Shell.run("\(tool) --describe-json")
    #expect(found.status == 0 && found.errors == "" && found.lines.count == 1)
    let json = try JSON(text: found.text)
    #expect(json["name"]?.text == tool)
    let version = try Shell.run("\(tool) --version").text.split(whereSeparator: \.isWhitespace)
    #expect(version.count > 1 && version[1] == json["version"]?.text ?? "")
    #expect(["origin", "transform", "sink"].contains(json["type"]?.text))
    let flags = try #require(json["flags"]?.elements)
    let help = try Shell.run("\(tool) --help").text
    #expect(flags.count > 10 && flags.allSatisfy { help.contains("--\($0["name"]?.text ?? "?")") })
    #expect(json["examples"]?.elements?.isEmpty == false)
    for schema in ["reads", "writes"].flatMap({ json[$0]?.elements ?? [] }) {
      #expect(schema.text?.wholeMatch(of: /soroban-pipes\.[a-z_]+\.v1/) != nil)
    }
  }

  @Test(arguments: Shell.tools, ["bash", "zsh", "fish"]) func completions(tool: String, shell: String) throws {
    let found = try Shell.run("\(tool) --generate-completion-script \(shell)")
    #expect(found.status == 0 && found.text.contains(tool) && found.text.contains("max-record"))
  }

  @Test(arguments: [
    "ledger-split --bogus", "ledger-split -i json", "ledger-split --ledgers 7-5", "ledger-split --ledgers x",
    "ledger-split --ledgers 1-4294967296",
    "ledger-split --tx 12", "ledger-split --by block", "ledger-split --max-record 0", "ledger-split --max-record 64Mb",
    "ledger-split -o json",
    "ledger-split --progress sometimes", "ledger-split --network", "invocation-extract --include events,foo",
    "invocation-extract --exclude bar",
    "invocation-extract --type extend", "invocation-extract --ledgers 5", "scval-json --type NoSuchType",
    "scval-json --field a..b",
    "scval-json --style plain", "scval-json --encode --style native", "scval-json --encode --field a", "scval-json -o xdr",
  ]) func wrongUsageIsStatus2(command: String) throws {
    let tool = try #require(command.split(separator: " ").first)
    let found = try Shell.run(command)
    #expect(found.status == 2 && found.output == [])
    #expect(found.messages.first?.hasPrefix("\(tool): ") == true && found.messages.last == "See '\(tool) --help'.")
  }

  @Test func typesAreListed() throws {
    let found = try Shell.run("scval-json --list-types")
    #expect(found.status == 0 && found.lines.count > 371)
    for name in ["LedgerCloseMetaBatch", "LedgerCloseMeta", "SCVal", "SCSpecEntry", "TransactionMeta", "LedgerKey", "uint32"] {
      #expect(found.lines.contains(name), "\(name)")
    }
  }

  /// The same input gives the same bytes in every locale and time zone.
  @Test func nothingAroundChangesTheOutput() throws {
    let command = "ledger-split --network local ledgers.xdr | invocation-extract | scval-json --style native"
    let plain = try Shell.run(command)
    #expect(plain.status == 0 && plain.lines.count == 84)
    for environment in [
      ["LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"], ["LANG": "C", "TZ": "UTC", "SWIFT_DETERMINISTIC_HASHING": "1"],
    ] {
      #expect(try Shell.run(command, environment: environment).output == plain.output)
    }
  }
}
