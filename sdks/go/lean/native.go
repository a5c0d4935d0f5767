//go:build !wasip1

package lean

import "errors"

// Outside of a component (in `go test`, in an editor) there is no host.

// Handle does nothing outside of a component.
func Handle(handler Handler) {}

// Response collects what a handler writes, so that handlers can be tested.
type Response struct {
	Status   int
	Header   Header
	Trailers Header
	// Written is the body so far.
	Written []byte
}

// Write appends p to Written.
func (w *Response) Write(p []byte) (int, error) {
	w.Written = append(w.Written, p...)
	return len(p), nil
}

// WriteString is Write for strings.
func (w *Response) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// Flush does nothing.
func (w *Response) Flush() error { return nil }

// Send fails: there is no host.
func Send(request *Outgoing) (*Incoming, error) {
	return nil, errors.New("lean: requests can only be sent from a component")
}
