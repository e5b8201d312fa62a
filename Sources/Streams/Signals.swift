import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The signals that a run answers: SIGINT, SIGTERM and SIGHUP end it, SIGUSR1 asks for its counters.
///
/// The handler only records the signal. The run answers it when no record is partly written: before it reads the next record, or
/// while it waits for input. The handler also writes to a pipe that wakes `System.wait`, so that a signal just before the wait is
/// not missed.
package enum Signals {
  package enum Request: Equatable, Sendable {
    case report
    /// The caller answers this with `Signals.die`.
    case end(Int32)
  }

  private static let ending: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// A bit for each signal that was received and not answered.
  private static let pending = Atomic<UInt32>(0)
  /// The ends of the pipe; -1, which `poll` ignores, before `watch`.
  private static let readingEnd = Atomic<Int32>(-1)
  private static let writingEnd = Atomic<Int32>(-1)

  static var wakingEnd: Int32 { readingEnd.load(ordering: .relaxed) }

  /// Starts to record signals. A signal that the parent process ignores (`nohup`) stays ignored.
  package static func watch() {
    // Initialize the constant here, because lazy initialization takes a lock, which a handler must not do.
    pending.store(0, ordering: .relaxed)
    guard let pipe = System.makePipe() else { return }
    readingEnd.store(pipe.0, ordering: .relaxed)
    writingEnd.store(pipe.1, ordering: .relaxed)
    for signal in ending + [SIGUSR1] where !System.isIgnored(signal) { System.setHandler(of: signal) { Signals.note($0) } }
  }

  private static func note(_ signal: Int32) {
    pending.bitwiseOr(1 << UInt32(signal & 31), ordering: .releasing)
    System.wake(writingEnd.load(ordering: .relaxed))
  }

  /// Whether a signal was received and not answered.
  @inline(__always)
  package static var isPending: Bool { pending.load(ordering: .relaxed) != 0 }

  /// Takes a signal that was not answered; one that ends the run comes first.
  package static func take() -> Request? {
    System.drain(wakingEnd)
    let all = pending.exchange(0, ordering: .acquiring)
    if all == 0 { return nil }
    for signal in ending where all & 1 << UInt32(signal) != 0 { return .end(signal) }
    return .report
  }

  /// Ends the process by a signal, with the signal's default action.
  package static func die(of signal: Int32) -> Never { System.die(of: signal) }
}
