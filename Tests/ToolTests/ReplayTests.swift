import TestSupport
import Testing

/// `scripts/replay` delivers ledgers as their sources do, with the faults of these sources.
@Suite(.enabled(if: ScriptRun.has("python3"), "python3, for scripts/replay, is not installed")) struct ReplayTests {
  // MARK: the meta pipe

  @Test func aPipeGetsCoresOutput() throws {
    let lines = try ScriptRun.lines(
      """
      scripts/replay pipe | cmp - testdata/ledgers.xdr && echo the same
      scripts/replay pipe --fd 3 testdata/lake 3>&1 >/dev/null | cmp - testdata/ledgers.xdr && echo the same
      cat testdata/ledgers.xdr | scripts/replay pipe --rate 1000 - | cmp - testdata/ledgers.xdr && echo the same
      scripts/replay pipe --count 5 | ledger-split --by ledger --ledgers 1024-1028 | cmp - <(ledger-split --by ledger --ledgers 1024-1028 testdata/lake) &&
        echo the same
      """)
    #expect(lines == ["the same", "the same", "the same", "the same"], "\(lines)")
  }

  /// The defects that core's stream can have; the tool reports each.
  @Test func theFaultsOfAPipe() throws {
    let lines = try ScriptRun.lines(
      #"""
      read_() { ledger-split -o ndjson 2>"$folder/err" >"$folder/out"; echo "status $?, $(wc -l <"$folder/out")"; sed -E 's/ \(byte.*, ledger/ (ledger/' "$folder/err"; }
      scripts/replay pipe --repeat-every 9 | read_
      scripts/replay pipe --skip 1030 --skip 1040-1043 | read_
      scripts/replay pipe --stop-after 3 | read_ | sed -E 's/[0-9]+ of [0-9]+ bytes.*//'
      scripts/replay pipe --stop-after 0 | ledger-split 2>&1 >/dev/null | grep -c 'ends inside a record'
      scripts/replay pipe | head -c 1 | wc -c
      echo "${PIPESTATUS[0]}"
      """#)
    let all = Repository.lines(Repository.testdata("transactions.ndjson")).count
    let repeated = (0..<3).map {
      "ledger-split: standard input: this ledger was just read; the repeated one is dropped (ledger \(1032 + 9 * $0))"
    }
    #expect(lines.prefix(4).elementsEqual(["status 0, \(all)"] + repeated), "\(lines)")
    #expect(
      lines.dropFirst(4).map { $0.replacing(#/status 0, [0-9]+/#, with: "status 0") } == [
        "status 0", "ledger-split: standard input: ledger 1030 missing before this one (ledger 1031)",
        "ledger-split: standard input: ledgers 1040 to 1043 missing before this one (ledger 1044)", "status 3, 13",
        "ledger-split: standard input: the input ends inside a record, ", "1", "1", "141",
      ], "\(lines)")
  }

  /// Renumbered ledgers form a chain with valid hashes and keep their transactions. So do real ledgers of every version.
  @Test func renumberedLedgersAreAChain() throws {
    let lines = try ScriptRun.lines(
      #"""
      for options in '--loop --count 60' '--first 58000000 --count 28' '--now --loop --count 40 --first 4294967256'; do
        scripts/replay pipe $options >"$folder/ledgers"
        ledger-split --verify --stats -o ndjson "$folder/ledgers" 2>&1 >"$folder/out" | jq -c '[.ledgers, .first_ledger, .last_ledger, .errors]'
        # The same transactions repeatedly.
        jq -r .tx_hash "$folder/out" | head -n "$(wc -l <testdata/transactions.ndjson)" |
          cmp - <(jq -r .tx_hash testdata/transactions.ndjson) && echo the same
      done
      # The largest ledger number.
      scripts/replay pipe --loop --first 4294967290 | ledger-split -q --stats 2>&1 >/dev/null | jq -c '[.ledgers, .last_ledger]'
      now=$(date +%s)
      closed=$(scripts/replay pipe --now --count 3 | ledger-split -o ndjson | tail -n 1 | jq -r '.closed_at | fromdate')
      [ "$closed" -ge "$now" ] && [ "$closed" -le "$(date +%s)" ] && echo now
      """#)
    #expect(
      lines == [
        "[60,1024,1083,0]", "the same", "[28,58000000,58000027,0]", "the same", "[40,4294967256,4294967295,0]", "the same",
        "[6,4294967295]", "now",
      ], "\(lines)")
  }

  // MARK: data lakes

  /// An object is named by its content, and nothing else is ever visible under such a name.
  @Test func aLakeGetsItsObjects() throws {
    let lines = try ScriptRun.lines(
      #"""
      scripts/replay lake --ledgers-per-object 2 --objects-per-partition 4 "$folder/lake"
      (cd "$folder/lake"; find . -type f | sort) | cmp - <(cd testdata/lake; find . -type f | sort) && echo the same names
      jq -c '[.networkPassphrase, .compression, .ledgersPerBatch, .batchesPerPartition]' "$folder/lake/.config.json"
      ledger-split "$folder/lake" | cmp - <(ledger-split testdata/lake) && echo the same
      for options in '--ledgers-per-object 64' '--objects-per-partition 1 --ending xdr' '--ledgers-per-object 3 --objects-per-partition 2 --ending xdr.zstd'; do
        scripts/replay lake $options "$folder/${options//[^0-9a-z]/}"
        ledger-split "$folder/${options//[^0-9a-z]/}" | cmp - <(ledger-split testdata/lake) && echo the same
      done
      ls -A "$folder"/objectsperpartition1endingxdr | head -n 3
      # The same lake, and another one.
      scripts/replay lake --ledgers-per-object 2 --objects-per-partition 4 testdata/lake "$folder/lake" 2>&1 | grep -c .
      scripts/replay lake "$folder/lake" 2>&1 | sed "s|$folder/||"
      scripts/replay lake --network testnet --ledgers-per-object 2 --objects-per-partition 4 "$folder/lake" 2>&1 | sed "s|$folder/||"
      scripts/replay lake /proc/none 2>&1
      echo "status $?"
      """#)
    #expect(
      lines.prefix(10) == [
        "the same names", #"["Standalone Network ; February 2017","zstd",2,4]"#, "the same", "the same", "the same", "the same",
        ".config.json", "FFFFFBE4--1051.xdr", "FFFFFBE5--1050.xdr", lines[9],
      ], "\(lines)")
    #expect(
      lines.dropFirst(10) == [
        "replay: lake/.config.json: the lake has another ledgersPerBatch: 2",
        "replay: lake/.config.json: the lake has another networkPassphrase: \"Standalone Network ; February 2017\"",
        "replay: /proc/none: No such file or directory", "status 4",
      ], "\(lines)")
  }

  /// While it writes, a reader of the lake sees only complete objects.
  @Test func objectsAppearWhole() throws {
    let lines = try ScriptRun.lines(
      #"""
      scripts/replay lake --loop --count 400 --ledgers-per-object 4 "$folder/lake" &
      writing=$!
      while kill -0 $writing 2>/dev/null; do
        ledger-split -q --stats "$folder/lake" >/dev/null 2>"$folder/err"
        status=$?
        # The lake is empty at first.
        [ $status = 0 ] || grep -q -E 'directory without ledger objects|No such file' "$folder/err" || { echo "status $status"; cat "$folder/err"; }
      done
      ledger-split -q --stats "$folder/lake" 2>&1 >/dev/null | jq -c '[.ledgers, .first_ledger, .last_ledger]'
      find "$folder/lake" -name '.part*' | wc -l
      """#)
    #expect(lines == ["[400,1024,1423]", "0"], "\(lines)")
  }

  // MARK: RPC servers

  /// The recipe for RPC servers gets all ledgers from it, page by page, while ledgers still close and some requests fail.
  @Test(.enabled(if: ScriptRun.has("curl", "jq"), "curl or jq is not installed")) func anRPCServerAnswers() throws {
    let lines = try ScriptRun.lines(
      #"""
      scripts/replay rpc --rate 50 --unavailable-every 3 >"$folder/url" &
      server=$!
      until_ grep http "$folder/url"
      export RPC=$(cat "$folder/url")
      PAUSE=0.05 LIMIT=5 scripts/cookbook/rpc-ledgers 1024 1051 2>/dev/null | ledger-split | cmp - <(ledger-split testdata/lake) && echo the same
      { kill $server; wait $server; } 2>/dev/null

      scripts/replay rpc --skip 1024-1029 --retention 20 >"$folder/url2" &
      until_ grep http "$folder/url2"
      RPC=$(cat "$folder/url2")
      ask() { curl -s "$RPC" -H 'Content-Type: application/json' -d "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"$1\",\"params\":$2}"; echo; }
      ask getHealth '{}' | jq -c '.result | [.status, .oldestLedger, .latestLedger, .ledgerRetentionWindow]'
      ask getLatestLedger '{}' | jq -c '.result | [.sequence, .protocolVersion]'
      ask getNetwork '{}' | jq -c '.result.passphrase'
      ask getLedgers '{"startLedger":1024}'
      ask getLedgers '{"startLedger":1040,"pagination":{"limit":201}}' | jq -c .error.message
      ask getLedgers '{"startLedger":1040,"pagination":{"cursor":"1040"}}' | jq -c .error.message
      ask getLedgers '{"pagination":{"cursor":"1051"}}' | jq -c '.result | [.ledgers, .cursor]'
      ask getLedgers '{"pagination":{"cursor":"x"}}' | jq -c .error.message
      ask sendTransaction '{}' | jq -c .error.code
      curl -s "$RPC" -d '{' | jq -c .error.code
      for params in '{"startLedger":1040,"filters":[{"topics":5}]}' '{"startLedger":1040,"filters":[7]}' '{"startLedger":1040,"endLedger":[]}' \
        '{"startLedger":"x"}' '{"pagination":7}' '{"pagination":{"cursor":{}}}' '[]' '{"startLedger":1040,"pagination":{"limit":-1}}'; do
        ask getEvents "$params" | jq -c .error.code
      done | uniq -c | tr -s ' '
      ask getLedgers '{"startLedger":1040,"pagination":{"limit":2}}' | jq -c '.result.ledgers[0]' >"$folder/entry"
      jq -r .headerXdr "$folder/entry" | scval-json --type LedgerHeaderHistoryEntry | jq -c '[.hash == $entry[0].hash, .header.ledger_seq]' --slurpfile entry "$folder/entry"
      """#)
    #expect(
      lines == [
        "the same", #"["healthy",1032,1051,20]"#, "[1051,28]", #""Standalone Network ; February 2017""#,
        #"{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"start ledger (1024) must be between the oldest ledger: 1032 and the latest ledger: 1051 for this rpc instance"}}"#,
        #""limit must not exceed 200""#, #""startLedger and cursor cannot both be set""#, #"[[],"1051"]"#, #""invalid cursor""#,
        "-32601",
        "-32700", " 8 -32602", "[true,1040]",
      ], "\(lines)")
  }

  /// The pages of transactions and events join without loss; entries equal those of the test material, which stellar-sdk encoded.
  @Test(.enabled(if: ScriptRun.has("curl", "jq"), "curl or jq is not installed")) func pagesJoin() throws {
    let lines = try ScriptRun.lines(
      #"""
      scripts/replay rpc >"$folder/url" &
      until_ grep http "$folder/url"
      RPC=$(cat "$folder/url")
      # Pages of this size, until one is not full.
      pages() {
        local params="{\"startLedger\":1024$4,\"pagination\":{\"limit\":$3}}" count=$3
        while [ "$count" = "$3" ]; do
          curl -s "$RPC" -d "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"$1\",\"params\":$params}" >"$folder/page"
          jq -c ".result.$2[]" "$folder/page"
          count=$(jq ".result.$2 | length" "$folder/page")
          params="{\"pagination\":{\"cursor\":$(jq .result.cursor "$folder/page"),\"limit\":$3}${4}}"
        done
      }
      pages getTransactions transactions 7 '' >"$folder/transactions"
      jq -r .txHash "$folder/transactions" | cmp - <(jq -r .tx_hash testdata/transactions.ndjson) && echo the same
      jq -c '[.txHash, .status, .applicationOrder, .feeBump, .envelopeXdr, .resultXdr, .resultMetaXdr, .ledger, .createdAt]' \
        "$folder/transactions" | sort >"$folder/entries"
      jq -c '[.txHash, .status, .applicationOrder, .feeBump, .envelopeXdr, .resultXdr, .resultMetaXdr, .ledger, .createdAt]' \
        testdata/rpc/getTransactions.ndjson | sort | comm -23 - "$folder/entries" | wc -l
      pages getEvents events 6 '' >"$folder/events"
      jq -c '.contract_call // .create_contract // .upload_wasm | .events[]? | .topics' testdata/invocations.ndjson |
        jq -c 'map(.xdr)' | cmp - <(jq -c .topic "$folder/events") && echo the same
      sort "$folder/events" >"$folder/sorted"
      jq -c '.result.events[]' testdata/rpc/getEvents.json | sort | comm -23 - "$folder/sorted" | wc -l
      topic=$(echo '{"symbol":"transfer"}' | scval-json --encode)
      pages getEvents events 2 ",\"filters\":[{\"type\":\"contract\",\"topics\":[[\"$topic\",\"*\",\"**\"]]}]" | jq -r '.topic[0]' | sort -u |
        scval-json
      """#)
    #expect(lines == ["the same", "0", "the same", "0", #"{"symbol":"transfer"}"#], "\(lines)")
  }

  /// It closes the connection in the middle of a response.
  @Test(.enabled(if: ScriptRun.has("curl"), "curl is not installed")) func anRPCServerThatDies() throws {
    let lines = try ScriptRun.lines(
      #"""
      scripts/replay rpc --stop-after 4 >"$folder/url" &
      until_ grep http "$folder/url"
      ask() { curl -s "$(cat "$folder/url")" -d '{"jsonrpc":"2.0","id":7,"method":"getLedgers","params":{"startLedger":'$1',"pagination":{"limit":3}}}' | wc -c; echo "${PIPESTATUS[0]}"; }
      ask 1024 | tail -n 1
      ask 1027 | tail -n 1
      wait $!
      echo "status $?"
      """#)
    // 18: a partial file.
    #expect(lines == ["0", "18", "status 0"], "\(lines)")
  }

  // MARK: mistakes

  @Test func mistakesAreReported() throws {
    for (arguments, status, message) in [
      ("", 2, "replay: error: the following arguments are required: pipe | lake | rpc"),
      ("pipe --rate 0", 2, "replay pipe: error: argument --rate: not a rate above 0: 0"),
      ("pipe --rate nan", 2, "replay pipe: error: argument --rate: not a rate above 0: nan"),
      ("pipe --skip 9-3", 2, "replay pipe: error: argument --skip: the range is reversed: 9-3"),
      ("pipe --first 4294967296", 2, "replay pipe: error: argument --first: not a whole number of 32 bits: 4294967296"),
      ("pipe --repeat-every 0", 2, "replay pipe: error: argument --repeat-every: 0 is not possible here"),
      ("pipe --loop -", 2, "replay: --loop needs a FILE that can be read again"),
      ("rpc --loop", 2, "replay: an RPC server that loops needs a --rate"),
      ("pipe --fd 77", 4, "replay: descriptor 77: Bad file descriptor"),
      ("pipe none", 4, "ledger-split: none: No such file or directory"),
      ("pipe /dev/null", 3, "replay: there is no ledger to replay"),
      ("rpc /dev/null", 3, "replay: there is no ledger to replay"),
      ("pipe testdata/values.ndjson", 3, nil),
    ] as [(String, Int32, String?)] {
      let outcome = try Documentation.run("scripts/replay \(arguments) 2>&1 >/dev/null")
      #expect(outcome.status == status, "\(arguments): \(outcome)")
      if let message { #expect(outcome.lines.last == message, "\(arguments): \(outcome)") }
    }
    let help = try Documentation.run("scripts/replay --help && scripts/replay lake -h")
    #expect(help.status == 0 && help.text.contains("replay lake DIRECTORY [FILE...]"))
  }
}
