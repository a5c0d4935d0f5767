package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	oldrand "math/rand"
	newrand "math/rand/v2"
	"net/http"
	"os"
	"time"
)

func fail(http.ResponseWriter, *http.Request) error {
	return errors.New("deliberate error")
}

func crash(http.ResponseWriter, *http.Request) error {
	panic("deliberate panic")
}

func failAfterStart(w http.ResponseWriter, r *http.Request) error {
	if _, err := io.WriteString(w, "begun\n"); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return err
	}
	return fail(w, r)
}

func loop(http.ResponseWriter, *http.Request) error {
	for {
	}
}

func allocate(http.ResponseWriter, *http.Request) error {
	var all [][]byte
	for {
		piece := make([]byte, 1<<20)
		for i := range piece {
			piece[i] = 1
		}
		all = append(all, piece)
	}
}

func recurse(http.ResponseWriter, *http.Request) error {
	return fmt.Errorf("the end was reached: %d", deeper(0))
}

func deeper(depth int) int { return deeper(depth+1) + 1 }

var count int

func counter(w http.ResponseWriter, r *http.Request) error {
	count++
	_, err := fmt.Fprintf(w, "%d\n", count)
	return err
}

// begin is of this instance's start-up, which happened at build time.
var begin = time.Now()

func clock(w http.ResponseWriter, r *http.Request) error {
	now := time.Now()
	_, err := fmt.Fprintf(w, "wall %d\nmonotonic %d\n", now.UnixMilli(), now.Sub(begin).Nanoseconds())
	return err
}

func random(w http.ResponseWriter, r *http.Request) error {
	secure := make([]byte, 16)
	if _, err := rand.Read(secure); err != nil {
		return err
	}
	// The order of a map's iteration, as a number: its seed is random.
	order := uint64(0)
	for key := range map[int]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true,
		8: true, 9: true, 10: true, 11: true, 12: true, 13: true, 14: true, 15: true} {
		order = order<<4 | uint64(key)
	}
	_, err := fmt.Fprintf(w, "secure %x\nmath/rand %016x\nmath/rand/v2 %016x\nhash/maphash %016x\nmap-order %016x\n",
		secure, oldrand.Uint64(), newrand.Uint64(), maphash.String(maphash.MakeSeed(), "x"), order)
	return err
}

func logMessage(w http.ResponseWriter, r *http.Request) error {
	fmt.Fprintln(os.Stderr, value(r, "message"))
	_, err := io.WriteString(w, "logged\n")
	return err
}
