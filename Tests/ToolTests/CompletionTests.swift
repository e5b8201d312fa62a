import Foundation
import TestSupport
import Testing

/// Completions as the shells compute them with the scripts that the tools print.
@Suite struct CompletionTests {
  private static let all = "events diagnostics calls state ttl"

  /// Typed text, and the candidates for its last word.
  static let lines: [(typed: String, words: String)] = [
    ("ledger-split --net", "--network"), ("ledger-split --ver", "--verify --version"),
    ("event-filter --a", "--account --affects --any --any-call --arg"),
    ("ledger-split --network ", "pubnet testnet futurenet local"),
    ("ledger-split --by ", "transaction ledger"), ("ledger-split -i n", "ndjson"), ("ledger-split -q -o ", "xdr ndjson"),
    ("ledger-split --progress a", "auto always"), ("ledger-split --tx ", ""), ("ledger-split --ledgers ", ""),
    ("ledger-split -q rpc/getL", "rpc/getLedgers.json"), ("ledger-split -- contr", "contract.wasm"),
    ("invocation-extract --include ", "\(all) auth resources raw metrics default"),
    ("invocation-extract --type c", "call create"),
    ("invocation-extract --exclude events,st", "events,state"),
    ("event-filter --has ", "\(all) restorations auth"), ("event-filter --has auth,r", "auth,restorations"),
    ("event-filter --change ", "create update delete restore"), ("event-filter --durability t", "temporary"),
    ("event-filter --stage after_t", "after_tx"), ("event-filter --event-type ", "system contract diagnostic"),
    ("event-filter --value-type n", "numeric"),
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
    // As readline calls it: with the words of the line, the last of which may be empty.
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

  /// readline splits words at `=`.
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

  @Test(.enabled(if: Documentation.isInstalled("zsh"), "zsh is not installed"), arguments: lines.indices)
  func zsh(index: Int) throws {
    let (typed, words) = Self.lines[index]
    let found = try #require(Zsh.answers.get()[typed])
    #expect(found.sorted() == words.split(separator: " ").map(String.init).sorted())
  }

  @Test(.enabled(if: Documentation.isInstalled("zsh"), "zsh is not installed"))
  func zshAfterAnEqualsSign() throws {
    #expect(try Zsh.answers.get()["scval-json --style=n"] == ["--style=native"])
    #expect(try Zsh.answers.get()["scval-json --spec \(Zsh.contract)=con"] == ["\(Zsh.contract)=contract.wasm"])
  }
}

/// zsh on its own terminal, in which lines are typed, each followed by a Tab.
private enum Zsh {
  static let contract = "CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6"

  /// The candidates listed below each line, or the completed last word.
  static let answers: Result<[String: [String]], any Error> = Result {
    let typed = CompletionTests.lines.map(\.typed) + ["scval-json --style=n", "scval-json --spec \(contract)=con"]
    let outcome = try Documentation.run(
      "cd testdata; printf '%s\\n' \"$TYPED\" | timeout 120 zsh -f -c \"$TYPIST\"",
      environment: ["TYPED": typed.joined(separator: "\n"), "TYPIST": typist])
    let text = String(String.UnicodeScalarView(outcome.text.unicodeScalars.filter { $0 != "\r" }))
    let shown = text.components(separatedBy: "BEGIN\n").dropFirst()
    try #require(shown.count == typed.count, "\(outcome.text)")
    return Dictionary(zip(typed, zip(typed, shown).map(words)), uniquingKeysWith: { first, _ in first })
  }

  /// The listed candidates are between the end of the typed line and the same line, drawn again; the completed line follows.
  private static func words(typed: String, shown: String) -> [String] {
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.firstIndex { $0.hasPrefix("LINE ") } ?? lines.endIndex
    let listed = lines[..<end].dropFirst().dropLast().flatMap { line in
      // An option is followed by its description.
      line.hasPrefix("-") ? [line.prefix { $0 != " " }] : line.split(separator: " ")
    }
    if !listed.isEmpty { return listed.map(String.init) }
    let became = lines[end].dropFirst("LINE ".count)
    // zsh removes these characters as soon as another one is typed.
    let word = became.split(separator: " ").last.map { $0.hasSuffix("=") || $0.hasSuffix(",") ? $0.dropLast() : $0 }
    return became == typed ? [] : [word.map(String.init) ?? ""]
  }

  private static let typist = #"""
    zmodload zsh/zpty
    export TERM=dumb PS1= PS2= LISTMAX=10000 COMPLETIONS=$(mktemp -d)
    for tool in ledger-split invocation-extract event-filter scval-json; do
      $tool --generate-completion-script zsh > $COMPLETIONS/_$tool
    done
    zpty shell zsh -f -i
    for line in 'stty -echo columns 500 rows 1000; unsetopt list_ambiguous auto_menu' \
      'fpath=($COMPLETIONS $fpath); autoload -Uz compinit; compinit -u -D' \
      'tab() { print BEGIN; zle expand-or-complete; zle -R; print -r -- $'\''\nLINE '\''"$LBUFFER"; zle kill-whole-line }' \
      'zle -N tab; bindkey "^I" tab; print READY | tr A-Z a-z'
    do zpty -w shell $line; done
    zpty -r -m shell shown '*ready*'
    while IFS= read -r typed; do
      zpty -w -n shell "$typed"$'\t'
      zpty -r -m shell shown $'*BEGIN*LINE *\n' && print -r -- "$shown"
    done
    rm -r $COMPLETIONS
    """#
}
