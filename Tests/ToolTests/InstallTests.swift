import TestSupport
import Testing

/// The files that `make install-built` installs, that they work in place, and the units for systemd.
@Suite struct InstallTests {
  /// Installs into a folder, as for a package, with the tools that are already built instead of release ones.
  private static let install = #"""
    tools=$(dirname "$(command -v ledger-split)")
    built() { make -s "$1" built="$tools" STRIP=true DESTDIR="$folder/image" prefix=/usr "${@:2}"; }
    bin=$folder/image/usr/bin

    """#

  @Test(.enabled(if: ScriptRun.has("make", "python3", "install", "zstd"), "make, python3 or zstd is not installed"))
  func scriptsAreInstalledAsPrograms() throws {
    let lines = try ScriptRun.lines(
      Self.install
        + #"""
        built install-built
        (cd "$folder/image/usr"; ls bin; find lib libexec -type f ! -name soroban.wasm ! -path '*/page/manual/*' | sort)
        grep -h ^ExecStart "$folder/image/usr/lib/systemd/system"/*
        # In another folder, and without the checkout.
        cd /
        export PATH=$bin:/usr/bin:/bin
        soroban-replay pipe --count 3 | ledger-split --stats 2>&1 >/dev/null | grep -o '"ledgers":3'
        soroban-replay --help | sed -n 's/^  \(.*FILE.*\)/\1/p;s/^usage: //p' | head -n 2
        soroban-replay 2>&1 | tail -n 1
        soroban-resume "$folder/records" 'ledger-split $LEDGERS '"$folder"'/image/usr/share/doc/soroban-pipes/examples/testdata/lake | invocation-extract $AFTER'
        wc -l <"$folder/records"
        soroban-resume --help | grep -o 'soroban-resume invocations.ndjson'
        soroban-resume x y 2>&1 | cut -d : -f 1
        soroban-range --help | grep -c soroban-range
        soroban-backfill plan 5-12 --size 8
        soroban-backfill --ledgers 1024-1031 --lake "$folder/image/usr/share/doc/soroban-pipes/examples/testdata/lake" \
          --out "$folder/ranges" --format ndjson.zst 2>&1 | cut -d , -f 1
        find "$folder/image" -name '*.pyc' | wc -l
        cd "$OLDPWD"
        built uninstall
        find "$folder/image" -type f | wc -l
        # The units contain the other prefix.
        built install-built bindir=/srv/else/bin 2>/dev/null
        grep -h ^ExecStart "$folder/image/usr/lib/systemd/system"/* | grep -c '=/srv/else/bin/soroban-'
        "$folder/image/srv/else/bin/soroban-replay" pipe --count 1 "$folder/image/usr/share/doc/soroban-pipes/examples/testdata/ledgers.xdr" | wc -c
        """#)
    let installed = [
      "event-filter", "invocation-extract", "ledger-split", "scval-json", "soroban-backfill", "soroban-flowctl", "soroban-pipes",
      "soroban-range", "soroban-replay", "soroban-resume",
      "soroban-serve", "soroban-serve-grpc", "lib/systemd/system/soroban-pipe@.service",
      "lib/systemd/system/soroban-range@.service",
      "lib/systemd/system/soroban-range@.timer",
      "lib/sysusers.d/soroban-pipes.conf",
    ]
    let served = [
      "__init__", "answers", "lake", "monitor", "parameters", "pipeline", "protobuf", "request", "rpc", "settings", "state",
      "streams",
    ]
    // The module is also installed, if it was built.
    let page = [
      "app.js", "batch.js", "command.js", "conditions.js", "csv.js", "decoder.js", "detail.js", "dom.js", "eventstream.js",
      "host.js", "index.html", "lookup.js", "notes.js", "problems.js", "rows.js", "service.js", "soroban.js", "sources.js",
      "store.js", "style.css",
      "summary.js", "table.js", "worker.js",
    ]
    let parts =
      [
        "__init__", "check", "compact", "counter", "estimate", "lake", "parquet", "pipeline", "ranges", "seal", "store", "table",
        "worker",
      ].map { "libexec/soroban-pipes/backfill_lib/\($0).py" }
      + ["common", "consumer", "control_plane", "processor", "source"].map {
        "libexec/soroban-pipes/flowctl/flowctl/v1/\($0).proto"
      }
      + ["__init__", "component", "events", "metrics", "pipeline"].map { "libexec/soroban-pipes/flowctl/flowctl_lib/\($0).py" }
      + page.map { "libexec/soroban-pipes/page/\($0)" }
      + ["__init__", "lake", "ledgers", "pipe", "rpc"].map { "libexec/soroban-pipes/replay_lib/\($0).py" }
      + [
        "libexec/soroban-pipes/serve/contract_invocation/contract_invocation_event.proto",
        "libexec/soroban-pipes/serve/contract_invocation_service/contract_invocation_service.proto",
        "libexec/soroban-pipes/serve/grpc",
      ] + served.map { "libexec/soroban-pipes/serve/serve_lib/\($0).py" } + ["libexec/soroban-pipes/serve/start"]
    #expect(
      lines == installed + parts + [
        "ExecStart=/usr/bin/soroban-resume /var/lib/soroban-pipes/%i/records.ndjson ${PIPELINE}",
        "ExecStart=/usr/bin/soroban-range /var/lib/soroban-pipes/%i", #""ledgers":3"#,
        "soroban-replay [-h] pipe | lake | rpc ...",
        "soroban-replay pipe [FILE...]             writes them as stellar-core does into its meta pipe",
        "soroban-replay: error: the following arguments are required: pipe | lake | rpc", "84",
        "soroban-resume invocations.ndjson",
        "soroban-resume", "1", "5-7", "8-12", "soroban-backfill: 1024-1031.ndjson.zst: 29 records of 8 ledgers", "0", "0", "2",
        "5084",
      ], "\(lines)")
  }

  /// The four names are links to one executable, which runs the tool of its own name or of its first argument.
  @Test func fourNamesAreOneExecutable() throws {
    let lines = try ScriptRun.lines(
      Self.install
        + #"""
        built install-built
        find "$bin" -type l -name '*-*' -printf '%l\n' | grep -v / | sort | uniq -c | tr -s ' '
        alone=$(ledger-split --by ledger -o ndjson testdata/ledgers.xdr | sha256sum)
        export PATH=$bin:/usr/bin:/bin
        for call in ledger-split 'soroban-pipes ledger-split' "$bin/soroban-pipes ledger-split" "$bin/ledger-split"; do
          [ "$($call --by ledger -o ndjson testdata/ledgers.xdr | sha256sum)" = "$alone" ] && echo same
        done
        for call in invocation-extract event-filter scval-json; do $call --version | cut -d ' ' -f 1; done
        soroban-pipes scval-json --versio 2>&1 | head -n 1
        # A tool does not interpret its first argument as a name.
        ledger-split event-filter 2>&1 | cut -d : -f 1,2
        (exec -a else soroban-pipes) 2>&1; echo $?
        soroban-pipes split 2>&1; echo $?
        soroban-pipes --version | cut -d ' ' -f 1
        soroban-pipes --help | grep -c -E '^  (ledger-split|invocation-extract|event-filter|scval-json) +[A-Z]'
        soroban-pipes --help >/dev/full; echo $?
        """#)
    #expect(
      lines == [
        " 4 soroban-pipes", "same", "same", "same", "same", "invocation-extract", "event-filter", "scval-json",
        "scval-json: Unknown option '--versio'. Did you mean '--version'?", "ledger-split: event-filter",
        "soroban-pipes: no tool was named", "See 'soroban-pipes --help'.", "2",
        "soroban-pipes: there is no tool 'split'", "See 'soroban-pipes --help'.", "2",
        "soroban-pipes", "4", "soroban-pipes: standard output: No space left on device", "4",
      ], "\(lines)")
  }

  // MARK: systemd

  private static let units = ["soroban-pipe@.service", "soroban-range@.service", "soroban-range@.timer"]

  /// systemd accepts the units, with the programs and the manual where the units expect them; a process gets few privileges.
  @Test(.enabled(if: ScriptRun.has("systemd-analyze"), "systemd-analyze, of the package systemd, is not installed"))
  func systemdAcceptsTheUnits() throws {
    let lines = try ScriptRun.lines(
      #"""
      for unit in scripts/deploy/systemd/soroban-*@*; do
        # It finds the manual with man(1), which may be missing.
        sed -e "s|/usr/bin/soroban-|$PWD/scripts/deploy/systemd/soroban-|; s|soroban-resume|soroban-range|; /^Documentation=man:/d" "$unit" \
          >"$folder/${unit##*/}"
      done
      for unit in "$folder"/soroban-*@*; do
        systemd-analyze verify "$unit" 2>&1 | grep -v -E 'D-Bus|dbus'
        case $unit in
        *.service)
          systemd-analyze security --offline=true --threshold=15 "$unit" >/dev/null || systemd-analyze security --offline=true "$unit" | tail -n 1
          echo "${unit##*/}"
          ;;
        esac
      done
      # Files that a less careful program leaves are noticed.
      sed 's/^ProtectSystem=.*//; s/^NoNewPrivileges=.*//; s/^CapabilityBoundingSet=.*//' "$folder/soroban-pipe@.service" >"$folder/lax@.service"
      systemd-analyze security --offline=true --threshold=15 "$folder/lax@.service" >/dev/null || echo lax
      systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' scripts/deploy/systemd/soroban-range@.timer)" | grep -c 'Next elapse'
      """#)
    #expect(lines == ["soroban-pipe@.service", "soroban-range@.service", "lax", "1"], "\(lines)")
  }

  /// The example, run as the unit runs it: with the variables of the file, and the pipeline as one word.
  @Test(.enabled(if: ScriptRun.has("jq", "zstd", "flock"), "jq, zstd or flock is not installed")) func theExampleRuns() throws {
    let lines = try ScriptRun.lines(
      #"""
      mkdir "$folder/metrics"
      set -a
      . scripts/deploy/systemd/example.conf
      METRICS=$folder/metrics NAME=test LAKE=$PWD/testdata/lake FIRST_LEDGER=1024 RANGE_SIZE=9
      set +a
      # It follows endlessly: until it is stopped, as systemd does.
      scripts/resume "$folder/records" "$PIPELINE" 2>/dev/null &
      whole() { [ "$(wc -l <"$folder/records")" = 84 ]; }
      until_ whole
      kill -TERM $!
      wait $! 2>/dev/null
      echo "status $?"
      ls "$folder/metrics"
      grep -h '_exit_status{' "$folder/metrics/test.prom"

      mkdir "$folder/ranges"
      : >"$folder/ranges/.part-left-over"
      scripts/deploy/systemd/soroban-range "$folder/ranges" 2>&1 | sed "s|$folder/||"
      scripts/deploy/systemd/soroban-range "$folder/ranges"
      ls -A "$folder/ranges"
      zstd -dqc $(ls "$folder"/ranges/*.zst) | cmp - <(ledger-split --ledgers 1024-1050 testdata/lake | invocation-extract | scval-json --style native) &&
        echo the same

      # A range that fails has no file, and is tried again.
      rm "$folder/ranges/1033-1041.ndjson.zst"
      RANGE_PIPELINE='ledger-split --ledgers $FIRST-$LAST testdata/ledgers.xdr | head -c 5000 | invocation-extract' \
        scripts/deploy/systemd/soroban-range "$folder/ranges" 2>/dev/null
      echo "status $?"
      ls "$folder/ranges"
      scripts/deploy/systemd/soroban-range "$folder/ranges" 2>&1 | grep -c .
      flock "$folder/ranges/.lock" scripts/deploy/systemd/soroban-range "$folder/ranges" 2>&1 | sed "s|$folder/||"
      # A lake of many objects: the newest one decides.
      mkdir "$folder/many" "$folder/made"
      for number in $(seq 10001 15000); do printf "$folder/many/%08X--%d.xdr.zst\\n" $((0xFFFFFFFF - number)) "$number"; done | xargs touch
      LAKE=$folder/many FIRST_LEDGER=10001 RANGE_SIZE=2500 RANGE_PIPELINE=: scripts/deploy/systemd/soroban-range "$folder/made" 2>&1 | grep -c .
      RANGE_SIZE=x scripts/deploy/systemd/soroban-range "$folder/ranges" 2>&1 | head -n 1
      env -u LAKE scripts/deploy/systemd/soroban-range "$folder/ranges" 2>&1 | head -n 1
      LAKE=$folder scripts/deploy/systemd/soroban-range "$folder/ranges" 2>&1 | sed "s|$folder|FOLDER|"
      """#)
    #expect(
      lines == [
        "status 143", "test-extract.prom", "test-scval.prom", "test.prom",
        #"soroban_pipes_exit_status{tool="ledger-split",name="test"} 143"#,
        "soroban-range: ranges/1024-1032.ndjson.zst", "soroban-range: ranges/1033-1041.ndjson.zst",
        "soroban-range: ranges/1042-1050.ndjson.zst", ".lock", "1024-1032.ndjson.zst", "1033-1041.ndjson.zst",
        "1042-1050.ndjson.zst",
        "the same", "status 3", "1024-1032.ndjson.zst", "1042-1050.ndjson.zst", "1",
        "soroban-range: ranges: another run works here", "2",
        "soroban-range: RANGE_SIZE is not a number above 0: x", "soroban-range: the variable LAKE is missing",
        "soroban-range: FOLDER: holds no object of a lake",
      ], "\(lines)")
  }

  // MARK: for a long time

  /// The short form of `make soak`, with a second reader of the same lake: nothing is missing, and nothing grows.
  @Test(.enabled(if: ScriptRun.has("python3", "sha256sum"), "python3, for scripts/replay, is not installed"))
  func followingForLongTakesNoMemory() throws {
    let lines = try ScriptRun.lines(
      #"""
      scripts/soak-follow --seconds 8 --rate 50 --limit 4096 \
        --consumer 'ledger-split --follow --ledgers $FIRST-$LAST "$LAKE" | invocation-extract | scval-json --style native' >"$folder/said"
      echo "status $?"
      tail -n 1 "$folder/said" | sed 's/; grown.*//'
      # A consumer's missing record is noticed.
      scripts/soak-follow --seconds 1 --rate 40 --limit 65536 \
        --consumer 'ledger-split --follow --ledgers $FIRST-$LAST "$LAKE" | invocation-extract | scval-json --style native | tail -n +2' |
        grep consumer
      scripts/soak-follow --rate 0 2>&1
      """#)
    let ledgers = 8 * 50
    #expect(lines.count == 4 && lines.first == "status 0", "\(lines)")
    #expect(lines[1].hasPrefix("ledgers: \(ledgers); records: "), "\(lines)")
    #expect(lines.suffix(2) == ["consumer 1 has other records", "soak-follow: not a whole number above 0: 0"], "\(lines)")
  }
}
