/// The version of all four tools.
package enum Version {
  static let number = "0.1.0"
}
