import Bytes

/// The properties of a standard descriptor that a program adapts to.
package enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case error = 2

  package var isTerminal: Bool { System.isTerminal(rawValue) }

  /// The width of the terminal in columns, if it is known.
  package var columns: Int? { System.columns(of: rawValue) }

  /// Whether this process is in the terminal's foreground, so that its output does not disturb another program.
  package var isInForeground: Bool { System.isInForeground(of: rawValue) }

  package var isPipe: Bool {
    if case .fifo? = try? System.type(of: rawValue) { return true }
    return false
  }

  /// Whether this terminal is the standard output of a process of this one's group, such as the last one of a pipeline. True if
  /// the system does not tell.
  package var isPrintedToByGroup: Bool { System.isStandardOutputOfGroup(rawValue) }
}

/// Prepares a program that reads and writes records: opens missing standard descriptors, and makes a closed pipe end the process.
package func prepareStandardStreams() {
  System.fillStandardDescriptors()
  System.dieOfClosedPipes()
}

/// Makes a closed pipe an error (`isClosedPipe`) from now on. The caller must end in `dieOfClosedPipe`.
package func surviveClosedPipes() { System.surviveClosedPipes() }

/// The number of SIGPIPE.
package var closedPipeSignal: Int32 { System.closedPipeSignal }

/// Ends the process by SIGPIPE.
package func dieOfClosedPipe() -> Never { System.raiseClosedPipe() }

/// Writes a message with one system call, so that the messages of several programs do not mix. Errors are ignored: there is no
/// place to report them.
package func writeMessage(_ text: consuming ByteBuffer) {
  System.writeOnce(2, text.bytes)
}
