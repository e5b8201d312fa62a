package sorobanpipes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"
)

// Options say what to read.
type Options struct {
	Filter Filter
	// Start and End are the first and the last ledger, both included; 0: not given.
	Start, End uint32
	// Follow goes on with ledgers as they come, for ever unless End is given. A service follows whenever there is no End.
	Follow bool
	// After is a position to go on after; "now" (service only): what is yet to come.
	After string
	// MaxRetries is how many attempts in a row may bring no record; 0: 10, or any number with Follow; negative: none.
	MaxRetries int
	// Backoff says how long to wait between them; nil: the defaults.
	Backoff *Backoff
}

// Status is what a stream is doing.
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

// source is where records come from.
type source interface {
	// canResume tells whether a stream that broke can be begun again behind a record, which takes records in the order of the chain.
	canResume(request *request) bool
	// open calls emit with each record as JSON. It returns nil at the true end only, and what emit returns at once.
	open(ctx context.Context, request *request, emit emitter) error
}

// emitter takes records. isLoose: what is no record is of a later version, and passed over.
type emitter func(record []byte, isLoose bool) error

// record is what a stream needs to know of one.
type record interface {
	ContractInvocation | ContractEventRecord
}

// Stream is one stream of records. It can be read once.
//
// A connection that breaks is made again, behind the last record that was handed out and is done with; nothing is lost, and nothing comes twice.
type Stream[T record] struct {
	// OnStatus is called at each change of the status, with the error that made it.
	OnStatus func(Status, error)

	client   *Client
	request  request
	position string
	status   Status
	lastErr  error
}

// Position is the id of the last record that is done with: in a loop, asking for the next one says so of the one before. Store it, and give it
// as After, to go on in another process: after a crash a record can come again, with the same id, but none is missing.
func (stream *Stream[T]) Position() string { return stream.position }

// Status is what the stream is doing.
func (stream *Stream[T]) Status() Status { return stream.status }

// LastError is the last error, also of an attempt that was followed by another.
func (stream *Stream[T]) LastError() error { return stream.lastErr }

// errLeft: the caller left the loop.
var errLeft = errors.New("left")

// Each calls the handler with each record, to the end. Its error ends the stream and is returned, and the position is the record before.
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

// All gives the records; an error is the last that it gives. The end of the context ends the stream without an error, and so does leaving the
// loop: connections are closed and programs ended when it has ended.
func (stream *Stream[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if stream.status != Idle {
			yield(nil, requestError("a stream can be read once; ask the client for another"))
			return
		}
		metrics := stream.client.metrics
		metrics.update(func(metrics *Metrics) { metrics.open++ })
		defer metrics.update(func(metrics *Metrics) { metrics.open-- })
		// Also when the loop's body panics.
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
			// Only what was begun again can bring a record again; the first attempt may read ledgers in any order.
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
			// The caller asks for more: this one is done with.
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
		// Events without an id cannot be gone on after.
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

// parse reads a record, and gives its id and its ledger.
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

// hasMeta tells whether JSON is a record at all.
func hasMeta(data []byte) bool {
	if !json.Valid(data) {
		return true
	}
	var members struct {
		Meta json.RawMessage `json:"meta"`
	}
	return json.Unmarshal(data, &members) == nil && len(bytes.TrimSpace(members.Meta)) > 0
}
