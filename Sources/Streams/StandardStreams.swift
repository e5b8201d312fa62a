import Bytes

/// What a program needs to know about its standard descriptors, to behave as its surroundings expect.
package enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case error = 2

  package var isTerminal: Bool { System.isTerminal(rawValue) }

  /// The width of the terminal, if it tells.
  package var columns: Int? { System.columns(of: rawValue) }

  /// Whether what is written to the terminal does not disturb another program: this one runs in its foreground.
  package var isInForeground: Bool { System.isInForeground(of: rawValue) }

  package var isPipe: Bool {
    if case .fifo? = try? System.type(of: rawValue) { return true }
    return false
  }

  /// Whether the terminal that this leads to is the standard output of this process, or of another one of its group, such as the last one of a
  /// pipeline. True where the system does not tell.
  package var isPrintedToByGroup: Bool { System.isStandardOutputOfGroup(rawValue) }
}

/// What a program that reads and writes records does first: makes the standard descriptors sound, and closed pipes deadly.
package func prepareStandardStreams() {
  System.fillStandardDescriptors()
  System.dieOfClosedPipes()
}

/// From now on a closed pipe is an error (`isClosedPipe`) that must end in `dieOfClosedPipe`.
package func surviveClosedPipes() { System.surviveClosedPipes() }

/// The number of the signal of a closed pipe.
package var closedPipeSignal: Int32 { System.closedPipeSignal }

/// Ends the process as a closed pipe would have.
package func dieOfClosedPipe() -> Never { System.raiseClosedPipe() }

/// Writes a message in one piece, so that those of several programs do not mix. Where that fails nobody can be told.
package func writeMessage(_ text: consuming ByteBuffer) {
  System.writeOnce(2, text.bytes)
}
