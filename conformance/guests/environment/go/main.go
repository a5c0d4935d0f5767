// The environment guest: see GUEST.md.
package main

import (
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"isospin"
)

func main() {
	isospin.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lines := os.Environ()
		slices.SortFunc(lines, func(a, b string) int {
			nameA, _, _ := strings.Cut(a, "=")
			nameB, _, _ := strings.Cut(b, "=")
			return strings.Compare(nameA, nameB)
		})
		for _, line := range lines {
			io.WriteString(w, line+"\n")
		}
	}))
}
