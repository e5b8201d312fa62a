import Bytes

// Warnings about conditions that no record can meet are only for the command line. The module omits them to stay small.

extension FilterOptions {
  func warnings(_ conditions: [Named], _ shapes: RecordShapes) -> [String] { [] }
  func invocationWarnings(_ conditions: [Named], _ shapes: RecordShapes) -> [String] { [] }
}
