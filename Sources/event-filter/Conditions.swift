import Bytes
import CommandLineTools
import Filtering
import Ledgers
import Streams

extension EventFilter {
  /// The conditions from the options.
  func filterOptions(_ session: inout Session) throws -> FilterOptions {
    var wanted = FilterOptions()
    try set(subject, in: &wanted, &session)
    if !subject.given.contains(where: { $0.option.name == "network" }), let network = environment("NETWORK_PASSPHRASE") {
      wanted.network = Network(network)
    }
    try set(outcome, in: &wanted, &session)
    try set(content, in: &wanted, &session)
    try set(combination, in: &wanted, &session)
    wanted.now = unixTime()
    return wanted
  }

  private func set<Group>(
    _ group: ConditionOptions<Group>, in wanted: inout FilterOptions, _ session: inout Session
  ) throws {
    for given in group.given {
      let text = given.texts.first ?? ""
      switch given.option.value {
      case .flag(let set): set(&wanted, true)
      case .text(let set): set(&wanted, text)
      case .number(let set): set(&wanted, given.number)
      case .texts(let set): set(&wanted, given.texts)
      case .items(let set): set(&wanted, try items(given.texts, &session))
      case .ledgers: wanted.ledgers = given.ledgers?.ranges.ranges ?? []
      case .request: wanted.request = try readWhole(text, atMost: options.maximumRecord.bytes)
      case .network:
        if text.isEmpty { throw Failure.usage("--network is empty; it takes a name such as testnet, or a passphrase") }
        wanted.network = Network(text)
      }
    }
  }

  /// The filter for these conditions. Warns about conditions that no record can meet.
  func filter(_ wanted: FilterOptions, _ session: inout Session) throws(Failure) -> Filter {
    do throws(UsageError) {
      let filter = try wanted.filter()
      for text in filter.warnings { session.messages.warn("conditions", Diagnostic(text)) }
      return filter
    } catch {
      throw Failure.usage(error.description)
    }
  }

  /// The values of an option, including those in files.
  private func items(_ values: [String], _ session: inout Session) throws(StreamError) -> [FilterOptions.Item] {
    var items: [FilterOptions.Item] = []
    for value in values {
      if value.hasPrefix("@") {
        items += try lines(of: String(value.dropFirst()), &session).filter { !$0.text.hasPrefix("#") }
      } else {
        items.append(FilterOptions.Item(value))
      }
    }
    return items
  }

  /// The lines of a file without surrounding white space; blank lines are left out.
  private func lines(of path: String, _ session: inout Session) throws(StreamError) -> [FilterOptions.Item] {
    var reader = RecordReader(InputFiles([path]), format: .ndjson, maximumRecord: options.maximumRecord.bytes)
    var lines: [FilterOptions.Item] = []
    while try session.next(of: &reader) {
      var text = reader.record.text[...]
      while text.first?.isWhitespace == true { text.removeFirst() }
      while text.last?.isWhitespace == true { text.removeLast() }
      lines.append(FilterOptions.Item(String(text), place: "\(path), byte \(reader.place.offset)"))
    }
    return lines
  }
}
