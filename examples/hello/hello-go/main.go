package main

import (
	"io"
	"net/http"

	"isospin"
)

func main() {
	isospin.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "Hello from Go!\n")
	}))
}
