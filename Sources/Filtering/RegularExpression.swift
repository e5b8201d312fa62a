import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A POSIX extended regular expression, as `grep -E` has them: the system's own, whose cost grows with the length of the text and not
/// with what the text holds. The locale is always "C": a character is a byte.
@safe package struct RegularExpression: @unchecked Sendable {
  // Compiled once, read only, and kept as long as the program runs, like everything else that the command line asked for.
  private let compiled: UnsafeMutablePointer<regex_t>

  package init(_ pattern: String) throws(UsageError) {
    // regcomp(3) would read as far as there, and say nothing.
    if pattern.utf8.contains(0) { throw UsageError("a POSIX extended regular expression cannot hold a zero byte") }
    unsafe compiled = .allocate(capacity: 1)
    unsafe compiled.initialize(to: regex_t())
    let code = unsafe regcomp(compiled, pattern, REG_EXTENDED | REG_NOSUB)
    guard code == 0 else {
      let problem = unsafe Self.message(code, compiled)
      unsafe compiled.deallocate()
      throw UsageError("'/\(pattern)/' is no POSIX extended regular expression: \(problem)")
    }
  }

  private static func message(_ code: Int32, _ compiled: UnsafePointer<regex_t>) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 200) { room in
      _ = unsafe regerror(code, compiled, room.baseAddress, room.count)
      return unsafe room.baseAddress.map { unsafe String(cString: $0) } ?? ""
    }
  }

  /// Whether it is found anywhere in the text.
  func matches(_ text: RawSpan) -> Bool {
    #if canImport(Musl)
      // There the text has to end with a zero byte; what follows one inside is not looked at.
      return unsafe text.withUnsafeBytes { bytes in
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { room in
          for offset in 0..<bytes.count { unsafe room[offset] = CChar(bitPattern: bytes[offset]) }
          unsafe room[bytes.count] = 0
          return unsafe room.baseAddress.map { unsafe regexec(compiled, $0, 0, nil, 0) == 0 } ?? false
        }
      }
    #else
      var place = regmatch_t(rm_so: 0, rm_eo: regoff_t(text.byteCount))
      return unsafe text.withUnsafeBytes { bytes in
        // REG_STARTEND: the text ends where `place` says, and may hold zero bytes. An empty text has no address.
        let none: StaticString = ""
        let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(none.utf8Start)
        return unsafe regexec(compiled, start.assumingMemoryBound(to: CChar.self), 0, &place, REG_STARTEND) == 0
      }
    #endif
  }
}
