import Bytes
import CommandLineTools
import Filtering
import Streams

extension EventFilter {
  /// The filter that the options ask for.
  func filter(_ session: inout Session) throws -> Filter {
    var wanted = FilterOptions()
    wanted.contracts = try items(contract, &session)
    wanted.involved = try items(involves, &session)
    wanted.functions = function
    wanted.anyCall = anyCall
    wanted.accounts = try items(account, &session)
    wanted.types = type
    wanted.succeeded = succeeded
    wanted.failed = failed
    wanted.results = result
    wanted.transactions = try items(tx, &session)
    wanted.ledgers = ledgers.given.isEmpty ? [] : ledgers.ranges.ranges
    wanted.since = since
    wanted.until = until
    wanted.recent = recent
    wanted.topics = topic
    wanted.eventTypes = eventType
    wanted.arguments = arg
    wanted.data = data
    wanted.state = state
    wanted.valueTypes = valueType
    wanted.has = has
    wanted.changes = change
    wanted.durabilities = durability
    wanted.affected = try items(affects, &session)
    wanted.minimumArguments = minArgs
    wanted.maximumArguments = maxArgs
    wanted.any = any
    wanted.inverted = invertMatch
    wanted.now = unixTime()
    if let request { wanted.request = try readWhole(request, atMost: options.maximumRecord.bytes) }
    do throws(UsageError) { return try wanted.filter() } catch { throw Failure.usage(error.description) }
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
