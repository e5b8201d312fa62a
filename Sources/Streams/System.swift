// All system calls of the project are in this file, so that interruptions and errors are handled in one place. `unsafe` marks
// each pointer that is passed to C.

import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The number of bytes after which a stream's pipe is enlarged.
package let longStream = 4 << 20

/// A failed system call, by its `errno`.
struct SystemError: Error, Equatable {
  let code: Int32

  static var last: SystemError { SystemError(code: errno) }
  static let noSuchFile = SystemError(code: ENOENT)
  static let noDirectory = SystemError(code: ENOTDIR)
  static let outOfRange = SystemError(code: EOVERFLOW)
  static let closedPipe = SystemError(code: EPIPE)

  /// The system's text for an error, for example "No such file or directory".
  static func text(of code: Int32) -> String {
    // The text of strerror(3) is valid until its next call, and only the first thread calls it.
    unsafe String(cString: strerror(code))
  }
}

/// The type of a file, as far as it matters here.
enum FileType { case regular(size: Int), directory, fifo, other }

enum System {
  enum ReadResult { case bytes(Int), wouldBlock }

  /// The C function is `open`, for reading. Retries after a signal. Opens a named pipe without waiting for its writer: `wait`
  /// does that, so that a signal can end it.
  static func openFile(_ path: String) throws(SystemError) -> Int32 {
    var mode = O_RDONLY | O_CLOEXEC | O_NOCTTY
    if case .fifo? = try? type(of: path) { mode |= O_NONBLOCK }
    while true {
      let descriptor = unsafe open(path, mode)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .last }
    }
  }

  /// Writes a temporary file and renames it: readers see either the old file or the complete new one. The C functions are `open`,
  /// `write`, `rename` and `unlink`.
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

  /// The C function is `close`. Does not retry after a signal, because the descriptor is closed then too.
  static func closeDescriptor(_ descriptor: Int32) throws(SystemError) {
    if close(descriptor) != 0 && errno != EINTR { throw .last }
  }

  /// The C function is `read`. Appends up to `length` bytes to `buffer`, none at the end of the file. Retries after a signal.
  static func readSome(_ descriptor: Int32, _ length: Int, to buffer: inout ByteBuffer) throws(SystemError) -> ReadResult {
    var result = ReadResult.wouldBlock
    _ = try unsafe buffer.withFreeCapacity(length) { (space) throws(SystemError) in
      while true {
        let count = unsafe read(descriptor, space.baseAddress, space.count)
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

  /// The C function is `write`, repeated until all of `bytes` is written. Waits for a non-blocking descriptor that is full.
  /// Retries after a signal.
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

  /// The C function is `write`, once, for messages. Bytes that the descriptor does not take are lost.
  static func writeOnce(_ descriptor: Int32, _ bytes: RawSpan) {
    while unsafe bytes.withUnsafeBytes({ unsafe write(descriptor, $0.baseAddress, $0.count) }) < 0, errno == EINTR {}
  }

  /// Whether a read returns at once, with bytes, the end of the file or an error. The C function is `poll`, without waiting.
  static func isReadable(_ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  /// Enlarges a pipe of the default size to a megabyte, so that its two ends work at the same time instead of in turns. A pipe of
  /// any other size stays as it is, and so does a descriptor that is not a pipe. The C function is `fcntl`, on Linux.
  static func widenPipe(_ descriptor: Int32) {
    #if os(Linux)
      // F_GETPIPE_SZ and F_SETPIPE_SZ, which Glibc's module does not export.
      let (getSize, setSize): (Int32, Int32) = (1032, 1031)
      if fcntl(descriptor, getSize) == 64 << 10 { _ = fcntl(descriptor, setSize, 1 << 20) }
    #endif
  }

  /// Waits until a descriptor can be written. The C function is `poll`.
  static func waitToWrite(_ descriptor: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&entry, 1, -1)
  }

  /// Waits until a descriptor can be read, `limit` has passed, or a signal is pending; returns whether it can be read. The C
  /// function is `poll`.
  static func wait(_ descriptor: Int32, atMost limit: Duration? = nil) -> Bool {
    if Signals.isPending { return false }
    var entries = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: Signals.wakingEnd, events: Int16(POLLIN), revents: 0)
    )
    // Rounded up, so that the wait does not end slightly too early again and again.
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

  /// Whether a terminal is the standard output of a process in this one's group. Linux shows this in /proc; elsewhere the result
  /// is true. The C functions are `getpgid` and `stat`.
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
            // 5:0 is /dev/tty, which may be any terminal.
            isFound = facts.st_mode & S_IFMT == S_IFCHR && (facts.st_rdev == own.st_rdev || facts.st_rdev == 5 << 8)
          } else {
            // The descriptor does not exist, or access to the process is denied.
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

  /// The width of a terminal in columns. The C function is `ioctl` with TIOCGWINSZ.
  static func columns(of terminal: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Whether this process is in the foreground of a terminal; also true for a terminal that does not control it. The C function
  /// is `tcgetpgrp`.
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

  /// A descriptor that becomes readable when a watched directory changes; -1 if the system has no notifications. The C function
  /// is `inotify_init1`, on Linux.
  static func makeNotifier() -> Int32 {
    #if os(Linux)
      return inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    #else
      return -1
    #endif
  }

  /// Watches a directory for new entries and for files that were written and closed. Returns false if that is not possible. The C
  /// function is `inotify_add_watch`.
  static func notify(_ notifier: Int32, ofChangesIn directory: String) -> Bool {
    #if os(Linux)
      return unsafe inotify_add_watch(notifier, directory, UInt32(IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR)) >= 0
    #else
      return false
    #endif
  }

  /// Removes all watches.
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
      // d_name ends with a zero byte. It is part of the entry, which is valid until the next readdir.
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        let start = unsafe UnsafeRawPointer(name)
        let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
        body(unsafe RawSpan(_unsafeStart: start, byteCount: length))
      }
    }
  }

  /// Whether a signal is ignored. The C function is `sigaction`.
  static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
  }

  /// A pipe with two non-blocking ends, the reading end first. The C functions are `pipe` and `fcntl`.
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

  /// Writes a byte to a pipe unless it is full, and preserves `errno`, for signal handlers. The C function is `write`.
  static func wake(_ writingEnd: Int32) {
    let before = errno
    var byte: UInt8 = 0
    _ = unsafe write(writingEnd, &byte, 1)
    errno = before
  }

  /// Reads and discards everything available from a descriptor that wakes a wait. The C function is `read`.
  static func drain(_ descriptor: Int32) {
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { space in
      while unsafe read(descriptor, space.baseAddress, space.count) > 0 {}
    }
  }

  /// Installs and unblocks a signal handler. System calls that the signal interrupts continue. The C function is `sigaction`.
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

  /// Makes a write to a closed pipe end the process, whatever the parent process set for SIGPIPE.
  static func dieOfClosedPipes() {
    signal(SIGPIPE, SIG_DFL)
    unblock(SIGPIPE)
  }

  /// Makes a write to a closed pipe fail, so that the caller can act before `dieOfClosedPipes`.
  static func surviveClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  static var closedPipeSignal: Int32 { SIGPIPE }

  static func raiseClosedPipe() -> Never { die(of: SIGPIPE) }

  /// Opens /dev/null for each closed standard descriptor, in the wrong direction: using the descriptor still fails (EBADF), but
  /// no FILE gets its number.
  static func fillStandardDescriptors() {
    for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)]
    where fcntl(descriptor, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", mode)  // open(2) takes the lowest number that is free: this one
    }
  }
}

extension RawSpan {
  /// The offset of the first `byte` at or after `start`. The C function is `memchr`, which examines many bytes at a time.
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
