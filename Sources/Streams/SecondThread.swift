#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Work that is done beside the loop of a tool, piece by piece: one is under way, one more may wait until it is done.
///
/// What `take` and `work` touch is the second thread's from `start` on until `finish`; what both threads need meanwhile they touch in `locked`.
/// The thread begins with the first piece: a short run has one thread, a long one what decompresses and what writes (and, see `RecordMaker`,
/// makes records) beside it. Where another processor is free, the first two take a third off what `make bench` measures of ledger-split, and
/// all of them two fifths off whole ledgers to JSON, or nearly half where those go into a pipe.
@safe class SecondThread: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Both threads': only with the mutex.
  private var isWaiting = false
  private var isWorking = false
  private var isOver = false
  /// Whether a piece was started since `finish`. The first thread's, like `isRunning`.
  private(set) var isStarted = false
  private var isRunning = false
  /// Enough for the deepest values there can be, wherever the system's own default is less (musl: 128 KiB).
  private static let stackSize = 8 << 20

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(change, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(change)
    unsafe mutex.deallocate()
    unsafe change.deallocate()
  }

  /// Takes the piece that was started from where it waits. Called with the lock, in the second thread, like `work`.
  func take() {}
  func work() {}

  /// Both threads' for as long as `body` takes.
  final func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Starts a piece, which begins when the one before is done.
  final func start() {
    isStarted = true
    guard isRunning || launch() else {
      take()
      return work()
    }
    locked {
      precondition(!isWaiting, "a piece of work waits already")
      isWaiting = true
      unsafe pthread_cond_signal(change)
    }
  }

  /// Whether no piece waits.
  final var hasRoom: Bool { locked { !isWaiting } }

  /// Whether something that was started is not done.
  final var isBusy: Bool { isStarted && locked { isWaiting || isWorking } }

  /// Waits until no piece waits.
  final func makeRoom() { wait { !isWaiting } }

  /// Waits until all that was started is done.
  final func finish() {
    guard isStarted else { return }
    isStarted = false
    wait { !isWaiting && !isWorking }
  }

  /// Ends the thread, after all that was started.
  final func end() {
    finish()
    guard isRunning else { return }
    isRunning = false
    locked {
      isOver = true
      unsafe pthread_cond_signal(change)
    }
  }

  private func wait(until isTrue: () -> Bool) {
    locked {
      while !isTrue() { unsafe pthread_cond_wait(change, mutex) }
    }
  }

  /// False where the system has no thread to give; the work is then done by the first.
  private func launch() -> Bool {
    var thread = pthread_t()
    let reference = unsafe Unmanaged.passRetained(self)
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, Self.stackSize)
    let failure = unsafe pthread_create(&thread, &attributes, { unsafe SecondThread.main($0) }, reference.toOpaque())
    if failure != 0 {
      unsafe reference.release()
      return false
    }
    pthread_detach(thread)
    isRunning = true
    return true
  }

  private static func main(_ reference: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let reference = unsafe reference else { return nil }
    unsafe Unmanaged<SecondThread>.fromOpaque(reference).takeRetainedValue().loop()
    return nil
  }

  private func loop() {
    while true {
      let goesOn = locked {
        isWorking = false
        unsafe pthread_cond_signal(change)
        while !isWaiting && !isOver { unsafe pthread_cond_wait(change, mutex) }
        guard isWaiting else { return false }
        isWaiting = false
        isWorking = true
        take()
        unsafe pthread_cond_signal(change)
        return true
      }
      guard goesOn else { return }
      work()
    }
  }
}
