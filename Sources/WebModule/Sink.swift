import Bytes

/// Converts ledgers and transactions to lines.
struct Sink: ~Copyable {
  private let mode: WebOptions.Mode
  private let keepGoing: Bool
  private let verifies: Bool
  private let isBase64: Bool
  private let type: TypeID

  private var selection: TransactionSelection
  private var extractor = InvocationExtractor()
  private var events = EventExtractor()
  private var filter: RecordFilter?
  // One of these writes the records.
  private let renderer: Renderer?
  private var proto: ProtoRenderer?
  private var specs: SpecRenderer?
  private var records = ByteBuffer(capacity: 64 << 10)

  /// The number of lines so far, including the last ledger or transaction.
  private(set) var written = 0
  /// The errors in the last ledger or transaction, without their place; more than one only with `keepGoing`.
  private(set) var problems: [Failure] = []
  /// Events that could not be proved, but are not wrong.
  private(set) var exceptions: [(kind: String, what: String)] = []

  /// The buffer capacity to keep after a larger record.
  private static let keptCapacity = 8 << 20

  init(_ options: WebOptions, _ conditions: Filter?) {
    mode = options.mode
    keepGoing = options.keepGoing
    verifies = options.verifies
    isBase64 = options.mode == .ledgers && options.style == .raw
    selection = TransactionSelection(network: options.network, onlySoroban: options.onlySoroban, hashes: options.hashes)
    type =
      switch options.mode {
      case .invocations: Schema.shared.id("ContractInvocation")
      case .events: Schema.shared.id("ContractEventRecord")
      case .transactions: Schema.shared.id("LedgerTransaction")
      case .ledgers: Schema.shared.id("LedgerCloseMeta")
      }
    filter = conditions.map { RecordFilter($0) }
    let style: ValueStyle = options.style == .native ? .native : options.style == .raw ? .raw : .sep51
    if let declared = options.specs {
      specs = SpecRenderer(declared, style: style)
      renderer = nil
    } else if options.style == .proto {
      proto = ProtoRenderer()
      renderer = nil
    } else {
      renderer = isBase64 ? nil : Renderer(style: style, of: type)
    }
    let extraction = options.extractor
    if let included = extraction.included { extractor.parts = included }
    extractor.parts.subtract(extraction.excluded)
    if let types = extraction.types { extractor.types = types }
    if extraction.footprintOperations { extractor.types.formUnion([.extendTTL, .restoreFootprint]) }
    extractor.omitsUnchanged = extraction.omitsUnchanged
    extractor.after = extraction.after
  }

  /// Requested hashes that no transaction had.
  var unseenHashes: Set<Hash32> { selection.unseenHashes }

  /// What the style proto could not represent.
  var omissions: Omissions? {
    switch proto {
    case .some(let proto): proto.omissions
    case .none: nil
    }
  }

  private mutating func begin() {
    problems.removeAll(keepingCapacity: true)
    exceptions.removeAll(keepingCapacity: true)
  }

  private mutating func report(_ what: String) { problems.append(Failure(Diagnostic(what))) }

  private mutating func finish(_ output: inout Output) {
    output.buffer.append(UInt8(ascii: "\n"))
    output.finishRecord()
    written += 1
  }

  /// Writes the selected parts of a ledger.
  mutating func write(_ ledger: LedgerCloseMeta, _ bytes: RawSpan, _ output: inout Output) {
    begin()
    if mode == .ledgers { return write(whole: bytes, &output) }
    do throws(DataError) { try selection.pair(ledger) } catch { return report(error.what) }
    for index in ledger.processed.indices {
      do throws(XDRError) {
        guard let transaction = try selection.transaction(index, of: ledger, bytes) else { continue }
        if mode == .transactions {
          records.truncate(to: 0)
          records.shrink(above: Self.keptCapacity)
          transaction.write(bytes, into: &records)
          try renderer?.render(type, records.bytes, into: &output.buffer)
          finish(&output)
        } else {
          add(transaction, bytes, &output)
        }
      } catch { report(error.description(.shared)) }
      if !problems.isEmpty, !keepGoing { return }
    }
  }

  /// Writes the selected parts of a transaction.
  mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) {
    begin()
    add(transaction, bytes, &output)
  }

  /// Writes a record of an event from an RPC server.
  mutating func write(event: RawSpan, _ output: inout Output) {
    begin()
    if let problem = write(record: event, &output) { problems.append(problem) }
  }

  private mutating func write(whole ledger: RawSpan, _ output: inout Output) {
    if isBase64 {
      output.buffer.append(base64: ledger)
      return finish(&output)
    }
    do throws(XDRError) {
      try renderer?.render(type, ledger, into: &output.buffer)
      finish(&output)
    } catch {
      output.abandonRecord()
      report(Schema.shared.message(for: error, in: type, ledger))
    }
  }

  private mutating func add(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) {
    records.truncate(to: 0)
    records.shrink(above: Self.keptCapacity)
    do throws(XDRError) {
      if verifies, try !isProved(transaction, bytes) { return }
      if mode == .events {
        try events.extract(transaction, bytes, into: &records)
      } else {
        try extractor.extract(transaction, bytes, into: &records)
      }
    } catch { return report(transaction.words(for: error, bytes)) }
    let made = mode == .events ? events.records.count : extractor.records.count
    for index in 0..<made {
      let range = mode == .events ? events.records[index] : extractor.records[index].range
      if let problem = write(made: range, &output) {
        problems.append(problem)
        if !keepGoing { return }
      }
    }
  }

  /// Checks return values and events against the results. Returns false if they do not match.
  private mutating func isProved(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws(XDRError) -> Bool {
    let found = try ResultProof.check(transaction, bytes)
    let name = "transaction \(transaction.hash.hex)"
    for exception in found.exceptions { exceptions.append((exception.kind, "\(name): \(exception.description)")) }
    guard let mismatch = found.mismatch else { return true }
    report("\(name): \(mismatch.description)")
    return false
  }

  private mutating func write(made range: Range<Int>, _ output: inout Output) -> Failure? {
    // Taken out while it is read, so that nothing else can change it.
    var held = ByteBuffer(capacity: 16)
    swap(&held, &records)
    let problem = write(record: held.bytes(range), &output)
    swap(&held, &records)
    return problem
  }

  private mutating func write(record: RawSpan, _ output: inout Output) -> Failure? {
    do throws(RecordError) {
      if try filter?.selects(record: record) == false { return nil }
    } catch {
      let what = error.description(of: record)
      return if case .inapplicable = error { .usage(what) } else { Failure(Diagnostic(what)) }
    }
    do throws(XDRError) {
      var isWritten = true
      if let renderer {
        try renderer.render(type, record, into: &output.buffer)
      } else {
        if let isDone = try proto?.render(record, into: &output.buffer) { isWritten = isDone }
        if let isDone = try specs?.render(record, into: &output.buffer) { isWritten = isDone }
      }
      if isWritten { finish(&output) }
      return nil
    } catch {
      output.abandonRecord()
      return Failure(Diagnostic(Schema.shared.message(for: error, in: type, record)))
    }
  }
}
