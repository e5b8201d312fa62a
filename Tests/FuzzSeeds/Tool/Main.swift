// fuzz-seeds FOLDER: writes the seed inputs for fuzzing.

import FuzzSeeds

@main
enum WriteSeeds {
  static func main() {
    guard CommandLine.arguments.count == 2 else { fatalError("usage: fuzz-seeds FOLDER") }
    Seeds.write(to: CommandLine.arguments[1])
  }
}
