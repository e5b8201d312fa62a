import TestSupport
import Testing

/// Common mistakes, and their exact messages (`MessageTests` has further errors).
///
/// `MessageListTests` checks that the tests cover every message of the tools.
@Suite struct MistakeTests {
  typealias Mistake = (command: String, status: Int32, message: String)

  static let all =
    optionMistakes + requestMistakes + eventRequestMistakes + streamMistakes + recordMistakes + eventMistakes + valueMistakes
    + specMistakes
    + inputMistakes + filterMistakes + kindMistakes + foreignMistakes + answerMistakes

  private static let optionMistakes: [Mistake] = [
    (
      "ledger-split --follow", 2,
      "ledger-split: --follow reads one data lake; name its directory (for a file that grows: tail -c +1 -F FILE | ledger-split)"
    ),
    ("ledger-split --follow nowhere", 4, "ledger-split: nowhere: No such file or directory"),
    ("ledger-split --follow ledgers.xdr", 4, "ledger-split: ledgers.xdr: Not a directory"),
    (
      "invocation-extract --by event --include events", 2,
      "invocation-extract: --by event writes every event; --include, --exclude, --type, --footprint-ops, --omit-unchanged and --after can't be combined with it"
    ),
    (
      "ledger-split --anchor 5:\(String(repeating: "0", count: 64)) events.xdr", 2,
      "ledger-split: --anchor needs --verify, which computes the hashes to compare"
    ),
    ("event-filter --type upload,burn", 2, "event-filter: --type: 'burn' is not one of call, create, upload, extend, restore"),
    (
      "event-filter --result bad", 2,
      "event-filter: --result: 'bad' is not one of success, malformed, trapped, resource_limit_exceeded, entry_archived, insufficient_refundable_fee, op_bad_auth, op_no_account, op_not_supported, op_too_many_subentries, op_exceeded_work_limit, op_too_many_sponsoring"
    ),
    (
      "event-filter --has fun", 2,
      "event-filter: --has: 'fun' is not one of events, diagnostics, calls, state, ttl, restorations, auth"
    ),
    ("event-filter --change vanish", 2, "event-filter: --change: 'vanish' is not one of create, update, delete, restore"),
    ("event-filter --durability eternal", 2, "event-filter: --durability: 'eternal' is not one of temporary, persistent"),
    ("event-filter --event-type classic", 2, "event-filter: --event-type: 'classic' is not one of system, contract, diagnostic"),
    ("event-filter --value-type colour", 2, "event-filter: --value-type: 'colour' is not one of string, numeric, address, bytes"),
    (
      "event-filter --contract CABC", 2,
      "event-filter: --contract: 'CABC' is not a contract (C…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --account CABC", 2,
      "event-filter: --account: 'CABC' is not an account (G…): its length, a character or its checksum is wrong"
    ),
    ("event-filter --tx 12", 2, "event-filter: --tx: '12' is not a transaction hash, which has 64 hex digits"),
    ("event-filter --contract @nowhere", 4, "event-filter: nowhere: No such file or directory"),
    (
      "event-filter --contract @cases.json", 2,
      "event-filter: cases.json, byte 0: '{' is not a contract (C…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --since yesterday", 2,
      "event-filter: --since: 'yesterday' is not a time such as 2026-06-20T11:02:33Z or 1781953353"
    ),
    ("event-filter --recent soon", 2, "event-filter: --recent: 'soon' is not a duration such as 15m, 1h or 2d"),
    ("event-filter --any-call", 2, "event-filter: --any-call needs --function"),
    ("event-filter --min-args=-1", 2, "event-filter: --min-args: -1 is not a number of arguments"),
    ("event-filter --max-count=-1", 2, "event-filter: --max-count: -1 is not a number of records"),
    (
      "event-filter --topic '**/transfer'", 2,
      "event-filter: --topic: '**' matches all topics that follow, so only the last segment can be '**': '**/transfer'"
    ),
    (
      "event-filter --topic '/x/'", 2,
      "event-filter: --topic: '/x/' does not name a position: write a regular expression for one topic as '0=/x/'"
    ),
    (
      "event-filter --function '/(/'", 2,
      #"event-filter: --function: '/(/' is not a POSIX extended regular expression: Unmatched ( or \("#
    ),
    ("event-filter --data hex:0g", 2, "event-filter: --data: 'hex:0g' is not hex: after 'hex:', two digits make a byte"),
    ("event-filter --state '>1e6'", 2, "event-filter: --state: '>1e6' does not compare with a whole number"),
    ("event-filter --request nowhere", 4, "event-filter: nowhere: No such file or directory"),
    ("scval-json --field a..b", 2, "scval-json: 'a..b' is not a list of paths such as topic[] or a.b[].c"),
    (
      "scval-json --encode --style native", 2,
      "scval-json: --encode reads SEP-51; --style, --field and --spec can't be combined with it"
    ),
    (
      "scval-json --style proto --type SCVal --field a", 2,
      "scval-json: --style proto is for ContractInvocation records; --field and --type can't be combined with it"
    ),
    (
      "scval-json --style proto --spec contract.wasm", 2,
      "scval-json: --spec needs --style native or sep51; the messages of --style proto have no field for declared names"
    ),
    (
      "scval-json --spec contract.wasm --field a", 2,
      "scval-json: --spec is for ContractInvocation records; --field and --type can't be combined with it"
    ),
    ("scval-json -o xdr", 2, "scval-json: -o xdr needs --encode; decoded values are JSON"),
    ("scval-json --generate-completion-script tcsh", 2, "scval-json: --generate-completion-script takes one of bash, zsh, fish"),
    ("event-filter --max-args=-1", 2, "event-filter: --max-args: -1 is not a number of arguments"),
    (
      "event-filter --until 2026-13-01T00:00:00Z", 2,
      "event-filter: --until: '2026-13-01T00:00:00Z' is not a time such as 2026-06-20T11:02:33Z or 1781953353"
    ),
    (
      "event-filter --involves CABC", 2,
      "event-filter: --involves: 'CABC' is not a contract (C…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --affects 7", 2,
      "event-filter: --affects: '7' is not a contract (C…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --contract TAQCSRX2RIDJNHFIFHWD63X7D7D6TRT5Y2S6E3TEMXTG5W3OECHZ2OG4", 2,
      "event-filter: --contract: 'TAQCSRX2RIDJNHFIFHWD63X7D7D6TRT5Y2S6E3TEMXTG5W3OECHZ2OG4' is not a contract (C…)"
    ),
    (
      "event-filter --account LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPUI", 2,
      "event-filter: --account: 'LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPUI' is not an account (G…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --tx @cases.json", 2,
      "event-filter: cases.json, byte 0: '{' is not a transaction hash, which has 64 hex digits"
    ),
    (
      "event-filter --arg '1=/a{2,1}/'", 2,
      #"event-filter: --arg: '/a{2,1}/' is not a POSIX extended regular expression: Invalid content of \{\}"#
    ),
    (
      "event-filter --max-record 16 --contract @cases.json", 3,
      "event-filter: cases.json: record of more than 16 bytes (see --max-record) (byte 2, record 2)"
    ),
    (
      "event-filter --max-record 16 --request cases.json", 3,
      "event-filter: cases.json: record of more than 16 bytes (see --max-record)"
    ),
    ("scval-json $(seq -f '--field a%g' 65)", 2, "scval-json: at most 64 fields can be named"),
    ("scval-json --generate-completion-script", 2, "scval-json: --generate-completion-script takes one of bash, zsh, fish"),
  ]

  /// One clear line; after an error of the parser a second line names the option for help.
  @Test(arguments: all.indices) func whatIsSaid(index: Int) throws {
    let (command, status, message) = Self.all[index]
    let found = try Shell.run(command, input: [])
    let tool = message.prefix { $0 != ":" }
    #expect(found.messages.filter { $0 != "See '\(tool) --help'." } == [message], "\(command)")
    #expect(found.status == status, "\(command)")
  }
}
