import Foundation
import TestSupport
import Testing

/// The JSON Schema of `--describe-json`, and the result of a standard validator (scripts/validate-records) for records.
@Suite struct SchemaTests {
  /// All optional parts of a record.
  private static let whole = "--footprint-ops --include events,diagnostics,calls,state,ttl,auth,resources,raw"

  static let isValidatorMissing =
    (try? Documentation.run("scripts/validate-records ledger-split < /dev/null").status) != 0

  /// Runs a pipeline whose records must all be valid, and returns their number.
  private func validate(_ pipeline: String, _ schema: String) throws -> Int {
    if Self.isValidatorMissing { try Test.cancel("the Python package jsonschema is not installed") }
    let outcome = try Documentation.run("cd testdata && \(pipeline) | ../scripts/validate-records \(schema)")
    #expect(outcome.status == 0, "\(outcome.text)")
    let counts = try #require(outcome.lines.last?.wholeMatch(of: /(\d+) valid, 0 not/), "\(outcome.text)")
    return Int(counts.1) ?? 0
  }

  @Test(arguments: [
    ("ledger-split --network local -o ndjson lake", "ledger-split", 102), ("cat transactions.ndjson", "ledger-split", 102),
    ("ledger-split --network local lake | scval-json", "scval-json", 102),
    ("cat invocations.ndjson", "invocation-extract", 91),
    ("ledger-split --network local lake | invocation-extract", "invocation-extract", 84),
    ("invocation-extract \(whole) transactions.ndjson", "invocation-extract", 91),
    ("invocation-extract --footprint-ops --include events transactions.ndjson", "invocation-extract", 91),
    ("invocation-extract --footprint-ops --exclude events,state,ttl,resources transactions.ndjson", "invocation-extract", 91),
    ("invocation-extract --network local rpc/getTransactions.ndjson", "invocation-extract", 9),
    ("invocation-extract --include default,metrics transactions.ndjson", "invocation-extract", 84),
    ("ledger-split --network local --soroban -o ndjson lake", "ledger-split", 91),
    ("cat events.ndjson", "invocation-extract", 38), ("scval-json events.ndjson", "scval-json", 38),
    ("scval-json --style native events.ndjson", "scval-json native", 38),
    ("invocation-extract --by event rpc/getEvents.json", "invocation-extract", 103),
    ("invocation-extract \(whole) transactions.ndjson | scval-json", "scval-json", 91),
    ("invocation-extract \(whole) transactions.ndjson | scval-json --style native", "scval-json native", 91),
    ("event-filter --succeeded invocations.ndjson", "event-filter", 69),
    ("event-filter --succeeded events.ndjson", "event-filter", 34),
    ("scval-json invocations.ndjson | event-filter --succeeded", "event-filter sep51", 69),
    ("scval-json --style native invocations.ndjson | event-filter --succeeded", "event-filter native", 69),
    ("invocation-extract \(whole) transactions.ndjson | scval-json --style native --spec contract.wasm", "scval-json", 91),
    ("invocation-extract \(whole) transactions.ndjson | scval-json --spec contract.wasm", "scval-json", 91),
    ("scval-json --spec asset events.ndjson | event-filter --succeeded", "event-filter", 34),
    // Members that a later version adds.
    ("jq -c '.more = 1 | .meta.more = {} | .meta.resources.more = []' invocations.ndjson", "invocation-extract", 91),
  ])
  func recordsAreValid(pipeline: String, schema: String, count: Int) throws {
    #expect(try validate(pipeline, schema) == count)
  }

  /// Real ledgers, of all protocols.
  @Test(.enabled(if: Repository.realLedgers != nil, "there are no real ledgers beside the checkout"))
  func realRecordsAreValid() throws {
    let folder = try #require(Repository.realLedgers)
    #expect(try validate("ledger-split '\(folder)/pubnet-run' | invocation-extract \(Self.whole)", "invocation-extract") > 200)
  }

  /// Any change in a record makes it invalid: no part of the schema is too permissive.
  @Test(arguments: [
    ("transactions.ndjson", "cat", "ledger-split"),
    ("transactions.ndjson", "invocation-extract \(whole)", "invocation-extract"),
    ("transactions.ndjson", "invocation-extract \(whole) | scval-json", "scval-json"),
    ("events.ndjson", "cat", "invocation-extract"),
  ])
  func mutatedRecordsAreNot(file: String, command: String, schema: String) throws {
    if Self.isValidatorMissing { try Test.cancel("the Python package jsonschema is not installed") }
    var mutator = RecordMutator()
    for line in try Documentation.run("\(command) < testdata/\(file)").lines { mutator.mutate(try JSON(text: line)) }
    #expect(mutator.mutants.count > 30)
    let scratch = try Scratch()
    let lines = try mutator.mutants.map { try $0.record.line + "\n" }.joined()
    let path = try scratch.file("mutants", Array(lines.utf8))
    let outcome = try Documentation.run("scripts/validate-records \(schema) < \(path)")
    #expect(outcome.status == 3)
    let invalid = Set(outcome.lines.compactMap { $0.prefixMatch(of: /line (\d+):/).flatMap { Int($0.1) } })
    for (index, mutant) in mutator.mutants.enumerated() where !invalid.contains(index + 1) {
      Issue.record("valid although \(mutant.change)")
    }
  }
}

/// Makes invalid records, for each place in a record and each kind of error there.
private struct RecordMutator {
  private(set) var mutants: [(change: String, record: JSON)] = []
  private var known: Set<String> = []

  /// The members that `--exclude` omits.
  private static let omittable: Set = [
    "events", "diagnostic_events", "contract_calls", "state_changes", "ttl_extensions", "auth", "resources", "raw_xdr",
  ]

  mutating func mutate(_ record: JSON) { walk(record, at: "") { $0 } }

  private mutating func add(_ change: String, _ record: @autoclosure () -> JSON) {
    if known.insert(change).inserted { mutants.append((change, record())) }
  }

  /// `place` is the path of the change, without array indices; `whole` returns the record with another value there.
  private mutating func walk(_ value: JSON, at place: String, _ whole: (JSON) -> JSON) {
    switch value {
    case .null: add("\(place) is a fraction, not null", whole(.number(1.5)))
    case .bool: add("\(place) is text, not a boolean", whole("true"))
    case .number:
      add("\(place) is negative and large", whole(.number(-5_000_000_000)))
      add("\(place) is text, not a number", whole("7"))
    case .string(let text):
      add("\(place) is a number, not text", whole(.number(7)))
      add("\(place) has a control character", whole(.string(text + "\u{1}")))
      add("\(place) has an unknown escape", whole(.string("\\q" + text)))
    case .array(let elements):
      add("\(place) is an object, not an array", whole(.object([:])))
      for (index, element) in elements.enumerated() {
        walk(element, at: place + "[]") { replaced in
          var elements = elements
          elements[index] = replaced
          return whole(.array(elements))
        }
      }
    case .object(let members):
      add("\(place) is an array, not an object", whole(.array([])))
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        if !Self.omittable.contains(name) {
          add("\(place).\(name) is left out", whole(.object(members.filter { $0.key != name })))
        }
        walk(member, at: "\(place).\(name)") { whole(.object(members.merging([name: $0]) { $1 })) }
      }
    }
  }
}

extension JSON {
  fileprivate var line: String {
    get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
  }
}
