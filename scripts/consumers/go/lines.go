package sorobanpipes

import (
	"bytes"
	"fmt"
)

// Longest is the maximum length of a line or event, in bytes, as in the filters.
const Longest = 256 << 20

var byteOrderMark = []byte("\xef\xbb\xbf")

// lineDecoder splits bytes into lines, independent of the piece sizes. A line ends with LF; with returns it ends with CR, LF or
// both. The lines are valid until the next call.
type lineDecoder struct {
	longest int
	// CR also ends a line.
	returns bool
	rest    []byte
	isLater bool
	// The last piece ended with CR: a LF that follows belongs to it.
	endedWithReturn bool
}

func (decoder *lineDecoder) isUnfinished() bool {
	return len(decoder.rest) > 0
}

// take calls line with each line that ends in this piece, without its line end; it stops at the first error.
func (decoder *lineDecoder) take(piece []byte, line func([]byte) error) error {
	if decoder.endedWithReturn && len(piece) > 0 {
		decoder.endedWithReturn = false
		if piece[0] == '\n' {
			piece = piece[1:]
		}
	}
	for len(piece) > 0 {
		var end int
		if decoder.returns {
			end = bytes.IndexAny(piece, "\r\n")
		} else {
			end = bytes.IndexByte(piece, '\n')
		}
		if end < 0 {
			if len(decoder.rest)+len(piece) > decoder.longest {
				return &Error{Class: ErrProtocol, Message: fmt.Sprintf("a line is longer than %d bytes", decoder.longest)}
			}
			decoder.rest = append(decoder.rest, piece...)
			return nil
		}
		found := piece[:end]
		if len(decoder.rest) > 0 {
			decoder.rest = append(decoder.rest, found...)
			found = decoder.rest
		}
		next := end + 1
		if decoder.returns && piece[end] == '\r' {
			if next == len(piece) {
				decoder.endedWithReturn = true
			} else if piece[next] == '\n' {
				next++
			}
		} else if !decoder.returns {
			found = bytes.TrimSuffix(found, []byte("\r"))
		}
		piece = piece[next:]
		if !decoder.isLater {
			decoder.isLater = true
			found = bytes.TrimPrefix(found, byteOrderMark)
		}
		if err := line(found); err != nil {
			return err
		}
		// The memory of a very long line is freed.
		if cap(decoder.rest) > 1<<20 {
			decoder.rest = nil
		}
		decoder.rest = decoder.rest[:0]
	}
	return nil
}

// eventDecoder decodes server-sent events (HTML, section 9.2.6). It ignores unknown and invalid fields, and truncated events. It
// does not need the ids of the stream: the record contains its id.
type eventDecoder struct {
	lines   lineDecoder
	data    []byte
	hasData bool
	event   string
}

func newEventDecoder(longest int) *eventDecoder {
	return &eventDecoder{lines: lineDecoder{longest: longest, returns: true}}
}

func (decoder *eventDecoder) take(piece []byte, handle func(event string, data []byte) error) error {
	return decoder.lines.take(piece, func(line []byte) error {
		if len(line) == 0 {
			event, hasData := orDefault(decoder.event, "message"), decoder.hasData
			decoder.event, decoder.hasData = "", false
			if !hasData {
				return nil
			}
			err := handle(event, decoder.data)
			decoder.data = decoder.data[:0]
			if cap(decoder.data) > 1<<20 {
				decoder.data = nil
			}
			return err
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "data":
			if decoder.hasData {
				decoder.data = append(decoder.data, '\n')
			}
			decoder.hasData = true
			decoder.data = append(decoder.data, value...)
			if len(decoder.data) > decoder.lines.longest {
				return &Error{Class: ErrProtocol, Message: fmt.Sprintf("an event is longer than %d bytes", decoder.lines.longest)}
			}
		case "event":
			decoder.event = string(value)
		}
		return nil
	})
}
