import Foundation
import TestSupport
import Testing

/// `--metrics`: the metrics of a run for a collector (specification, section 1).
@Suite struct MetricsTests {
  /// The samples of a file, by name and labels; nil if the file violates the format.
  private static func samples(_ path: String) -> [String: String]? {
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    guard text.hasSuffix("\n") else { return nil }
    var samples: [String: String] = [:]
    var described: Set<String> = []
    for line in text.split(separator: "\n") {
      if let type = line.wholeMatch(of: /# TYPE (\S+) (counter|gauge)/) {
        guard described.insert(String(type.1)).inserted, (type.2 == "counter") == type.1.hasSuffix("_total") else { return nil }
      } else if !line.hasPrefix("# HELP ") {
        // No timestamps, and every metric is described before its samples.
        guard let sample = line.wholeMatch(of: /soroban_pipes_([a-z_]+)\{(.*)\} (\d+)/),
          described.contains("soroban_pipes_\(sample.1)"),
          samples.updateValue(String(sample.3), forKey: "\(sample.1){\(sample.2)}") == nil
        else { return nil }
      }
    }
    return samples
  }

  @Test(arguments: [
    ("ledger-split lake", 0), ("invocation-extract transactions.ndjson", 0), ("event-filter --succeeded invocations.ndjson", 0),
    ("scval-json invocations.ndjson", 0), ("head -c 100000 ledgers.xdr | ledger-split --network local", 3),
    ("invocation-extract -k rpc/getEvents.json", 0),
  ]) func metricsEqualStats(command: String, status: Int32) throws {
    let scratch = try Scratch()
    let path = scratch.path("lake-1.prom")
    let found = try Shell.run("\(command) --stats --metrics '\(path)' > /dev/null")
    #expect(found.status == status)
    let stats = try JSON(text: try #require(found.messages.last))
    let tool = try #require(stats["tool"]?.text)
    let samples = try #require(Self.samples(path))
    func sample(_ name: String, _ labels: String = "") -> Int? {
      samples["\(name){tool=\"\(tool)\",name=\"lake-1\"\(labels)}"].flatMap { Int($0) }
    }
    for (metric, counter) in [
      ("read_bytes_total", "bytes_in"), ("written_bytes_total", "bytes_out"), ("read_records_total", "records_in"),
      ("written_records_total", "records_out"), ("skipped_records_total", "skipped"), ("errors_total", "errors"),
      ("ledgers_total", "ledgers"),
      ("first_ledger", "first_ledger"), ("last_ledger", "last_ledger"), ("restorations_total", "archive_restorations"),
    ] { #expect(sample(metric) == stats[counter]?.integer, "\(metric)") }
    #expect(sample("exit_status") == Int(status))
    #expect(sample("end_time_seconds").map { $0 >= sample("process_start_time_seconds") ?? .max } == true)
    if tool == "invocation-extract" {
      for (kind, counter) in [("call", "contract_calls"), ("create", "create_contracts"), ("upload", "upload_wasms")] {
        let counts = ["succeeded", "failed"].compactMap { sample("invocations_total", ",kind=\"\(kind)\",outcome=\"\($0)\"") }
        #expect(counts.count == 2 && counts.reduce(0, +) == stats[counter]?.integer)
      }
    }
    // No temporary file remains.
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder).filter { $0.hasPrefix(".") } == [])
  }

  @Test func lagIsADifference() throws {
    let scratch = try Scratch()
    let last = try #require(Expected.transactions.split(separator: "\n").last)
    let closed = try #require(try JSON(text: String(last))["closed_at"]?.text)
    let time = try #require(ISO8601DateFormatter().date(from: closed)?.timeIntervalSince1970)
    for command in ["ledger-split lake", "invocation-extract transactions.ndjson"] {
      _ = try Shell.run("\(command) --metrics '\(scratch.path("a.prom"))' > /dev/null")
      let samples = try #require(Self.samples(scratch.path("a.prom")))
      #expect(samples.first { $0.key.hasPrefix("last_ledger_close_time_seconds{") }?.value == "\(Int(time))")
    }
  }

  /// Warnings are counted whether they are shown or not, and labels may contain any text.
  @Test func warningsAreCountedByKind() throws {
    let scratch = try Scratch()
    let stream = (0..<14).flatMap { marked(Ledgers.all[$0 * 2]) } + marked(Ledgers.all[26])
    _ = try Shell.run("ledger-split -q --network local --metrics '\(scratch.folder)/a\"b\\c' > /dev/null", input: stream)
    let samples = try #require(Self.samples("\(scratch.folder)/a\"b\\c"))
    let labels = #"tool="ledger-split",name="a\"b\\c""#
    #expect(samples[#"warnings_total{\#(labels),kind="gaps"}"#] == "13")
    #expect(samples[#"warnings_total{\#(labels),kind="repeated ledgers"}"#] == "1")
  }

  /// The file is written while a run waits, and before a signal ends it.
  @Test func waitingAndInterruptedRunsWriteMetrics() throws {
    let scratch = try Scratch()
    let (fifo, path) = (scratch.path("in"), scratch.path("a.prom"))
    try #require(unsafe mkfifo(fifo, 0o600) == 0)
    let process = try Shell.start(
      "exec scval-json --metrics '\(path)' --metrics-interval 0.01 < '\(fifo)'", input: "/dev/null", output: "/dev/null",
      errors: scratch.file("errors"))
    let feed = try #require(FileHandle(forWritingAtPath: fifo))
    func wait(for value: String, of metric: String) {
      let end = ContinuousClock.now + .seconds(60)
      while Self.samples(path)?["\(metric){tool=\"scval-json\",name=\"a\"}"] != value, ContinuousClock.now < end { usleep(1000) }
      #expect(Self.samples(path)?["\(metric){tool=\"scval-json\",name=\"a\"}"] == value)
    }
    wait(for: "0", of: "written_records_total")
    try feed.write(contentsOf: Data("AAAAAQ==\nAAAAAQ==\n".utf8))
    wait(for: "2", of: "written_records_total")
    #expect(Self.samples(path)?.keys.contains { $0.hasPrefix("exit_status") } == false)
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    wait(for: "143", of: "exit_status")
    // A reader that exits early.
    _ = try Shell.run("yes AAAAAQ== | scval-json --metrics '\(path)' | head -n 1")
    wait(for: "141", of: "exit_status")
  }

  @Test func anUnwritableFileIsAnErrorBeforeReading() throws {
    let found = try Shell.run("ledger-split lake --metrics /no/such/a.prom")
    #expect(
      found.status == 4 && found.output == [] && found.messages == ["ledger-split: /no/such/a.prom: No such file or directory"])
  }
}
