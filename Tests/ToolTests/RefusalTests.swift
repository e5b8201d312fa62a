import TestSupport
import Testing

/// Options that the argument parser rejects in its own words, which are not asserted: the message must contain what the user
/// typed, what could be meant, and the part that is ours.
@Suite struct RefusalTests {
  typealias Refusal = (command: String, words: [String])

  static let all: [Refusal] = [
    ("ledger-split --quiet=yes", ["'--quiet'", "'yes'"]),
    ("ledger-split ---verify", ["---verify"]),
    ("ledger-split --ledger 5", ["'--ledger'", "--ledgers"]),
    ("ledger-split --netwrok x", ["'--netwrok'", "--network"]),
    ("ledger-split --bogus", ["'--bogus'"]),
    ("ledger-split --ledgers 5:9", ["'5:9'", "--ledgers", "not a range of ledgers, such as 5-9, 5-, -9 or 5."]),
    ("ledger-split --ledgers 9-5", ["'9-5'", "--ledgers", "the range is reversed; write 5-9."]),
    ("ledger-split --follow --poll 0 lake", ["'0'", "--poll"]),
    ("ledger-split --follow --patience 1e9 lake", ["'1e9'", "--patience"]),
    ("ledger-split --metrics-interval x lake", ["'x'", "--metrics-interval"]),
    ("ledger-split --tx 12", ["'12'", "--tx"]),
    ("ledger-split --by block", ["'block'", "--by", "transaction", "ledger"]),
    ("ledger-split --max-record 5x", ["'5x'", "--max-record"]),
    ("ledger-split --network", ["--network"]),
    ("ledger-split -i json", ["'json'", "-i", "auto", "xdr", "ndjson"]),
    ("invocation-extract --includes events", ["'--includes'", "--include"]),
    (
      "invocation-extract --include event",
      [
        "'event'", "--include", "events", "diagnostics", "calls", "state", "ttl", "auth", "resources", "raw", "metrics",
        "default",
      ]
    ),
    ("ledger-split --verify --anchor 5:12 events.xdr", ["'5:12'", "--anchor"]),
    ("invocation-extract --type call,extend", ["'call,extend'", "--type", "call", "create", "upload"]),
    ("invocation-extract --after x", ["'x'", "--after"]),
    ("event-filter --topics x", ["'--topics'", "--topic"]),
    ("event-filter --max-args x", ["'x'", "--max-args"]),
    ("scval-json --styl native", ["'--styl'", "--style"]),
    ("scval-json --style nativ", ["'nativ'", "--style", "sep51", "native", "proto"]),
    ("scval-json --type LedgerMeta", ["'LedgerMeta'", "--type"]),
    ("scval-json < /dev/null --list-type", ["'--list-type'", "--list-types"]),
    ("ledger-split -x", ["'-x'"]),
    ("ledger-split -o json", ["'json'", "-o", "xdr", "ndjson"]),
    ("ledger-split --progress sometimes", ["'sometimes'", "--progress", "auto", "always", "never"]),
    ("ledger-split --max-record", ["--max-record"]),
    ("ledger-split -i", ["-i"]),
    (
      "invocation-extract --exclude bar",
      ["'bar'", "--exclude", "events", "diagnostics", "calls", "state", "ttl", "auth", "resources", "raw", "metrics", "default"]
    ),
    ("event-filter --ledgers x", ["'x'", "--ledgers", "not a range of ledgers, such as 5-9, 5-, -9 or 5."]),
    ("event-filter --min-args x", ["'x'", "--min-args"]),
    ("event-filter --max-count x", ["'x'", "--max-count"]),
    (
      "scval-json --spec CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=contract.wasm",
      ["'CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=contract.wasm'", "--spec"]
    ),
    ("scval-json --field", ["--field"]),
    (
      "ledger-split --ledgers 1024..1030 lake",
      ["'1024..1030'", "--ledgers", "not a range of ledgers, such as 5-9, 5-, -9 or 5."]
    ),
    ("scval-json --decode", ["'--decode'", "--encode"]),
  ]

  @Test(arguments: all.indices) func isNamed(index: Int) throws {
    let (command, words) = Self.all[index]
    let tool = command.prefix { $0 != " " }
    let found = try Shell.run(command, input: [])
    #expect(found.status == 2 && found.output.isEmpty, "\(command)")
    let message = try #require(found.messages.first)
    #expect(
      message.hasPrefix("\(tool): ") && found.messages.dropFirst().allSatisfy { $0 == "See '\(tool) --help'." }, "\(found.errors)"
    )
    for word in words { #expect(message.contains(word), "\(command): \(message)") }
  }
}
