package wasi

import "io"

// Body is an incoming body, of a request or of a response. It is asked for only
// when it is first read.
type Body struct {
	owner    resource
	consume  func(owner resource, result *area)
	drop     func(owner resource) // nil when it is dropped already
	body     resource
	stream   resource
	pollable resource
	state    bodyState
	failure  error
	trailers []Field
}

type bodyState byte

const (
	bodyUntouched bodyState = iota
	bodyOpen
	bodyEnded
)

// Read waits for bytes and returns those that are there.
func (b *Body) Read(p []byte) (int, error) {
	if b.state == bodyUntouched {
		b.open()
	}
	if b.state == bodyEnded {
		return 0, b.failure
	}
	if len(p) == 0 {
		return 0, nil
	}
	for {
		var result area
		readStream(b.stream, p, &result)
		if result.failed() {
			b.end(streamFailure(&result, 4))
			return 0, b.failure
		}
		if count := int(result.int(8)); count > 0 {
			return count, nil
		}
		if b.pollable == 0 {
			b.pollable = inputStreamSubscribe(b.stream)
		}
		wait(b.pollable)
		if b.state == bodyEnded { // closed by another goroutine
			return 0, b.failure
		}
	}
}

// Trailers are known after Read has returned io.EOF.
func (b *Body) Trailers() []Field { return b.trailers }

// Close gives back the body, whether it was read or not, and the message that
// it belongs to.
func (b *Body) Close() error {
	switch b.state {
	case bodyUntouched:
		b.state, b.failure = bodyEnded, ErrClosed
	case bodyOpen:
		b.dropStream()
		dropIncomingBody(b.body)
		b.state, b.failure = bodyEnded, ErrClosed
	}
	if b.drop != nil {
		b.drop(b.owner)
		b.drop = nil
	}
	return nil
}

func (b *Body) open() {
	var result area
	b.consume(b.owner, &result)
	if result.failed() {
		b.state, b.failure = bodyEnded, ErrClosed
		return
	}
	b.body = result.int(4)
	incomingBodyStream(b.body, &result)
	b.stream = result.int(4)
	b.state = bodyOpen
}

func (b *Body) dropStream() {
	if b.pollable != 0 {
		wake(b.pollable)
		dropPollable(b.pollable)
	}
	dropInputStream(b.stream)
}

// end is called when the stream has ended: properly, if err is ErrClosed.
func (b *Body) end(err error) {
	b.dropStream()
	b.state = bodyEnded
	if err != ErrClosed {
		dropIncomingBody(b.body)
		b.failure = err
		return
	}
	b.failure = io.EOF
	future := incomingBodyFinish(b.body)
	box := takeInbox()
	var result area
	futureTrailersGet(future, &result)
	if !result.failed() { // none: they are not there yet
		pollable := futureTrailersSubscribe(future)
		wait(pollable)
		dropPollable(pollable)
		box.open()
		futureTrailersGet(future, &result)
	}
	switch {
	case result.byte(16) != 0:
		b.failure = errorCode(&result, 24)
	case result.byte(24) != 0:
		b.trailers = readFields(result.int(28))
	}
	box.giveBack()
	dropFutureTrailers(future)
}

// streamFailure is the stream-error at offset.
func streamFailure(result *area, offset uintptr) error {
	if result.byte(offset) != 0 {
		return ErrClosed
	}
	err := result.int(offset + 4)
	var code area
	box := takeInbox()
	httpErrorCode(err, &code)
	dropError(err)
	var failure error = &Error{Code: "stream-failed"}
	if code.byte(0) != 0 {
		failure = errorCode(&code, 8)
	}
	box.giveBack()
	return failure
}
