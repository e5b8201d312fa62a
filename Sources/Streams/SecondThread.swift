#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Work that is done beside the loop of a tool, one piece at a time: `start` a piece, go on, `finish` it before the next.
///
/// What `work` touches is the second thread's between `start` and `finish`, and the first thread's otherwise, so nothing else needs a lock.
/// The thread begins with the first piece: a short run has one thread, a long one what decompresses and what writes (and, see `RecordMaker`,
/// makes records) beside it. Where another processor is free, the first two took a quarter off what `make bench` measures of ledger-split, the
/// last a tenth (into a pipe) to a third off whole ledgers to JSON.
@safe class SecondThread: @unchecked Sendable {
  private enum State { case idle, working, over }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Both threads': only with the mutex.
  private var state = State.idle
  /// Whether a piece was started and not finished. The first thread's, like `isRunning`.
  private(set) var isStarted = false
  private var isRunning = false
  private let takesSignals: Bool

  /// Signals that end the process take effect in the second thread while it has nothing to do, and nowhere else; or else never there.
  init(takesSignals: Bool) {
    self.takesSignals = takesSignals
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(change, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(change)
    unsafe mutex.deallocate()
    unsafe change.deallocate()
  }

  /// A piece of work. Runs in the second thread.
  func work() {}

  /// Begins a piece; the one before was finished.
  func start() {
    precondition(!isStarted, "a piece of work is still under way")
    isStarted = true
    guard isRunning || launch() else { return work() }
    become(.working)
  }

  /// Waits until the piece that was started is done, if one was.
  func finish() {
    guard isStarted else { return }
    isStarted = false
    unsafe pthread_mutex_lock(mutex)
    while state == .working { unsafe pthread_cond_wait(change, mutex) }
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Ends the thread, after the piece it is at.
  func end() {
    finish()
    if isRunning { become(.over) }
    isRunning = false
  }

  private func become(_ next: State) {
    unsafe pthread_mutex_lock(mutex)
    state = next
    unsafe pthread_cond_signal(change)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// False where the system has no thread to give; the work is then done by the first.
  private func launch() -> Bool {
    func create() -> Bool {
      var thread = pthread_t()
      let reference = unsafe Unmanaged.passRetained(self)
      let failure = unsafe pthread_create(&thread, nil, { unsafe SecondThread.main($0) }, reference.toOpaque())
      if failure != 0 {
        unsafe reference.release()
        return false
      }
      pthread_detach(thread)
      return true
    }
    if takesSignals {
      isRunning = create()
      if isRunning { System.holdSignals() }
    } else {
      System.holdingSignals { isRunning = create() }
    }
    return isRunning
  }

  private static func main(_ reference: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let reference = unsafe reference else { return nil }
    unsafe Unmanaged<SecondThread>.fromOpaque(reference).takeRetainedValue().loop()
    return nil
  }

  private func loop() {
    while true {
      unsafe pthread_mutex_lock(mutex)
      while state == .idle { unsafe pthread_cond_wait(change, mutex) }
      let isOver = state == .over
      unsafe pthread_mutex_unlock(mutex)
      if isOver { return }
      work()
      become(.idle)
    }
  }
}
