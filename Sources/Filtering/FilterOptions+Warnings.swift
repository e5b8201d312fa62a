import Bytes
import StellarXDR

// Conditions that no record can meet, as far as that is known before the first record. Conditions that exclude each other cause
// only a warning, because selecting nothing is correct.

extension FilterOptions {
  /// Warnings about conditions that no record meets.
  func warnings(_ conditions: [Named], _ shapes: RecordShapes) -> [String] {
    var warnings = accountsAsContracts(self["contract"])
    if isGiven("any") { return warnings }
    let (succeeded, failed) = (isGiven("succeeded"), isGiven("failed"))
    let isNoSuccess = isNoSuccess(conditions)
    if succeeded, failed {
      warnings.append("no record meets both: --succeeded, and --failed; --any selects records that meet one of them")
    }
    if succeeded, isNoSuccess { warnings.append("no record meets both: --succeeded, and --result without 'success'") }
    warnings += unavailable(conditions, isFailed: failed || isNoSuccess, shapes)
    if option("change")?.items.map(\.text) == ["restore"], option("durability")?.items.map(\.text) == ["temporary"] {
      warnings.append("no record meets both: --change restore, and --durability temporary, which is never restored")
    }
    if let maximum = option("max-args").flatMap({ Int($0.text) }) {
      for case .argument(let condition) in conditions.filter({ $0.option == "--arg" }).flatMap({ $0.alternatives }) {
        let places = (condition.alternatives + condition.members.map { $0.wanted }).map { $0.index ?? -1 }
        guard let nearest = places.min(), nearest >= maximum else { continue }
        warnings.append(
          "no record meets both: --arg at position \(nearest), counted from 0, and --max-args \(maximum)")
      }
    }
    return warnings
  }

  /// Warnings about conditions that no invocation meets, although event records can: the events of a failed transaction are fee
  /// events.
  func invocationWarnings(_ conditions: [Named], _ shapes: RecordShapes) -> [String] {
    guard !isGiven("any"), isGiven("failed") || isNoSuccess(conditions) else { return [] }
    let parts = Self.parts(conditions, shapes)
    return conditions.compactMap { named in
      guard named.isAboutEvents, parts.contains(where: named.canHold),
        !parts.contains(where: { named.canHold(for: $0.subtracting(Self.effects)) })
      else { return nil }
      return "\(named.option)\(Self.noEffects); with --event-type, it looks at their diagnostic events"
    }
  }

  /// The subjects that invocations of the requested types have, for each type.
  private static func parts(_ conditions: [Named], _ shapes: RecordShapes) -> [Subjects] {
    var kinds = UInt32.max
    for case .code(.kind, let wanted) in conditions.flatMap({ $0.alternatives }) { kinds &= wanted }
    return shapes.bodies.enumerated().filter { kinds >> UInt32($0.offset) & 1 == 1 }
      .map { [$0.element.subjects, shapes.meta.subjects, Subjects(.kind)] }
  }

  /// invocation-extract leaves these lists empty for a failed operation.
  private static let effects: Subjects = [Subjects(.events), Subjects(.state), Subjects(.extensions)]
  private static let noEffects = " does not match failed operations, which have no events, state changes or TTL extensions"

  /// Whether `--result` is given without `success`.
  private func isNoSuccess(_ conditions: [Named]) -> Bool {
    let success = FilterOption.members(of: "InvocationResultCode").firstIndex(of: "success") ?? 0
    return conditions.contains {
      if case .code(.resultCode, let codes)? = $0.alternatives.first { codes >> UInt32(success) & 1 == 0 } else { false }
    }
  }

  /// Options that test something that records of these types, or of failed operations, do not have.
  private func unavailable(_ conditions: [Named], isFailed: Bool, _ shapes: RecordShapes) -> [String] {
    let parts = Self.parts(conditions, shapes)
    return conditions.compactMap { named in
      if !parts.contains(where: named.canHold) {
        // Without a requested type, event records can have it.
        if parts.count == shapes.bodies.count { return nil }
        let type = self["type"].map { "--type \($0.map(\.text).joined(separator: ","))" } ?? "the requested type"
        return "no record meets both: \(named.option), and \(type)"
      }
      guard isFailed, !named.isAboutEvents, !parts.contains(where: { named.canHold(for: $0.subtracting(Self.effects)) }) else {
        return nil
      }
      return "\(named.option)\(Self.noEffects)"
    }
  }

  /// An account can be called like a contract, but a user who gives one usually means something else.
  private func accountsAsContracts(_ items: [Item]?) -> [String] {
    guard let others = items?.filter({ !$0.text.hasPrefix("C") && Self.isAddress($0.text) }), let first = others.first else {
      return []
    }
    let more = others.count > 1 ? " (and \(others.count - 1) more)" : ""
    return [
      "\(first.place ?? "--contract"): '\(first.text)'\(more) is not a contract, and only a failed call can name it; --account selects by who invoked"
    ]
  }
}

extension FilterOptions.Named {
  fileprivate func canHold(for available: Subjects) -> Bool { alternatives.contains { $0.canHold(for: available) } }

  fileprivate var isAboutEvents: Bool {
    switch alternatives.first {
    case .event?, .anyEvent?: true
    default: false
    }
  }
}

extension Condition {
  /// Whether it can be true for a record that has only these parts.
  fileprivate func canHold(for available: Subjects) -> Bool {
    switch self {
    case .argumentCount(let count): count.contains(0) || available.contains(Subjects(.arguments))
    case .has(let alternatives): alternatives.contains { $0.isSubset(of: available) }
    default: !subjects.isDisjoint(with: available)
    }
  }
}
