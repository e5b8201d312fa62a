/// Which records are wanted: conditions, and how they hold together.
package struct Filter: Sendable {
  /// Conditions that belong together, such as those of one request: of each clause one condition has to hold.
  package struct Term: Sendable {
    package var clauses: [[Condition]]

    package init(_ clauses: [[Condition]]) { self.clauses = clauses }

    package init(_ condition: Condition) { clauses = [[condition]] }
  }

  /// A condition is a bit of a word.
  package static let maximumCount = 64

  /// What is to be said before the first record: conditions that no record can meet.
  package let warnings: [String]
  /// The same, of invocations alone.
  package let invocationWarnings: [String]
  /// Options that say nothing of event records, and of invocations.
  let notForEvents: [String]
  let notForInvocations: [String]
  let conditions: [Condition]
  let isInverted: Bool
  /// For each condition what it looks at.
  let subjects: [Subjects]
  /// For each subject the conditions that look at it.
  let interested: [UInt64]
  /// A bit for each condition.
  let all: UInt64
  /// A record matches if of any one of these all clauses hold; a clause holds if any one of its conditions does.
  private let alternatives: [[UInt64]]

  /// All terms have to hold, or with `any` one of them. Without terms everything matches.
  package init(
    _ terms: [Term], any: Bool = false, inverted: Bool = false, warnings: [String] = [], invocationWarnings: [String] = [],
    notForEvents: [String] = [], notForInvocations: [String] = []
  ) {
    var conditions: [Condition] = []
    let sets = terms.map { term in
      term.clauses.map { clause in
        let first = conditions.count
        conditions += clause
        return (first..<conditions.count).reduce(0) { $0 | 1 << $1 } as UInt64
      }
    }
    precondition(conditions.count <= Self.maximumCount)
    let subjects = conditions.map { $0.subjects }
    self.warnings = warnings
    self.invocationWarnings = invocationWarnings
    self.notForEvents = notForEvents
    self.notForInvocations = notForInvocations
    self.conditions = conditions
    self.subjects = subjects
    isInverted = inverted
    alternatives = any && !sets.isEmpty ? sets : [sets.flatMap { $0 }]
    all = sets.joined().reduce(0, |)
    interested = Subject.allCases.map { subject in
      subjects.indices.reduce(0) { $0 | (subjects[$1].contains(Subjects(subject)) ? 1 << UInt64($1) : 0) }
    }
  }

  /// Whether a record matches, as far as that is known when some conditions are known to hold and some not to.
  func verdict(met: UInt64, failed: UInt64) -> Bool? {
    var isOpen = false
    for clauses in alternatives {
      if !clauses.contains(where: { $0 & met == 0 }) { return true }
      if !clauses.contains(where: { $0 & ~failed == 0 }) { isOpen = true }
    }
    return isOpen ? nil : false
  }
}
