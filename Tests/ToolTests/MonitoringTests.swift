import TestSupport
import Testing

/// Alerts, dashboard and example configuration of `scripts/deploy/monitoring`, checked with Prometheus' own programs.
@Suite struct MonitoringTests {
  private static let folder = "scripts/deploy/monitoring"

  @Test(.enabled(if: ScriptRun.has("promtool"), "promtool, of the Debian package prometheus, is not installed"))
  func alertsRingWhenTheyShould() throws {
    let rules = try Documentation.run(
      "cd \(Self.folder) && promtool check config prometheus.yml && promtool test rules rules-test.yml")
    #expect(rules.status == 0, "\(rules.text)")
    // The rule tests can fail: each rule with another threshold fails them.
    for change in [
      "s/> 300/> 3000/", "s/\\[5m\\]) == 0/[5m]) < 0/", "s/> 120/> 1200/", "s/< 600/< 6000/",
      "s/errors_total\\[10m\\]/errors_total[1h]/",
      "s/|steps back/|repeated ledgers/", "s/ offset 15m/ offset 1m/", "s/\\[30m\\]) > 3/[30m]) > 0/", "s/ != 143//",
      "s/ > 1 != 129/ > 0 != 129/",
      "s/> 60$/> 600/", "s/scrape_error == 1/scrape_error == 2/", "s/, name!~\"range-.\\*\"//",
      "s/unless on (instance, name) .*//",
    ] {
      let outcome = try Documentation.run(
        """
        folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT
        cp \(Self.folder)/*.yml "$folder"; cd "$folder"
        sed -i '\(change)' rules.yml
        ! cmp -s rules.yml \(Repository.root)/\(Self.folder)/rules.yml && promtool check rules rules.yml >/dev/null && ! promtool test rules rules-test.yml
        """)
      #expect(outcome.status == 0, "\(change)\n\(outcome.text)")
    }
  }

  /// Each alert names its section in the runbook, which has the required parts, and has its own test case.
  @Test func eachAlertHasItsRunbook() throws {
    let rules = Documentation.lines("\(Self.folder)/rules.yml")
    let alerts = rules.compactMap { $0.firstMatch(of: /- alert: (\w+)/).map { String($0.1) } }
    let links = rules.compactMap { $0.firstMatch(of: /runbook: (\S+)/).map { String($0.1) } }
    #expect(alerts.count >= 8 && links == alerts.map { "runbook.md#\($0.lowercased())" })
    let cases = Documentation.lines("\(Self.folder)/rules-test.yml").joined(separator: "\n")
    let runbook = Documentation.lines("\(Self.folder)/runbook.md").joined(separator: "\n")
    let sections = runbook.split(separator: "\n## ").dropFirst().map(String.init)
    #expect(sections.map { String($0.prefix { $0 != "\n" }) } == alerts)
    for (alert, section) in zip(alerts, sections) {
      #expect(cases.contains("alertname: \(alert)\n        exp_alerts:"), "\(alert) is never raised in its tests")
      #expect(
        cases.contains(try Regex("alertname: \(alert)\n(      - eval_time|  #|\n)")), "\(alert) is always raised in its tests")
      for heading in ["Meaning", "Impact", "Diagnosis", "Mitigation", "Drill"] {
        #expect(section.contains("**\(heading).**"), "\(alert): \(heading)")
      }
      let commands = section.split(separator: "\n").filter { $0.hasPrefix("    ") }
      #expect(!commands.isEmpty)
      let checked = try Documentation.run("bash -n -c \"$COMMANDS\"", environment: ["COMMANDS": commands.joined(separator: "\n")])
      #expect(checked.status == 0, "\(alert): \(checked.text)")
    }
  }

  /// Grafana accepts the dashboard: panels that do not overlap, each with its own queries and description.
  @Test(.enabled(if: ScriptRun.has("python3"), "python3 is not installed")) func theDashboardIsWellFormed() throws {
    let outcome = try Documentation.run(
      #"""
      python3 - <<'END'
      import json
      board = json.load(open("scripts/deploy/monitoring/dashboard.json"))
      assert board["schemaVersion"] >= 36 and board["uid"] and board["title"] and board["time"] and isinstance(board["version"], int)
      variables = {one["name"] for one in board["templating"]["list"]}
      assert variables == {"datasource", "instance", "name"}, variables
      panels = board["panels"]
      assert len({panel["id"] for panel in panels}) == len(panels)
      taken = set()
      for panel in panels:
          place = panel["gridPos"]
          cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
          assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
          taken |= cells
          assert panel["title"] and panel["type"] in ("row", "stat", "timeseries", "table"), panel
          if panel["type"] == "row":
              continue
          assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
          assert set(panel["fieldConfig"]) == {"defaults", "overrides"} and panel["targets"]
          references = [target["refId"] for target in panel["targets"]]
          assert len(set(references)) == len(references)
          for target in panel["targets"]:
              assert target["expr"] and target["range"] != target["instant"], panel["title"]
      titles = [panel["title"] for panel in panels if panel["type"] != "row"]
      print(len(titles))
      END
      """#)
    #expect(outcome.status == 0 && (Int(outcome.lines.first ?? "") ?? 0) >= 15, "\(outcome.text)")
  }

  /// Every metric in the dashboard and the alerts is one of a tool, or of node_exporter.
  @Test func metricsExist() throws {
    let known = Set(try Self.metricsOfTools())
    for file in ["rules.yml", "dashboard.json", "rules-test.yml"] {
      let text = Documentation.lines("\(Self.folder)/\(file)").joined(separator: "\n")
      let used = Set(text.matches(of: /soroban_pipes_[a-z_]+/).map { String($0.0) })
      #expect(!used.isEmpty && used.isSubset(of: known), "\(file): \(used.subtracting(known))")
    }
    let board = Documentation.lines("\(Self.folder)/dashboard.json").joined(separator: "\n")
    for metric in known { #expect(board.contains(metric), "the dashboard does not show \(metric)") }
  }

  /// The manual describes each metric of a real file in its section.
  @Test func theManualDescribesEachMetric() throws {
    let page = Documentation.lines("man/soroban-operations.7")
    let start = try #require(page.firstIndex(of: ".Sh METRICS"))
    let section = page[start...].dropFirst().prefix { !$0.hasPrefix(".Sh") }
    let items = section.filter { $0.hasPrefix(".It ") }.flatMap { $0.split { " ,".contains($0) }.map(String.init) }
    for metric in try Self.metricsOfTools() {
      #expect(items.contains(String(metric.dropFirst("soroban_pipes_".count))), "\(metric)")
    }
  }

  /// The names in the files of all four tools, from runs that succeed, warn and fail.
  private static func metricsOfTools() throws -> [String] {
    try ScriptRun.lines(
      #"""
      { cat testdata/ledgers.xdr; head -c 9000 testdata/ledgers.xdr; } | ledger-split 2>/dev/null --metrics "$folder/broken.prom" |
        invocation-extract --metrics "$folder/a.prom" | event-filter --metrics "$folder/b.prom" | scval-json --metrics "$folder/c.prom" >/dev/null
      cat "$folder"/*.prom | sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' | sort -u
      """#)
  }

  @Test(.enabled(if: ScriptRun.has("promtool"), "promtool, of the Debian package prometheus, is not installed"))
  func promtoolAcceptsEachFile() throws {
    let lines = try ScriptRun.lines(
      #"""
      { cat testdata/ledgers.xdr; head -c 9000 testdata/ledgers.xdr; } | ledger-split 2>/dev/null --metrics "$folder/a.prom" |
        invocation-extract --metrics "$folder/b.prom" | event-filter --succeeded --metrics "$folder/c.prom" | scval-json --metrics "$folder/d.prom" >/dev/null
      ledger-split none --metrics "$folder/e.prom" 2>/dev/null
      for file in "$folder"/*.prom; do promtool check metrics <"$file" && echo good; done
      """#)
    #expect(lines == Array(repeating: "good", count: 5), "\(lines)")
  }

  /// A pipeline that follows a lake, one that failed, one with a gap and one that ended well, through node_exporter and
  /// Prometheus: every query of the dashboard has rows, the sums equal those of the files, and the right alerts fire.
  @Test(
    .enabled(
      if: ScriptRun.has("prometheus", "promtool", "prometheus-node-exporter", "python3", "curl"),
      "prometheus and prometheus-node-exporter, of the Debian packages of these names, are not installed"))
  func prometheusReadsThem() throws {
    let lines = try ScriptRun.lines(
      #"""
      mkdir "$folder/metrics" "$folder/lake"
      port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
      node=$(port) server=$(port)
      metrics() { echo "--metrics $folder/metrics/$1.prom --metrics-interval 0.2"; }

      scripts/replay lake --network local --loop --now --rate 20 "$folder/lake" &
      ledger-split --follow $(metrics live) "$folder/lake" | invocation-extract $(metrics live-extract) |
        scval-json $(metrics live-scval) >/dev/null &
      head -c 100000 testdata/ledgers.xdr | ledger-split $(metrics broken) >/dev/null 2>&1
      scripts/replay pipe --skip 1030-1031 | ledger-split -q $(metrics gap) | invocation-extract $(metrics range-done) |
        event-filter --exit-status --function none $(metrics range-none) >/dev/null

      prometheus-node-exporter --collector.disable-defaults --collector.textfile --collector.textfile.directory="$folder/metrics" \
        --web.listen-address=127.0.0.1:$node 2>"$folder/node.log" &
      cat >"$folder/prometheus.yml" <<END
      global: {scrape_interval: 1s, evaluation_interval: 1s}
      rule_files: [$PWD/scripts/deploy/monitoring/rules.yml]
      scrape_configs: [{job_name: node, static_configs: [{targets: ["127.0.0.1:$node"]}]}]
      END
      prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/data" --web.listen-address=127.0.0.1:$server \
        --log.level=error 2>"$folder/prometheus.log" &
      until_ curl -sf "http://127.0.0.1:$server/-/ready"

      python3 - "http://127.0.0.1:$server" "$folder/metrics" <<'END'
      import json, re, sys, time, urllib.parse, urllib.request
      server, folder = sys.argv[1:]

      def query(expression):
          with urllib.request.urlopen(f"{server}/api/v1/query?" + urllib.parse.urlencode({"query": expression})) as answer:
              return json.load(answer)["data"]["result"]

      def wait(expression):
          # The script ends by itself if this fails.
          while not (rows := query(expression)):
              time.sleep(0.2)
          return rows

      # At least two scrapes, for rates.
      wait('increase(soroban_pipes_ledgers_total{name="live"}[30s]) > 0')
      board = json.load(open("scripts/deploy/monitoring/dashboard.json"))
      count = 0
      for panel in board["panels"]:
          for target in panel.get("targets", []):
              expression = target["expr"].replace("$instance", ".*").replace("$name", ".*").replace("$__rate_interval", "30s")
              assert "$" not in re.sub(r'"\$1"', "", expression), expression
              wait(expression)
              count += 1
      print("queries" if count >= 20 else count)
      for name in ("gap", "range-done"):
          for line in open(f"{folder}/{name}.prom"):
              if not line.startswith("#"):
                  sample, value = line.rsplit(" ", 1)
                  assert float(wait(sample)[0]["value"][1]) == float(value), line
      print("errors of the collector", query("node_textfile_scrape_error")[0]["value"][1])

      rules = json.load(urllib.request.urlopen(f"{server}/api/v1/rules"))["data"]["groups"][0]["rules"]
      for rule in rules:
          assert rule["health"] in ("ok", "unknown"), rule
          names = sorted({row["metric"].get("name", "?") for row in query(rule["query"])})
          print(rule["name"], *names)

      with open(f"{folder}/drill.prom", "w") as file:
          file.write("nonsense\n")
      wait("node_textfile_scrape_error == 1")
      print("unreadable")
      END
      """#)
    #expect(
      lines == [
        "queries", "errors of the collector 0", "SorobanPipesStalled", "SorobanPipesLagging", "SorobanPipesErrors",
        "SorobanPipesGap gap",
        "SorobanPipesRestarting", "SorobanPipesRunFailed broken", "SorobanPipesSilent", "SorobanPipesMetricsUnreadable",
        "unreadable",
      ], "\(lines)")
  }
}
