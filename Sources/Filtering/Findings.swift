import Bytes
import Ledgers

/// What the records contained of what the conditions name, for hints at the end if nothing matched.
struct Findings {
  /// What was found for a `--topic` that specifies all topics of an event.
  struct Topic {
    /// An event had exactly that number of topics.
    var hadCount = false
    /// An event had more topics, of which the first ones match.
    var hadLonger = false
  }

  /// What was found for a path to a member.
  struct Member {
    let path: String
    let option: String
    var wasLookedFor = false
    var wasFound = false
  }

  /// Ranges without a record so far.
  private(set) var missingRanges: [ClosedRange<UInt32>] = []
  private(set) var missingTransactions: Set<Hash32> = []
  /// Whether the hash of every record was tested, so that a missing transaction is known to be missing.
  private(set) var areHashesKnown = true
  /// The conditions on transactions, one bit for each.
  private var transactionConditions: UInt64 = 0
  /// The members that conditions name, by index.
  private(set) var members: [Member] = []
  var topics: [Topic] = []
  /// Whether events must still be tested for `topics`.
  var watchesTopics = false

  init(_ filter: Filter) {
    for (index, condition) in filter.conditions.enumerated() {
      switch condition {
      case .ledgers(let ranges): missingRanges += ranges
      case .transaction(let hashes):
        transactionConditions |= 1 << UInt64(index)
        missingTransactions.formUnion(hashes)
      case .argument(let condition): add(condition, "--arg")
      case .state(let condition, _): add(condition, "--state")
      case .event(let condition) where topics.isEmpty:
        if let data = condition.data { add(data, "--data") }
        topics = condition.topics.map { _ in Topic() }
        watchesTopics = condition.topics.contains { $0.isClosed }
      default: break
      }
    }
  }

  private mutating func add(_ condition: ValueCondition, _ option: String) {
    // In the order in which the members were numbered.
    members += condition.members.map { Member(path: $0.path.description, option: option) }
  }

  mutating func note(member number: Int, isFound: Bool) {
    members[number].wasLookedFor = true
    if isFound { members[number].wasFound = true }
  }

  @inline(__always)
  mutating func note(ledger: UInt32) {
    if !missingRanges.isEmpty { missingRanges.removeAll { $0.contains(ledger) } }
  }

  /// Adds what was seen of other records.
  mutating func merge(_ other: Findings) {
    missingRanges.removeAll { !other.missingRanges.contains($0) }
    missingTransactions.formIntersection(other.missingTransactions)
    areHashesKnown = areHashesKnown && other.areHashesKnown
    for index in members.indices {
      members[index].wasLookedFor = members[index].wasLookedFor || other.members[index].wasLookedFor
      members[index].wasFound = members[index].wasFound || other.members[index].wasFound
    }
    for index in topics.indices {
      topics[index].hadCount = topics[index].hadCount || other.topics[index].hadCount
      topics[index].hadLonger = topics[index].hadLonger || other.topics[index].hadLonger
    }
  }

  mutating func note(transaction: Hash32) { missingTransactions.remove(transaction) }

  /// `known`: the conditions that were met or failed at the end of a record.
  @inline(__always)
  mutating func noteEnd(known: UInt64) {
    if transactionConditions & ~known != 0 { areHashesKnown = false }
  }
}

extension TopicFilter {
  /// Whether an event must have exactly this number of topics.
  var isClosed: Bool {
    if case .segments(let patterns, isOpen: false) = self { !patterns.isEmpty } else { false }
  }
}

/// A message at the end of the input.
package struct Remark: Equatable, Sendable {
  /// The name under which messages of this kind are counted.
  package let kind: String
  package let text: String
}

extension FilterOptions {
  /// Hints that may explain why only `found` records were selected. Only for a run that read all of its input.
  package func remarks(_ filter: borrowing RecordFilter, found: Int) -> [Remark] {
    let findings = filter.findings
    var remarks: [Remark] = []
    func add(_ kind: String, _ text: String) { remarks.append(Remark(kind: kind, text: text)) }
    for range in findings.missingRanges where !ledgers.isEmpty {
      let ledgers =
        range.lowerBound == range.upperBound
        ? "ledger \(range.lowerBound)"
        : range.upperBound == .max
          ? "a ledger from \(range.lowerBound) on" : "a ledger from \(range.lowerBound) to \(range.upperBound)"
      add("ranges without a record", "--ledgers: there was no record of \(ledgers)")
    }
    for hash in findings.missingTransactions.sorted(by: { $0.hex < $1.hex }) {
      let words = findings.areHashesKnown ? "there was no record of transaction" : "nothing was selected from transaction"
      add("transactions without a record", "--tx: \(words) \(hash.hex)")
    }
    guard found == 0, !isGiven("invert-match") else { return remarks }
    for member in findings.members where member.wasLookedFor && !member.wasFound {
      add("members", "\(member.option): no member '\(member.path)' was found; '.' is the value itself")
    }
    let topics = option("topic")?.items.map { $0.text } ?? []
    for (text, topic) in zip(topics, findings.topics) where topic.hadLonger {
      let count = text.split(separator: "/", omittingEmptySubsequences: false).count
      let topics = count == 1 ? "only one topic" : "only \(count) topics"
      add(
        "topics",
        topic.hadCount
          ? "--topic: no event with \(topics) matched; did you mean '\(text)/**'?"
          : "--topic: no event had \(topics); did you mean '\(text)/**'?")
    }
    for text in topics where text.contains(",") {
      add("topics", "--topic: '\(text)' is one filter with a comma\(commaAdvice(text))")
    }
    for name in ["contract", "involves", "affects"] {
      for item in self[name] ?? [] { if let text = remark(item, "--\(name)") { add("contracts", text) } }
    }
    return remarks
  }

  private func remark(_ item: Item, _ option: String) -> String? {
    if let asset = try? Asset(item.text, on: network) {
      return "\(item.place ?? option): '\(item.text)' is \(asset.contract) on the network '\(network.passphrase)' (see --network)"
    }
    guard option != "--contract", !item.text.hasPrefix("C"), Self.isAddress(item.text) else { return nil }
    return
      "\(item.place ?? option): '\(item.text)' is not a contract; --account selects by who invoked, --arg and --topic by values"
  }
}
