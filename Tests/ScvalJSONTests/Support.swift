import Foundation

@testable import CommandLineTools
@testable import ScvalJSONTool

/// Does what `main` of the tool does, in the test's own process, with `text` as its FILE. Exits with the tool's status.
func runTool(_ arguments: [String], text: String) throws -> Never {
  let file = NSTemporaryDirectory() + "scval-json-\(getpid())"
  try text.write(toFile: file, atomically: false, encoding: .utf8)
  let status = ScvalJSON.main(arguments + [file])
  try? FileManager.default.removeItem(atPath: file)
  exit(status.rawValue)
}
