import TestSupport
import Testing

/// `ledger-split --follow` reads a data lake while it is written, with the same output as a plain run on the finished lake.
@Suite(.enabled(if: ScriptRun.has("python3"), "python3, for scripts/replay, is not installed")) struct FollowTests {
  /// Runs a script in which `$folder/plain` is the output of a plain run, `follow OPTION...` starts a run in the background that
  /// follows `$folder/lake`, and `replay OPTION...` writes that lake; `arrived N` succeeds when N lines have been written.
  private static func lines(_ script: String) throws -> [String] {
    try ScriptRun.lines(
      #"""
      lake=$folder/lake
      mkdir "$lake"
      ledger-split -o ndjson testdata/lake >"$folder/plain"
      follow() {
        ledger-split --follow -o ndjson "$@" "$lake" >"$folder/out" 2>>"$folder/err" &
        running=$!
      }
      replay() { scripts/replay lake --network local "$@" "$lake"; }
      arrived() { [ "$(wc -l <"$folder/out")" -ge "$1" ]; }
      said() { grep -q "$1" "$folder/err"; }
      ended() {
        { wait $running; } 2>/dev/null
        echo "status $?"
        sed "s|$folder/||g" "$folder/err"
        cmp "$folder/out" "$folder/plain" && echo the same
      }

      """# + script)
  }

  /// In every layout: one or many ledgers per object, with or without partitions, each file ending. The lake is empty at first.
  @Test(
    arguments: [
      "", "--objects-per-partition 4 --ending xdr.zstd", "--ledgers-per-object 2 --objects-per-partition 4 --ending xdr",
      "--ledgers-per-object 8 --objects-per-partition 1", "--ledgers-per-object 64 --objects-per-partition 2",
      "--ledgers-per-object 7 --objects-per-partition 3", "--repeat-every 3",
    ])
  func itReadsWhatAPlainRunReads(layout: String) throws {
    let lines = try Self.lines(
      """
      follow --ledgers 1024-1051
      replay \(layout)
      ended
      """)
    #expect(lines == ["status 0", "the same"], "\(lines)")
  }

  /// Half of the lake exists before, and the rest arrives while the first half is read.
  @Test func followingContinuesAfterExistingObjects() throws {
    let lines = try Self.lines(
      """
      replay --skip 1038-1051
      follow --ledgers 1024-
      replay --skip 1024-1037 --rate 200
      until_ arrived $(wc -l <"$folder/plain")
      kill -TERM $running
      ended
      """)
    #expect(lines == ["status 143", "the same"], "\(lines)")
  }

  /// It begins where the range begins, even if that ledger is still to come, and ends with the range, whatever follows.
  @Test func followingKeepsToTheRange() throws {
    let lines = try Self.lines(
      """
      replay --skip 1030-1051
      follow --ledgers 1036-1040
      replay --skip 1024-1029 --rate 500
      ledger-split --ledgers 1036-1040 -o ndjson testdata/lake >"$folder/plain"
      ended
      """)
    #expect(lines == ["status 0", "the same"], "\(lines)")
  }

  /// An object that grows under its name gives its complete ledgers, each once.
  @Test(arguments: ["xdr", "xdr.zst"]) func anObjectThatGrowsIsWaitedFor(ending: String) throws {
    let lines = try Self.lines(
      """
      scripts/replay lake --network local --ledgers-per-object 32 --ending \(ending) --loop --count 32 "$folder/whole"
      object=$(cd "$folder/whole"; ls */*.\(ending))
      whole=$folder/whole/$object
      size=$(stat -c %s "$whole")
      mkdir "$lake/${object%/*}"
      head -c $((size / 2)) "$whole" >"$lake/$object"
      follow --ledgers 1024-1051 --metrics "$folder/run.prom" --metrics-interval 0.01
      has_read() { grep -q '^soroban_pipes_read_bytes_total.* [1-9]' "$folder/run.prom"; }
      until_ has_read
      if [ \(ending) = xdr ]; then until_ arrived 20; fi
      grow() { head -c "$1" "$whole" | tail -c "+$(($(stat -c %s "$lake/$object") + 1))" >>"$lake/$object"; }
      grow $((size * 7 / 10))
      if [ \(ending) = xdr ]; then until_ arrived 60; fi
      grow $((size * 9 / 10))
      kill -0 $running && echo waiting
      grow "$size"
      ended
      """)
    #expect(lines == ["waiting", "status 0", "the same"], "\(lines)")
  }

  /// A broken object may be replaced, also by a rename.
  @Test(arguments: ["printf ''", "head -c 300", "tail -c +200", "tr 'A-Z' 'a-z' <"])
  func aReplacedObjectIsRead(damage: String) throws {
    let lines = try Self.lines(
      """
      scripts/replay lake --network local "$folder/whole"
      replay --skip 1036-1051
      partition=$(ls "$lake")
      name=FFFFFBF3--1036.xdr.zst
      \(damage) "$folder/whole/$partition/$name" >"$lake/$partition/$name"
      follow --ledgers 1024-1051 --poll 0.05
      until_ arrived 50
      cp "$folder/whole/$partition/$name" "$lake/$partition/.aside"
      mv "$lake/$partition/.aside" "$lake/$partition/$name"
      cp "$folder/whole/$partition"/* "$lake/$partition/"
      ended
      """)
    #expect(lines == ["status 0", "the same"], "\(lines)")
  }

  /// An object that stays broken ends the run with its error; what came before was written.
  @Test(arguments: [
    ("xdr", "the input ends inside a record, "), ("xdr.zst", "the input ends inside a zstd frame"),
  ]) func anObjectThatStaysBrokenIsAnError(ending: String, message: String) throws {
    let lines = try Self.lines(
      """
      replay --ending \(ending) --stop-after 12
      follow --patience 0.2
      ended
      grep -c . "$folder/out"
      ledger-split --ledgers 1024-1035 -o ndjson testdata/lake | cmp "$folder/out" && echo whole
      """)
    #expect(lines.first == "status 3" && lines.last == "whole", "\(lines)")
    #expect(
      lines.dropFirst().first?.hasPrefix("ledger-split: lake/FFFFFFFF--0-63999/FFFFFBF3--1036.\(ending): \(message)") == true,
      "\(lines)")
  }

  /// The tool waits for a missing object with a warning, even if later ones exist, and does not skip it.
  @Test func aMissingObjectIsWaitedFor() throws {
    let lines = try Self.lines(
      """
      scripts/replay lake --network local "$folder/whole"
      replay --skip 1030-1031
      follow --ledgers 1024-1051 --patience 0.1
      until_ said 'object of ledger 1030'
      ledger-split --ledgers 1024-1029 -o ndjson testdata/lake | cmp "$folder/out" && echo waiting
      # Another object than the missing one.
      cp "$folder"/whole/*/*--1031.* "$lake"/*/
      : >"$folder/err"
      until_ said 'object of ledger 1030'
      cp "$folder"/whole/*/*--1030.* "$lake"/*/
      { wait $running; } 2>/dev/null
      echo "status $?"
      sed "s|$folder/||g" "$folder/err" | uniq
      cmp "$folder/out" "$folder/plain" && echo the same
      """)
    #expect(
      lines == [
        "waiting", "status 0", "ledger-split: lake: waiting for the object of ledger 1030, although later ones exist",
        "the same",
      ], "\(lines)")
  }

  /// Without notifications from the system it polls: no inotify instance is left for this user.
  @Test func withoutNotificationsItPolls() throws {
    let lines = try Self.lines(
      """
      if ! unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_inotify_instances' 2>/dev/null; then echo no; exit; fi
      unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_inotify_instances; exec "$@"' - \\
        ledger-split --follow -o ndjson --ledgers 1024-1051 --poll 0.02 "$lake" >"$folder/out" 2>"$folder/err" &
      running=$!
      replay --objects-per-partition 5 --rate 300
      ended
      """)
    if lines == ["no"] { try Test.cancel("there are no user namespaces here to forbid inotify in") }
    #expect(lines == ["status 0", "the same"], "\(lines)")
  }

  /// The last stage writes each record before the next object arrives.
  @Test func recordsLeaveTheLastStageBeforeTheNextObject() throws {
    let lines = try Self.lines(
      """
      scripts/replay lake --network local "$folder/whole"
      mkdir "$lake/FFFFFFFF--0-63999"
      ledger-split --follow -q --poll 60 "$lake" | invocation-extract --footprint-ops | scval-json >"$folder/out" &
      invocation-extract --footprint-ops "$folder/plain" | scval-json >"$folder/expected"
      for object in $(cd "$folder/whole"; ls -r */*.zst); do
        ledger=${object##*--}
        cp "$folder/whole/$object" "$lake/.aside"
        mv "$lake/.aside" "$lake/$object"
        wanted=$(awk -F '[:,]' -v last="${ledger%%.*}" '$5 + 0 <= last { count++ } END { print count + 0 }' "$folder/expected")
        until_ arrived "$wanted"
      done
      cmp "$folder/out" "$folder/expected" && echo the same
      { kill $(jobs -p); wait; } 2>/dev/null
      """)
    #expect(lines == ["the same"], "\(lines)")
  }

  @Test func otherInputsCannotBeFollowed() throws {
    let one = "--follow reads one data lake; name its directory (for a file that grows: tail -c +1 -F FILE | ledger-split)"
    for arguments in ["--follow", "--follow -", "--follow lake lake"] {
      let outcome = try Shell.run("ledger-split \(arguments)")
      #expect(outcome.status == 2 && outcome.errors.contains(one), "\(outcome.errors)")
    }
    for arguments in ["--follow nowhere", "--follow ledgers.xdr"] {
      let outcome = try Shell.run("timeout 60 ledger-split \(arguments)")
      #expect(outcome.status == 4 && outcome.messages.count == 1, "\(arguments): \(outcome.errors)")
    }
    for value in ["0", "-1", "x", "", "1e3", "86401", "nan", "١"] {
      for option in ["poll", "patience"] {
        let outcome = try Shell.run("ledger-split --follow --\(option)='\(value)' lake")
        #expect(outcome.status == 2, "\(option) \(value): \(outcome.errors)")
      }
    }
  }
}
