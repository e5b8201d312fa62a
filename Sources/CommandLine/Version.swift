/// The version of all four tools.
package enum Version {
  package static let current = "0.1.0"
}
