package wasi

// Response is the head of a response to an outgoing request.
type Response struct {
	Status int
	Fields []Field
}

// Call is an outgoing request under way.
type Call struct {
	future    resource
	pollable  resource
	cancelled bool
}

// Send begins to send a request. The writer for its body is nil unless hasBody.
func Send(request *Request, hasBody bool) (*Call, *Writer, error) {
	if !serving {
		return nil, nil, ErrTooEarly
	}
	fields, err := writeFields(request.Fields)
	if err != nil {
		return nil, nil, err
	}
	outgoing := newOutgoingRequest(fields)
	if err := describe(outgoing, request); err != nil {
		dropOutgoingRequest(outgoing)
		return nil, nil, err
	}
	var result area
	var writer *Writer
	if hasBody {
		outgoingRequestBody(outgoing, &result)
		writer = &Writer{body: result.int(4)}
	}
	box := takeInbox()
	outgoingHandle(outgoing, 0, 0, &result)
	if result.failed() {
		err = errorCode(&result, 8)
	}
	box.giveBack()
	if err != nil {
		if writer != nil {
			writer.Cut()
		}
		return nil, nil, err
	}
	return &Call{future: result.int(8)}, writer, nil
}

func describe(outgoing resource, request *Request) error {
	method, other := int32(len(methods)), request.Method
	for i, name := range methods {
		if name == request.Method {
			method, other = int32(i), ""
		}
	}
	if outgoingRequestSetMethod(outgoing, method, other) != 0 {
		return &Error{Code: "http-request-method-invalid", Detail: request.Method}
	}
	scheme, other := int32(2), request.Scheme
	switch request.Scheme {
	case "http":
		scheme, other = 0, ""
	case "https":
		scheme, other = 1, ""
	}
	if outgoingRequestSetScheme(outgoing, 1, scheme, other) != 0 ||
		outgoingRequestSetAuthority(outgoing, 1, request.Authority) != 0 ||
		outgoingRequestSetTarget(outgoing, 1, request.Target) != 0 {
		return &Error{Code: "http-request-URI-invalid", Detail: request.Scheme + "://" + request.Authority + request.Target}
	}
	return nil
}

// Wait waits for the head of the response.
func (c *Call) Wait() (*Response, *Body, error) {
	if c.future == 0 {
		return nil, nil, ErrCancelled
	}
	var result area
	box := takeInbox()
	futureResponseGet(c.future, &result)
	if !result.failed() { // none: it is not there yet
		c.pollable = futureResponseSubscribe(c.future)
		if !c.cancelled {
			wait(c.pollable)
		}
		dropPollable(c.pollable)
		c.pollable = 0
		box.open()
		if !c.cancelled {
			futureResponseGet(c.future, &result)
		}
	}
	var err error
	switch {
	case c.cancelled:
		err = ErrCancelled
	case result.byte(8) != 0:
		err = ErrClosed
	case result.byte(16) != 0:
		err = errorCode(&result, 24)
	}
	box.giveBack()
	dropFutureResponse(c.future)
	c.future = 0
	if err != nil {
		return nil, nil, err
	}
	response := result.int(24)
	head := &Response{
		Status: int(incomingResponseStatus(response)),
		Fields: readFields(incomingResponseHeaders(response)),
	}
	return head, &Body{owner: response, consume: incomingResponseConsume, drop: dropIncomingResponse}, nil
}

// Cancel makes Wait return ErrCancelled if it still waits.
func (c *Call) Cancel() {
	c.cancelled = true
	if c.pollable != 0 {
		wake(c.pollable)
	}
}
