// The guest of the conformance suite: GUEST.md says what each route must do.
package main

import (
	"net/http"
	"strings"

	"isospin"
)

var routes = map[string]isospin.HandlerFunc{
	"reflect": reflect,
	"collect": collect,
	"echo":    echo,
	"duplex":  duplex,
	"early":   early,
	"watch":   watch,

	"status":   status,
	"headers":  headers,
	"bytes":    wholeBytes,
	"stream":   streamedBytes,
	"ticks":    ticks,
	"trailers": trailers,

	"error":             fail,
	"panic":             crash,
	"error-after-start": failAfterStart,
	"loop":              loop,
	"allocate":          allocate,
	"recurse":           recurse,

	"counter": counter,
	"clock":   clock,
	"random":  random,
	"log":     logMessage,

	"fetch":  fetch,
	"gather": gather,
}

func main() {
	isospin.Handle(isospin.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if route, found := routes[segments(r)[0]]; found {
			return route(w, r)
		}
		return answer(w, http.StatusNotFound, "no such route\n")
	}))
}

// segments are the parts of the path as it was sent, at least one.
func segments(r *http.Request) []string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

func answer(w http.ResponseWriter, status int, text string) error {
	w.WriteHeader(status)
	_, err := w.Write([]byte(text))
	return err
}

// pair is a part of the query, percent-decoded.
type pair struct{ name, value string }

func query(r *http.Request) []pair {
	var pairs []pair
	_, text, _ := strings.Cut(r.RequestURI, "?")
	for part := range strings.SplitSeq(text, "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, pair{decode(name), decode(value)})
		}
	}
	return pairs
}

// value is that of the first pair of this name.
func value(r *http.Request, name string) string {
	for _, pair := range query(r) {
		if pair.name == name {
			return pair.value
		}
	}
	return ""
}

func decode(text string) string {
	var decoded strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && digit(text[i+1]) >= 0 && digit(text[i+2]) >= 0 {
			decoded.WriteByte(byte(digit(text[i+1])<<4 | digit(text[i+2])))
			i += 2
		} else {
			decoded.WriteByte(text[i])
		}
	}
	return decoded.String()
}

func digit(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }
