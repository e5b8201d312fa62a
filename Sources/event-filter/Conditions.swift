import Bytes
import CommandLineTools
import Filtering
import Ledgers
import Streams

extension EventFilter {
  /// The conditions that the options ask for.
  func filterOptions(_ session: inout Session) throws -> FilterOptions {
    var wanted = FilterOptions()
    wanted.contracts = try items(subject.contract, &session)
    wanted.involved = try items(subject.involves, &session)
    if subject.network?.isEmpty == true {
      throw Failure.usage("--network is empty; it takes a name such as testnet, or a passphrase")
    }
    wanted.network = Network(subject.network ?? environment("NETWORK_PASSPHRASE") ?? "pubnet")
    wanted.functions = subject.function
    wanted.anyCall = subject.anyCall
    wanted.accounts = try items(subject.account, &session)
    wanted.types = subject.type
    wanted.minimumArguments = subject.minArgs
    wanted.maximumArguments = subject.maxArgs
    wanted.succeeded = outcome.succeeded
    wanted.failed = outcome.failed
    wanted.results = outcome.result
    wanted.transactions = try items(outcome.tx, &session)
    wanted.ledgers = outcome.ledgers.given.isEmpty ? [] : outcome.ledgers.ranges.ranges
    wanted.since = outcome.since
    wanted.until = outcome.until
    wanted.recent = outcome.recent
    wanted.topics = content.topic
    wanted.eventTypes = content.eventType
    wanted.stages = content.stage
    wanted.arguments = content.arg
    wanted.data = content.data
    wanted.state = content.state
    wanted.valueTypes = content.valueType
    wanted.has = content.has
    wanted.changes = content.change
    wanted.durabilities = content.durability
    wanted.affected = try items(content.affects, &session)
    wanted.any = combination.any
    wanted.inverted = combination.invertMatch
    if let request = combination.request { wanted.request = try readWhole(request, atMost: options.maximumRecord.bytes) }
    wanted.now = unixTime()
    return wanted
  }

  /// The filter for these conditions. Warns of those that no record can meet.
  func filter(_ wanted: FilterOptions, _ session: inout Session) throws(Failure) -> Filter {
    do throws(UsageError) {
      let filter = try wanted.filter()
      for text in filter.warnings { session.messages.warn("conditions", Diagnostic(text)) }
      return filter
    } catch {
      throw Failure.usage(error.description)
    }
  }

  /// The values of an option, those in files among them; nil if it is not given.
  private func items(_ values: [String], _ session: inout Session) throws(StreamError) -> [FilterOptions.Item]? {
    if values.isEmpty { return nil }
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

  /// The lines of a file, but for blank ones, without the white space around them.
  private func lines(of path: String, _ session: inout Session) throws(StreamError) -> [FilterOptions.Item] {
    var reader = RecordReader(InputFiles([path]), format: .ndjson, maximumRecord: options.maximumRecord.bytes)
    var lines: [FilterOptions.Item] = []
    while case .record = try reader.next(&session.output) {
      var text = reader.record.text[...]
      while text.first?.isWhitespace == true { text.removeFirst() }
      while text.last?.isWhitespace == true { text.removeLast() }
      lines.append(FilterOptions.Item(String(text), place: "\(path), byte \(reader.place.offset)"))
    }
    return lines
  }
}
