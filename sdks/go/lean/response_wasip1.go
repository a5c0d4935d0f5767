package lean

import (
	"strconv"

	"isospin/internal/wasi"
)

// Response is the response to the request. What is written is held back until
// it is more than a few kilobytes, Flush is called, or the handler returns.
type Response struct {
	// Status and Header count until the first byte is sent.
	Status int
	Header Header
	// Trailers are sent when the handler has returned.
	Trailers Header

	responder *wasi.Responder
	writer    *wasi.Writer
	held      []byte
	head      bool
}

const holdBack = 4 << 10

// Write sends p as a part of the body.
func (w *Response) Write(p []byte) (int, error) {
	if w.head || w.Status == 204 || w.Status == 304 {
		return len(p), nil
	}
	if w.writer == nil && len(w.held)+len(p) <= holdBack {
		w.held = append(w.held, p...)
		return len(p), nil
	}
	if err := w.release(); err != nil {
		return 0, err
	}
	return w.writer.Write(p)
}

// WriteString is Write for strings.
func (w *Response) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// Flush sends what was written so far to the client.
func (w *Response) Flush() error {
	if err := w.release(); err != nil {
		return err
	}
	return w.writer.Flush()
}

// release sends the head, if that is still to do, and what was held back.
func (w *Response) release() error {
	if w.writer == nil {
		writer, err := w.responder.Begin(w.Status, w.Header)
		if err != nil {
			return err
		}
		w.writer = writer
	}
	held := w.held
	w.held = nil
	if w.head {
		return nil
	}
	_, err := w.writer.Write(held)
	return err
}

func (w *Response) finish() error {
	if w.writer == nil && !w.head && w.Status != 204 && w.Status != 304 && w.Header.Get("content-length") == "" {
		w.Header.Add("content-length", strconv.Itoa(len(w.held)))
	}
	if err := w.release(); err != nil {
		return err
	}
	err := w.writer.Finish(w.Trailers)
	if w.head {
		return nil // the host misses the body that its length was declared for
	}
	return err
}

// fail answers with a bare 500, or cuts the response if it has begun.
func (w *Response) fail() {
	if w.responder.Begun() {
		w.writer.CutLate()
		return
	}
	writer, err := w.responder.Begin(500, []Field{{Name: "content-length", Value: "0"}})
	if err == nil {
		_ = writer.Finish(nil) // there is nobody left to tell
	}
}
