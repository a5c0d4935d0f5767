// Package lean is for handlers that want to be small: it does without net/http,
// which makes a component about half as large and start twice as fast.
//
//	func main() {
//		lean.Handle(func(w *lean.Response, r *lean.Request) error {
//			_, err := w.WriteString("hello\n")
//			return err
//		})
//	}
//
// main and init run once, when the component is built; their memory is kept.
package lean

import (
	"io"
	"strings"
	"time"

	"isospin/internal/wasi"
)

// Handler answers one request. An error is logged, and the client gets a 500
// without a body; if the response has begun, it is cut.
type Handler func(w *Response, r *Request) error

// Field is one field line of a message. The value is raw bytes.
type Field = wasi.Field

// Header is the field lines of a message, in their order. Names are compared
// without regard to case.
type Header []Field

// Error says why a request could not be sent or its answer not be read.
type Error = wasi.Error

// Get returns the first value of a field, or "".
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Values returns all values of a field.
func (h Header) Values(name string) []string {
	var values []string
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			values = append(values, h[i].Value)
		}
	}
	return values
}

// Add appends a field line.
func (h *Header) Add(name, value string) { *h = append(*h, Field{Name: name, Value: value}) }

// Set makes the field have this value alone.
func (h *Header) Set(name, value string) {
	h.Del(name)
	h.Add(name, value)
}

// Del removes all lines of a field.
func (h *Header) Del(name string) {
	kept := (*h)[:0]
	for _, field := range *h {
		if !strings.EqualFold(field.Name, name) {
			kept = append(kept, field)
		}
	}
	*h = kept
}

// Body is the body of a message that comes in.
type Body interface {
	io.ReadCloser
	// Trailers are known after Read has returned io.EOF.
	Trailers() []Field
}

// Request is a request that came in.
type Request struct {
	Method    string
	Scheme    string // "http" or "https"
	Authority string // the host, and the port if it was given
	Target    string // path and query as they were sent
	Header    Header
	Body      Body
}

// Path is the path as it was sent, not decoded.
func (r *Request) Path() string {
	path, _, _ := strings.Cut(r.Target, "?")
	return path
}

// Query is what follows the question mark, not decoded, and whether there is one.
func (r *Request) Query() (string, bool) {
	_, query, found := strings.Cut(r.Target, "?")
	return query, found
}

// Outgoing is a request to be sent.
type Outgoing struct {
	Method  string // GET if empty
	URL     string
	Header  Header
	Body    io.Reader     // sent while it is read; nil for none
	Timeout time.Duration // until the head of the response; 0 for none
}

// Incoming is the response to a request that was sent. Its body must be closed.
type Incoming struct {
	Status int
	Header Header
	Body   Body
}
