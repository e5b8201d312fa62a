import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// The conditions from the command line, and their meaning. Several values of one option are alternatives.
package struct FilterOptions: Sendable {
  /// One value of an option.
  package struct Item: Sendable {
    package let text: String
    /// The file and byte offset, for messages; nil if the value is not from a file.
    package let place: String?

    package init(_ text: String, place: String? = nil) {
      self.text = text
      self.place = place
    }
  }

  /// Conditions of which one must be met, and the option that they come from.
  struct Named {
    let option: String
    let alternatives: [Condition]
  }

  /// The options that were given, by name. A flag has no values. A list from a file can be empty: nothing meets that condition.
  private var given: [(name: String, items: [Item])] = []
  /// The network that determines the contracts of assets.
  package var network = Network("pubnet")
  package var ledgers: [ClosedRange<UInt32>] = []
  /// A GetInvocationsRequest in protobuf-JSON, or a `getEvents` request.
  package var request: [UInt8]?
  /// The reference time for `recent`, in Unix seconds.
  package var now: UInt64 = 0

  package init() {}

  /// The values of an option; nil if it was not given.
  package subscript(name: String) -> [Item]? {
    get { given.first { $0.name == name }?.items }
    set {
      given.removeAll { $0.name == name }
      if let newValue { given.append((name, newValue)) }
    }
  }

  func isGiven(_ name: String) -> Bool { self[name] != nil }

  func option(_ name: String) -> GivenOption? { FilterOption.all.first { $0.name == name }.flatMap(option) }

  private func option(_ option: FilterOption) -> GivenOption? {
    self[option.name].map { GivenOption(name: "--\(option.name)", value: option.value, items: $0, options: self) }
  }

  package func filter() throws(UsageError) -> Filter {
    try checkArgumentCounts()
    var conditions: [Named] = []
    for option in FilterOption.all {
      if let given = self.option(option), let condition = try option.condition(given) {
        conditions.append(given.named(condition))
      }
      conditions += try option.conditions(self)
    }
    var terms = conditions.map { [$0.alternatives] }
    if let request {
      let clauses =
        EventsRequest.isOne(request)
        ? try EventsRequest.clauses(of: request) : try InvocationRequest.clauses(of: request, now: now)
      terms.append(clauses.map { $0.alternatives })
      conditions += clauses
    }
    let shapes = RecordShapes.shared
    return Filter(
      terms, any: isGiven("any"), inverted: isGiven("invert-match"), warnings: warnings(conditions, shapes),
      invocationWarnings: invocationWarnings(conditions, shapes),
      notForEvents: conditions.filter { !$0.applies(to: shapes.eventSubjects, hasLists: false) }.map({ $0.option }),
      notForInvocations: conditions.filter { !$0.applies(to: shapes.invocationSubjects, hasLists: true) }.map { $0.option })
  }

  /// Rejects a range of argument counts that ends before it starts, because it cannot be intended.
  private func checkArgumentCounts() throws(UsageError) {
    guard !isGiven("any"), let minimum = option("min-args"), let maximum = option("max-args"), let most = Int(maximum.text),
      let least = Int(minimum.text), least > most, most >= 0
    else { return }
    throw UsageError("--min-args \(least) is more than --max-args \(most)")
  }

  static func isAddress(_ text: String) -> Bool {
    var payload = ByteBuffer(capacity: 64)
    return Strkey.decode(Array(text.utf8).bytes, into: &payload) != nil
  }
}

extension FilterOptions.Named {
  /// Whether it tests records with these parts. `hasLists`: the records have lists that can be empty or counted.
  fileprivate func applies(to available: Subjects, hasLists: Bool) -> Bool {
    alternatives.contains { condition in
      switch condition {
      case .has, .argumentCount: hasLists
      default: !condition.subjects.isDisjoint(with: available)
      }
    }
  }
}
