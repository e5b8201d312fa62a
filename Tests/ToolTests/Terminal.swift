// A terminal without a screen: its output as bytes.

import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

final class Terminal {
  static let exists = FileManager.default.isWritableFile(atPath: "/dev/ptmx")

  private let descriptor: Int32
  private(set) var shown = ""

  /// The requests TIOCSPTLCK and TIOCGPTN of the Linux headers, see tty_ioctl(4).
  private enum Request {
    static let unlock: UInt = 0x4004_5431
    static let number: UInt = 0x8004_5430
  }

  init(columns: UInt16) throws {
    descriptor = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(descriptor >= 0)
    var isLocked: Int32 = 0
    try #require(unsafe ioctl(descriptor, Request.unlock, &isLocked) == 0)
    resize(columns: columns)
  }

  deinit { close(descriptor) }

  /// The end that a program uses. It does not become a controlling terminal.
  func userSide() throws -> FileHandle {
    let side = unsafe open(try path(), O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(side >= 0)
    return FileHandle(fileDescriptor: side, closeOnDealloc: true)
  }

  /// The path through which a shell can read and write.
  func path() throws -> String {
    var number: Int32 = 0
    try #require(unsafe ioctl(descriptor, Request.number, &number) == 0)
    return "/dev/pts/\(number)"
  }

  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(descriptor, UInt(TIOCSWINSZ), &size)
  }

  /// Reads until `text` was shown; fails the test after a minute.
  func wait(for text: String) {
    let end = ContinuousClock.now + .seconds(60)
    while !shown.contains(text), ContinuousClock.now < end { read(atMost: 1000) }
    if !shown.contains(text) { Issue.record("the terminal never showed \(text), but \(shown)") }
  }

  /// Reads what is available; if nothing is, waits up to this many milliseconds.
  func read(atMost milliseconds: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var patience = milliseconds
    while unsafe poll(&entry, 1, patience) > 0, entry.revents & Int16(POLLIN) != 0 {
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
      if count <= 0 { return }
      shown += String(decoding: bytes.prefix(count), as: UTF8.self)
      patience = 0
    }
  }

  func forget() { shown = "" }

  /// The meters that were drawn, in order: each from the start of the line, with the rest of the line cleared.
  var meters: [String] {
    shown.components(separatedBy: "\r").filter { $0.hasSuffix("\u{1B}[K") }.map { String($0.dropLast(3)) }.filter { !$0.isEmpty }
  }
}
