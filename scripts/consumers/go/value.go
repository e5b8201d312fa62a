package sorobanpipes

import (
	"bytes"
	"encoding/json"
)

// Value is a value of a contract as JSON, in the requested style. raw: {"xdr": base64}. sep51: as in SEP-51. native: plain
// values; integers of more than 32 bits are decimal strings.
type Value json.RawMessage

// MarshalJSON returns the value unchanged.
func (value Value) MarshalJSON() ([]byte, error) {
	return json.RawMessage(value).MarshalJSON()
}

// UnmarshalJSON keeps a copy.
func (value *Value) UnmarshalJSON(data []byte) error {
	*value = append((*value)[:0], data...)
	return nil
}

// String is the JSON.
func (value Value) String() string {
	if value == nil {
		return "null"
	}
	return string(value)
}

// IsNull reports whether the value is void or missing.
func (value Value) IsNull() bool {
	return value == nil || bytes.Equal(value, []byte("null"))
}

// Text returns the value if it is a string, such as an address, or a large integer in the style native.
func (value Value) Text() (string, bool) {
	if len(value) == 0 || value[0] != '"' {
		return "", false
	}
	var text string
	err := json.Unmarshal(value, &text)
	return text, err == nil
}

// Decode decodes the value into a pointer, like json.Unmarshal.
func (value Value) Decode(into any) error {
	return json.Unmarshal(value, into)
}

// Nullable is a member of a record that may be absent, and may be null.
type Nullable[T any] struct {
	Value T
	// Present: the record has the member. Valid: it is not null.
	Present, Valid bool
}

// IsZero reports whether the member is absent.
func (member Nullable[T]) IsZero() bool {
	return !member.Present
}

// MarshalJSON returns the value, or null.
func (member Nullable[T]) MarshalJSON() ([]byte, error) {
	if !member.Valid {
		return []byte("null"), nil
	}
	return json.Marshal(member.Value)
}

// UnmarshalJSON reads the value, or null.
func (member *Nullable[T]) UnmarshalJSON(data []byte) error {
	member.Present = true
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	member.Valid = true
	return json.Unmarshal(data, &member.Value)
}
