import Foundation
import Streams
import Testing

@testable import CommandLineTools

@Suite struct MessageTests {
  @Test func unknownPartsAreOmitted() {
    #expect(Diagnostic("bad").text == "bad")
    #expect(Diagnostic("bad", file: "a").text == "a: bad")
    #expect(Diagnostic("bad", ledger: 9).text == "bad (ledger 9)")
    let whole = Diagnostic("bad", file: "a", offset: 0, record: 2, ledger: 3)
    #expect(whole.text == "a: bad (byte 0, record 2, ledger 3)")
  }

  @Test func streamErrorsAreReportable() {
    let error = StreamError(.emptyRecord, file: "a", offset: 4, record: 1)
    #expect(error.diagnostic.text == "a: empty record (byte 4, record 1)")
    #expect(error.status == .badData)
    #expect(StreamError(.system(2)).status == .system)
    #expect(StreamError(.system(2)).diagnostic.text == "No such file or directory")
  }

  @Test func terminalsGetNoControlCharacters() {
    #expect(Messages.harmless("a\u{1B}[31mb\u{9B}c\rd\ne") == "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d\u{FFFD}e")
    #expect(Messages.harmless("Größe – 数") == "Größe – 数")
  }

  /// Ten warnings of a kind per minute, then a count at the end of the minute, whether or not another one comes.
  @Test func warningsAreLimitedByTheMinute() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let clock = Clock()
      let messages = Messages(tool: "t", now: { clock.now })
      for number in 1...12 { messages.warn("gaps", Diagnostic("gap \(number)")) }
      messages.warn("repeats", Diagnostic("repeat"))
      try #require(messages.countLeftOut() == .seconds(60))
      clock.now += .seconds(59)
      messages.warn("gaps", Diagnostic("gap 13"))
      try #require(messages.countLeftOut() == .seconds(1))
      clock.now += .seconds(1)
      try #require(messages.countLeftOut() == nil)
      messages.warn("gaps", Diagnostic("gap 14"))
      for number in 2...11 { messages.warn("repeats", Diagnostic("repeat \(number)")) }
      clock.now += .seconds(120)
      messages.warn("gaps", Diagnostic("gap 15"))
      for _ in 0..<12 { messages.warn("steps", Diagnostic("step")) }
      messages.countAllLeftOut()
      messages.countAllLeftOut()
    }
    let lines = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("t: ")
    }
    let expected =
      (1...10).map { "t: gap \($0)" } + ["t: repeat", "t: 3 more gaps (at most 10 are shown per minute)", "t: gap 14"]
      + (2...11).map { "t: repeat \($0)" } + ["t: gap 15"] + Array(repeating: "t: step", count: 10)
      + ["t: 2 more steps (at most 10 are shown per minute)"]
    #expect(lines.map(String.init) == expected)
  }

  /// In a file or a journal, the meter is complete lines, ten seconds apart, without control characters.
  @Test func inAFileTheMeterIsLines() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let clock = Clock()
      var counters = Counters()
      let meter = Meter(.always, tool: "t", now: { clock.now })
      for second in 0..<35 {
        counters.count(ledger: UInt32(100 + second))
        counters.recordsOut = 2 * second
        _ = meter.drawIfDue(counters, bytesIn: 1_000_000 * second)
        clock.now += .seconds(1)
      }
      meter.clear()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.contains("records out") }
    #expect(
      lines
        == [10, 20, 30].map {
          "t: ledger \(100 + $0)  1.\(["10": 1, "20": 0, "30": 0]["\($0)"] ?? 0) ledgers/s  1.0 MB/s  \(2 * $0) records out"
        })
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  private final class Clock { var now = ContinuousClock.now }

  @Test func countersAreOneObject() {
    var counters = Counters()
    counters.recordsIn = 3
    counters.recordsOut = 2
    for ledger in [7, 7, 8] as [UInt32] { counters.count(ledger: ledger) }
    var invocations = InvocationCounts()
    for isSuccessful in [true, true, false] { invocations.calls.count(isSuccessful) }
    invocations.uploads.count(true)
    invocations.restorations = 9
    counters.invocations = invocations
    let json = counters.json(tool: "copy", elapsed: .milliseconds(61_042), bytesIn: 10, bytesOut: 20)
    #expect(
      json == """
        {"tool":"copy","version":"\(Version.number)","elapsed_seconds":61.042,"bytes_in":10,"bytes_out":20,\
        "records_in":3,"records_out":2,"skipped":0,"errors":0,"ledgers":2,"first_ledger":7,"last_ledger":8,"invocations":4,"successful":3,\
        "failed":1,"contract_calls":3,"create_contracts":0,"upload_wasms":1,"archive_restorations":9}
        """)
    #expect(Counters().json(tool: "t", elapsed: .zero, bytesIn: 0, bytesOut: 0).contains("\"first_ledger\":null"))
  }

  @Test func theMeterSaysWhereTheStreamIs() {
    var counters = Counters()
    let meter = Meter(.always)
    #expect(meter.text(counters, bytesIn: 0, columns: 80) == "0.0 MB/s  0 records out")
    counters.count(ledger: 63_092_990)
    counters.recordsOut = 12
    #expect(!meter.text(counters, bytesIn: 1000, columns: 80).contains("ETA"))
    meter.totalSize = 1000
    let text = meter.text(counters, bytesIn: 1000, columns: 80)
    #expect(text.hasPrefix("ledger 63092990  ") && text.hasSuffix(" MB/s  12 records out  ETA 0:00"))
    #expect(!Meter(.never).isOn)
  }

  /// On a narrow terminal the most useful parts remain; the last column stays free.
  @Test func theMeterFitsTheTerminal() {
    var counters = Counters()
    counters.count(ledger: 63_092_990)
    counters.recordsOut = 123_456_789
    let meter = Meter(.always)
    meter.lastLedgerExpected = 63_092_990
    let whole = meter.text(counters, bytesIn: 0, columns: 200)
    for columns in 0...200 {
      #expect(meter.text(counters, bytesIn: 0, columns: columns).count <= max(columns - 1, 0))
      if columns > 80 { #expect(meter.text(counters, bytesIn: 0, columns: columns).count >= whole.count - 6) }
    }
    #expect(meter.text(counters, bytesIn: 0, columns: 60) == "ledger 63092990  123456789 records out  ETA 0:00")
    #expect(meter.text(counters, bytesIn: 0, columns: 40) == "ledger 63092990  ETA 0:00")
    #expect(meter.text(counters, bytesIn: 0, columns: 20) == "ledger 63092990")
    #expect(meter.text(counters, bytesIn: 0, columns: 8) == "ledger ")
  }

  /// The end that comes first counts: the end of the bytes or of the ledgers.
  @Test func theMeterKnowsWhenItEnds() {
    var counters = Counters()
    counters.count(ledger: 101)
    let meter = Meter(.always)
    func time() -> String? { meter.text(counters, bytesIn: 500, columns: 200).components(separatedBy: "ETA ").dropFirst().first }
    #expect(time() == nil)
    meter.lastLedgerExpected = 100
    #expect(time() == nil, "nothing is known of a stream that is past its end")
    meter.lastLedgerExpected = 101
    #expect(time() == "0:00")
    meter.lastLedgerExpected = .max
    #expect(time() != "0:00")
    meter.totalSize = 500
    #expect(time() == "0:00")
  }
}
