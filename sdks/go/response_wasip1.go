package isospin

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"isospin/internal/wasi"
)

// response is the http.ResponseWriter. What is written is held back until it is
// more than a few kilobytes, Flush is called, or the handler returns.
type response struct {
	responder *wasi.Responder
	writer    *wasi.Writer // nil until the head is sent
	cancel    func()       // ends the request's context
	header    http.Header
	sent      http.Header // header as it was when WriteHeader was called
	status    int         // 0 until WriteHeader is called
	length    int64       // as the handler declared it, or -1
	written   int64
	held      []byte
	head      bool // the request is a HEAD: nothing of the body is sent
}

const holdBack = 4 << 10

var (
	_                  http.Flusher = (*response)(nil)
	errDeclaredTooMuch              = errors.New("isospin: the body is shorter than its declared content-length")
)

func (w *response) Header() http.Header { return w.header }

func (w *response) WriteHeader(status int) {
	if status >= 100 && status < 200 {
		return // the world has no informational responses
	}
	if w.status != 0 {
		wasi.Log("isospin: superfluous WriteHeader(" + strconv.Itoa(status) + ")")
		return
	}
	if status < 200 || status > 999 {
		panic("isospin: invalid status code " + strconv.Itoa(status))
	}
	w.status = status
	w.sent = w.header.Clone()
	w.length = -1
	if text := w.sent.Get("Content-Length"); text != "" {
		length, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil || length < 0 {
			wasi.Log("isospin: invalid Content-Length " + strconv.Quote(text))
			w.sent.Del("Content-Length")
		} else {
			w.length = length
		}
	}
}

func (w *response) bodyAllowed() bool { return w.status != 204 && w.status != 304 }

func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if !w.bodyAllowed() {
		return 0, http.ErrBodyNotAllowed
	}
	w.written += int64(len(p))
	if w.length >= 0 && w.written > w.length {
		return 0, http.ErrContentLength
	}
	if w.writer == nil && len(w.held)+len(p) <= holdBack {
		w.held = append(w.held, p...)
		return len(p), nil
	}
	if err := w.release(p); err != nil {
		return 0, err
	}
	if w.head {
		return len(p), nil
	}
	count, err := w.writer.Write(p)
	return count, w.leave(err)
}

func (w *response) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// Flush sends what was written so far to the client.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *response) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if err := w.release(nil); err != nil {
		return err
	}
	return w.leave(w.writer.Flush())
}

// EnableFullDuplex is for http.ResponseController: bodies are always read and
// written independently.
func (w *response) EnableFullDuplex() error { return nil }

// leave ends the request's context if the client has gone.
func (w *response) leave(err error) error {
	if err != nil {
		w.cancel()
	}
	return err
}

// release sends the head, if that is still to do, and what was held back. The
// type of a body without one is guessed from its beginning, of which next is a
// part if nothing was held back.
func (w *response) release(next []byte) error {
	if w.writer == nil {
		beginning := w.held
		if len(beginning) == 0 {
			beginning = next
		}
		_, typed := w.sent["Content-Type"]
		if !typed && len(beginning) > 0 && w.sent.Get("Content-Encoding") == "" {
			w.sent.Set("Content-Type", http.DetectContentType(beginning))
		}
		writer, err := w.responder.Begin(w.status, makeFields(w.sent, false))
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
	return w.leave(err)
}

func (w *response) finish() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.writer == nil && w.length < 0 && w.bodyAllowed() && (!w.head || len(w.held) > 0) {
		if w.sent.Get("Trailer") == "" {
			w.sent.Set("Content-Length", strconv.Itoa(len(w.held)))
		}
	}
	if err := w.release(nil); err != nil {
		return err
	}
	if w.length > w.written && !w.head && w.bodyAllowed() {
		return errDeclaredTooMuch
	}
	err := w.writer.Finish(w.trailers())
	if w.head {
		return nil // the host misses the body that its length was declared for
	}
	return err
}

// trailers are the fields that the Trailer field announced, and those whose
// name begins with http.TrailerPrefix.
func (w *response) trailers() []wasi.Field {
	trailers := make(http.Header)
	for _, name := range announcedTrailers(w.sent["Trailer"]) {
		if values, ok := w.header[name]; ok {
			trailers[name] = values
		}
	}
	for name, values := range w.header {
		if name, found := strings.CutPrefix(name, http.TrailerPrefix); found {
			trailers[http.CanonicalHeaderKey(name)] = values
		}
	}
	return makeFields(trailers, true)
}

// announcedTrailers are the names in the Trailer fields of a message.
func announcedTrailers(lines []string) []string {
	var names []string
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			names = append(names, http.CanonicalHeaderKey(strings.TrimSpace(name)))
		}
	}
	return names
}

// fail answers with a bare 500, or cuts the response if it has begun.
func (w *response) fail() {
	if w.writer != nil {
		w.writer.CutLate()
		return
	}
	writer, err := w.responder.Begin(http.StatusInternalServerError, []wasi.Field{{Name: "content-length", Value: "0"}})
	if err == nil {
		_ = writer.Finish(nil) // there is nobody left to tell
	}
}

// makeFields lists a header in the order of the names, so that the same header
// always gives the same bytes.
func makeFields(header http.Header, trailers bool) []wasi.Field {
	names := make([]string, 0, len(header))
	for name := range header {
		if trailers || !strings.HasPrefix(name, http.TrailerPrefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	fields := make([]wasi.Field, 0, len(names))
	for _, name := range names {
		for _, value := range header[name] {
			fields = append(fields, wasi.Field{Name: name, Value: value})
		}
	}
	return fields
}
