// Every system call of the project stands in this file, so that what it does about interruptions and errors is said once.
// The data path gets its bytes here; `unsafe` marks each place where a pointer crosses into C.

import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes after which a stream is long enough for wider pipes and for second threads.
package let longStream = 4 << 20

/// A failed system call: its `errno`.
struct SystemError: Error, Equatable {
  let code: Int32

  static var last: SystemError { SystemError(code: errno) }
  static let outOfRange = SystemError(code: EOVERFLOW)
  static let closedPipe = SystemError(code: EPIPE)

  /// The system's words for an error, for example "No such file or directory".
  static func text(of code: Int32) -> String {
    // strerror(3) returns text that stays until its next call, and only the first thread asks.
    unsafe String(cString: strerror(code))
  }
}

/// What a path leads to, as far as it matters here.
enum FileType { case regular(size: Int), directory, fifo, other }

enum System {
  enum ReadResult { case bytes(Int), wouldBlock }
  typealias SignalSet = sigset_t

  /// The C function is `open`, for reading. Tries again when a signal interrupts it.
  static func openFile(_ path: String) throws(SystemError) -> Int32 {
    while true {
      let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .last }
    }
  }

  /// The C function is `close`. Not tried again: after an interruption the descriptor is gone all the same.
  static func closeDescriptor(_ descriptor: Int32) throws(SystemError) {
    if close(descriptor) != 0 && errno != EINTR { throw .last }
  }

  /// The C function is `read`: up to `length` bytes to the end of `buffer`; none at the end of the file.
  /// Tries again when a signal interrupts it.
  static func readSome(_ descriptor: Int32, _ length: Int, to buffer: inout ByteBuffer) throws(SystemError) -> ReadResult {
    var result = ReadResult.wouldBlock
    _ = try unsafe buffer.withRoom(length) { (room) throws(SystemError) in
      while true {
        let count = unsafe read(descriptor, room.baseAddress, room.count)
        if count >= 0 {
          result = .bytes(count)
          return count
        }
        if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
        if errno != EINTR { throw .last }
      }
    }
    return result
  }

  /// The C function is `write`, as often as it takes for all of `bytes`.
  /// A full non-blocking descriptor is waited for; tries again when a signal interrupts it.
  static func writeAll(_ descriptor: Int32, _ bytes: RawSpan) throws(SystemError) {
    var written = 0
    while written < bytes.byteCount {
      let rest = bytes.extracting(droppingFirst: written)
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        wait(descriptor, toWrite: true)
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  /// The C function is `write`, once. For messages: what the descriptor does not take is lost.
  static func writeOnce(_ descriptor: Int32, _ bytes: RawSpan) {
    while unsafe bytes.withUnsafeBytes({ unsafe write(descriptor, $0.baseAddress, $0.count) }) < 0, errno == EINTR {}
  }

  /// Whether a read would return at once, be it with bytes, the end or an error. The C function is `poll`, without waiting.
  static func isReadable(_ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  /// Lets a pipe of the usual size hold a megabyte, so that its two ends work side by side instead of taking turns: a pipeline of two of the
  /// tools takes three quarters of the time. A size that somebody chose stays, and what is no pipe. The C function is `fcntl`, on Linux.
  static func widenPipe(_ descriptor: Int32) {
    #if os(Linux)
      // F_GETPIPE_SZ and F_SETPIPE_SZ, which are not among what Glibc's module shows.
      let (getSize, setSize): (Int32, Int32) = (1032, 1031)
      if fcntl(descriptor, getSize) == 64 << 10 { _ = fcntl(descriptor, setSize, 1 << 20) }
    #endif
  }

  /// Waits until a descriptor can be read or written, or so long; whether it can. The C function is `poll`.
  @discardableResult
  static func wait(_ descriptor: Int32, toWrite: Bool = false, atMost limit: Duration? = nil) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
    // Rounded up, so as not to come too early again and again.
    let milliseconds = limit.map {
      Int32(clamping: $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000 + 1)
    }
    let found = unsafe poll(&entry, 1, milliseconds ?? -1)
    return found > 0 || found < 0 && errno != EINTR
  }

  /// The C function is `stat`.
  static func type(of path: String) throws(SystemError) -> FileType {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { throw .last }
    return type(facts)
  }

  /// The C function is `fstat`.
  static func type(of descriptor: Int32) throws(SystemError) -> FileType {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw .last }
    return type(facts)
  }

  /// The device a descriptor leads to. The C function is `fstat`.
  static func device(of descriptor: Int32) -> UInt64? {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { return nil }
    return UInt64(truncatingIfNeeded: facts.st_rdev)
  }

  /// The C function is `isatty`.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The columns of a terminal, as it tells. The C function is `ioctl` with TIOCGWINSZ.
  static func columns(of terminal: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Whether this process is of those that a terminal listens to; of a terminal that is not its own, too. The C function is `tcgetpgrp`.
  static func isInForeground(of terminal: Int32) -> Bool {
    let group = tcgetpgrp(terminal)
    return group < 0 || group == getpgrp()
  }

  private static func type(_ facts: stat) -> FileType {
    switch facts.st_mode & S_IFMT {
    case S_IFREG: .regular(size: Int(facts.st_size))
    case S_IFDIR: .directory
    case S_IFIFO: .fifo
    default: .other
    }
  }

  /// Calls `body` with the name of each entry of a directory, in no order. The C functions are `opendir` and `readdir`.
  static func forEachEntry(of directory: String, _ body: (RawSpan) -> Void) throws(SystemError) {
    guard let stream = unsafe opendir(directory) else { throw .last }
    defer { unsafe closedir(stream) }
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw .last }
        return
      }
      // d_name ends with a zero byte inside the entry, which stays until the next readdir.
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        let start = unsafe UnsafeRawPointer(name)
        let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
        body(unsafe RawSpan(_unsafeStart: start, byteCount: length))
      }
    }
  }

  /// Holds SIGINT, SIGTERM and SIGHUP back in this thread: they take effect in another one, or after `releaseSignals`. Returns what was held
  /// before.
  ///
  /// No signal has a handler: a tool may die at any time except while a record is written, which would be torn. This is that exception.
  @discardableResult
  static func holdSignals() -> SignalSet {
    var held = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&held)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&held, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &held, &before)
    return before
  }

  /// Holds back what was held before `holdSignals`, and no more; a signal that came meanwhile takes effect.
  static func releaseSignals(_ before: SignalSet) {
    var before = before
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Makes a write to a closed pipe end the process, whatever its parent had decided about SIGPIPE.
  static func dieOfClosedPipes() {
    signal(SIGPIPE, SIG_DFL)
    var pipe = sigset_t()
    unsafe sigemptyset(&pipe)
    unsafe sigaddset(&pipe, SIGPIPE)
    unsafe pthread_sigmask(SIG_UNBLOCK, &pipe, nil)
  }

  /// Makes a write to a closed pipe fail, so that something can be done before `dieOfClosedPipes`.
  static func surviveClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  static func raiseClosedPipe() -> Never {
    dieOfClosedPipes()
    raise(SIGPIPE)
    exit(128 + SIGPIPE)
  }

  /// Opens /dev/null for every standard descriptor that is closed, the wrong way round, so that using it still fails (EBADF)
  /// but no FILE can come to have its number.
  static func fillStandardDescriptors() {
    for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)]
    where fcntl(descriptor, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", mode)  // open(2) takes the lowest number that is free: this one
    }
  }
}

extension RawSpan {
  /// The offset of the first `byte` at or after `start`. The C function is `memchr`, which looks at many bytes at a time.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard start < byteCount else { return nil }
    return unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), bytes.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}
