package sorobanpipes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// errorSchema is the schema of a line that reports an error within the stream.
const errorSchema = "soroban-pipes.error.v1"

const longestError = 1 << 20

// ServiceOptions configure the requests to soroban-serve.
type ServiceOptions struct {
	// EventStream requests server-sent events instead of lines. In a browser or in Node (GOOS=js) always set it: fetch may take
	// truncated lines for a complete response.
	EventStream bool
	// Style is the format of values; default Native.
	Style Style
	// Silence is the time without a byte after which a connection counts as lost; default 45 s. The service sends one every 15 s.
	Silence time.Duration
	// Header is sent with each request, such as an authorization.
	Header http.Header
	// HTTP replaces the default client. It must not have a Timeout: a stream may last for ever.
	HTTP *http.Client
}

type serviceSource struct {
	address string
	options ServiceOptions
	http    *http.Client
}

// FromService reads records from soroban-serve at this address.
func FromService(address string, options ServiceOptions) *Client {
	client := options.HTTP
	if client == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.DisableCompression = true
		// A connection is used for one stream only.
		transport.DisableKeepAlives = true
		client = &http.Client{Transport: transport}
	}
	options.Style = orDefault(options.Style, Native)
	options.Silence = orDefault(options.Silence, 45*time.Second)
	return newClient(&serviceSource{address: strings.TrimRight(address, "/"), options: options, http: client})
}

func (source *serviceSource) canResume(*request) bool { return true }

func (source *serviceSource) question(ctx context.Context, request *request) (*http.Request, error) {
	query := url.Values{"style": {string(source.options.Style)}}
	if request.Start > 0 {
		query.Set("start_ledger", strconv.FormatUint(uint64(request.Start), 10))
	}
	if request.End > 0 {
		query.Set("end_ledger", strconv.FormatUint(uint64(request.End), 10))
	}
	for _, one := range request.Filter.conditions() {
		value := one.value
		if one.isFlag {
			value = "1"
		}
		query.Add(strings.ReplaceAll(one.name, "-", "_"), value)
	}
	isHeader := source.options.EventStream && request.After != "now"
	if request.After != "" && !isHeader {
		query.Set("after", request.After)
	}
	method, body := http.MethodGet, io.Reader(nil)
	if request.Filter.Request != nil {
		method, body = http.MethodPost, strings.NewReader(string(request.Filter.Request))
	}
	question, err := http.NewRequestWithContext(ctx, method, source.address+"/"+string(request.kind)+"?"+query.Encode(), body)
	if err != nil || question.URL.Host == "" || question.URL.Scheme != "http" && question.URL.Scheme != "https" {
		return nil, &Error{Class: ErrRequest, Message: source.address + ": this is not the address of a service", Cause: err}
	}
	for name, values := range source.options.Header {
		question.Header[name] = values
	}
	question.Header.Set("Accept", source.contentType())
	if body != nil {
		question.Header.Set("Content-Type", "application/json")
	}
	if request.After != "" && isHeader {
		question.Header.Set("Last-Event-ID", request.After)
	}
	return question, nil
}

func (source *serviceSource) contentType() string {
	if source.options.EventStream {
		return "text/event-stream"
	}
	return "application/x-ndjson"
}

func (source *serviceSource) open(outer context.Context, request *request, emit emitter) error {
	ctx, cancel := context.WithCancel(outer)
	defer cancel()
	var isSilent atomic.Bool
	// Stopped while the caller works: a slow caller is not a silent service.
	silence := time.AfterFunc(source.options.Silence, func() {
		isSilent.Store(true)
		cancel()
	})
	defer silence.Stop()
	err := source.read(ctx, request, silence, emit)
	var own *Error
	if err == nil || errors.Is(err, errLeft) || errors.As(err, &own) {
		return err
	}
	if isSilent.Load() {
		return &Error{Class: ErrUnavailable, Message: fmt.Sprintf("nothing came for %v", source.options.Silence), Cause: err}
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	return &Error{Class: ErrUnavailable, Message: "the connection failed: " + err.Error(), Cause: err}
}

func (source *serviceSource) read(ctx context.Context, request *request, silence *time.Timer, emit emitter) error {
	question, err := source.question(ctx, request)
	if err != nil {
		return err
	}
	answer, err := source.http.Do(question)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNoContent:
		return nil
	case answer.StatusCode != http.StatusOK:
		return refusal(answer)
	}
	if kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); kind != source.contentType() {
		message := fmt.Sprintf("the answer is %s, not %s", orDefault(kind, "of no type"), source.contentType())
		return &Error{Class: ErrProtocol, Message: message, HTTPStatus: answer.StatusCode}
	}
	take, mayEnd := source.reader(emit)
	piece := make([]byte, 256<<10)
	for {
		silence.Reset(source.options.Silence)
		count, err := answer.Body.Read(piece)
		silence.Stop()
		request.metrics.update(func(metrics *Metrics) { metrics.bytes += uint64(count) })
		if failure := take(piece[:count]); failure == errEnd {
			return nil
		} else if failure != nil {
			return failure
		}
		if err == io.EOF && mayEnd() {
			return nil
		} else if err == io.EOF {
			return &Error{Class: ErrUnavailable, Message: "the stream ended before its end"}
		} else if err != nil {
			return err
		}
	}
}

// errEnd: the event that ends a stream arrived.
var errEnd = errors.New("end")

// reader returns a function for the pieces of a body, and one that reports whether the body may end.
func (source *serviceSource) reader(emit emitter) (func([]byte) error, func() bool) {
	if !source.options.EventStream {
		lines := &lineDecoder{longest: Longest}
		return func(piece []byte) error {
			return lines.take(piece, func(line []byte) error {
				// An empty line is a heartbeat.
				if len(line) == 0 {
					return nil
				}
				return emit(line, false)
			})
		}, func() bool { return !lines.isUnfinished() }
	}
	events := newEventDecoder(Longest)
	return func(piece []byte) error {
		return events.take(piece, func(event string, data []byte) error {
			switch event {
			case "end":
				return errEnd
			case "error":
				return stageErrorOf(data)
			}
			return emit(data, true)
		})
	}, func() bool { return false }
}

// errorMembers are the members of an error within the stream, and of the body of an error response.
type errorMembers struct {
	Message     *string
	Tool        string
	Status      int
	ToolStatus  *int   `json:"tool_status"`
	Ledger      uint32 `json:"ledger"`
	FirstLedger uint32 `json:"first_ledger"`
	LastLedger  uint32 `json:"last_ledger"`
}

func (members *errorMembers) error(class error, message string) *Error {
	if members.Message != nil {
		message = *members.Message
	}
	status := members.Status
	if members.ToolStatus != nil {
		status = *members.ToolStatus
	}
	return &Error{Class: class, Message: message, Tool: members.Tool, Status: status, Ledger: members.Ledger}
}

func stageErrorOf(data []byte) error {
	var members errorMembers
	if err := json.Unmarshal(data, &members); err != nil {
		return &Error{Class: ErrProtocol, Message: "this is not JSON: " + string(data[:min(len(data), 200)]), Cause: err}
	}
	return members.error(ErrStage, "a filter failed")
}

func refusal(answer *http.Response) error {
	var body struct{ Error errorMembers }
	// A body that is not JSON is an error page of a proxy.
	if data, err := io.ReadAll(io.LimitReader(answer.Body, longestError)); err == nil && json.Unmarshal(data, &body) != nil {
		body.Error = errorMembers{}
	}
	status := answer.StatusCode
	class := ErrRequest
	switch status {
	case http.StatusGone:
		class = ErrGone
	case http.StatusInternalServerError:
		class = ErrUnavailable
		if body.Error.Tool != "" {
			class = ErrStage
		}
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		class = ErrUnavailable
	}
	failure := body.Error.error(class, fmt.Sprintf("status %d", status))
	failure.HTTPStatus = status
	if class == ErrGone {
		failure.FirstLedger, failure.LastLedger = body.Error.FirstLedger, body.Error.LastLedger
	}
	if class == ErrUnavailable {
		failure.RetryAfter = retryAfterOf(answer.Header.Get("Retry-After"), time.Now())
	}
	return failure
}
