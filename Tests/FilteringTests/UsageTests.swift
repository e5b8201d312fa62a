import Testing

@testable import Filtering

/// Options that cannot be meant are rejected with one sentence that names them.
@Suite struct UsageTests {
  static let bad: [(words: String, set: @Sendable (inout FilterOptions) -> Void)] = [
    ("--contract", { $0["contract"] = items("CABC") }),
    ("--involves", { $0["involves"] = items(contract(1).replacing("A", with: "B", maxReplacements: 1)) }),
    ("ids.txt, line 7", { $0["contract"] = [FilterOptions.Item("x", place: "ids.txt, line 7")] }),
    ("--account", { $0["account"] = items(contract(1)) }),
    ("--affects", { $0["affects"] = items("") }), ("--tx", { $0["tx"] = items("12") }),
    ("--type: 'burn'", { $0["type"] = ["call,burn"] }),
    ("--result: 'bad'", { $0["result"] = ["bad"] }), ("--has: 'fun'", { $0["has"] = ["events,fun"] }),
    ("--change", { $0["change"] = ["vanish"] }),
    ("--durability", { $0["durability"] = ["eternal"] }), ("--value-type", { $0["value-type"] = ["colour"] }),
    ("--event-type", { $0["event-type"] = ["classic"] }), ("--stage: 'after'", { $0["stage"] = ["operation,after"] }),
    ("--since", { $0["since"] = ["yesterday"] }), ("--until", { $0["until"] = ["2026-13-01T00:00:00Z"] }),
    ("--recent", { $0["recent"] = ["soon"] }),
    ("--recent", { $0["recent"] = ["15"] }), ("--any-call", { $0["any-call"] = [] }), ("--min-args", { $0["min-args"] = ["-1"] }),
    ("**", { $0["topic"] = ["**/transfer"] }), ("0=/x/", { $0["topic"] = ["/x/"] }), ("/(/", { $0["topic"] = ["0=/(/"] }),
    ("/[/", { $0["function"] = ["/[/"] }),
    ("--min-args 2", { ($0["min-args"], $0["max-args"]) = (["2"], ["1"]) }),
    ("--since 2", { ($0["since"], $0["until"]) = (["2"], ["1"]) }),
    ("--until 5", { ($0["recent"], $0["until"], $0.now) = (["1m"], ["5"], 1000) }),
    ("--since: '2024-02-30'", { $0["since"] = ["2024-02-30"] }), ("such as 1781953353", { $0["since"] = ["1781953353000"] }),
    ("--until: '2024-1-01'", { $0["until"] = ["2024-1-01"] }), ("--since: '20240-1-01'", { $0["since"] = ["20240-1-01"] }),
    ("before 1970", { ($0["recent"], $0.now) = (["21000d"], 1_781_953_353) }),
    ("before 1970", { $0["recent"] = ["18446744073709551616s"] }),
    ("not a duration", { $0["recent"] = ["1d2"] }), ("not a duration", { $0["recent"] = ["d"] }),
    ("not a duration", { $0["recent"] = [""] }),
    ("--function: 'a,b'", { $0["function"] = ["a,b"] }), ("colon", { $0["contract"] = items("USD-\(account(1))") }),
    ("ids.txt, byte 9: 'USD:G'", { $0["affects"] = [FilterOptions.Item("USD:G", place: "ids.txt, byte 9")] }),
    ("1 to 12", { $0["involves"] = items("ABCDEFGHIJKLM:\(account(1))") }),
    ("1 to 12", { $0["contract"] = items(":\(account(1))") }),
    ("1 to 12", { $0["contract"] = items("U D:\(account(1))") }), ("issuer", { $0["contract"] = items("USD:\(contract(1))") }),
    ("--data: 'hex:0g'", { $0["data"] = ["hex:0g"] }), ("--state: '>1e6'", { $0["state"] = [">1e6"] }),
  ]

  @Test(arguments: bad.indices) func badOptionsAreNamed(_ index: Int) throws {
    let error = try #require(throws: UsageError.self) { try options(Self.bad[index].set).filter() }
    #expect(error.description.contains(Self.bad[index].words), "\(error)")
    #expect(!error.description.contains("\n"))
  }
}
