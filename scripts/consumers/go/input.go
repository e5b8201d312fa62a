package sorobanpipes

import (
	"context"
	"errors"
	"io"
)

// readLines emits the records of lines, after the position.
func readLines(input io.Reader, request *request, emit emitter) error {
	pass := func(line []byte) error { return emit(line, false) }
	take := pass
	var filter *behind
	if request.kind == Events && request.After != "" {
		ledger, err := ledgerOf(request.After)
		if err != nil {
			return err
		}
		filter = &behind{seen: request.After, ledger: ledger}
		take = func(line []byte) error {
			if filter.isOver {
				return pass(line)
			}
			var record ContractEventRecord
			id, ledger, err := parse(line, &record, Events)
			if err != nil {
				return err
			}
			return filter.take(line, id, ledger, pass)
		}
	}
	lines := lineDecoder{longest: Longest}
	piece := make([]byte, 256<<10)
	for {
		count, err := input.Read(piece)
		request.metrics.update(func(metrics *Metrics) { metrics.bytes += uint64(count) })
		failure := lines.take(piece[:count], func(line []byte) error {
			if len(line) == 0 {
				return nil
			}
			return take(line)
		})
		if failure != nil {
			return failure
		}
		if err == io.EOF {
			break
		} else if err != nil {
			var own *Error
			if errors.As(err, &own) {
				return err
			}
			return &Error{Class: ErrUnavailable, Message: err.Error(), Cause: err}
		}
	}
	if filter != nil {
		if err := filter.end(pass); err != nil {
			return err
		}
	}
	if lines.isUnfinished() {
		return &Error{Class: ErrUnavailable, Message: "the last line is not whole"}
	}
	return nil
}

// FromInput reads records from lines of another program, such as os.Stdin at the end of a shell pipeline.
func FromInput(lines io.Reader) *Client {
	return newClient(inputSource{lines})
}

type inputSource struct{ lines io.Reader }

func (source inputSource) canResume(*request) bool { return false }

func (source inputSource) open(_ context.Context, request *request, emit emitter) error {
	others := request.Filter
	others.MaxCount = 0
	if len(others.conditions()) > 0 || others.Request != nil || request.Start > 0 || request.End > 0 || request.Follow || request.After != "" {
		return requestError("lines come as they are: filters, ranges and following are for the programs that write them")
	}
	return readLines(source.lines, request, emit)
}
