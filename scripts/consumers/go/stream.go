package sorobanpipes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"
)

// Options select what to read.
type Options struct {
	Filter Filter
	// Start and End are the first and the last ledger, both included; 0: no limit.
	Start, End uint32
	// Follow continues with ledgers as they arrive, endlessly unless End is set. A service follows whenever there is no End.
	Follow bool
	// After is a position to resume after; "now" (service only): only later records.
	After string
	// MaxRetries is the number of consecutive attempts that may bring no record; 0: 10, or any number with Follow; negative: none.
	MaxRetries int
	// Backoff computes the delays between attempts; nil: the defaults.
	Backoff *Backoff
}

// Status is the state of a stream.
type Status string

const (
	Idle       Status = "idle"
	Connecting Status = "connecting"
	Streaming  Status = "streaming"
	Waiting    Status = "waiting"
	Ended      Status = "ended"
	Failed     Status = "failed"
	// Closed: the caller left, or its context ended.
	Closed Status = "closed"
)

// request is one attempt to read a stream.
type request struct {
	Options
	kind    Kind
	metrics *Metrics
}

// firstLedger is the first ledger that is needed, or 0.
func (request *request) firstLedger() (uint32, error) {
	if request.After == "" || request.After == "now" {
		return request.Start, nil
	}
	ledger, err := ledgerOf(request.After)
	return max(request.Start, ledger), err
}

// source is a source of records.
type source interface {
	// canResume reports whether a broken stream can be resumed after a record, which requires records in the order of the chain.
	canResume(request *request) bool
	// open calls emit with each record as JSON. It returns nil only at the regular end; an error of emit is returned at once.
	open(ctx context.Context, request *request, emit emitter) error
}

// emitter receives records. isLoose: a line that is not a record comes from a later version, and is ignored.
type emitter func(record []byte, isLoose bool) error

// record is what a stream needs from a record.
type record interface {
	ContractInvocation | ContractEventRecord
}

// Stream is one stream of records. It can be read once.
//
// After a broken connection it reconnects, and resumes after the last record that is done; no record is lost or repeated.
type Stream[T record] struct {
	// OnStatus is called at each change of the status, with the error that caused it.
	OnStatus func(Status, error)

	client   *Client
	request  request
	position string
	status   Status
	lastErr  error
}

// Position is the id of the last record that is done: in a loop, asking for the next one marks the previous one as done. Store
// it, and pass it as After to resume in another process: after a crash a record can be repeated, with the same id, but none is
// missing.
func (stream *Stream[T]) Position() string { return stream.position }

// Status is the state of the stream.
func (stream *Stream[T]) Status() Status { return stream.status }

// LastError is the last error, including one that was retried.
func (stream *Stream[T]) LastError() error { return stream.lastErr }

// errLeft: the caller left the loop.
var errLeft = errors.New("left")

// Each calls the handler with each record, to the end. The handler's error ends the stream at the previous record, and is
// returned.
func (stream *Stream[T]) Each(ctx context.Context, handle func(*T) error) error {
	for record, err := range stream.All(ctx) {
		if err != nil {
			return err
		}
		if err := handle(record); err != nil {
			return err
		}
	}
	return nil
}

// All returns the records; an error is the last element. The end of the context ends the stream without an error, and so does
// leaving the loop: connections are closed and programs have ended when it returns.
func (stream *Stream[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if stream.status != Idle {
			yield(nil, requestError("a stream can be read once; ask the client for another"))
			return
		}
		metrics := stream.client.metrics
		metrics.update(func(metrics *Metrics) { metrics.open++ })
		defer metrics.update(func(metrics *Metrics) { metrics.open-- })
		// Also if the loop's body panics.
		defer func() {
			if stream.status == Connecting || stream.status == Streaming || stream.status == Waiting {
				stream.become(Closed, nil)
			}
		}()
		err := stream.run(ctx, yield)
		switch {
		case errors.Is(err, errLeft) || ctx.Err() != nil:
			stream.become(Closed, nil)
		case err != nil:
			stream.become(Failed, err)
			yield(nil, err)
		default:
			stream.become(Ended, nil)
		}
	}
}

func (stream *Stream[T]) become(status Status, err error) {
	stream.status = status
	if err != nil {
		stream.lastErr = err
	}
	if stream.OnStatus != nil {
		stream.OnStatus(status, err)
	}
}

func (stream *Stream[T]) run(outer context.Context, yield func(*T, error) bool) error {
	client, metrics := stream.client, stream.client.metrics
	ctx, cancel := context.WithCancel(outer)
	defer cancel()
	if after := stream.request.After; after != "" && after != "now" {
		if _, err := ledgerOf(after); err != nil {
			return err
		}
		stream.position = after
	}
	backoff := stream.request.Backoff
	if backoff == nil {
		backoff = &Backoff{}
	}
	seen := seenRecords{kind: stream.request.kind, last: stream.position}
	left := stream.request.Filter.MaxCount
	failures := 0
	for attempt := 0; ctx.Err() == nil; attempt++ {
		stream.become(Connecting, nil)
		metrics.update(func(metrics *Metrics) {
			metrics.attempts++
			metrics.reconnects += uint64(min(attempt, 1))
		})
		next := stream.request
		next.Filter.MaxCount = left
		next.After = orDefault(stream.position, next.After)
		next.metrics = metrics
		hasProgress, isDone := false, false
		err := client.source.open(ctx, &next, func(data []byte, isLoose bool) error {
			record := new(T)
			id, ledger, err := parse(data, record, stream.request.kind)
			if err != nil {
				if isLoose && !hasMeta(data) {
					return nil
				}
				return err
			}
			if stream.status == Connecting {
				stream.become(Streaming, nil)
			}
			// Only a resumed stream can repeat a record; the first attempt may read ledgers in any order.
			if attempt > 0 && id != "" && seen.has(id) {
				metrics.update(func(metrics *Metrics) { metrics.duplicates[stream.request.kind]++ })
				return nil
			}
			now := client.surroundings.now()
			if !hasProgress {
				hasProgress = true
				backoff.Good(now)
			}
			if outer.Err() != nil || !yield(record, nil) {
				return errLeft
			}
			// The caller asks for more, so this record is done.
			if id != "" {
				seen.add(id, ledger)
				stream.position = id
			}
			metrics.update(func(metrics *Metrics) {
				metrics.records[stream.request.kind]++
				metrics.lastLedger, metrics.lastRecord = ledger, now
			})
			if left > 0 {
				if left--; left == 0 {
					isDone = true
					return errLeft
				}
			}
			return nil
		})
		if err == nil || isDone {
			return nil
		}
		if errors.Is(err, errLeft) || outer.Err() != nil {
			return errLeft
		}
		metrics.update(func(metrics *Metrics) { metrics.errors[classOf(err)]++ })
		failures++
		if hasProgress {
			failures = 1
		}
		if !isTransient(err) || !client.source.canResume(&next) || stream.isLast(failures) {
			return err
		}
		// A stream cannot resume after events without an id.
		if hasProgress && stream.position == "" {
			return err
		}
		var own *Error
		var asked time.Duration
		if errors.As(err, &own) {
			asked = own.RetryAfter
		}
		delay := backoff.Next(client.surroundings.now(), asked)
		stream.become(Waiting, err)
		client.surroundings.sleep(ctx, delay)
	}
	return errLeft
}

func (stream *Stream[T]) isLast(failures int) bool {
	most := stream.request.MaxRetries
	if most == 0 {
		if stream.request.Follow {
			return false
		}
		most = 10
	}
	return failures > max(most, 0)
}

// parse decodes a record, and returns its id and its ledger.
func parse(data []byte, into any, kind Kind) (string, uint32, error) {
	failure := json.Unmarshal(data, into)
	var id string
	var ledger uint32
	var isThere bool
	var mark string
	switch record := into.(type) {
	case *ContractInvocation:
		mark, id, ledger = string(record.Schema), record.Meta.TOID, record.Meta.LedgerSequence
		isThere = id != ""
	case *ContractEventRecord:
		mark, ledger = string(record.Schema), record.Meta.LedgerSequence
		if isThere = len(record.Event.Topics) > 0 || record.Event.Type != ""; record.Event.ID != nil {
			id = *record.Event.ID
		}
	}
	if mark == errorSchema {
		return "", 0, stageErrorOf(data)
	}
	if failure != nil {
		var syntax *json.SyntaxError
		message := "a record of " + string(kind) + " is not as its schema has it: " + failure.Error()
		if errors.As(failure, &syntax) {
			message = "this is not JSON: " + string(data[:min(len(data), 200)])
		}
		return "", 0, &Error{Class: ErrProtocol, Message: message, Cause: failure}
	}
	if !isThere {
		return "", 0, &Error{Class: ErrProtocol, Message: "this is not a record of " + string(kind) + ": " + string(data[:min(len(data), 200)])}
	}
	return id, ledger, nil
}

// hasMeta reports whether JSON is a record at all.
func hasMeta(data []byte) bool {
	if !json.Valid(data) {
		return true
	}
	var members struct {
		Meta json.RawMessage `json:"meta"`
	}
	return json.Unmarshal(data, &members) == nil && len(bytes.TrimSpace(members.Meta)) > 0
}
