// A proxy: every request goes to the upstream, both bodies are streamed.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	"isospin"
)

func main() {
	isospin.Handle(http.HandlerFunc(forward))
}

func forward(w http.ResponseWriter, r *http.Request) {
	response, err := ask(r)
	if err != nil {
		log.Print(err)
		http.Error(w, "the upstream does not answer", http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	passOn(response.Header, w.Header())
	w.WriteHeader(response.StatusCode)
	if err := stream(w, response.Body); err != nil {
		// The client must not take what came for the whole.
		log.Print(err)
		panic(http.ErrAbortHandler)
	}
}

// ask sends the request to the upstream.
func ask(r *http.Request) (*http.Response, error) {
	target := strings.TrimSuffix(os.Getenv("UPSTREAM"), "/") + r.URL.RequestURI()
	request, err := http.NewRequestWithContext(r.Context(), r.Method, target, r.Body)
	if err != nil {
		return nil, err
	}
	request.ContentLength = r.ContentLength
	if r.ContentLength == 0 {
		request.Body = nil
	}
	passOn(r.Header, request.Header)
	return isospin.Transport{}.RoundTrip(request)
}

// passOn copies all headers but those that belong to one connection alone.
func passOn(from, to http.Header) {
	for name, values := range from {
		switch name {
		case "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
			"Te", "Trailer", "Transfer-Encoding", "Upgrade":
		default:
			to[name] = values
		}
	}
}

// stream copies a body piece by piece, each as soon as it is there.
func stream(w http.ResponseWriter, body io.Reader) error {
	controller := http.NewResponseController(w)
	piece := make([]byte, 16*1024)
	for {
		n, err := body.Read(piece)
		if n > 0 {
			if _, err := w.Write(piece[:n]); err != nil {
				return err
			}
			if err := controller.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
