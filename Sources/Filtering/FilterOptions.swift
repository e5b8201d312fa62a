import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// The conditions from the command line, and their meaning. Several values of one option are alternatives.
package struct FilterOptions: Sendable {
  /// One value of an option that takes lists.
  package struct Item: Sendable {
    package let text: String
    /// The file and byte offset, for messages; nil if the value is not from a file.
    package let place: String?

    package init(_ text: String, place: String? = nil) {
      self.text = text
      self.place = place
    }
  }

  /// Values of options that also accept files. A file without values is a condition that nothing meets; nil is no condition.
  package var contracts: [Item]?
  /// The network that determines the contracts of assets.
  package var network = Network("pubnet")
  package var involved: [Item]?
  package var functions: [String] = []
  package var anyCall = false
  package var accounts: [Item]?
  package var types: [String] = []
  package var succeeded = false
  package var failed = false
  package var results: [String] = []
  package var transactions: [Item]?
  package var ledgers: [ClosedRange<UInt32>] = []
  package var since: String?
  package var until: String?
  package var recent: String?
  package var topics: [String] = []
  package var eventTypes: [String] = []
  package var stages: [String] = []
  package var arguments: [String] = []
  package var data: [String] = []
  package var state: [String] = []
  package var valueTypes: [String] = []
  package var has: [String] = []
  package var changes: [String] = []
  package var durabilities: [String] = []
  package var affected: [Item]?
  package var minimumArguments: Int?
  package var maximumArguments: Int?
  /// A GetInvocationsRequest in protobuf-JSON, or a `getEvents` request.
  package var request: [UInt8]?
  /// Whether one condition is enough.
  package var any = false
  package var inverted = false
  /// The reference time for `recent`, in Unix seconds.
  package var now: UInt64 = 0

  package init() {}

  package func filter() throws(UsageError) -> Filter {
    try checkArgumentCounts()
    var conditions: [Named] = []
    func add(_ option: String, _ condition: Condition?) {
      if let condition { conditions.append(Named(option: option, condition: condition)) }
    }
    add("--contract", try set(contracts, "--contract", .address).map(Condition.contract))
    add("--involves", try set(involved, "--involves", .address).map(Condition.involves))
    add("--function", try functionCondition())
    add("--account", try set(accounts, "--account", .account).map(Condition.account))
    add("--type", try words(types, "--type", Self.kinds).map { .kind(InvocationKinds(rawValue: $0)) })
    if succeeded { add("--succeeded", .successful(true)) }
    if failed { add("--failed", .successful(false)) }
    add("--result", try words(results, "--result", Self.resultCodes).map(Condition.result))
    add("--tx", try hashes().map(Condition.transaction))
    if !ledgers.isEmpty { add("--ledgers", .ledgers(ledgers)) }
    try timeConditions().forEach { add("--since", $0) }
    conditions += try valueConditions()
    add("--stage", try words(stages, "--stage", Self.stages).map(Condition.stage))
    if !has.isEmpty { add("--has", .has(try has.map { list throws(UsageError) in try Self.lists(list) })) }
    if let change = try changeCondition() { conditions.append(change) }
    conditions += try countConditions()
    var terms = conditions.map { Filter.Term([$0.alternatives]) }
    if let request {
      let clauses =
        EventsRequest.isOne(request)
        ? try EventsRequest.clauses(of: request) : try InvocationRequest.clauses(of: request, now: now)
      terms.append(Filter.Term(clauses.map { $0.alternatives }))
      conditions += clauses
    }
    let shapes = RecordShapes.shared
    return Filter(
      terms, any: any, inverted: inverted, warnings: try warnings(conditions, shapes),
      invocationWarnings: try invocationWarnings(conditions, shapes),
      notForEvents: conditions.filter { !$0.applies(to: shapes.eventSubjects, hasLists: false) }.map({ $0.option }),
      notForInvocations: conditions.filter { !$0.applies(to: shapes.invocationSubjects, hasLists: true) }.map { $0.option })
  }

  // MARK: names and ids

  func set(_ items: [Item]?, _ option: String, _ kind: IdentifierSet.Kind) throws(UsageError) -> IdentifierSet? {
    guard let items else { return nil }
    var set = IdentifierSet()
    for item in items where !set.insert(strkey: item.text, as: kind) {
      guard kind == .address, let asset = try asset(item, option) else {
        throw UsageError("\(item.place ?? option): \(IdentifierSet.problem(item.text, kind))")
      }
      _ = set.insert(strkey: asset.contract, as: kind)
    }
    return set
  }

  /// The asset that a text names; nil if it does not name one.
  func asset(_ item: Item, _ option: String) throws(UsageError) -> Asset? {
    do throws(UsageError) { return try Asset(item.text, on: network) } catch {
      throw UsageError("\(item.place ?? option): \(error.description)")
    }
  }

  private func hashes() throws(UsageError) -> Set<Hash32>? {
    guard let transactions else { return nil }
    var hashes = Set<Hash32>()
    for item in transactions {
      guard let hash = Hash32(hex: Array(item.text.utf8).bytes) else {
        throw UsageError(
          "\(item.place ?? "--tx"): '\(item.text)' is not a transaction hash, which has 64 hex digits\(commaAdvice(item.text))")
      }
      hashes.insert(hash)
    }
    return hashes
  }

  private func functionCondition() throws(UsageError) -> Condition? {
    if functions.isEmpty {
      if anyCall { throw UsageError("--any-call needs --function") }
      return nil
    }
    return .function(try each(functions, "--function") { text throws(UsageError) in try Pattern(name: text) }, anyCall: anyCall)
  }

  /// Reads all values of an option. Errors name the option.
  func each<T>(
    _ texts: [String], _ option: String, _ read: (String) throws(UsageError) -> T
  ) throws(UsageError) -> [T] {
    try texts.map { text throws(UsageError) in
      do throws(UsageError) { return try read(text) } catch { throw UsageError("\(option): \(error.description)") }
    }
  }
}
