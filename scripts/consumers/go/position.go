package sorobanpipes

import (
	"strconv"
	"strings"
)

// Kind is the kind of a stream's records.
type Kind string

const (
	Invocations Kind = "invocations"
	Events      Kind = "events"
)

// ledgerOf is the ledger of an id: a TOID, or the id of an event.
func ledgerOf(id string) (uint32, error) {
	number, index, isEvent := strings.Cut(id, "-")
	value, err := strconv.ParseUint(number, 10, 63)
	if err == nil && isEvent {
		_, err = strconv.ParseUint(index, 10, 64)
	}
	if err != nil {
		return 0, requestError("this is not the id of a record: " + id[:min(len(id), 80)])
	}
	return uint32(value >> 32), nil
}

// seenRecords recognises records that were already handed out, after a reconnection.
type seenRecords struct {
	kind Kind
	last string
	// The ledger of the last ids: events of a ledger are not in the order of their ids.
	ledger uint32
	ids    map[string]struct{}
}

func (seen *seenRecords) has(id string) bool {
	if seen.kind == Events {
		_, isThere := seen.ids[id]
		return isThere || id == seen.last
	}
	// Decimal numbers without leading zeros.
	return seen.last != "" && (len(id) < len(seen.last) || len(id) == len(seen.last) && id <= seen.last)
}

func (seen *seenRecords) add(id string, ledger uint32) {
	seen.last = id
	if seen.kind != Events {
		return
	}
	if ledger != seen.ledger || seen.ids == nil {
		seen.ledger = ledger
		seen.ids = map[string]struct{}{}
	}
	seen.ids[id] = struct{}{}
}

// behind omits the events of a ledger up to the last one that was handed out. The events of a ledger are not in the order of
// their ids. If that event is missing, because it was selected by other conditions, events with greater ids pass.
type behind struct {
	seen   string
	ledger uint32
	held   [][]byte
	isOver bool
}

func (filter *behind) take(record []byte, id string, ledger uint32, pass func([]byte) error) error {
	if filter.isOver {
		return pass(record)
	}
	if id == filter.seen {
		filter.isOver, filter.held = true, nil
		return nil
	}
	if ledger != filter.ledger {
		if err := filter.end(pass); err != nil {
			return err
		}
		return pass(record)
	}
	if id > filter.seen {
		filter.held = append(filter.held, append([]byte(nil), record...))
	}
	return nil
}

func (filter *behind) end(pass func([]byte) error) error {
	if filter.isOver {
		return nil
	}
	filter.isOver = true
	for _, record := range filter.held {
		if err := pass(record); err != nil {
			return err
		}
	}
	filter.held = nil
	return nil
}
