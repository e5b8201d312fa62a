import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Signals that a run answers: SIGINT, SIGTERM and SIGHUP end it, SIGUSR1 asks how far it is.
///
/// A handler only notes the signal. The run answers it where no record is half written: before the next record is read, or while it waits for
/// input. A pipe that the handler writes to wakes `System.wait`, so that none is missed that comes just before it waits.
package enum Signals {
  package enum Request: Equatable, Sendable {
    case report
    /// To be answered by `Signals.die`.
    case end(Int32)
  }

  private static let ending: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// A bit for each signal that has come and was not answered.
  private static let pending = Atomic<UInt32>(0)
  /// The pipe's ends; -1, which `poll` passes over, while nothing is watched.
  private static let readingEnd = Atomic<Int32>(-1)
  private static let writingEnd = Atomic<Int32>(-1)

  static var wakingEnd: Int32 { readingEnd.load(ordering: .relaxed) }

  /// Notes signals from now on. One that the parent process ignores (`nohup`) stays ignored.
  package static func watch() {
    // The handler must not be the first to need it: a lazy constant is set up under a lock.
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

  /// Whether a signal waits for an answer.
  @inline(__always)
  package static var isPending: Bool { pending.load(ordering: .relaxed) != 0 }

  /// Takes a signal that waits for an answer; one that ends the run first.
  package static func take() -> Request? {
    System.drain(wakingEnd)
    let all = pending.exchange(0, ordering: .acquiring)
    if all == 0 { return nil }
    for signal in ending where all & 1 << UInt32(signal) != 0 { return .end(signal) }
    return .report
  }

  /// Ends the process by a signal, as if nothing had been noted.
  package static func die(of signal: Int32) -> Never { System.die(of: signal) }
}

/// Is told while a run waits for input, and of signals. It is called by the thread that reads, with the bytes that were read from all FILEs
/// and written so far, when all finished records are written.
package protocol RunMonitor: AnyObject {
  /// There is nothing to read. Returns how long to wait at most until this is called again; nil for as long as it takes.
  func isWaiting(bytesRead: Int, bytesWritten: Int) -> Duration?
  /// The next object of a data lake that is followed is not there, though later ones are, and was waited for as long as the user's patience.
  func isMissing(_ ledger: UInt32, of directory: String)
  func received(_ request: Signals.Request, bytesRead: Int, bytesWritten: Int)
}
