#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(WebLibrary)
  import WebLibrary
#endif

/// The exit status of a tool. As with `grep`, values above 1 are errors.
package enum ExitStatus: Int32, Comparable, Sendable {
  /// All input was read and all output written.
  case success = 0
  /// Nothing matched; only `event-filter --exit-status`.
  case noMatch = 1
  case usage = 2
  case badData = 3
  /// A file could not be opened, read or written.
  case system = 4

  package static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rawValue < right.rawValue }

  func endProcess() -> Never { exit(rawValue) }
}
