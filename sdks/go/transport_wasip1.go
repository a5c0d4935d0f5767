package isospin

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"isospin/internal/wasi"
)

// RoundTrip sends a request and waits for the head of the response. Several can
// be under way at once, each in its goroutine.
func (Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	hasBody := request.Body != nil && request.Body != http.NoBody
	head, err := outgoingHead(request)
	if err != nil {
		closeBody(request)
		return nil, err
	}
	call, writer, err := wasi.Send(head, hasBody)
	if err != nil {
		closeBody(request)
		return nil, err
	}
	if hasBody {
		go sendBody(writer, request)
	}
	ctx := request.Context()
	stop := context.AfterFunc(ctx, call.Cancel)
	response, body, err := call.Wait()
	stop()
	if err != nil {
		if hasBody {
			writer.Cut()
		}
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	return newResponse(request, response, body), nil
}

func closeBody(request *http.Request) {
	if request.Body != nil {
		_ = request.Body.Close() // the failure to send it is told instead
	}
}

func outgoingHead(request *http.Request) (*wasi.Request, error) {
	if request.URL == nil || request.URL.Host == "" {
		return nil, &Error{Code: "http-request-uri-invalid", Detail: "no host in the URL"}
	}
	fields := makeFields(request.Header, false)
	if request.ContentLength > 0 && request.Body != nil && request.Header.Get("Content-Length") == "" {
		fields = append(fields, wasi.Field{Name: "Content-Length", Value: strconv.FormatInt(request.ContentLength, 10)})
	}
	// A method that usually has a body says that this request has none.
	switch request.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		if (request.Body == nil || request.Body == http.NoBody) && request.Header.Get("Content-Length") == "" {
			fields = append(fields, wasi.Field{Name: "Content-Length", Value: "0"})
		}
	}
	authority := request.Host
	if authority == "" {
		authority = request.URL.Host
	}
	method := request.Method
	if method == "" {
		method = http.MethodGet
	}
	return &wasi.Request{
		Method:    method,
		Scheme:    request.URL.Scheme,
		Authority: authority,
		Target:    request.URL.RequestURI(),
		Fields:    fields,
	}, nil
}

func sendBody(writer *wasi.Writer, request *http.Request) {
	_, err := io.Copy(writer, request.Body)
	_ = request.Body.Close() // it is read to its end, or the error is at hand
	if err != nil {
		writer.Cut()
		return
	}
	_ = writer.Finish(makeFields(request.Trailer, true)) // the response says whether it arrived
}

func newResponse(request *http.Request, head *wasi.Response, body *wasi.Body) *http.Response {
	header := makeHeader(head.Fields)
	response := &http.Response{
		Status:        strconv.Itoa(head.Status) + " " + http.StatusText(head.Status),
		StatusCode:    head.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		ContentLength: -1,
		Request:       request,
	}
	if length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil {
		response.ContentLength = length
	}
	response.Body = &responseBody{body: body, response: response}
	response.Body.(*responseBody).stop = context.AfterFunc(request.Context(), func() { _ = body.Close() })
	return response
}

// responseBody gives the response its trailers when the body has ended.
type responseBody struct {
	body     *wasi.Body
	response *http.Response
	stop     func() bool
}

func (b *responseBody) Read(p []byte) (int, error) {
	count, err := b.body.Read(p)
	if err != nil {
		if cause := context.Cause(b.response.Request.Context()); cause != nil && err != io.EOF {
			err = cause
		}
		if trailers := b.body.Trailers(); len(trailers) > 0 && b.response.Trailer == nil {
			b.response.Trailer = makeHeader(trailers)
		}
	}
	return count, err
}

func (b *responseBody) Close() error {
	b.stop()
	return b.body.Close()
}
