import Bytes

// What is said of conditions that no record can meet is for the command line: it would be a fortieth of the module.

extension FilterOptions {
  func warnings(_ conditions: [Named], _ shapes: RecordShapes) throws(UsageError) -> [String] { [] }
  func invocationWarnings(_ conditions: [Named], _ shapes: RecordShapes) throws(UsageError) -> [String] { [] }
}
