import Foundation
import TestSupport
import Testing

/// With any number of threads (`--jobs`) a tool writes the same bytes, messages and counters, and ends with the same status.
@Suite struct JobsTests {
  /// Some megabytes of one kind of input, intact or damaged in many places.
  private enum Input: String, CaseIterable {
    case markedLedgers, bareLedgers, linesOfLedgers, framesOfLedgers, framesCutAnywhere
    case markedTransactions, linesOfTransactions, markedInvocations, linesOfInvocations, values, bareValues, bareFrames

    /// Enough for several batches of each of eight threads.
    private static let size = 4 << 20

    private static func repeated(_ records: [[UInt8]]) -> [[UInt8]] {
      var (all, size) = ([[UInt8]](), 0)
      while size < Self.size {
        for record in records where size < Self.size {
          all.append(record)
          size += record.count
        }
      }
      return all
    }

    private static let someValues = [Value.void, Value.nestedVec(500), Value.symbol("swap"), Value.u32(7)]

    /// The output of a tool for testdata, as marked records.
    private static func records(_ command: String) throws -> [[UInt8]] {
      markedRecords(try Shell.run(command).output).map(marked)
    }

    private static func lines(_ file: String) -> [[UInt8]] {
      Repository.lines(Repository.testdata(file)).map { $0 + [UInt8(ascii: "\n")] }
    }

    func records() throws -> [[UInt8]] {
      switch self {
      case .markedLedgers, .framesOfLedgers, .framesCutAnywhere: Self.repeated(Ledgers.all.map(marked))
      case .bareLedgers, .bareFrames: Self.repeated(Ledgers.all)
      case .linesOfLedgers: Self.repeated(Ledgers.all.map { Array("\(base64Text($0))\n".utf8) })
      case .markedTransactions: Self.repeated(try Self.records("ledger-split -q --network local ledgers.xdr"))
      case .linesOfTransactions: Self.repeated(Self.lines("transactions.ndjson"))
      case .markedInvocations: Self.repeated(try Self.records("invocation-extract -o xdr transactions.ndjson"))
      case .linesOfInvocations: Self.repeated(Self.lines("invocations.ndjson"))
      case .values: Self.repeated(Self.someValues.map(marked))
      case .bareValues: Self.repeated(Self.someValues)
      }
    }

    /// The stream; `isDamaged` overwrites a word in every 97th record.
    func bytes(isDamaged: Bool) throws -> [UInt8] {
      var records = try records()
      if isDamaged {
        for index in stride(from: 50, to: records.count, by: 97) {
          let middle = records[index].count / 2
          for place in middle..<min(middle + 4, records[index].count - 1) { records[index][place] = 0x7E }
        }
      }
      switch self {
      // Several records in each frame.
      case .framesOfLedgers, .bareFrames:
        return stride(from: 0, to: records.count, by: 5).flatMap { zstd(concatenated(records[$0..<min($0 + 5, records.count)])) }
      // Frames that do not end where records do.
      case .framesCutAnywhere:
        let bytes = concatenated(records)
        return stride(from: 0, to: bytes.count, by: 100_003).flatMap { zstd(Array(bytes[$0..<min($0 + 100_003, bytes.count)])) }
      default: return concatenated(records)
      }
    }

    var commands: [String] {
      switch self {
      case .markedLedgers:
        ["ledger-split --network local", "ledger-split --network local --soroban -o ndjson", "scval-json --type LedgerCloseMeta"]
      case .framesOfLedgers:
        ["ledger-split --network local", "ledger-split --by ledger", "ledger-split --network local --verify -k"]
      case .bareLedgers, .bareFrames: ["ledger-split --network local", "scval-json --type LedgerCloseMeta"]
      case .linesOfLedgers, .framesCutAnywhere: ["ledger-split --network local"]
      case .markedTransactions: ["invocation-extract", "invocation-extract --by event -o xdr", "scval-json"]
      case .linesOfTransactions: ["invocation-extract -o xdr", "scval-json"]
      case .markedInvocations: ["event-filter --succeeded", "event-filter --topic '**' -m 100", "scval-json --style proto"]
      case .linesOfInvocations: ["event-filter --failed -o xdr", "event-filter -c -v --succeeded", "scval-json --style native"]
      case .values, .bareValues: ["scval-json", "scval-json --style native"]
      }
    }
  }

  /// The result of a run, without its times.
  private struct Result: Equatable {
    let status: Int32
    let output: [UInt8]
    let errors: String

    init(_ command: String, _ jobs: Int, _ input: [UInt8]) throws {
      let found = try Shell.run("\(command) --stats --jobs \(jobs)", input: input)
      (status, output) = (found.status, found.output)
      // A run that ends early has read ahead as far as its threads do.
      let isEarly = status == 3 || command.contains("-m ")
      errors = found.errors.replacing(/"elapsed_seconds":[0-9.]+/, with: "").replacing(/"bytes_in":[0-9]+/) {
        isEarly ? "" : String($0.output)
      }
    }
  }

  @Test(arguments: Input.allCases.map(\.rawValue), [false, true]) func theNumberOfThreadsChangesNothing(
    name: String, isDamaged: Bool
  ) throws {
    let input = try #require(Input(rawValue: name))
    let bytes = try input.bytes(isDamaged: isDamaged)
    for command in input.commands.flatMap({ isDamaged ? [$0, "\($0) -k"] : [$0] }) {
      let one = try Result(command, 1, bytes)
      // Every input has work for several threads, and damage is noticed.
      #expect(isDamaged || one.status <= 1 && !one.output.isEmpty, "\(command): \(one.status) \(one.errors.prefix(300))")
      for jobs in [2, 8] {
        let several = try Result(command, jobs, bytes)
        let isSame = several.output == one.output
        #expect(isSame, "\(command) --jobs \(jobs): \(several.output.count) bytes, not \(one.output.count)")
        #expect(several.status == one.status && several.errors == one.errors, "\(command) --jobs \(jobs)")
      }
    }
  }

  /// `--jobs 1` starts no thread, and other threads start only if there is work for them. The default is at most the number of
  /// processors that the process may use.
  @Test(.enabled(if: HostileInputTests.hasProc, HostileInputTests.noProc)) func threadsAreStartedForLongInputOnly() throws {
    let ledgers = Ledgers.all.map(marked)
    let long = concatenated((0..<40).flatMap { _ in ledgers })
    let tool = "ledger-split -q --network local"
    for (command, input, threads) in [
      ("\(tool) --jobs 1", long, 1), ("\(tool) --jobs 4", ledgers[0], 1), ("\(tool) --jobs 4", long, 4),
      ("taskset -c 0 \(tool)", long, 1),
    ] {
      let scratch = try Scratch()
      for name in ["in", "out"] { try #require(unsafe mkfifo(scratch.path(name), 0o600) == 0) }
      let process = try Shell.start(
        "exec \(command) < '\(scratch.path("in"))' > '\(scratch.path("out"))'", input: "/dev/null", output: "/dev/null",
        errors: scratch.file("errors"))
      let feed = try #require(FileHandle(forWritingAtPath: scratch.path("in")))
      let output = try #require(FileHandle(forReadingAtPath: scratch.path("out")))
      Thread.detachNewThread { try? feed.write(contentsOf: Data(input)) }
      // After all output is read the threads wait for more input.
      var missing = try Shell.run("\(tool) --jobs 1", input: input).output.count
      while missing > 0, let data = try output.read(upToCount: missing), !data.isEmpty { missing -= data.count }
      #expect(missing == 0)
      let found = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task").count
      #expect(found == threads, "\(command), \(input.count) bytes")
      try feed.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }

  @Test(arguments: ["0", "-1", "x", "1.5", "99999999999999999999"]) func refusesOtherNumbers(text: String) throws {
    let found = try Shell.run("scval-json --jobs=\(text)", input: [])
    #expect(found.status == 2 && found.errors.contains("--jobs"), "\(found.errors)")
  }
}
