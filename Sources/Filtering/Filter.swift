/// Selects records by conditions and their combination.
package struct Filter: Sendable {
  /// Clauses that belong together, such as those of one request. One condition of each must be met.
  package typealias Term = [[Condition]]

  /// Conditions are bits of a word.
  package static let maximumCount = 64

  /// Warnings before the first record, about conditions that no record can meet.
  package let warnings: [String]
  /// Warnings that apply only to invocations.
  package let invocationWarnings: [String]
  /// Options that do not apply to event records, and options that do not apply to invocations.
  let notForEvents: [String]
  let notForInvocations: [String]
  let conditions: [Condition]
  let isInverted: Bool
  /// The subjects of each condition.
  let subjects: [Subjects]
  /// The conditions for each subject, as bits.
  let interested: [UInt64]
  /// The bits of all conditions.
  let all: UInt64
  /// A record matches if all clauses of one alternative are met. A clause is met if one of its conditions is.
  private let alternatives: [[UInt64]]

  /// All terms must match, or with `any` one of them. Without terms everything matches.
  package init(
    _ terms: [Term], any: Bool = false, inverted: Bool = false, warnings: [String] = [], invocationWarnings: [String] = [],
    notForEvents: [String] = [], notForInvocations: [String] = []
  ) {
    var conditions: [Condition] = []
    let sets = terms.map { term in
      term.map { clause in
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

  /// Whether a record matches, if some conditions are known to be met or failed; nil if that is not enough to decide.
  func verdict(met: UInt64, failed: UInt64) -> Bool? {
    var isOpen = false
    for clauses in alternatives {
      if !clauses.contains(where: { $0 & met == 0 }) { return true }
      if !clauses.contains(where: { $0 & ~failed == 0 }) { isOpen = true }
    }
    return isOpen ? nil : false
  }
}
