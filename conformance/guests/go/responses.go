package main

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

func status(w http.ResponseWriter, r *http.Request) error {
	code, err := number(r)
	if err != nil {
		return err
	}
	if code == http.StatusNoContent || code == http.StatusNotModified {
		w.Header().Del("Content-Type")
		w.WriteHeader(code)
		return nil
	}
	return answer(w, code, fmt.Sprintf("status %d\n", code))
}

// number is the second segment of the path.
func number(r *http.Request) (int, error) {
	parts := segments(r)
	if len(parts) < 2 {
		return 0, fmt.Errorf("%s: a number is missing", r.RequestURI)
	}
	return strconv.Atoi(parts[1])
}

func headers(w http.ResponseWriter, r *http.Request) error {
	w.Header()["Content-Type"] = nil
	for _, pair := range query(r) {
		w.Header().Add(pair.name, pair.value)
	}
	_, err := io.WriteString(w, "ok\n")
	return err
}

func wholeBytes(w http.ResponseWriter, r *http.Request) error {
	length, err := number(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(length))
	body := make([]byte, length)
	fill(body, 0)
	_, err = w.Write(body)
	return err
}

func streamedBytes(w http.ResponseWriter, r *http.Request) error {
	length, err := number(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	buffer := make([]byte, 64<<10)
	for sent := 0; sent < length; {
		piece := buffer[:min(len(buffer), length-sent)]
		fill(piece, sent)
		if _, err := w.Write(piece); err != nil {
			return err
		}
		sent += len(piece)
	}
	return nil
}

func fill(piece []byte, offset int) {
	for i := range piece {
		piece[i] = byte((offset + i) % 251)
	}
}

func ticks(w http.ResponseWriter, r *http.Request) error {
	count, err := number(r)
	if err != nil {
		return err
	}
	pause, _ := strconv.Atoi(value(r, "ms"))
	controller := http.NewResponseController(w)
	for i := range count {
		if i > 0 {
			time.Sleep(time.Duration(pause) * time.Millisecond)
		}
		if _, err := fmt.Fprintf(w, "tick %d\n", i+1); err != nil {
			return err
		}
		if err := controller.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func trailers(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Trailer", "x-checksum, x-second")
	if _, err := io.WriteString(w, "body\n"); err != nil {
		return err
	}
	w.Header().Set("X-Checksum", "abc")
	w.Header().Set("X-Second", "two")
	return nil
}
