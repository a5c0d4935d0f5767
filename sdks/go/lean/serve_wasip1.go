package lean

import (
	"runtime"

	"isospin/internal/wasi"
)

// Handle sets the handler of this component. Call it once, in main or init.
func Handle(handler Handler) {
	wasi.Serve(func(head *wasi.Request, body *wasi.Body, responder *wasi.Responder) {
		request := &Request{
			Method:    head.Method,
			Scheme:    head.Scheme,
			Authority: head.Authority,
			Target:    head.Target,
			Header:    head.Fields,
			Body:      body,
		}
		response := &Response{Status: 200, responder: responder, head: head.Method == "HEAD"}
		if err := call(handler, response, request); err != nil {
			wasi.Log("isospin: " + head.Method + " " + head.Target + ": " + err.Error())
			response.fail()
			return
		}
		if err := response.finish(); err != nil {
			wasi.Log("isospin: " + head.Method + " " + head.Target + ": " + err.Error())
			response.fail()
		}
	})
}

// panicked is what a handler's panic becomes.
type panicked struct{ message string }

func (p *panicked) Error() string { return p.message }

func call(handler Handler, response *Response, request *Request) (err error) {
	defer func() {
		if value := recover(); value != nil {
			trace := make([]byte, 64<<10)
			trace = trace[:runtime.Stack(trace, false)]
			err = &panicked{"panic: " + wasi.PanicText(value) + "\n" + string(trace)}
		}
	}()
	return handler(response, request)
}
