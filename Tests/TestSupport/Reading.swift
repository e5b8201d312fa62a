import Streams

extension RecordReader {
  /// Moves to the next record and waits for input; returns false at the end. It writes the finished records before it waits, and answers a signal that ends
  /// the process afterwards.
  package mutating func next(_ output: inout Output) throws(StreamError) -> Bool {
    while true {
      do throws(StreamError) { return try next() } catch {
        guard error.kind == .waiting else { throw error }
        try output.flush()
        wait(atMost: nil)
        if case .end(let signal)? = Signals.take() { Signals.die(of: signal) }
      }
    }
  }
}
