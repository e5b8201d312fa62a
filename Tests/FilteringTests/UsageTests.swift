import Testing

@testable import Filtering

/// Options that cannot be meant say so, in one sentence that names them.
@Suite struct UsageTests {
  static let bad: [(words: String, set: @Sendable (inout FilterOptions) -> Void)] = [
    ("--contract", { $0.contracts = items("CABC") }),
    ("--involves", { $0.involved = items(contract(1).replacing("A", with: "B", maxReplacements: 1)) }),
    ("ids.txt, line 7", { $0.contracts = [FilterOptions.Item("x", place: "ids.txt, line 7")] }),
    ("--account", { $0.accounts = items(contract(1)) }),
    ("--affects", { $0.affected = items("") }), ("--tx", { $0.transactions = items("12") }),
    ("--type: 'burn'", { $0.types = ["call,burn"] }),
    ("--result: 'bad'", { $0.results = ["bad"] }), ("--has: 'fun'", { $0.has = ["events,fun"] }),
    ("--change", { $0.changes = ["vanish"] }),
    ("--durability", { $0.durabilities = ["eternal"] }), ("--value-type", { $0.valueTypes = ["colour"] }),
    ("--event-type", { $0.eventTypes = ["classic"] }),
    ("--since", { $0.since = "yesterday" }), ("--until", { $0.until = "2026-13-01T00:00:00Z" }),
    ("--recent", { $0.recent = "soon" }),
    ("--recent", { $0.recent = "15" }), ("--any-call", { $0.anyCall = true }), ("--min-args", { $0.minimumArguments = -1 }),
    ("**", { $0.topics = ["**/transfer"] }), ("0=/x/", { $0.topics = ["/x/"] }), ("/(/", { $0.topics = ["0=/(/"] }),
    ("/[/", { $0.functions = ["/[/"] }),
    ("--data: 'hex:0g'", { $0.data = ["hex:0g"] }), ("--state: '>1e6'", { $0.state = [">1e6"] }),
  ]

  @Test(arguments: bad.indices) func badOptionsAreNamed(_ index: Int) throws {
    let error = try #require(throws: UsageError.self) { try options(Self.bad[index].set).filter() }
    #expect(error.description.contains(Self.bad[index].words), "\(error)")
    #expect(!error.description.contains("\n"))
  }
}
