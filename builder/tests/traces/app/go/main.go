package main

import (
	"io"
	"net/http"
	"strings"

	"isospin"
)

//go:noinline
func divide(all, by int) int {
	return all / by // crashes: /divide
}

func main() {
	isospin.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/divide") {
			divide(7, len(r.URL.RawQuery))
		}
		io.WriteString(w, "well\n")
	}))
}
