import Streams
import Testing

@testable import CommandLineTools

@Suite struct MessageTests {
  @Test func whatIsNotKnownIsLeftOut() {
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

  @Test func countersAreOneObject() {
    var counters = Counters()
    counters.recordsIn = 3
    counters.recordsOut = 2
    for ledger in [7, 7, 8] as [UInt32] { counters.count(ledger: ledger) }
    counters.more = [("invocations", 5)]
    let json = counters.json(tool: "copy", elapsed: .milliseconds(61_042), bytesIn: 10, bytesOut: 20)
    #expect(
      json == """
        {"tool":"copy","version":"\(Version.current)","elapsed_seconds":61.042,"bytes_in":10,"bytes_out":20,\
        "records_in":3,"records_out":2,"skipped":0,"errors":0,"ledgers":2,"first_ledger":7,"last_ledger":8,"invocations":5}
        """)
    #expect(Counters().json(tool: "t", elapsed: .zero, bytesIn: 0, bytesOut: 0).contains("\"first_ledger\":null"))
  }

  @Test func jsonTextIsEscaped() { #expect(JSONText.string("a\"\\\n\u{1}é") == "\"a\\\"\\\\\\n\\u0001é\"") }

  @Test func theMeterSaysWhereTheStreamIs() {
    var counters = Counters()
    #expect(Meter(.always).text(counters, bytesIn: 0, done: nil) == "0.0 MB/s  0 records out")
    counters.count(ledger: 63_092_990)
    counters.recordsOut = 12
    let text = Meter(.always).text(counters, bytesIn: 1000, done: 1)
    #expect(text.hasPrefix("ledger 63092990  ") && text.hasSuffix("  12 records out  ETA 0:00"))
    #expect(!Meter(.never).isOn)
  }
}
