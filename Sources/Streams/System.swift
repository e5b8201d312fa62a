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
  static let noSuchFile = SystemError(code: ENOENT)
  static let noDirectory = SystemError(code: ENOTDIR)
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

  /// The C function is `open`, for reading. Tries again when a signal interrupts it. A named pipe is opened without waiting for its writer:
  /// `wait` does that, so that a signal can end it.
  static func openFile(_ path: String) throws(SystemError) -> Int32 {
    var mode = O_RDONLY | O_CLOEXEC | O_NOCTTY
    if case .fifo? = try? type(of: path) { mode |= O_NONBLOCK }
    while true {
      let descriptor = unsafe open(path, mode)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .last }
    }
  }

  /// Writes a file beside another one, and puts it in its place: whoever reads there finds the one or the other, whole. The C functions are
  /// `open`, `write`, `rename` and `unlink`.
  static func replaceFile(_ path: String, _ bytes: RawSpan) throws(SystemError) {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let aside = "\(path[..<slash]).\(path[slash...]).\(getpid()).tmp"
    let descriptor = unsafe open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .last }
    do throws(SystemError) {
      do throws(SystemError) { try writeAll(descriptor, bytes) } catch {
        try? closeDescriptor(descriptor)
        throw error
      }
      try closeDescriptor(descriptor)
      guard unsafe rename(aside, path) == 0 else { throw .last }
    } catch {
      _ = unsafe unlink(aside)
      throw error
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
        waitToWrite(descriptor)
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

  /// Waits until a descriptor can be written. The C function is `poll`.
  static func waitToWrite(_ descriptor: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&entry, 1, -1)
  }

  /// Waits until a descriptor can be read, or so long, or until a signal wants an answer; whether it can be read. The C function is `poll`.
  static func wait(_ descriptor: Int32, atMost limit: Duration? = nil) -> Bool {
    if Signals.isPending { return false }
    var entries = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: Signals.wakingEnd, events: Int16(POLLIN), revents: 0)
    )
    // Rounded up, so as not to come too early again and again.
    let milliseconds = limit.map {
      Int32(clamping: $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000 + 1)
    }
    let found = unsafe withUnsafeMutablePointer(to: &entries) {
      unsafe $0.withMemoryRebound(to: pollfd.self, capacity: 2) { unsafe poll($0, 2, milliseconds ?? -1) }
    }
    return found > 0 && entries.0.revents != 0 || found < 0 && errno != EINTR
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

  /// Whether a process of this one's group has the terminal that a descriptor leads to as its standard output. True where that cannot be known:
  /// only Linux tells, by /proc. The C functions are `getpgid` and `stat`.
  static func isStandardOutputOfGroup(_ terminal: Int32) -> Bool {
    #if os(Linux)
      var own = stat()
      guard unsafe fstat(terminal, &own) == 0 else { return true }
      let group = getpgrp()
      var isFound = false
      do throws(SystemError) {
        try forEachEntry(of: "/proc") { name in
          guard !isFound, let process = Int32(name.text), getpgid(process) == group else { return }
          var facts = stat()
          if unsafe stat("/proc/\(process)/fd/1", &facts) == 0 {
            // 5:0 is /dev/tty, whichever terminal that is.
            isFound = facts.st_mode & S_IFMT == S_IFCHR && (facts.st_rdev == own.st_rdev || facts.st_rdev == 5 << 8)
          } else {
            // No such descriptor, or a process that may not be looked at.
            isFound = errno != ENOENT
          }
        }
      } catch { return true }
      return isFound
    #else
      return true
    #endif
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

  /// The C function is `stat`.
  static func stamp(of path: String) -> FileStamp {
    var facts = stat()
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    guard unsafe stat(path, &facts) == 0 else { return FileStamp() }
    #if canImport(Darwin)
      let changed = facts.st_mtimespec
    #else
      let changed = facts.st_mtim
    #endif
    return FileStamp(
      device: UInt64(truncatingIfNeeded: facts.st_dev), inode: UInt64(facts.st_ino), size: Int(facts.st_size),
      changed: nanoseconds(changed), seen: nanoseconds(now))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }

  // MARK: changes in directories

  /// A descriptor that can be read when something changes in a directory that it is told to watch; -1 where there is no such thing.
  /// The C function is `inotify_init1`, on Linux.
  static func makeNotifier() -> Int32 {
    #if os(Linux)
      return inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    #else
      return -1
    #endif
  }

  /// Watches a directory for entries that come, or are written to their end. False where that is not possible. The C function is
  /// `inotify_add_watch`.
  static func notify(_ notifier: Int32, ofChangesIn directory: String) -> Bool {
    #if os(Linux)
      return unsafe inotify_add_watch(notifier, directory, UInt32(IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR)) >= 0
    #else
      return false
    #endif
  }

  /// Watches nothing any more.
  static func forgetChanges(_ notifier: Int32) {
    let other = makeNotifier()
    guard other >= 0 else { return }
    dup2(other, notifier)
    _ = fcntl(notifier, F_SETFD, FD_CLOEXEC)
    close(other)
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

  /// Whether a signal does nothing. The C function is `sigaction`.
  static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
  }

  /// A pipe that neither end waits for, reading end first. The C functions are `pipe` and `fcntl`.
  static func makePipe() -> (Int32, Int32)? {
    var ends: (Int32, Int32) = (-1, -1)
    let made = unsafe withUnsafeMutablePointer(to: &ends) {
      unsafe $0.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe pipe($0) }
    }
    guard made == 0 else { return nil }
    for end in [ends.0, ends.1] {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return ends
  }

  /// Puts a byte into a pipe that has room, and leaves `errno` as it was: for handlers of signals. The C function is `write`.
  static func wake(_ writingEnd: Int32) {
    let before = errno
    var byte: UInt8 = 0
    _ = unsafe write(writingEnd, &byte, 1)
    errno = before
  }

  /// Takes what is in a descriptor that wakes a wait, and forgets it. The C function is `read`.
  static func drain(_ descriptor: Int32) {
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { room in
      while unsafe read(descriptor, room.baseAddress, room.count) > 0 {}
    }
  }

  /// Has a signal handled from now on, and lets it in. Calls that it interrupts go on. The C function is `sigaction`.
  static func setHandler(of signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    _ = unsafe sigaction(signal, &action, nil)
    unblock(signal)
  }

  /// Ends the process by a signal.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    unblock(number)
    raise(number)
    exit(128 + number)
  }

  private static func unblock(_ signal: Int32) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, signal)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Makes a write to a closed pipe end the process, whatever its parent had decided about SIGPIPE.
  static func dieOfClosedPipes() {
    signal(SIGPIPE, SIG_DFL)
    unblock(SIGPIPE)
  }

  /// Makes a write to a closed pipe fail, so that something can be done before `dieOfClosedPipes`.
  static func surviveClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  static var closedPipeSignal: Int32 { SIGPIPE }

  static func raiseClosedPipe() -> Never { die(of: SIGPIPE) }

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
