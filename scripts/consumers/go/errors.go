package sorobanpipes

import (
	"errors"
	"time"
)

// Error is what all errors of this package are. Its message is the tool's own, where a tool says it. errors.Is tells its class:
//
//	errors.Is(err, sorobanpipes.ErrGone)
type Error struct {
	// Class is one of the variables below.
	Class error
	// Message is what went wrong.
	Message string
	// Tool and Status are the filter that failed, and its exit status.
	Tool   string
	Status int
	// Ledger is the one that the filter was at, or 0.
	Ledger uint32
	// HTTPStatus is the status of the HTTP answer, or 0.
	HTTPStatus int
	// FirstLedger and LastLedger are what the service holds (ErrGone).
	FirstLedger, LastLedger uint32
	// RetryAfter is what the service asked to wait (ErrUnavailable).
	RetryAfter time.Duration
	// Cause is the error behind it, if there is one.
	Cause error
}

// The classes of errors.
var (
	// ErrRequest: what was asked for is wrong: a filter that the tools refuse, an unknown address. Not tried again.
	ErrRequest = errors.New("request")
	// ErrGone: the range begins before the first ledger that the service holds. Not tried again.
	ErrGone = errors.New("gone")
	// ErrProtocol: what came is not what was asked for: another content type, no JSON, a record without an id. Not tried again.
	ErrProtocol = errors.New("protocol")
	// ErrStage: a filter failed. Tried again where the source can.
	ErrStage = errors.New("stage")
	// ErrUnavailable: no connection, a broken or silent one, or a service that is busy. Tried again.
	ErrUnavailable = errors.New("unavailable")
)

func (err *Error) Error() string {
	return err.Message
}

// Unwrap gives the class and the cause.
func (err *Error) Unwrap() []error {
	if err.Cause == nil {
		return []error{err.Class}
	}
	return []error{err.Class, err.Cause}
}

func isTransient(err error) bool {
	return errors.Is(err, ErrStage) || errors.Is(err, ErrUnavailable)
}

func requestError(message string) *Error {
	return &Error{Class: ErrRequest, Message: message}
}

// classOf is the name of an error's class in counters.
func classOf(err error) string {
	var own *Error
	if errors.As(err, &own) {
		return own.Class.Error()
	}
	return "other"
}
