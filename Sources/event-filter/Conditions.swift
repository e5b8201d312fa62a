import Bytes
import CommandLineTools
import Filtering
import Ledgers
import Streams

extension EventFilter {
  /// The conditions from the options.
  func filterOptions(_ session: inout Session) throws -> FilterOptions {
    var wanted = FilterOptions()
    wanted.now = unixTime()
    if !outcome.ledgers.given.isEmpty { wanted.ledgers = outcome.ledgers.ranges.ranges }
    if let network = environment("NETWORK_PASSPHRASE") { wanted.network = Network(network) }
    for (option, texts) in subject.given + outcome.given + content.given + combination.given {
      switch option.value {
      case .flag, .text, .number, .texts, .words: wanted[option.name] = texts.map { FilterOptions.Item($0) }
      case .items: wanted[option.name] = try items(texts, &session)
      case .ledgers: break
      case .request: wanted.request = try readWhole(texts[0], atMost: options.maximumRecord.bytes)
      case .network:
        if texts[0].isEmpty { throw Failure.usage("--network is empty; it takes a name such as testnet, or a passphrase") }
        wanted.network = Network(texts[0])
      }
    }
    return wanted
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
