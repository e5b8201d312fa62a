import TestSupport
import Testing

/// The blocks of the README that need another program, a server or a lake: each runs with a substitute that gives our own test
/// data. The output equals that of a simple pipeline over the same data.
@Suite struct ReadmeShellTests {
  struct Block: CustomTestStringConvertible, Sendable {
    /// A word that identifies the block.
    let word: String
    /// A command with the same output.
    let plain: String

    var testDescription: String { word }
  }

  static let blocks = [
    Block(
      word: "stellar-core",
      plain: "ledger-split --soroban testdata/ledgers.xdr | invocation-extract | scval-json --style native"),
    Block(word: "aws s3", plain: "ledger-split $object | invocation-extract"),
    Block(word: "getLedgers", plain: "ledger-split --soroban testdata/rpc/getLedgers.json | invocation-extract | scval-json"),
    Block(
      word: "getEvents",
      plain: "jq -c '.result.events[] | {ledger, topic, value}' testdata/rpc/getEvents.json | "
        + "scval-json --style native --field 'topic[]' --field value"),
    Block(
      word: "scripts/resume",
      plain: "ledger-split --soroban testdata/lake | invocation-extract | scval-json --style native"),
  ]

  /// Each prints its output at the end; the output of `scripts/resume` is in its file.
  private static let standIns = #"""
    set -euo pipefail
    export NETWORK_PASSPHRASE=local RPC=http://127.0.0.1:8000
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    touch "$folder/invocations.ndjson"
    object=$(ls testdata/lake/*/*.zst | head -n 1)
    ledger=1030
    # It also prints messages, which must not get into the stream.
    stellar-core() { echo "closes ledgers"; echo "and warns" >&2; cat testdata/ledgers.xdr >&3; }
    # aws s3 cp --no-sign-request s3://…/$object -
    aws() { cat "${4#s3://aws-public-blockchain/v1.1/stellar/ledgers/pubnet/}"; }
    # curl -s URL -H HEADER -d REQUEST
    curl() {
      [ "$2 $4" = "$RPC Content-Type: application/json" ]
      cat "testdata/rpc/$(jq -er 'select(.params.startLedger == 1030) | .method' <<<"$6").json"
    }

    """#

  private static let shell = Documentation.lines("README.md").split(separator: "```sh", omittingEmptySubsequences: false)
    .dropFirst().map { $0.prefix { $0 != "```" }.joined(separator: "\n") }

  @Test(.enabled(if: Documentation.isInstalled("jq"), "jq is not installed"), arguments: blocks)
  func blocksPrintTheData(block: Block) throws {
    var script = try #require(Self.shell.first { $0.contains(block.word) })
    for (there, here) in [
      ("/lake/pubnet", "testdata/lake"), ("core.log", "\"$folder/log\""),
      ("invocations.ndjson", "\"$folder/invocations.ndjson\""),
      ("| …", "| invocation-extract"),
    ] {
      script = script.replacing(there, with: here)
    }
    let found = try Documentation.run(
      #"bash -c "$SCRIPT""#, environment: ["SCRIPT": Self.standIns + script + "\ncat \"$folder/invocations.ndjson\""])
    let plain = try Documentation.run(#"bash -c "$SCRIPT""#, environment: ["SCRIPT": Self.standIns + block.plain])
    // Without the warnings, which name the input.
    let (lines, expected) = (found.lines.filter { $0.hasPrefix("{") }, plain.lines.filter { $0.hasPrefix("{") })
    #expect(found.status == 0 && plain.status == 0, "\(script)\n\(found.text.prefix(500))\n\(plain.text.prefix(500))")
    let areEqual = lines == expected && !expected.isEmpty
    #expect(areEqual, "\(lines.count) lines, and \(expected.count):\n\(found.text.prefix(500))")
  }

  /// Other tests run the remaining shell blocks: the recipe's test loads a database.
  @Test func noOtherBlockNeedsAStandIn() {
    let words = Self.blocks.map(\.word) + ["load-postgresql"]
    #expect(Self.shell.count == words.count)
    for block in Self.shell { #expect(words.contains { block.contains($0) }, "\(block)") }
  }
}
