import Bytes
import StellarJSON
import StellarXDR

// Tests conditions against facts of a record. The walks over both forms of a record report facts here as they find them. Texts
// and values are ranges of the record, and are read only if a condition tests them.

/// The range of a text: in the record, or, if the text has escapes, in the filter's own buffer.
struct Text {
  var range: Range<Int>
  var isUnescaped = false
}

struct EventFacts {
  var contract: Text?
  var type: Int32?
  var data: Range<Int>?
  var isPublished: Bool
}

struct CallFacts {
  var from: Text?
  var to: Text?
  var function: Text?
}

struct ChangeFacts {
  var contract: Text?
  var key: Range<Int>?
  var oldValue: Range<Int>?
  var newValue: Range<Int>?
  var operation: Int32?
  var durability: Int32?
}

extension RecordFilter {
  // MARK: meta

  mutating func examineLedger(_ sequence: UInt32) {
    ledger = sequence
    findings.note(ledger: sequence)
    for index in open(.ledger) {
      if case .ledgers(let ranges) = filter.conditions[index], ranges.contains(where: { $0.contains(sequence) }) { meet(index) }
    }
    conclude(.ledger)
  }

  mutating func examineTime(_ time: UInt64) {
    for index in open(.closedAt) {
      if case .closed(let range) = filter.conditions[index], range.contains(time) { meet(index) }
    }
    conclude(.closedAt)
  }

  /// `subject`: the outer or the inner hash.
  mutating func examineHash(_ subject: Subject, _ hash: Hash32?) {
    for index in open(subject) {
      if let hash, case .transaction(let wanted) = filter.conditions[index], wanted.contains(hash) {
        findings.note(transaction: hash)
        meet(index)
      }
    }
    conclude(subject)
  }

  mutating func examineSuccess(_ successful: Bool) {
    for index in open(.successful) {
      if case .successful(successful) = filter.conditions[index] { meet(index) }
    }
    conclude(.successful)
  }

  /// `subject`: the kind, the result or the stage.
  mutating func examineCode(_ subject: Subject, _ code: Int32?) {
    for index in open(subject) {
      if let code, case .code(_, let wanted) = filter.conditions[index], wanted >> UInt32(code) & 1 == 1 { meet(index) }
    }
    conclude(subject)
  }

  // MARK: body

  /// `subject`: the contract or the account.
  mutating func examineIdentifier(_ subject: Subject, _ identifier: Text?, _ record: RawSpan) {
    for index in open(subject) {
      switch filter.conditions[index] {
      case .contract(let wanted), .involves(let wanted), .account(let wanted):
        if isOne(identifier, of: wanted, record) { meet(index) }
      default: break
      }
    }
    conclude(subject)
  }

  mutating func examineFunction(_ name: Text, _ record: RawSpan) {
    for index in open(.function) where isName(name, index, record) { meet(index) }
    conclude(.function)
  }

  /// Reports a list that is not empty.
  mutating func note(_ subject: Subject) {
    present.insert(Subjects(subject))
    for index in open(subject) {
      if case .has(let alternatives) = filter.conditions[index], alternatives.contains(where: { $0.isSubset(of: present) }) {
        meet(index)
      }
    }
  }

  mutating func examineArgument(_ range: Range<Int>, at place: Int, _ record: RawSpan) throws(RecordError) {
    for index in open(.arguments) {
      guard case .argument(let condition) = filter.conditions[index] else { continue }
      if try matches(condition, range, at: place, record) { meet(index) }
    }
  }

  mutating func examineArgumentCount(_ count: Int) {
    for index in open(.arguments) {
      if case .argumentCount(let wanted) = filter.conditions[index], wanted.contains(count) { meet(index) }
    }
  }

  // MARK: parts of lists

  /// `subject`: the list that contains the event. Its topics are in `topics`.
  mutating func examineEvent(_ subject: Subject, _ event: EventFacts, _ record: RawSpan) throws(RecordError) {
    for index in open(subject) {
      switch filter.conditions[index] {
      case .involves(let wanted): if isOne(event.contract, of: wanted, record) { meet(index) }
      case .event(let condition): if try matches(condition, event, record) { meet(index) }
      case .anyEvent(let alternatives):
        var isFound = false
        for condition in alternatives where !isFound { isFound = try matches(condition, event, record) }
        if isFound { meet(index) }
      default: break
      }
    }
  }

  mutating func examineCall(_ call: CallFacts, _ record: RawSpan) {
    for index in open(.calls) {
      switch filter.conditions[index] {
      case .involves(let wanted): if isOne(call.to, of: wanted, record) || isOne(call.from, of: wanted, record) { meet(index) }
      case .function: if let name = call.function, isName(name, index, record) { meet(index) }
      default: break
      }
    }
  }

  mutating func examineChange(_ change: ChangeFacts, _ record: RawSpan) throws(RecordError) {
    for index in open(.state) {
      switch filter.conditions[index] {
      case .involves(let wanted): if isOne(change.contract, of: wanted, record) { meet(index) }
      case .change(let condition): if matches(condition, change, record) { meet(index) }
      case .state(let condition, let keys):
        var isFound = false
        if keys, let key = change.key { isFound = try matches(condition, key, at: 0, record, isKey: true) }
        if !isFound, let value = change.oldValue { isFound = try matches(condition, value, at: 0, record) }
        if !isFound, let value = change.newValue { isFound = try matches(condition, value, at: 0, record) }
        if isFound { meet(index) }
      default: break
      }
    }
  }

  // MARK: tests

  private func isOne(_ text: Text?, of wanted: IdentifierSet, _ record: RawSpan) -> Bool {
    guard let text else { return false }
    return text.isUnescaped ? wanted.contains(unescaped.bytes(text.range)) : wanted.contains(record.extracting(text.range))
  }

  private func isName(_ text: Text, _ index: Int, _ record: RawSpan) -> Bool {
    guard case .function(let patterns, _) = filter.conditions[index] else { return false }
    return patterns.contains { pattern in
      text.isUnescaped ? pattern.matches(text: unescaped.bytes(text.range)) : pattern.matches(text: record.extracting(text.range))
    }
  }

  private func matches(_ condition: ChangeCondition, _ change: ChangeFacts, _ record: RawSpan) -> Bool {
    if let wanted = condition.operations {
      guard let operation = change.operation, wanted >> UInt32(operation) & 1 == 1 else { return false }
    }
    if let wanted = condition.durabilities {
      guard let durability = change.durability, wanted >> UInt32(durability) & 1 == 1 else { return false }
    }
    guard let wanted = condition.affects else { return true }
    return isOne(change.contract, of: wanted, record)
  }

  private mutating func matches(_ condition: EventCondition, _ event: EventFacts, _ record: RawSpan) throws(RecordError) -> Bool {
    if let types = condition.types {
      guard let type = event.type, types >> UInt32(type) & 1 == 1 else { return false }
      if !event.isPublished, condition.effective >> UInt32(type) & 1 == 1 { return false }
    } else if !event.isPublished {
      return false
    }
    if let contracts = condition.contracts, !isOne(event.contract, of: contracts, record) { return false }
    if !condition.topics.isEmpty {
      var isFound = false
      for filter in condition.topics where !isFound { isFound = try matches(filter, record) }
      if findings.watchesTopics { try note(topicsFor: condition.topics, record) }
      guard isFound else { return false }
    }
    guard let data = condition.data else { return true }
    guard let range = event.data else { return false }
    return try matches(data, range, at: 0, record)
  }

  private mutating func matches(_ filter: TopicFilter, _ record: RawSpan) throws(RecordError) -> Bool {
    switch filter {
    case .position(let place, let pattern):
      guard place < topics.count else { return false }
      return try matches(pattern, topics[place], record)
    case .segments(let patterns, let isOpen):
      guard isOpen ? topics.count >= patterns.count : topics.count == patterns.count else { return false }
      for place in patterns.indices where try !matches(patterns[place], topics[place], record) { return false }
      return true
    }
  }

  /// Checks whether filters that specify all topics would match if they allowed more topics.
  private mutating func note(topicsFor filters: [TopicFilter], _ record: RawSpan) throws(RecordError) {
    guard filters.count == findings.topics.count else { return }
    for (index, filter) in filters.enumerated() {
      guard case .segments(let patterns, isOpen: false) = filter, !patterns.isEmpty else { continue }
      if topics.count == patterns.count { findings.topics[index].hadCount = true }
      guard topics.count > patterns.count, !findings.topics[index].hadLonger else { continue }
      findings.topics[index].hadLonger = try matches(.segments(patterns, isOpen: true), record)
    }
  }

  // MARK: values

  /// Whether a value matches as a whole.
  private mutating func matches(_ pattern: Pattern, _ range: Range<Int>, _ record: RawSpan) throws(RecordError) -> Bool {
    if case .anything = pattern { return true }
    if form == .json, try !decode(range, record) {
      do throws(JSONError) { return try natives.matches(whole: record.extracting(range), pattern) } catch { throw .malformed }
    }
    do throws(XDRError) {
      if form == .xdr { return try values.matches(whole: record.extracting(range), pattern) }
      return try Self.matches(decoded, pattern, &values)
    } catch { throw .xdr(error) }
  }

  /// Whether a value meets a condition. `place`: its index in its list.
  private mutating func matches(
    _ condition: ValueCondition, _ range: Range<Int>, at place: Int, _ record: RawSpan, isKey: Bool = false
  ) throws(RecordError) -> Bool {
    for member in condition.members where member.wanted.index == nil || member.wanted.index == place {
      values.isMemberFound = false
      let isOne = try matches(range, at: member.path, from: 0, member.wanted, record, isKey: isKey)
      findings.note(member: member.number, isFound: values.isMemberFound)
      if isOne { return true }
    }
    if condition.alternatives.isEmpty { return false }
    if form == .json, try !decode(range, record) {
      do throws(JSONError) {
        return try natives.matches(record.extracting(range), condition, at: place, isKey: isKey)
      } catch { throw .malformed }
    }
    do throws(XDRError) {
      if form == .xdr { return try values.matches(record.extracting(range), condition, at: place) }
      return try Self.matches(decoded, condition, at: place, &values)
    } catch { throw .xdr(error) }
  }

  // Static, because it needs exclusive access to two members of the filter.

  private static func matches(
    _ decoded: borrowing ByteBuffer, _ pattern: Pattern, _ values: inout ValueMatcher
  ) throws(XDRError) -> Bool {
    try values.matches(whole: decoded.bytes, pattern)
  }

  private static func matches(
    _ decoded: borrowing ByteBuffer, _ condition: ValueCondition, at place: Int, _ values: inout ValueMatcher
  ) throws(XDRError) -> Bool {
    try values.matches(decoded.bytes, condition, at: place)
  }
}
