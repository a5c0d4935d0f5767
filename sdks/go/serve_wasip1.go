package isospin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"runtime"
	"strconv"

	"isospin/internal/wasi"
)

// Handle sets the handler of this component. Call it once, in main or init.
func Handle(handler http.Handler) {
	if handler == nil {
		handler = http.DefaultServeMux
	}
	// Makes the table of common names now instead of in the first request.
	textproto.CanonicalMIMEHeaderKey("content-type")
	wasi.Serve(func(head *wasi.Request, body *wasi.Body, responder *wasi.Responder) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		response := &response{responder: responder, header: make(http.Header), head: head.Method == "HEAD", cancel: cancel}
		request, err := newRequest(ctx, cancel, head, body)
		if err != nil {
			http.Error(response, "400 Bad Request", http.StatusBadRequest)
		} else if err = call(handler, response, request); err != nil {
			report(head, err)
			response.fail()
			return
		}
		if err := response.finish(); err != nil {
			report(head, err)
			response.fail()
		}
	})
}

// newRequest makes a request as net/http's own server does.
func newRequest(ctx context.Context, cancel func(), head *wasi.Request, body *wasi.Body) (*http.Request, error) {
	target, err := url.ParseRequestURI(head.Target)
	if err != nil {
		return nil, err
	}
	request := &http.Request{
		Method:     head.Method,
		URL:        target,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     makeHeader(head.Fields),
		Host:       head.Authority,
		RequestURI: head.Target,
	}
	request = request.WithContext(ctx)
	if request.Host == "" {
		request.Host = request.Header.Get("Host")
	}
	delete(request.Header, "Host")
	if announced := request.Header["Trailer"]; announced != nil {
		// Shared by the copies of the request that routers make.
		request.Trailer = make(http.Header)
		for _, name := range announcedTrailers(announced) {
			request.Trailer[name] = nil
		}
	}
	request.ContentLength = contentLength(request.Header, head.Method)
	if request.ContentLength == 0 && request.Header.Get("Content-Length") != "" {
		request.Body = http.NoBody
	} else {
		request.Body = &requestBody{body: body, request: request, cancel: cancel}
	}
	return request, nil
}

// contentLength is -1 if it is not known.
func contentLength(header http.Header, method string) int64 {
	if text := header.Get("Content-Length"); text != "" {
		if length, err := strconv.ParseInt(text, 10, 64); err == nil && length >= 0 {
			return length
		}
	}
	if method == "GET" || method == "HEAD" {
		return 0
	}
	return -1
}

func makeHeader(fields []wasi.Field) http.Header {
	header := make(http.Header, len(fields))
	for _, field := range fields {
		header.Add(field.Name, field.Value)
	}
	return header
}

// requestBody gives the request its trailers when the body has ended, and ends
// its context when the body breaks off: the client has left.
type requestBody struct {
	body    *wasi.Body
	request *http.Request
	cancel  func()
	ended   bool
}

func (b *requestBody) Read(p []byte) (int, error) {
	count, err := b.body.Read(p)
	if err != nil && !b.ended {
		b.ended = true
		if err != io.EOF && err != wasi.ErrClosed {
			b.cancel()
		}
		trailers := makeHeader(b.body.Trailers())
		if b.request.Trailer == nil && len(trailers) > 0 {
			b.request.Trailer = trailers
		}
		maps.Copy(b.request.Trailer, trailers)
	}
	return count, err
}

func (b *requestBody) Close() error { return b.body.Close() }

// call runs the handler and makes an error of its panic.
func call(handler http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch value := recover().(type) {
		case nil:
		case *failure:
			err = value.error
		case error:
			if errors.Is(value, http.ErrAbortHandler) {
				err = http.ErrAbortHandler
				return
			}
			err = errors.New(panicText(value))
		default:
			err = errors.New(panicText(value))
		}
	}()
	handler.ServeHTTP(w, r)
	return nil
}

func panicText(value any) string {
	trace := make([]byte, 64<<10)
	trace = trace[:runtime.Stack(trace, false)]
	return fmt.Sprintf("panic: %v\n%s", value, trace)
}

func report(head *wasi.Request, err error) {
	if err != http.ErrAbortHandler {
		wasi.Log("isospin: " + head.Method + " " + head.Target + ": " + err.Error())
	}
}
