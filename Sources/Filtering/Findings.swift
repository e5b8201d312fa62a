import Bytes
import Ledgers

/// What was seen of what the conditions name, for the end: where nothing matched, a hint may help more than silence.
struct Findings {
  /// What became of a `--topic` that names all topics of an event.
  struct Topic {
    /// An event had that many topics.
    var hadCount = false
    /// An event had more, and the first of them match.
    var hadLonger = false
  }

  /// What became of a path to a member.
  struct Member {
    let path: String
    let option: String
    var wasLookedFor = false
    var wasFound = false
  }

  /// Ranges no ledger of which was met yet.
  private(set) var missingRanges: [ClosedRange<UInt32>] = []
  private(set) var missingTransactions: Set<Hash32> = []
  /// The hash of every record was looked at, or of none of them was anything asked.
  private(set) var areHashesKnown = true
  /// The conditions that ask for transactions, a bit for each.
  private var transactionConditions: UInt64 = 0
  /// The members that conditions name, by their numbers.
  private(set) var members: [Member] = []
  var topics: [Topic] = []
  /// Events are still to be looked at for `topics`.
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
    // They were numbered in this order.
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

  mutating func note(transaction: Hash32) { missingTransactions.remove(transaction) }

  /// `known`: the conditions that were met or failed when a record was done with.
  @inline(__always)
  mutating func noteEnd(known: UInt64) {
    if transactionConditions & ~known != 0 { areHashesKnown = false }
  }
}

extension TopicFilter {
  /// Whether an event has to have exactly that many topics.
  var isClosed: Bool {
    if case .segments(let patterns, isOpen: false) = self { !patterns.isEmpty } else { false }
  }
}

/// What to say at the end of all input.
package struct Remark: Equatable, Sendable {
  /// How several of them are called.
  package let kind: String
  package let text: String
}

extension FilterOptions {
  /// What explains that `found` records were selected, as far as it was seen. Only for a run that read all of its input.
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
    guard found == 0, !inverted else { return remarks }
    for member in findings.members where member.wasLookedFor && !member.wasFound {
      add("members", "\(member.option): no member '\(member.path)' was found; '.' is the value itself")
    }
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
    for (items, option) in [(contracts, "--contract"), (involved, "--involves"), (affected, "--affects")] {
      for item in items ?? [] { if let text = remark(item, option) { add("contracts", text) } }
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
