// Package isospin makes a component of a net/http handler: of a function, of
// http.ServeMux, or of any router that is an http.Handler.
//
//	func main() {
//		isospin.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			fmt.Fprintln(w, "hello")
//		}))
//	}
//
// main and init run once, when the component is built; their memory is kept.
// What they read (the clock, the environment, files) would be frozen, so it is
// to be read in the handler.
//
// Requests are sent with a [Client], or through [Transport] by anything that
// takes an http.RoundTripper. http.DefaultClient needs package
// isospin/defaulttransport.
package isospin

import (
	"net/http"

	"isospin/internal/wasi"
)

// HandlerFunc is a handler that can fail. An error is logged, and the client
// gets a 500 without a body; if the response has begun, it is cut.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP makes HandlerFunc an http.Handler.
func (f HandlerFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f(w, r); err != nil {
		panic(&failure{err})
	}
}

// failure is how an error of a HandlerFunc passes through a router.
type failure struct{ error }

// Error says why a request could not be sent or its answer not be read.
type Error = wasi.Error

// Transport sends requests through the host. It is an http.RoundTripper.
type Transport struct{}

var _ http.RoundTripper = Transport{}
