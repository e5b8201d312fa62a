import StellarXDR

// Options for values, events, changes and times.

extension FilterOptions {
  /// Conditions of which one must be met, and the option that they come from.
  struct Named {
    let option: String
    let alternatives: [Condition]

    init(option: String, condition: Condition) { self.init(option: option, alternatives: [condition]) }

    init(option: String, alternatives: [Condition]) {
      self.option = option
      self.alternatives = alternatives
    }
  }

  /// `--value-type` applies to the conditions on arguments, data and state; alone it applies to arguments.
  func valueConditions() throws(UsageError) -> [Named] {
    let classes = try words(valueTypes, "--value-type", Self.classes).map { ValueClasses(rawValue: UInt8($0)) }
    var conditions: [Named] = []
    var members = 0
    if let condition = try condition(arguments, "--arg", classes, &members, places: true) {
      conditions.append(Named(option: "--arg", condition: .argument(condition)))
    } else if let classes, data.isEmpty, state.isEmpty {
      let condition = ValueCondition([ValueCondition.Alternative(classes: classes)])
      conditions.append(Named(option: "--value-type", condition: .argument(condition)))
    }
    let types = try words(eventTypes, "--event-type", Self.eventTypes)
    if !topics.isEmpty || !data.isEmpty || types != nil {
      let filters = try each(topics, "--topic") { text throws(UsageError) in try TopicFilter(text) }
      let condition = EventCondition(topics: filters, data: try condition(data, "--data", classes, &members), types: types)
      let option = topics.isEmpty ? data.isEmpty ? "--event-type" : "--data" : "--topic"
      conditions.append(Named(option: option, condition: .event(condition)))
    }
    if let state = try condition(state, "--state", classes, &members) {
      conditions.append(Named(option: "--state", condition: .state(state, keys: true)))
    }
    return conditions
  }

  /// The condition of an option's patterns on a value; nil if there are none. `places`: the value is in a list, and a pattern can
  /// start with its index.
  private func condition(
    _ texts: [String], _ option: String, _ classes: ValueClasses?, _ members: inout Int, places: Bool = false
  ) throws(UsageError) -> ValueCondition? {
    if texts.isEmpty { return nil }
    var condition = ValueCondition([])
    let wanted = try each(texts, option) { text throws(UsageError) in
      let split = ExactValue.looksLikeOne(text) ? nil : try MemberPath.split(text, places: places)
      return (split?.path, ValueCondition.Alternative(try Pattern(split?.pattern ?? text), classes: classes, at: split?.place))
    }
    for (path, wanted) in wanted {
      if let path {
        condition.members.append(ValueCondition.Member(path: path, wanted: wanted, number: members))
        members += 1
      } else {
        condition.alternatives.append(wanted)
      }
    }
    return condition
  }

  func changeCondition() throws(UsageError) -> Named? {
    let operations = try words(changes, "--change", Self.operations)
    let durabilities = try words(durabilities, "--durability", Self.durabilities)
    let affected = try set(affected, "--affects", .address)
    if operations == nil, durabilities == nil, affected == nil { return nil }
    let option = operations != nil ? "--change" : durabilities != nil ? "--durability" : "--affects"
    let condition = ChangeCondition(operations: operations, durabilities: durabilities, affects: affected)
    return Named(option: option, condition: .change(condition))
  }

  func countConditions() throws(UsageError) -> [Named] {
    for (option, count) in [("--min-args", minimumArguments), ("--max-args", maximumArguments)] {
      if let count, count < 0 { throw UsageError("\(option): \(count) is not a number of arguments") }
    }
    var conditions: [Named] = []
    if let minimumArguments {
      conditions.append(Named(option: "--min-args", condition: .argumentCount(minimumArguments...Int.max)))
    }
    if let maximumArguments { conditions.append(Named(option: "--max-args", condition: .argumentCount(0...maximumArguments))) }
    return conditions
  }

  func timeConditions() throws(UsageError) -> [Condition] {
    var ranges: [ClosedRange<UInt64>] = []
    let first = try time(since, "--since", isEnd: false)
    let last = try time(until, "--until", isEnd: true)
    let age = try recent.map { text throws(UsageError) in try Moment.duration(text, before: now) }
    if !any, let last {
      if let since, let until, let first, first > last { throw UsageError("--since \(since) is later than --until \(until)") }
      if let recent, let until, let age, now - age > last {
        throw UsageError("--until \(until) is longer ago than --recent \(recent)")
      }
    }
    if let first { ranges.append(first...UInt64.max) }
    if let last { ranges.append(0...last) }
    if let age { ranges.append(now - age...UInt64.max) }
    return ranges.map(Condition.closed)
  }

  private func time(_ text: String?, _ option: String, isEnd: Bool) throws(UsageError) -> UInt64? {
    guard let text else { return nil }
    do throws(UsageError) { return try Moment.seconds(orDate: text, isEnd: isEnd) } catch {
      throw UsageError("\(option): \(error.description)")
    }
  }
}
