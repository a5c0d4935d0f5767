package wasi

import (
	"time"
	"unsafe"
)

// beforeCut is how long a response that has failed is held before it is cut.
const beforeCut = time.Millisecond

// Responder is the place for the response to one request.
type Responder struct {
	out  resource
	used bool
}

// Begun says whether the head of the response has been sent.
func (r *Responder) Begun() bool { return r.used }

// Begin sends the head of the response; the body is then written and finished.
func (r *Responder) Begin(status int, fields []Field) (*Writer, error) {
	headers, err := writeFields(fields)
	if err != nil {
		return nil, err
	}
	response := newOutgoingResponse(headers)
	if outgoingResponseSetStatus(response, int32(status)) != 0 {
		outgoingResponseSetStatus(response, 500)
	}
	var result area
	outgoingResponseBody(response, &result)
	writer := &Writer{body: result.int(4)}
	responseOutparamSet(r.out, 0, response, 0, 0, 0, 0, 0, 0)
	r.used = true
	return writer, nil
}

// Writer is an outgoing body, of a response or of a request.
type Writer struct {
	body     resource
	stream   resource
	pollable resource
	ended    bool
	failure  error
}

// Write sends p, waiting until the receiver has room for it.
func (w *Writer) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		room, err := w.room()
		if err != nil {
			return written, err
		}
		piece := p[written:]
		if uint64(len(piece)) > room {
			piece = piece[:room]
		}
		var result area
		outputStreamWrite(w.stream, unsafe.Pointer(unsafe.SliceData(piece)), int32(len(piece)), &result)
		if result.failed() {
			w.fail(streamFailure(&result, 4))
			return written, w.failure
		}
		written += len(piece)
	}
	return written, nil
}

// room waits until at least one byte can be written.
func (w *Writer) room() (uint64, error) {
	for {
		if err := w.open(); err != nil {
			return 0, err
		}
		var result area
		outputStreamCheckWrite(w.stream, &result)
		if result.failed() {
			w.fail(streamFailure(&result, 8))
			return 0, w.failure
		}
		if room := result.long(8); room > 0 {
			return room, nil
		}
		if w.pollable == 0 {
			w.pollable = outputStreamSubscribe(w.stream)
		}
		wait(w.pollable)
	}
}

func (w *Writer) open() error {
	if w.failure != nil {
		return w.failure
	}
	if w.ended {
		return ErrClosed
	}
	if w.stream == 0 {
		var result area
		outgoingBodyWrite(w.body, &result)
		if result.failed() {
			w.failure = ErrClosed
			return w.failure
		}
		w.stream = result.int(4)
	}
	return nil
}

// Flush makes the host send on what it holds, and waits until it has.
func (w *Writer) Flush() error {
	if err := w.open(); err != nil {
		return err
	}
	if _, err := w.room(); err != nil {
		return err
	}
	var result area
	outputStreamFlush(w.stream, &result)
	if result.failed() {
		w.fail(streamFailure(&result, 4))
		return w.failure
	}
	_, err := w.room()
	return err
}

func (w *Writer) fail(err error) {
	w.failure = err
}

func (w *Writer) dropStream() {
	if w.pollable != 0 {
		wake(w.pollable)
		dropPollable(w.pollable)
		w.pollable = 0
	}
	if w.stream != 0 {
		dropOutputStream(w.stream)
		w.stream = 0
	}
	w.ended = true
}

// Finish ends the body properly.
func (w *Writer) Finish(trailers []Field) error {
	if w.ended {
		return w.failure
	}
	w.dropStream()
	var fields resource
	some := int32(0)
	if len(trailers) > 0 {
		var err error
		if fields, err = writeFields(trailers); err != nil {
			dropOutgoingBody(w.body)
			return err
		}
		some = 1
	}
	var result area
	box := takeInbox()
	outgoingBodyFinish(w.body, some, fields, &result)
	if result.failed() && w.failure == nil {
		w.failure = errorCode(&result, 8)
	}
	box.giveBack()
	return w.failure
}

// CutLate is Cut for a response: what was written is given the time to get out,
// since a host that sees the cut at once may send none of it, not even the head.
func (w *Writer) CutLate() {
	if !w.ended && w.Flush() == nil {
		time.Sleep(beforeCut)
	}
	w.Cut()
}

// Cut ends the body so that the receiver sees that it is not whole.
func (w *Writer) Cut() {
	if !w.ended {
		w.dropStream()
		dropOutgoingBody(w.body)
	}
}
