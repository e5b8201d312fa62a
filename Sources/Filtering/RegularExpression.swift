import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(WebLibrary)
  import WebLibrary
#endif

/// A POSIX extended regular expression, as in `grep -E`. It uses the system's implementation, whose cost depends on the length of
/// the text and not on its content. It matches UTF-8 characters, regardless of the process's locale.
@safe package struct RegularExpression: @unchecked Sendable {
  /// The result of regcomp(3), which is only read.
  @safe private final class Compiled {
    let expression: UnsafeMutablePointer<regex_t>

    init(_ expression: UnsafeMutablePointer<regex_t>) { unsafe self.expression = expression }

    deinit {
      unsafe regfree(expression)
      unsafe expression.deallocate()
    }
  }

  /// Matches characters, in the locale `characters`.
  private let wide: Compiled
  /// Matches bytes, which is much cheaper. For ASCII text the result is the same; nil if the pattern is not ASCII.
  private let narrow: Compiled?
  private let characters: locale_t

  package init(_ pattern: String) throws(UsageError) {
    // regcomp(3) would stop there without an error.
    if pattern.utf8.contains(0) { throw UsageError("a POSIX extended regular expression cannot hold a zero byte") }
    try Self.refuseEscapes(pattern)
    try Self.refuseRepetitions(pattern)
    guard let characters = unsafe Self.characterLocale else {
      throw UsageError("'/\(pattern)/' needs a locale for UTF-8, and this system has none: neither C.UTF-8 nor en_US.UTF-8")
    }
    unsafe self.characters = characters
    let isASCII = pattern.utf8.allSatisfy { $0 < 0x80 }
    wide = try unsafe Self.compile(pattern, isASCII ? pattern : try CharacterRanges.writtenOut(pattern), in: characters)
    narrow = isASCII ? try unsafe Self.compile(pattern, pattern, in: Self.byteLocale) : nil
  }

  // MARK: locales

  // Created once, and never changed.
  private nonisolated(unsafe) static let characterLocale: locale_t? = unsafe locale(["C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"])
  private nonisolated(unsafe) static let byteLocale: locale_t? = unsafe locale(["C"])

  /// The first of these locales that the system has. It only determines what a character is; ranges use code points.
  private static func locale(_ names: [String]) -> locale_t? {
    for name in names {
      if let found = unsafe newlocale(Int32(LC_CTYPE_MASK), name, nil) { return unsafe found }
    }
    return nil
  }

  /// regcomp(3) and regexec(3) use the locale of the thread.
  @inline(__always)
  private static func using<T>(_ locale: locale_t?, _ body: () -> T) -> T {
    let before = unsafe uselocale(locale)
    defer { _ = unsafe uselocale(before) }
    return body()
  }

  // MARK: compiling

  /// `written`: the pattern that is passed to regcomp(3).
  private static func compile(
    _ pattern: String, _ written: String, in locale: locale_t?
  ) throws(UsageError) -> Compiled {
    let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    unsafe compiled.initialize(to: regex_t())
    let code = unsafe using(locale) { unsafe regcomp(compiled, written, REG_EXTENDED | REG_NOSUB) }
    guard code == 0 else {
      let problem = unsafe message(code, compiled)
      unsafe compiled.deallocate()
      throw UsageError("'/\(pattern)/' is not a POSIX extended regular expression: \(problem)")
    }
    return unsafe Compiled(compiled)
  }

  private static func message(_ code: Int32, _ compiled: UnsafePointer<regex_t>) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 200) { buffer in
      _ = unsafe regerror(code, compiled, buffer.baseAddress, buffer.count)
      return unsafe buffer.baseAddress.map { unsafe String(cString: $0) } ?? ""
    }
  }

  // MARK: matching

  /// Whether the expression matches anywhere in the text.
  func matches(_ text: RawSpan) -> Bool {
    if let narrow, text.isASCII { return unsafe Self.matches(text, narrow.expression) }
    // Bytes that are not UTF-8 have no characters, although glibc accepts some of them.
    guard text.isUTF8 else { return false }
    return unsafe Self.using(characters) { unsafe Self.matches(text, wide.expression) }
  }

  private static func matches(_ text: RawSpan, _ compiled: UnsafePointer<regex_t>) -> Bool {
    #if canImport(Musl) || canImport(WebLibrary)
      // These libraries need a zero byte at the end. They ignore text after an earlier zero byte.
      return unsafe text.withUnsafeBytes { bytes in
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
          for offset in 0..<bytes.count { unsafe copy[offset] = CChar(bitPattern: bytes[offset]) }
          unsafe copy[bytes.count] = 0
          return unsafe copy.baseAddress.map { unsafe regexec(compiled, $0, 0, nil, 0) == 0 } ?? false
        }
      }
    #else
      var place = regmatch_t(rm_so: 0, rm_eo: regoff_t(text.byteCount))
      return unsafe text.withUnsafeBytes { bytes in
        // REG_STARTEND: `place` gives the end of the text, which can contain zero bytes. An empty text has no address.
        let none: StaticString = ""
        let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(none.utf8Start)
        return unsafe regexec(compiled, start.assumingMemoryBound(to: CChar.self), 0, &place, REG_STARTEND) == 0
      }
    #endif
  }
}

extension RawSpan {
  fileprivate var isASCII: Bool {
    var offset = 0
    while offset &+ 8 <= byteCount {
      if chunk(at: offset) & 0x8080_8080_8080_8080 != 0 { return false }
      offset &+= 8
    }
    while offset < byteCount {
      if self[offset] >= 0x80 { return false }
      offset &+= 1
    }
    return true
  }
}
