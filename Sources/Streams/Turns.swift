#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The order of threads that each repeat three steps: read a batch, process it, and write the results.
///
/// One thread at a time reads, and gets a number for its batch. One thread at a time writes, in the order of these numbers. State
/// that only the reader uses, or only the writer, needs no other lock.
///
/// ```
///   thread 1   read 0 | work . . . . | write 0 | read 2 | work . . .
///   thread 2            read 1 | work . . . . .  | write 1 | read 3
/// ```
@safe package final class Turns: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let mayRead = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let mayWrite = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Protected by the mutex.
  private var isReading = false
  private var isOver = false
  private var batches = 0
  private var written = 0
  private var returnsFrames = false

  package init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(mayRead, nil)
    unsafe pthread_cond_init(mayWrite, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(mayRead)
    unsafe pthread_cond_destroy(mayWrite)
    unsafe mutex.deallocate()
    unsafe mayRead.deallocate()
    unsafe mayWrite.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Waits until no other thread reads. Returns the number of the batch to read, or nil if there is nothing more to read.
  package func beginReading() -> Int? {
    locked {
      while isReading, !isOver { unsafe pthread_cond_wait(mayRead, mutex) }
      if isOver { return nil }
      isReading = true
      batches += 1
      return batches - 1
    }
  }

  /// Ends this thread's turn to read. `isLast` if there is nothing more to read. Wakes another thread only if input is ready: if
  /// input arrives more slowly than it is processed, one thread continues alone, and no thread is woken for a batch that it would
  /// have to wait for.
  package func endReading(isLast: Bool, isReady: Bool) {
    locked {
      isReading = false
      if isLast { isOver = true }
      if isOver { unsafe pthread_cond_broadcast(mayRead) } else if isReady { unsafe pthread_cond_signal(mayRead) }
    }
  }

  /// The calling thread ends; another one may read.
  package func leave() {
    locked { _ = unsafe pthread_cond_signal(mayRead) }
  }

  /// Whether threads must return the compressed frames that they took, because the frames are read in order.
  package var isReturningFrames: Bool {
    get { locked { returnsFrames } }
    set { locked { returnsFrames = newValue } }
  }

  /// Waits until every batch before this one is written.
  package func beginWriting(_ batch: Int) {
    locked {
      while written != batch { unsafe pthread_cond_wait(mayWrite, mutex) }
    }
  }

  /// Whether every batch before this one is written.
  package func mayWrite(_ batch: Int) -> Bool { locked { written == batch } }

  /// Ends the turn to write of the current batch.
  package func endWriting() {
    locked {
      written += 1
      unsafe pthread_cond_broadcast(mayWrite)
    }
  }

  /// Ends reading for all threads.
  package func stop() {
    locked {
      isOver = true
      unsafe pthread_cond_broadcast(mayRead)
    }
  }
}

/// A thread that can be joined.
@safe package struct WorkerThread {
  /// Enough for the deepest nesting that is accepted. The system's default may be smaller (musl: 128 KiB).
  private static let stackSize = 8 << 20

  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  /// Nil if the system cannot start a thread.
  package init?(_ run: @escaping () -> Void) {
    var thread = pthread_t()
    let reference = unsafe Unmanaged.passRetained(Body(run))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, Self.stackSize)
    let failure = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, reference.toOpaque())
    if failure != 0 {
      unsafe reference.release()
      return nil
    }
    self.thread = thread
  }

  package func join() { _ = pthread_join(thread, nil) }
}
