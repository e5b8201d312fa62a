#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An environment variable; nil if it is not set or empty. The C function is `getenv`.
package func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}

/// Seconds since 1970, by the system's clock.
package func unixTime() -> UInt64 { UInt64(max(time(nil), 0)) }
