import Bytes
import StellarJSON
import StellarXDR
import Streams
let type = Schema.shared.type(named: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "SCVal")!
var reader = RecordReader(InputFiles([]), maximumRecord: 256 << 20)
var output = Output()
var parser = Parser()
let renderer = Renderer(style: CommandLine.arguments.contains("native") ? .native : .sep51)
let encode = CommandLine.arguments.contains("encode")
loop: while true {
  switch try reader.next(&output) {
  case .record:
    if encode {
      var x = ByteBuffer()
      do { try parser.parse(type, reader.record, into: &x) } catch {let e = error; print(reader.place, e, e.description(.shared)); break loop }
      output.buffer.append(base64: x.bytes)
    } else if reader.framing == .lines {
      var x = ByteBuffer()
      _ = x.append(decodingBase64: reader.record)
      do { try renderer.render(type, x.bytes, into: &output.buffer) } catch {let e = error; print(reader.place, e, e.description(.shared), Schema.shared.path(toErrorIn: type, x.bytes)); break loop }
    } else {
      do { try renderer.render(type, reader.record, into: &output.buffer) } catch {let e = error; print(reader.place, e, e.description(.shared), Schema.shared.path(toErrorIn: type, reader.record)); break loop }
    }
    output.buffer.append(UInt8(ascii: "\n"))
    try output.finishRecord()
  case .unframed(let atEnd): print("unframed", atEnd); break loop
  case .end: break loop
  }
}
try output.flush()
