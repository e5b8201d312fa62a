import Bytes

/// A part of a record that conditions look at. A record is read from its beginning, and no further than to the last part that is
/// still wanted.
enum Subject: UInt8, CaseIterable {
  // Members of `meta`.
  case ledger, closedAt, hash, successful, restorations, resultCode, innerHash
  // Which body the record has, and the body's members.
  case kind, contract, account, function, arguments, events, diagnostics, calls, state, extensions, authorization
  // Of an event record; its event is the only one of `events`.
  case stage
}

/// Some of the subjects.
package struct Subjects: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  @inline(__always)
  init(_ subject: Subject) { rawValue = 1 << UInt32(subject.rawValue) }

  static let meta: Subjects = [
    Subjects(.ledger), Subjects(.closedAt), Subjects(.hash), Subjects(.successful), Subjects(.restorations),
    Subjects(.resultCode),
    Subjects(.innerHash),
  ]
  static let all = Subjects(rawValue: 1 << UInt32(Subject.allCases.count) - 1)
  static let body = all.subtracting(meta)
}

/// One thing that a record can be asked. Lists are alternatives.
package enum Condition: Sendable {
  /// The contract called or created, or the one that published the event.
  case contract(IdentifierSet)
  /// The same, and those of sub-calls, events and state changes.
  case involves(IdentifierSet)
  case function([Pattern], anyCall: Bool)
  case account(IdentifierSet)
  case kind(InvocationKinds)
  case successful(Bool)
  /// A bit for each result code, by its number in the schema.
  case result(UInt32)
  /// The outer or the inner hash.
  case transaction(Set<Hash32>)
  case ledgers([ClosedRange<UInt32>])
  case closed(ClosedRange<UInt64>)
  case event(EventCondition)
  /// One event that is as one of the alternatives has it.
  case anyEvent([EventCondition])
  /// A bit for each `EventStage` of the schema.
  case stage(UInt32)
  case argument(ValueCondition)
  /// `keys`: the keys of state changes as well, not only old and new values.
  case state(ValueCondition, keys: Bool)
  /// Lists of which none may be empty.
  case has([Subjects])
  case change(ChangeCondition)
  case argumentCount(ClosedRange<Int>)

  /// What it looks at.
  var subjects: Subjects {
    switch self {
    case .contract: Subjects(.contract)
    case .involves: [Subjects(.contract), Subjects(.events), Subjects(.diagnostics), Subjects(.calls), Subjects(.state)]
    case .function(_, let anyCall): anyCall ? [Subjects(.function), Subjects(.calls)] : Subjects(.function)
    case .account: Subjects(.account)
    case .kind: Subjects(.kind)
    case .successful: Subjects(.successful)
    case .result: Subjects(.resultCode)
    case .transaction: [Subjects(.hash), Subjects(.innerHash)]
    case .ledgers: Subjects(.ledger)
    case .closed: Subjects(.closedAt)
    case .event(let condition): condition.subjects
    case .anyEvent(let alternatives): alternatives.reduce([]) { $0.union($1.subjects) }
    case .stage: Subjects(.stage)
    case .argument, .argumentCount: Subjects(.arguments)
    case .state, .change: Subjects(.state)
    case .has(let alternatives): alternatives.reduce([]) { $0.union($1) }
    }
  }
}

/// Kinds of invocations, a bit for each by its number in the schema.
package struct InvocationKinds: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let call = InvocationKinds(rawValue: 1)
  package static let create = InvocationKinds(rawValue: 2)
  package static let upload = InvocationKinds(rawValue: 4)
  package static let extend = InvocationKinds(rawValue: 8)
  package static let restore = InvocationKinds(rawValue: 16)
}

/// Classes of values.
package struct ValueClasses: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Strings and symbols.
  package static let string = ValueClasses(rawValue: 1)
  /// All integers, time points and durations.
  package static let numeric = ValueClasses(rawValue: 2)
  package static let address = ValueClasses(rawValue: 4)
  package static let bytes = ValueClasses(rawValue: 8)
}

/// One value that is as one of the alternatives has it.
package struct ValueCondition: Sendable {
  package struct Alternative: Sendable {
    /// Nil for any value.
    package var pattern: Pattern?
    /// Nil for values of any class, and of none.
    package var classes: ValueClasses?
    /// Only the value at this place of its list.
    package var index: Int?

    package init(_ pattern: Pattern? = nil, classes: ValueClasses? = nil, at index: Int? = nil) {
      self.pattern = pattern
      self.classes = classes
      self.index = index
    }
  }

  /// Those that look at a member alone: apart from the others, which are tried for every value.
  package struct Member: Sendable {
    package var path: MemberPath
    package var wanted: Alternative
    /// Which of all members that the conditions name this is.
    package var number: Int
  }

  package var alternatives: [Alternative]
  package var members: [Member]

  package init(_ alternatives: [Alternative], members: [Member] = []) {
    self.alternatives = alternatives
    self.members = members
  }
}

/// One event that has the topics (if any are named) and the data (if any is asked for).
package struct EventCondition: Sendable {
  package var topics: [TopicFilter]
  package var data: ValueCondition?
  /// A bit for each event type by its number in the protocol; nil for the events that took effect, of any type.
  package var types: UInt32?
  /// Of these types only the events that took effect, a bit for each.
  var effective: UInt32 = 0
  /// The contract that published it.
  var contracts: IdentifierSet?

  package init(topics: [TopicFilter] = [], data: ValueCondition? = nil, types: UInt32? = nil) {
    self.topics = topics
    self.data = data
    self.types = types
  }

  /// The lists that hold such events.
  var subjects: Subjects {
    guard let types, types & ~effective != 0 else { return Subjects(.events) }
    return [Subjects(.events), Subjects(.diagnostics)]
  }
}

/// One state change that has all of these (where they are named).
package struct ChangeCondition: Sendable {
  /// A bit for each `StateOperation` of the schema.
  package var operations: UInt32?
  /// A bit for each `ContractDataDurability` of the protocol.
  package var durabilities: UInt32?
  package var affects: IdentifierSet?

  package init(operations: UInt32? = nil, durabilities: UInt32? = nil, affects: IdentifierSet? = nil) {
    self.operations = operations
    self.durabilities = durabilities
    self.affects = affects
  }
}
