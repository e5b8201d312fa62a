import Bytes

/// A part of a record that conditions test. A record is read from the start, up to the last part that is still needed.
package enum Subject: UInt8, CaseIterable {
  // Members of `meta`.
  case ledger, closedAt, hash, successful, resultCode, innerHash
  // The kind of the body, and members of the body.
  case kind, contract, account, function, arguments
  // Lists, in the order of the words of `--has`. Restorations are in `meta`.
  case events, diagnostics, calls, state, extensions, restorations, authorization
  // For an event record; its event is the only one in `events`.
  case stage
}

/// A set of subjects.
package struct Subjects: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  @inline(__always)
  init(_ subject: Subject) { rawValue = 1 << UInt32(subject.rawValue) }

  static let meta: Subjects = [
    Subjects(.ledger), Subjects(.closedAt), Subjects(.hash), Subjects(.successful), Subjects(.restorations),
    Subjects(.resultCode), Subjects(.innerHash),
  ]
  static let all = Subjects(rawValue: 1 << UInt32(Subject.allCases.count) - 1)
  static let body = all.subtracting(meta)
}

/// One test of a record. Lists are alternatives.
package enum Condition: Sendable {
  /// The contract that is called or created, or that published the event.
  case contract(IdentifierSet)
  /// The same, and the contracts of sub-calls, events and state changes.
  case involves(IdentifierSet)
  case function([Pattern], anyCall: Bool)
  case account(IdentifierSet)
  /// The kind, the result or the stage. Numbers of the schema, one bit for each.
  case code(Subject, UInt32)
  case successful(Bool)
  /// The outer or the inner hash.
  case transaction(Set<Hash32>)
  case ledgers([ClosedRange<UInt32>])
  case closed(ClosedRange<UInt64>)
  case event(EventCondition)
  /// One event matches one of the alternatives.
  case anyEvent([EventCondition])
  case argument(ValueCondition)
  /// `keys`: tests the keys of state changes, in addition to old and new values.
  case state(ValueCondition, keys: Bool)
  /// None of these lists is empty.
  case has([Subjects])
  case change(ChangeCondition)
  case argumentCount(ClosedRange<Int>)

  /// The subjects that it tests.
  var subjects: Subjects {
    switch self {
    case .contract: Subjects(.contract)
    case .involves: [Subjects(.contract), Subjects(.events), Subjects(.diagnostics), Subjects(.calls), Subjects(.state)]
    case .function(_, let anyCall): anyCall ? [Subjects(.function), Subjects(.calls)] : Subjects(.function)
    case .account: Subjects(.account)
    case .code(let subject, _): Subjects(subject)
    case .successful: Subjects(.successful)
    case .transaction: [Subjects(.hash), Subjects(.innerHash)]
    case .ledgers: Subjects(.ledger)
    case .closed: Subjects(.closedAt)
    case .event(let condition): condition.subjects
    case .anyEvent(let alternatives): alternatives.reduce([]) { $0.union($1.subjects) }
    case .argument, .argumentCount: Subjects(.arguments)
    case .state, .change: Subjects(.state)
    case .has(let alternatives): alternatives.reduce([]) { $0.union($1) }
    }
  }
}

/// Classes of values.
package struct ValueClasses: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Strings and symbols.
  package static let string = ValueClasses(rawValue: 1)
  /// All integers, time points and durations.
  package static let numeric = ValueClasses(rawValue: 2)
  package static let address = ValueClasses(rawValue: 4)
  package static let bytes = ValueClasses(rawValue: 8)
}

/// One value that matches one of the alternatives.
package struct ValueCondition: Sendable {
  package struct Alternative: Sendable {
    /// Nil for any value.
    package var pattern: Pattern?
    /// Nil to accept all values, also those without a class.
    package var classes: ValueClasses?
    /// Accepts only the value at this index of its list.
    package var index: Int?
  }

  /// The alternatives that test only a member. The others are tried for every value.
  package struct Member: Sendable {
    package var path: MemberPath
    package var wanted: Alternative
    /// The index among all members that the conditions name.
    package var number: Int
  }

  package var alternatives: [Alternative] = []
  package var members: [Member] = []
}

/// One event that has these topics and this data, as far as they are given.
package struct EventCondition: Sendable {
  package var topics: [TopicFilter] = []
  package var data: ValueCondition?
  /// One bit for each event type by its number in the protocol; nil for events that took effect, of any type.
  package var types: UInt32?
  /// The types of which only events that took effect match, one bit for each.
  var effective: UInt32 = 0
  /// The contract that published it.
  var contracts: IdentifierSet?

  /// The lists that contain such events.
  var subjects: Subjects {
    guard let types, types & ~effective != 0 else { return Subjects(.events) }
    return [Subjects(.events), Subjects(.diagnostics)]
  }
}

/// One state change that meets all of the given conditions.
package struct ChangeCondition: Sendable {
  /// One bit for each `StateOperation` of the schema.
  package var operations: UInt32?
  /// One bit for each `ContractDataDurability` of the protocol.
  package var durabilities: UInt32?
  package var affects: IdentifierSet?
}
