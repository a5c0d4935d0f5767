// The most frequent words of a text that is posted, or fetched from elsewhere.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"isospin"
)

func main() {
	isospin.Handle(http.HandlerFunc(handle))
}

func handle(w http.ResponseWriter, r *http.Request) {
	from := source(r)
	switch {
	case r.Method == http.MethodGet && from != "":
		fetch(w, r, from)
	case r.Method == http.MethodGet:
		say(w, http.StatusOK, "Hello from Isospin!\n")
	case r.Method == http.MethodPost:
		answer(w, r.Body, http.StatusBadRequest)
	default:
		w.Header().Set("Allow", "GET, POST")
		say(w, http.StatusMethodNotAllowed, "method not allowed\n")
	}
}

// source is the URL in the query, empty if there is none. A plus sign stays one.
func source(r *http.Request) string {
	for part := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if value, found := strings.CutPrefix(part, "from="); found {
			if from, err := url.PathUnescape(value); err == nil {
				return from
			}
			return value
		}
	}
	return ""
}

func fetch(w http.ResponseWriter, r *http.Request, from string) {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, from, nil)
	if err == nil {
		var response *http.Response
		if response, err = isospin.DefaultClient.Do(request); err == nil {
			defer response.Body.Close()
			if response.StatusCode == http.StatusOK {
				answer(w, response.Body, http.StatusBadGateway)
				return
			}
		}
	}
	say(w, http.StatusBadGateway, "the text could not be fetched\n")
}

// answer counts the words of a text. unreadable is the status if the text
// breaks off.
func answer(w http.ResponseWriter, text io.Reader, unreadable int) {
	words := counter{counts: make(map[string]*int)}
	err := words.read(text)
	switch {
	case errors.Is(err, errNotUTF8):
		say(w, http.StatusBadRequest, "the text is not UTF-8\n")
	case err != nil && unreadable == http.StatusBadGateway:
		say(w, unreadable, "the text could not be fetched\n")
	case err != nil:
		say(w, unreadable, "the text could not be read\n")
	default:
		w.Header().Set("Content-Type", "application/json")
		encoder := json.NewEncoder(w) // it ends what it writes with a line feed
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(words.summary()) // if the client has gone, nobody is left to tell
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // if the client has gone, nobody is left to tell
}
