import Bytes
import WebLibrary

// The functions that soroban.h declares.

/// A session of the host.
final class WebSession {
  enum State: UInt32 { case wantsInput, more, ended, failed }

  /// The size at which output or warnings are handed over. With smaller pieces the host would make many more calls.
  private static let piece = 256 << 10

  var pipeline: WebPipeline
  private var state = State.wantsInput
  private(set) var failure: Failure?
  private(set) var message: [UInt8] = []
  private(set) var counters: [UInt8] = []

  init(_ pipeline: consuming WebPipeline) { self.pipeline = pipeline }

  func run() -> State {
    if state == .ended || state == .failed { return state }
    do throws(RunError) { state = try work() } catch {
      if case .stream(let error) = error, error.kind == .waiting {
        state = .wantsInput
      } else {
        fail(Failure(error))
      }
    }
    if state == .ended || state == .failed { pipeline.session.messages.countLeftOut() }
    return state
  }

  private func work() throws(RunError) -> State {
    while pipeline.session.output.finished < Self.piece, pipeline.session.messages.text.count < Self.piece {
      if try !pipeline.step() { return .ended }
    }
    return .more
  }

  private func fail(_ failure: Failure) {
    pipeline.session.output.abandonRecord()
    state = .failed
    self.failure = failure
    message = Array(failure.diagnostic.text.utf8)
  }

  func countersText() -> [UInt8] {
    let counters = pipeline.session.counters
    let (read, written) = (
      pipeline.session.reader.source.descriptor.total, pipeline.session.output.taken + Int64(pipeline.session.output.finished)
    )
    func orNull(_ ledger: UInt32?) -> String { ledger.map { "\($0)" } ?? "null" }
    let members = [
      "\"bytes_in\":\(read)", "\"bytes_out\":\(written)", "\"records_in\":\(counters.recordsIn)",
      "\"records_out\":\(counters.recordsOut)", "\"skipped\":\(counters.skipped)", "\"ledgers\":\(counters.ledgers)",
      "\"first_ledger\":\(orNull(counters.firstLedger))", "\"last_ledger\":\(orNull(counters.lastLedger))",
      "\"closed_at\":\(counters.lastClosedAt.map { "\($0)" } ?? "null")",
    ]
    self.counters = Array("{\(members.joined(separator: ","))}".utf8)
    return self.counters
  }
}

/// All sessions, and the results of single values. The message of a session that could not be opened is also in `values`.
private struct Module: ~Copyable {
  var sessions: [WebSession?] = []
  var values = SingleValues()

  func session(_ number: UInt32) -> WebSession? {
    number > 0 && number <= sessions.count ? sessions[Int(number) - 1] : nil
  }

  mutating func add(_ session: WebSession) -> UInt32 {
    if let free = sessions.firstIndex(where: { $0 == nil }) {
      sessions[free] = session
      return UInt32(free + 1)
    }
    sessions.append(session)
    return UInt32(sessions.count)
  }
}

// The module is single-threaded.
nonisolated(unsafe) private var module = Module()

private func span(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> UnsafeRawBufferPointer {
  unsafe UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : length)
}

private func address(_ bytes: [UInt8]) -> UnsafePointer<UInt8>? {
  // The session or the module keeps the array, so its storage stays valid.
  unsafe bytes.withUnsafeBufferPointer { $0.baseAddress }
}

@_expose(wasm, "soroban_allocate") @_cdecl("soroban_allocate")
public func sorobanAllocate(_ length: Int) -> UnsafeMutableRawPointer? {
  length < 0 ? nil : unsafe malloc(max(length, 1))
}

@_expose(wasm, "soroban_release") @_cdecl("soroban_release")
public func sorobanRelease(_ memory: UnsafeMutableRawPointer?) { unsafe free(memory) }

@_expose(wasm, "soroban_open") @_cdecl("soroban_open")
public func sorobanOpen(_ options: UnsafePointer<UInt8>?, _ length: Int) -> UInt32 {
  unsafe module.values.forget()
  do throws(UsageError) {
    let pipeline = try WebPipeline(try WebOptions(unsafe RawSpan(_unsafeBytes: span(options, length))))
    return unsafe module.add(WebSession(pipeline))
  } catch {
    unsafe module.values.refuse(error.description, .usage)
    return 0
  }
}

@_expose(wasm, "soroban_feed") @_cdecl("soroban_feed")
public func sorobanFeed(_ number: UInt32, _ bytes: UnsafePointer<UInt8>?, _ length: Int) {
  guard let session = unsafe module.session(number) else { return }
  let fed = unsafe span(bytes, length)
  if unsafe fed.isEmpty {
    session.pipeline.session.reader.pause()
  } else {
    unsafe session.pipeline.session.reader.feed(RawSpan(_unsafeBytes: fed))
  }
}

@_expose(wasm, "soroban_end") @_cdecl("soroban_end")
public func sorobanEnd(_ number: UInt32) { unsafe module.session(number)?.pipeline.session.reader.endInput() }

@_expose(wasm, "soroban_run") @_cdecl("soroban_run")
public func sorobanRun(_ number: UInt32) -> UInt32 {
  (unsafe module.session(number)?.run() ?? .ended).rawValue
}

@_expose(wasm, "soroban_output") @_cdecl("soroban_output")
public func sorobanOutput(_ number: UInt32) -> UnsafePointer<UInt8>? {
  guard let session = unsafe module.session(number) else {
    return number == 0 ? unsafe address(of: module.values.output) : nil
  }
  return unsafe address(of: session.pipeline.session.output.buffer)
}

private func address(of buffer: borrowing ByteBuffer) -> UnsafePointer<UInt8>? {
  unsafe buffer.bytes.withUnsafeBytes { unsafe $0.baseAddress?.assumingMemoryBound(to: UInt8.self) }
}

@_expose(wasm, "soroban_output_length") @_cdecl("soroban_output_length")
public func sorobanOutputLength(_ number: UInt32) -> Int {
  guard let session = unsafe module.session(number) else { return number == 0 ? unsafe module.values.output.count : 0 }
  return session.pipeline.session.output.finished
}

@_expose(wasm, "soroban_clear") @_cdecl("soroban_clear")
public func sorobanClear(_ number: UInt32) {
  guard let session = unsafe module.session(number) else { return }
  session.pipeline.session.output.clear()
  session.pipeline.session.messages.clear()
}

@_expose(wasm, "soroban_message") @_cdecl("soroban_message")
public func sorobanMessage(_ number: UInt32) -> UnsafePointer<UInt8>? {
  guard number > 0 else { return unsafe address(module.values.message) }
  return unsafe module.session(number).flatMap { unsafe address($0.message) }
}

@_expose(wasm, "soroban_message_length") @_cdecl("soroban_message_length")
public func sorobanMessageLength(_ number: UInt32) -> Int {
  number > 0 ? unsafe module.session(number)?.message.count ?? 0 : unsafe module.values.message.count
}

@_expose(wasm, "soroban_status") @_cdecl("soroban_status")
public func sorobanStatus(_ number: UInt32) -> UInt32 {
  let status = number > 0 ? unsafe module.session(number)?.failure?.status : unsafe module.values.status
  return UInt32((status ?? .success).rawValue)
}

@_expose(wasm, "soroban_message_offset") @_cdecl("soroban_message_offset")
public func sorobanMessageOffset(_ number: UInt32) -> Int64 {
  (number > 0 ? unsafe module.session(number)?.failure?.diagnostic.offset : unsafe module.values.offset) ?? -1
}

@_expose(wasm, "soroban_message_record") @_cdecl("soroban_message_record")
public func sorobanMessageRecord(_ number: UInt32) -> Int64 {
  unsafe module.session(number)?.failure?.diagnostic.record.map { Int64($0) } ?? -1
}

@_expose(wasm, "soroban_message_ledger") @_cdecl("soroban_message_ledger")
public func sorobanMessageLedger(_ number: UInt32) -> Int64 {
  unsafe module.session(number)?.failure?.diagnostic.ledger.map { Int64($0) } ?? -1
}

@_expose(wasm, "soroban_warnings") @_cdecl("soroban_warnings")
public func sorobanWarnings(_ number: UInt32) -> UnsafePointer<UInt8>? {
  unsafe module.session(number).flatMap { unsafe address($0.pipeline.session.messages.text) }
}

@_expose(wasm, "soroban_warnings_length") @_cdecl("soroban_warnings_length")
public func sorobanWarningsLength(_ number: UInt32) -> Int {
  unsafe module.session(number)?.pipeline.session.messages.text.count ?? 0
}

@_expose(wasm, "soroban_counters") @_cdecl("soroban_counters")
public func sorobanCounters(_ number: UInt32) -> UnsafePointer<UInt8>? {
  unsafe module.session(number).flatMap { unsafe address($0.countersText()) }
}

@_expose(wasm, "soroban_counters_length") @_cdecl("soroban_counters_length")
public func sorobanCountersLength(_ number: UInt32) -> Int { unsafe module.session(number)?.counters.count ?? 0 }

@_expose(wasm, "soroban_close") @_cdecl("soroban_close")
public func sorobanClose(_ number: UInt32) {
  guard unsafe module.session(number) != nil else { return }
  unsafe module.sessions[Int(number) - 1] = nil
}

// MARK: single values

@_expose(wasm, "soroban_decode") @_cdecl("soroban_decode")
public func sorobanDecode(
  _ type: UnsafePointer<UInt8>?, _ typeLength: Int, _ style: UInt32, _ form: UInt32, _ value: UnsafePointer<UInt8>?, _ length: Int
) -> UInt32 {
  let name = unsafe RawSpan(_unsafeBytes: span(type, typeLength)).text
  return unsafe module.values.decode(
    name, style == 1 ? .native : .sep51, isText: form == 0, RawSpan(_unsafeBytes: span(value, length))) ? 1 : 0
}

@_expose(wasm, "soroban_encode") @_cdecl("soroban_encode")
public func sorobanEncode(
  _ type: UnsafePointer<UInt8>?, _ typeLength: Int, _ form: UInt32, _ json: UnsafePointer<UInt8>?, _ length: Int
) -> UInt32 {
  let name = unsafe RawSpan(_unsafeBytes: span(type, typeLength)).text
  return unsafe module.values.encode(name, asText: form == 0, RawSpan(_unsafeBytes: span(json, length))) ? 1 : 0
}

@_expose(wasm, "soroban_types") @_cdecl("soroban_types")
public func sorobanTypes() { unsafe module.values.listTypes() }

@_expose(wasm, "soroban_version") @_cdecl("soroban_version")
public func sorobanVersion() { unsafe module.values.tell(Version.number) }
