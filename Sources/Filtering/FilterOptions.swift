import Bytes
import StellarJSON
import StellarXDR

/// The conditions as they are given on the command line, and what they mean. Of each option several values are alternatives.
package struct FilterOptions: Sendable {
  /// One value of an option that takes lists.
  package struct Item: Sendable {
    package let text: String
    /// Where it stands, if that is a file.
    package let place: String?

    package init(_ text: String, place: String? = nil) {
      self.text = text
      self.place = place
    }
  }

  /// Values of options that take files, too: a file without a value is a condition that nothing meets, no condition is nil.
  package var contracts: [Item]?
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
  /// A GetInvocationsRequest in protobuf-JSON.
  package var request: [UInt8]?
  /// One of the conditions is enough.
  package var any = false
  package var inverted = false
  /// What `recent` counts from, in Unix seconds.
  package var now: UInt64 = 0

  package init() {}

  package func filter() throws(UsageError) -> Filter {
    var terms: [Filter.Term] = []
    func add(_ condition: Condition?) { if let condition { terms.append(Filter.Term(condition)) } }
    add(try set(contracts, "--contract", .address).map(Condition.contract))
    add(try set(involved, "--involves", .address).map(Condition.involves))
    add(try functionCondition())
    add(try set(accounts, "--account", .account).map(Condition.account))
    add(try words(types, "--type", Self.kinds).map { .kind(InvocationKinds(rawValue: $0)) })
    if succeeded { add(.successful(true)) }
    if failed { add(.successful(false)) }
    add(try words(results, "--result", Self.resultCodes).map(Condition.result))
    add(try hashes().map(Condition.transaction))
    if !ledgers.isEmpty { add(.ledgers(ledgers)) }
    if let since { add(.closed(try seconds(since, "--since", roundingUp: true)...UInt64.max)) }
    if let until { add(.closed(0...(try seconds(until, "--until", roundingUp: false)))) }
    if let recent { add(.closed(now - min(now, try Moment.duration(recent))...UInt64.max)) }
    try valueConditions().forEach(add)
    if !has.isEmpty { add(.has(try has.map { list throws(UsageError) in try Self.lists(list) })) }
    add(try changeCondition())
    try countConditions().forEach(add)
    if let request { terms.append(try InvocationRequest.term(of: request, now: now)) }
    return Filter(terms, any: any, inverted: inverted)
  }

  // MARK: names and ids

  private func set(_ items: [Item]?, _ option: String, _ kind: IdentifierSet.Kind) throws(UsageError) -> IdentifierSet? {
    guard let items else { return nil }
    var set = IdentifierSet()
    for item in items where !set.insert(strkey: item.text, as: kind) {
      throw UsageError("\(item.place ?? option): \(IdentifierSet.problem(item.text, kind))")
    }
    return set
  }

  private func hashes() throws(UsageError) -> Set<Hash32>? {
    guard let transactions else { return nil }
    var hashes = Set<Hash32>()
    for item in transactions {
      let digits = Array(item.text.utf8)
      var bytes = ByteBuffer(capacity: 32)
      guard digits.count == 64, bytes.append(decodingHex: digits.bytes) == nil else {
        throw UsageError("\(item.place ?? "--tx"): '\(item.text)' is no transaction hash, which has 64 hex digits")
      }
      hashes.insert(Hash32(bytes.bytes))
    }
    return hashes
  }

  private func functionCondition() throws(UsageError) -> Condition? {
    if functions.isEmpty {
      if anyCall { throw UsageError("--any-call goes with --function") }
      return nil
    }
    return .function(try each(functions, "--function") { text throws(UsageError) in try Pattern(text) }, anyCall: anyCall)
  }

  private func seconds(_ text: String, _ option: String, roundingUp: Bool) throws(UsageError) -> UInt64 {
    do throws(UsageError) { return try Moment.seconds(text, roundingUp: roundingUp) } catch {
      throw UsageError("\(option): \(error.description)")
    }
  }

  /// Reads all values of an option; what is wrong with one is said with the option's name.
  private func each<T>(
    _ texts: [String], _ option: String, _ read: (String) throws(UsageError) -> T
  ) throws(UsageError) -> [T] {
    try texts.map { text throws(UsageError) in
      do throws(UsageError) { return try read(text) } catch { throw UsageError("\(option): \(error.description)") }
    }
  }

  // MARK: words

  private static let kinds: KeyValuePairs<String, UInt32> = [
    "call": InvocationKinds.call.rawValue, "create": InvocationKinds.create.rawValue, "upload": InvocationKinds.upload.rawValue,
    "extend": InvocationKinds.extend.rawValue, "restore": InvocationKinds.restore.rawValue,
  ]
  private static let classes: KeyValuePairs<String, UInt32> = [
    "string": UInt32(ValueClasses.string.rawValue), "numeric": UInt32(ValueClasses.numeric.rawValue),
    "address": UInt32(ValueClasses.address.rawValue), "bytes": UInt32(ValueClasses.bytes.rawValue),
  ]
  private static let lists: KeyValuePairs<String, UInt32> = [
    "events": Subjects(.events).rawValue, "diagnostics": Subjects(.diagnostics).rawValue, "calls": Subjects(.calls).rawValue,
    "state": Subjects(.state).rawValue, "ttl": Subjects(.extensions).rawValue, "restorations": Subjects(.restorations).rawValue,
    "auth": Subjects(.authorization).rawValue,
  ]

  private static let eventTypes = members(of: "ContractEventType")
  private static let operations = members(of: "StateOperation")
  private static let durabilities = members(of: "ContractDataDurability")
  private static let resultCodes = members(of: "InvocationResultCode")

  /// What `--result` and `--has` take.
  package static var resultNames: [String] { resultCodes.map(\.key) }
  package static var listNames: [String] { lists.map(\.key) }

  /// The names of an enumeration, each with the bit of its number.
  private static func members(of enumeration: StaticString) -> [(key: String, value: UInt32)] {
    let schema = Schema.shared
    let node = schema.node(schema.id(enumeration).node)
    return (node.first..<node.first + node.count).map(schema.member).map { (schema.name($0), 1 << UInt32($0.value)) }
  }

  /// The bits of all words; nil if there are none. A value may be several words with commas between.
  private func words(
    _ values: [String], _ option: String, _ table: some Collection<(key: String, value: UInt32)>
  ) throws(UsageError) -> UInt32? {
    if values.isEmpty { return nil }
    var bits: UInt32 = 0
    for value in values { bits |= try Self.bits(value, option, table) }
    return bits
  }

  private static func lists(_ list: String) throws(UsageError) -> Subjects { Subjects(rawValue: try bits(list, "--has", lists)) }

  private static func bits(
    _ list: String, _ option: String, _ table: some Collection<(key: String, value: UInt32)>
  ) throws(UsageError) -> UInt32 {
    var bits: UInt32 = 0
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let bit = table.first(where: { $0.key == word })?.value else {
        throw UsageError("\(option): '\(word)' is none of \(table.map(\.key).joined(separator: ", "))")
      }
      bits |= bit
    }
    return bits
  }

  // MARK: values, events and changes

  /// `--value-type` goes with what is asked of arguments, data and state; alone it is about arguments.
  private func valueConditions() throws(UsageError) -> [Condition] {
    let classes = try words(valueTypes, "--value-type", Self.classes).map { ValueClasses(rawValue: UInt8($0)) }
    func condition(_ texts: [String], _ option: String) throws(UsageError) -> ValueCondition? {
      if texts.isEmpty { return nil }
      return ValueCondition(
        try each(texts, option) { text throws(UsageError) in ValueCondition.Alternative(try Pattern(text), classes: classes) })
    }
    var conditions: [Condition] = []
    if !arguments.isEmpty {
      let alternatives = try each(arguments, "--arg") { text throws(UsageError) in
        guard let (index, pattern) = splitIndex(text) else {
          return ValueCondition.Alternative(try Pattern(text), classes: classes)
        }
        return ValueCondition.Alternative(try Pattern(pattern), classes: classes, at: index)
      }
      conditions.append(.argument(ValueCondition(alternatives)))
    } else if let classes, data.isEmpty, state.isEmpty {
      conditions.append(.argument(ValueCondition([ValueCondition.Alternative(classes: classes)])))
    }
    let types = try words(eventTypes, "--event-type", Self.eventTypes)
    if !topics.isEmpty || !data.isEmpty || types != nil {
      let filters = try each(topics, "--topic") { text throws(UsageError) in try TopicFilter(text) }
      conditions.append(.event(EventCondition(topics: filters, data: try condition(data, "--data"), types: types)))
    }
    if let state = try condition(state, "--state") { conditions.append(.state(state, keys: true)) }
    return conditions
  }

  private func changeCondition() throws(UsageError) -> Condition? {
    let operations = try words(changes, "--change", Self.operations)
    let durabilities = try words(durabilities, "--durability", Self.durabilities)
    let affected = try set(affected, "--affects", .address)
    if operations == nil, durabilities == nil, affected == nil { return nil }
    return .change(ChangeCondition(operations: operations, durabilities: durabilities, affects: affected))
  }

  private func countConditions() throws(UsageError) -> [Condition] {
    for (option, count) in [("--min-args", minimumArguments), ("--max-args", maximumArguments)] {
      if let count, count < 0 { throw UsageError("\(option): \(count) is no number of arguments") }
    }
    var conditions: [Condition] = []
    if let minimumArguments { conditions.append(.argumentCount(minimumArguments...Int.max)) }
    if let maximumArguments { conditions.append(.argumentCount(0...maximumArguments)) }
    return conditions
  }
}
