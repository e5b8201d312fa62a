package sorobanpipes

import (
	"errors"
	"time"
)

// Error is the type of all errors of this package. Its message is the tool's own, if there is one. errors.Is tests its class:
//
//	errors.Is(err, sorobanpipes.ErrGone)
type Error struct {
	// Class is one of the variables below.
	Class error
	// Message describes the error.
	Message string
	// Tool and Status are the filter that failed, and its exit status.
	Tool   string
	Status int
	// Ledger is the ledger that the filter was processing, or 0.
	Ledger uint32
	// HTTPStatus is the status of the HTTP response, or 0.
	HTTPStatus int
	// FirstLedger and LastLedger are the range of the service (ErrGone).
	FirstLedger, LastLedger uint32
	// RetryAfter is the delay that the service asked for (ErrUnavailable).
	RetryAfter time.Duration
	// Cause is the underlying error, if there is one.
	Cause error
}

// The classes of errors.
var (
	// ErrRequest: the request is wrong, such as a filter that the tools reject or an unknown address. It is not retried.
	ErrRequest = errors.New("request")
	// ErrGone: the range begins before the first ledger of the service. It is not retried.
	ErrGone = errors.New("gone")
	// ErrProtocol: not the requested response: another content type, invalid JSON, a record without an id. It is not retried.
	ErrProtocol = errors.New("protocol")
	// ErrStage: a filter failed. It is retried if the source supports that.
	ErrStage = errors.New("stage")
	// ErrUnavailable: no connection, a broken or silent one, or a service that is busy. It is retried.
	ErrUnavailable = errors.New("unavailable")
)

func (err *Error) Error() string {
	return err.Message
}

// Unwrap returns the class and the cause.
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
