package sorobanpipes

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// Backoff computes the delay before another attempt: between half and all of Base * 2^n, at most Cap. Callers pass all times: it
// reads no clock. The zero value has the defaults.
type Backoff struct {
	// Base is the first delay; default 500 ms. Cap is the longest; default 30 s.
	Base, Cap time.Duration
	// ResetAfter is how long a stream must work before the delays start again; 0: until its first record.
	ResetAfter time.Duration
	// LongestRetryAfter is the largest Retry-After that is honoured; default 300 s.
	LongestRetryAfter time.Duration
	// Random returns numbers from 0 to 1; default math/rand.
	Random func() float64

	attempts  int
	isGood    bool
	goodSince time.Time
}

// Good is called when records arrive.
func (backoff *Backoff) Good(now time.Time) {
	if !backoff.isGood {
		backoff.isGood, backoff.goodSince = true, now
	}
}

// Next is the delay before the next attempt, at least the time that the service asked for.
func (backoff *Backoff) Next(now time.Time, retryAfter time.Duration) time.Duration {
	if backoff.isGood && now.Sub(backoff.goodSince) >= backoff.ResetAfter {
		backoff.attempts = 0
	}
	backoff.isGood = false
	base, limit := orDefault(backoff.Base, 500*time.Millisecond), orDefault(backoff.Cap, 30*time.Second)
	full := base
	for n := 0; n < backoff.attempts && full < limit; n++ {
		full *= 2
	}
	full = min(full, limit)
	// High enough to reach any cap.
	backoff.attempts = min(backoff.attempts+1, 40)
	random := backoff.Random
	if random == nil {
		random = rand.Float64
	}
	delay := time.Duration(float64(full) * (0.5 + random()/2))
	return max(delay, min(retryAfter, orDefault(backoff.LongestRetryAfter, 300*time.Second)))
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// retryAfterOf is the delay of a Retry-After header: seconds, or a date; 0 for anything else.
func retryAfterOf(value string, now time.Time) time.Duration {
	if value == "" {
		return 0
	}
	for _, character := range value {
		if character < '0' || character > '9' {
			date, err := http.ParseTime(value)
			if err != nil {
				return 0
			}
			return max(0, date.Sub(now))
		}
	}
	// A larger value than a duration can represent would be cut anyway.
	seconds, err := strconv.ParseInt(value, 10, 32)
	if err != nil {
		return time.Duration(1<<31) * time.Second
	}
	return time.Duration(seconds) * time.Second
}
