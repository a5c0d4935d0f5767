// Package wasi is the part of the SDK that talks to the host. Both kinds of
// handlers, net/http's and the lean one, are thin layers over it.
//
// The declarations of the host's functions are written by hand: they are few,
// every resource is dropped at a known place (children before their parents),
// and what the host returns is received without allocating.
package wasi

import "errors"

// Field is one field line of a message, with its value as raw bytes.
type Field struct{ Name, Value string }

// Request is the head of a request, incoming or outgoing.
type Request struct {
	Method    string
	Scheme    string // "http", "https"
	Authority string // host, and port if it was given
	Target    string // path and query, as they were or will be sent
	Fields    []Field
}

// Error says why the other side of an exchange could not be reached or did not
// end it properly.
type Error struct {
	// Code is the name of the error in wasi:http, such as "connection-refused".
	Code string
	// Detail is what the host had to add, perhaps nothing.
	Detail string
}

func (e *Error) Error() string {
	if e.Detail == "" {
		return "isospin: " + e.Code
	}
	return "isospin: " + e.Code + ": " + e.Detail
}

var (
	// ErrClosed is returned for writing to somebody who no longer listens.
	ErrClosed = errors.New("isospin: the other side has closed the stream")
	// ErrCancelled is returned by a call that was cancelled.
	ErrCancelled = errors.New("isospin: the request was cancelled")
	// ErrTooEarly is returned for requests that start-up code sends.
	ErrTooEarly = errors.New("isospin: main and init run when the component is built: no request can be sent there")
)
