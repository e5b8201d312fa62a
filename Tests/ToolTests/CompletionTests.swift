import TestSupport
import Testing

/// Completions as the shells make them, with the scripts that the tools print.
@Suite struct CompletionTests {
  private static let all = "events diagnostics calls state ttl"

  /// What is typed, and what can stand in the place of its last word.
  static let lines: [(typed: String, words: String)] = [
    ("ledger-split --net", "--network"), ("ledger-split --network ", "pubnet testnet futurenet local"),
    ("ledger-split --by ", "transaction ledger"), ("ledger-split -i n", "ndjson"), ("ledger-split -q -o ", "xdr ndjson"),
    ("ledger-split --progress a", "auto always"), ("ledger-split --tx ", ""), ("ledger-split --ledgers ", ""),
    ("ledger-split -q rpc/getL", "rpc/getLedgers.json"), ("ledger-split -- contr", "contract.wasm"),
    ("invocation-extract --include ", "\(all) auth resources raw"), ("invocation-extract --type c", "call create"),
    ("invocation-extract --exclude events,st", "events,state"),
    ("event-filter --has ", "\(all) restorations auth"), ("event-filter --has auth,r", "auth,restorations"),
    ("event-filter --change ", "create update delete restore"), ("event-filter --durability t", "temporary"),
    ("event-filter --event-type ", "system contract diagnostic"), ("event-filter --value-type n", "numeric"),
    ("event-filter --type ", "call create upload extend restore"), ("event-filter --result en", "entry_archived"),
    ("event-filter --request ca", "cases.json"), ("event-filter --contract @ca", "@cases.json"),
    ("scval-json --style ", "sep51 native proto"), ("scval-json --type scspecentry", "SCSpecEntry SCSpecEntryKind"),
    ("scval-json --type SCMapE", "SCMapEntry"), ("scval-json --spec con", "contract.wasm"),
    ("scval-json --generate-completion-script ", "bash zsh fish"),
  ]

  @Test(.enabled(if: Documentation.isInstalled("bash"), "bash is not installed"), arguments: lines.indices)
  func bash(index: Int) throws {
    let (typed, words) = Self.lines[index]
    let tool = typed.prefix { $0 != " " }
    // As readline calls it: the words of the line, the last of which may be empty.
    let script = """
      source <(\(tool) --generate-completion-script bash)
      COMP_WORDS=(\(typed)\(typed.hasSuffix(" ") ? "''" : "")) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _\(tool.replacing("-", with: "_"))
      printf '%s\\n' "${COMPREPLY[@]}"
      declare -F | grep -v ' _' || shopt -q nocasematch || true
      """
    let outcome = try Documentation.run("cd testdata; \(script)")
    #expect(outcome.text.split(separator: "\n").sorted() == words.split(separator: " ").sorted(), "\(outcome.text)")
  }

  /// readline breaks words at `=`.
  @Test func bashAfterAnEqualsSign() throws {
    for (words, expected) in [
      ("--style = n", "native\n"), ("--style =", "sep51\nnative\nproto\n"), ("--spec C = con", "contract.wasm\n"),
    ] {
      let script = """
        source <(scval-json --generate-completion-script bash)
        COMP_WORDS=(scval-json \(words)) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _scval_json
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      #expect(try Documentation.run("cd testdata; \(script)").text == expected)
    }
  }

  @Test(.enabled(if: Documentation.isInstalled("fish"), "fish is not installed"), arguments: lines.indices)
  func fish(index: Int) throws {
    let (typed, words) = Self.lines[index]
    let tool = typed.prefix { $0 != " " }
    let outcome = try Documentation.run(
      "cd testdata; fish --no-config -c \"\(tool) --generate-completion-script fish | source; complete -C '\(typed)'\"")
    let found = outcome.lines.map { String($0.prefix { $0 != "\t" }) }
    #expect(found.sorted() == words.split(separator: " ").map(String.init).sorted(), "\(outcome.text)")
  }
}
