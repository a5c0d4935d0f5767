package main

import (
	"fmt"
	"net/http"

	"isospin"
)

func main() {
	isospin.Handle(http.HandlerFunc(hello))
}

func hello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "Hello from Go! You asked for %s\n", r.URL.Path)
}
