//go:build !wasip1

package isospin

import "net/http"

// Outside of a component (in `go test`, in an editor) the SDK is ordinary Go.

// Handle does nothing outside of a component.
func Handle(handler http.Handler) {}

// RoundTrip sends a request with net/http's own transport.
func (Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	return http.DefaultTransport.RoundTrip(request)
}
