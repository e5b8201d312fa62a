import TestSupport
import Testing

/// `scripts/resume` appends what is missing, and nothing else.
@Suite struct ResumeTests {
  /// Runs a script in which `resume PIPELINE` appends to `$file` and prints its status; processes that it started end with it.
  private static func lines(_ script: String) throws -> [String] {
    if !Documentation.isInstalled("jq") { try Test.cancel("jq is not installed") }
    let outcome = try Documentation.run(
      #"timeout -k 1 120 bash -c "$SCRIPT""#,
      environment: [
        "SCRIPT": #"""
        set -u
        folder=$(mktemp -d)
        trap 'kill -9 $(jobs -p) 2>/dev/null; rm -rf "$folder"' EXIT
        file=$folder/records
        export NETWORK_PASSPHRASE=local
        resume() { scripts/resume "$file" "$1" 2>&1 | sed "s|$folder/||"; echo "status ${PIPESTATUS[0]}"; }
        until_() { until "$@" >/dev/null 2>&1; do sleep 0.05; done }

        """# + script
      ])
    return outcome.lines
  }

  /// In double quotes, the interactive shell would already have expanded the variables.
  @Test func aPipelineWithoutTheVariablesIsRefused() throws {
    let lines = try Self.lines(
      #"""
      head -n 3 testdata/invocations.ndjson >"$file"
      unset LEDGERS AFTER
      resume "ledger-split ${LEDGERS-} testdata/lake | invocation-extract ${AFTER-}"
      LEDGERS='--ledgers 1030-' AFTER='--after 1'
      resume "ledger-split $LEDGERS testdata/lake | invocation-extract $AFTER"
      resume 'ledger-split testdata/lake | invocation-extract $AFTER'
      resume 'ledger-split $LEDGERS testdata/lake | invocation-extract --after 5'
      resume 'ledger-split $LEDGERS_ ${LEDGERSET} LEDGERS testdata/lake | invocation-extract ${AFTER}'
      head -n 3 testdata/invocations.ndjson | cmp - "$file" && echo unchanged
      resume 'ledger-split "$LEDGERS" ${LEDGERS} --footprint | cat "$AFTER"' | tail -n 1
      scripts/resume "$file" 2>&1 >/dev/null | head -n 1
      scripts/resume --help | head -n 1
      """#)
    let usage = "Runs a pipeline and appends its records to a file, after the last complete record there."
    func refusal(_ names: String) -> [String] {
      [
        "resume: the pipeline does not use \(names): put it in single quotes, and give $LEDGERS to ledger-split and $AFTER to "
          + "invocation-extract", "status 2",
      ]
    }
    let both = refusal("$LEDGERS and $AFTER")
    #expect(
      lines == both + both + refusal("$LEDGERS") + refusal("$AFTER") + refusal("$LEDGERS") + [
        "unchanged", "status 1", usage, usage,
      ],
      "\(lines)")
  }

  /// A pipeline that does not pass on the variables would append everything again: it is stopped before its first byte is
  /// written, however late that comes. One that passes them on continues.
  @Test(
    arguments: [
      "cat", "scval-json", "scval-json --style native", "scval-json --style proto", "event-filter --ledgers 1030-", "jq -cS .",
      "scval-json --style native | jq -c '{_schema, contract_call, meta}'",
    ])
  func recordsThatAreThereAreRefused(lastStage: String) throws {
    let lines = try Self.lines(
      #"""
      stage=$(cat <<'END'
      \#(lastStage)
      END
      )
      good="ledger-split \$LEDGERS testdata/lake | invocation-extract \$AFTER | $stage"
      blind="ledger-split testdata/lake \${LEDGERS:+} | invocation-extract \${AFTER:+} | $stage"
      resume "$good"
      cp "$file" "$folder/whole"
      # A filter reports that nothing new arrived.
      resume "$good" | grep -v '^event-filter: --ledgers: there was no record'
      cmp "$file" "$folder/whole" && echo unchanged
      resume "$blind" | sed -E 's/[0-9]{10,}/ID/g'
      cmp "$file" "$folder/whole" && echo unchanged
      head -n 20 "$folder/whole" >"$file"
      # The last record again is not a new one.
      resume ": \$LEDGERS \$AFTER; tail -n +20 $folder/whole" | tail -n 1
      head -n 20 "$folder/whole" | cmp "$file" && echo unchanged
      resume ": \$LEDGERS \$AFTER; tail -n +21 $folder/whole"
      cmp "$file" "$folder/whole" && echo whole
      """#)
    let refused =
      "resume: records: nothing was appended: the first new record, ID, does not come after the last one in the file, ID: which "
      + "$LEDGERS and $AFTER would leave out"
    #expect(
      lines == [
        "status 0", "status 0", "unchanged", refused, "status 3", "unchanged", "status 3", "unchanged", "status 0", "whole",
      ], "\(lines)")
  }

  /// A line without a record of ours is recognised; a file without lines is not truncated.
  @Test func otherLinesAreRefused() throws {
    let lines = try Self.lines(
      #"""
      resume 'echo "$LEDGERS$AFTER[1]"'
      resume 'echo "{}" $LEDGERS $AFTER'
      resume 'ledger-split $LEDGERS testdata/lake | invocation-extract $AFTER | jq .'
      resume 'ledger-split $LEDGERS testdata/lake | invocation-extract -o xdr $AFTER'
      resume 'ledger-split -o ndjson $LEDGERS testdata/lake; : $AFTER'
      resume 'head -c 30 testdata/invocations.ndjson; : $LEDGERS $AFTER'
      wc -c <"$file"
      cp testdata/ledgers.xdr "$file"
      resume 'cat $LEDGERS $AFTER'
      cmp testdata/ledgers.xdr "$file" && echo unchanged
      echo '{"_schema":"x"}' >"$file"
      resume 'cat $LEDGERS $AFTER'
      file=$folder
      resume 'cat $LEDGERS $AFTER'
      file=$folder/none/records
      resume 'cat $LEDGERS $AFTER'
      """#)
    let strange = [
      "resume: records: nothing was appended: the first line of the pipeline is not a contract invocation", "status 3",
    ]
    #expect(
      lines == strange + strange + strange + strange + strange + strange + [
        "0", "resume: records: is not NDJSON, one record per line", "status 3", "unchanged",
        "resume: records: the last line is not a contract invocation", "status 3", lines.suffix(4).first ?? "", "status 4",
        "resume: none/records: cannot be written", "status 4",
      ], "\(lines)")
    #expect(lines.suffix(4).first?.hasSuffix(": not a regular file") == true)
  }

  /// Values of contracts can look like members of the meta, also earlier in the line.
  @Test func valuesAreNotIds() throws {
    let lines = try Self.lines(
      #"""
      head -n 1 testdata/invocations.ndjson |
        jq -c '.meta.archive_restorations = [{key: {toid: "99", tx_index: 7, "\"toid\":\"98\"": 1}}]' >"$file"
      resume 'echo $LEDGERS $AFTER >&2'
      jq -cS '{contract_call: {meta: {ledger_sequence: 8, toid: "97"}}, meta}' "$file" >"$folder/anew"
      mv "$folder/anew" "$file"
      resume 'echo $LEDGERS $AFTER >&2'
      # Longer than the part that is read first.
      jq -c '.a = "x" * 100000' "$file" >"$folder/anew"
      mv "$folder/anew" "$file"
      resume 'tail -n 1 testdata/invocations.ndjson | jq -cS ".a = \"y\" * 100000"; echo $LEDGERS $AFTER >&2'
      tail -n 1 "$file" | jq -c '[.meta.toid, .contract_call.contract_id, (.a | length)]'
      """#)
    let options = "--ledgers 1026- --after 4406636457985"
    let last = String(decoding: Repository.lines(Repository.testdata("invocations.ndjson")).last ?? [], as: UTF8.self)
    let toid = last.split(separator: "\"toid\":\"").last?.prefix { $0 != "\"" } ?? ""
    #expect(lines.prefix(6) == [options, "status 0", options, "status 0", options, "status 0"], "\(lines)")
    #expect(lines.last?.hasPrefix("[\"\(toid)\",") == true && lines.last?.hasSuffix(",100000]") == true, "\(lines)")
  }

  /// The exit status is the pipeline's: that of any failed stage.
  @Test func theStatusIsThePipelines() throws {
    let lines = try Self.lines(
      #"""
      resume ': $LEDGERS $AFTER; exit 7'
      resume 'ledger-split $LEDGERS testdata/lake | head -c 20000 | invocation-extract $AFTER' | tail -n 1
      resume 'false | cat; : $LEDGERS $AFTER; false | cat'
      resume 'ledger-split $LEDGERS none | invocation-extract $AFTER' | tail -n 1
      resume 'kill -TERM $$; : $LEDGERS $AFTER'
      """#)
    #expect(lines == ["status 7", "status 3", "status 1", "status 4", "status 143"], "\(lines)")
  }

  /// A record is in the file while the pipeline waits for the next one; a signal to the script ends all stages with complete
  /// lines.
  @Test(.enabled(if: Documentation.isInstalled("flock"), "flock is not installed"), arguments: ["TERM", "HUP"])
  func recordsComeAtOnceAndSignalsEndAll(signal: String) throws {
    let lines = try Self.lines(
      #"""
      mkfifo "$folder/fifo"
      export folder
      scripts/resume "$file" ': $LEDGERS; { { cat "$folder/fifo"; } | invocation-extract $AFTER; } | scval-json' 2>/dev/null &
      script=$!
      # Also before the first record.
      exec 3>"$folder/fifo"
      kill -\#(signal) $script
      { wait $script; } 2>/dev/null
      echo "status $?, $(wc -l <"$file")"
      exec 3>&-

      scripts/resume "$file" ': $LEDGERS; { { cat "$folder/fifo"; } | invocation-extract $AFTER; } | scval-json' 2>/dev/null &
      script=$!
      exec 3>"$folder/fifo"
      ledger-split --ledgers 1026-1027 testdata/lake >&3
      arrived() { [ "$(wc -l <"$file")" = "$1" ]; }
      until_ arrived 12
      ledger-split --ledgers 1028 testdata/lake | cat >&3
      until_ arrived 22
      kill -\#(signal) $script
      { wait $script; } 2>/dev/null
      echo "status $?"
      # No stage keeps the lock; one that was just killed may take a moment to end.
      flock -w 10 "$file" echo free
      ledger-split --ledgers 1026-1028 testdata/lake | invocation-extract | scval-json | cmp - "$file" && echo whole
      """#)
    let status = signal == "TERM" ? 143 : 129
    #expect(lines == ["status \(status), 0", "status \(status)", "free", "whole"], "\(lines)")
  }

  /// Event records continue after the last one in the file. Its id need not be the greatest: fee events come before and after it.
  @Test(arguments: ["cat", "scval-json --style native", "jq -cS .", "jq -c '{event, meta}'"])
  func eventsGoOnAfterTheLastOne(lastStage: String) throws {
    let lines = try Self.lines(
      #"""
      stage=$(cat <<'END'
      \#(lastStage)
      END
      )
      pipeline="ledger-split \$LEDGERS testdata/events.xdr | invocation-extract --by event \$AFTER | $stage"
      resume "$pipeline"
      cp "$file" "$folder/whole"
      wc -l <"$folder/whole"
      for lines in $(seq 38); do
        { head -n $lines "$folder/whole"; printf half; } >"$file"
        resume "$pipeline" | tail -n 1 | grep -v '^status 0$'
        cmp "$file" "$folder/whole"
      done
      # Also without the variable that is empty.
      head -n 17 "$folder/whole" >"$file"
      resume "${pipeline/ \$AFTER/}"
      cmp "$file" "$folder/whole" && echo whole
      """#)
    #expect(lines == ["status 0", "38", "status 0", "whole"], "\(lines)")
  }

  /// A pipeline that would repeat events, skip some, or mix them with invocations appends nothing.
  @Test func eventsOfAnotherPipelineAreRefused() throws {
    let lines = try Self.lines(
      #"""
      head -n 17 testdata/events.ndjson >"$file"
      head -n 3 testdata/invocations.ndjson >"$folder/invocations"
      jq -c '.event.id = null' testdata/events.ndjson >"$folder/unnamed"
      export folder
      resume ': $LEDGERS --by event; cat testdata/events.ndjson' | sed -E 's/[0-9]{19}-[0-9]{10}/ID/g'
      resume ': $LEDGERS --by event; tail -n 5 testdata/events.ndjson' | sed -E 's/[0-9]{19}-[0-9]{10}/ID/g'
      resume ': $LEDGERS --by event' | sed -E 's/[0-9]{19}-[0-9]{10}/ID/g'
      resume ': $LEDGERS $AFTER; cat testdata/invocations.ndjson'
      resume ': $LEDGERS $AFTER; head -n 3 testdata/transactions.ndjson'
      resume ': $LEDGERS $AFTER; tail -n +12 testdata/events.ndjson | head -c 300; exit 7'
      resume ': $LEDGERS; cat testdata/events.ndjson' | tail -n 1
      head -n 17 testdata/events.ndjson | cmp - "$file" && echo unchanged
      file=$folder/invocations
      resume ': $LEDGERS $AFTER; cat testdata/events.ndjson'
      head -n 3 testdata/invocations.ndjson | cmp - "$file" && echo unchanged
      file=$folder/unnamed
      resume ': $LEDGERS --by event; cat testdata/events.ndjson'
      file=$folder/new
      resume ': $LEDGERS --by event; cat "$folder/unnamed"'
      resume ': $LEDGERS --by event; cat testdata/invocations.ndjson' | tail -n 1
      wc -c <"$file"
      """#)
    let nothing = "resume: records: nothing was appended: "
    #expect(
      lines == [
        nothing + "the first new record, ID, does not come after the last one in the file, ID: which $LEDGERS would leave out",
        "status 3", nothing + "the pipeline does not write the last record in the file, ID, again before ID", "status 3",
        nothing + "the pipeline does not write the last record in the file, ID, again", "status 3",
        nothing + "the file holds events, and the pipeline writes invocations", "status 3",
        nothing + "the pipeline writes a line that is not a contract event with an id", "status 3", "status 7", "status 2",
        "unchanged", "resume: invocations: nothing was appended: the file holds invocations, and the pipeline writes events",
        "status 3", "unchanged",
        "resume: unnamed: the last line is an event without an id, so it does not say where to continue", "status 3",
        "resume: new: nothing was appended: the first line of the pipeline is an event without an id", "status 3", "status 2",
        "0",
      ], "\(lines)")
  }
}
