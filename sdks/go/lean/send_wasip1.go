package lean

import (
	"io"
	"strings"
	"time"

	"isospin/internal/wasi"
)

// Send sends a request and waits for the head of the response. Several can be
// under way at once, each in its goroutine. Redirects are not followed.
func Send(request *Outgoing) (*Incoming, error) {
	head, err := outgoingHead(request)
	if err != nil {
		return nil, err
	}
	call, writer, err := wasi.Send(head, request.Body != nil)
	if err != nil {
		return nil, err
	}
	if writer != nil {
		go sendBody(writer, request.Body)
	}
	if request.Timeout > 0 {
		timer := time.AfterFunc(request.Timeout, call.Cancel)
		defer timer.Stop()
	}
	response, body, err := call.Wait()
	if err != nil {
		if err == wasi.ErrCancelled {
			err = &Error{Code: "http-response-timeout"}
		}
		return nil, err
	}
	return &Incoming{Status: response.Status, Header: response.Fields, Body: body}, nil
}

func outgoingHead(request *Outgoing) (*wasi.Request, error) {
	scheme, rest, found := strings.Cut(request.URL, "://")
	if !found {
		return nil, &Error{Code: "http-request-uri-invalid", Detail: request.URL}
	}
	rest, _, _ = strings.Cut(rest, "#")
	authority, target := rest, "/"
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		authority, target = rest[:end], rest[end:]
		if target[0] == '?' {
			target = "/" + target
		}
	}
	method := request.Method
	if method == "" {
		method = "GET"
	}
	return &wasi.Request{
		Method:    method,
		Scheme:    strings.ToLower(scheme),
		Authority: authority,
		Target:    target,
		Fields:    request.Header,
	}, nil
}

func sendBody(writer *wasi.Writer, body io.Reader) {
	if _, err := io.Copy(writer, body); err != nil {
		writer.Cut()
		return
	}
	_ = writer.Finish(nil) // the response says whether it arrived
}
