// Conditions that are made of several options.

extension FilterOptions {
  /// `--value-type` applies to the conditions on arguments, data and state; alone it applies to arguments.
  func valueConditions() throws(UsageError) -> [Named] {
    let classes = (try option("value-type")?.bits()).map(ValueClasses.init(rawValue:))
    let (arguments, topics, data, state) = (option("arg"), option("topic"), option("data"), option("state"))
    let types = option("event-type")
    var conditions: [Named] = []
    var members = 0
    if let arguments {
      conditions.append(arguments.named(.argument(try arguments.values(classes, &members, places: true))))
    } else if let classes, data == nil, state == nil {
      let condition = ValueCondition(alternatives: [ValueCondition.Alternative(classes: classes)])
      conditions.append(Named(option: "--value-type", alternatives: [.argument(condition)]))
    }
    if let first = topics ?? data ?? types {
      let bits = try types?.bits()
      let filters = try topics?.each(TopicFilter.init) ?? []
      let condition = EventCondition(topics: filters, data: try data?.values(classes, &members), types: bits)
      conditions.append(first.named(.event(condition)))
    }
    if let state { conditions.append(state.named(.state(try state.values(classes, &members), keys: true))) }
    return conditions
  }

  func changeConditions() throws(UsageError) -> [Named] {
    let (operations, durabilities, affected) = (option("change"), option("durability"), option("affects"))
    guard let first = operations ?? durabilities ?? affected else { return [] }
    let condition = ChangeCondition(
      operations: try operations?.bits(), durabilities: try durabilities?.bits(), affects: try affected?.ids(.address))
    return [first.named(.change(condition))]
  }

  func timeConditions() throws(UsageError) -> [Named] {
    let (since, until, recent) = (option("since"), option("until"), option("recent"))
    let first = try since?.time { text throws(UsageError) in try Moment.seconds(orDate: text, isEnd: false) }
    let last = try until?.time { text throws(UsageError) in try Moment.seconds(orDate: text, isEnd: true) }
    let start = try recent?.time { text throws(UsageError) in now - (try Moment.duration(text, before: now)) }
    if !isGiven("any"), let until, let last {
      if let since, let first, first > last { throw UsageError("--since \(since.text) is later than --until \(until.text)") }
      if let recent, let start, start > last {
        throw UsageError("--until \(until.text) is longer ago than --recent \(recent.text)")
      }
    }
    let ranges = [first.map { $0...UInt64.max }, last.map { 0...$0 }, start.map { $0...UInt64.max }]
    return ranges.compactMap { $0 }.map { Named(option: "--since", alternatives: [.closed($0)]) }
  }
}
