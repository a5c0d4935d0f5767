package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"isospin"
)

var errTimedOut = errors.New("timed out")

func fetch(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	request, err := http.NewRequestWithContext(ctx, r.Method, value(r, "url"), r.Body)
	if err != nil {
		return err
	}
	if r.ContentLength == 0 {
		request.Body = nil
	}
	request.ContentLength = r.ContentLength
	for name, values := range r.Header {
		if name == "Content-Type" || strings.HasPrefix(name, "X-") {
			request.Header[name] = values
		}
	}
	var timer *time.Timer
	if limit, err := strconv.Atoi(value(r, "ms")); err == nil {
		timer = time.AfterFunc(time.Duration(limit)*time.Millisecond, func() { cancel(errTimedOut) })
	}
	response, err := isospin.Transport{}.RoundTrip(request)
	if timer != nil {
		timer.Stop()
	}
	if errors.Is(err, errTimedOut) {
		return answer(w, http.StatusGatewayTimeout, "timed out\n")
	}
	if err != nil {
		return answer(w, http.StatusBadGateway, errorName(err)+"\n")
	}
	defer response.Body.Close()
	w.Header()["Content-Type"] = nil
	for name, values := range response.Header {
		switch name {
		case "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Date":
		default:
			w.Header()[name] = values
		}
	}
	w.WriteHeader(response.StatusCode)
	if response.StatusCode == http.StatusNoContent || response.StatusCode == http.StatusNotModified {
		return nil
	}
	return copyAtOnce(w, response.Body)
}

// errorName is the name of the error in wasi:http.
func errorName(err error) string {
	var failure *isospin.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return err.Error()
}

func gather(w http.ResponseWriter, r *http.Request) error {
	var urls []string
	for _, pair := range query(r) {
		if pair.name == "url" {
			urls = append(urls, pair.value)
		}
	}
	lines := make([]string, len(urls))
	var group sync.WaitGroup
	for i, url := range urls {
		group.Go(func() { lines[i] = measure(url) })
	}
	group.Wait()
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	return nil
}

func measure(url string) string {
	response, err := isospin.Get(url)
	if err != nil {
		return errorName(err)
	}
	defer response.Body.Close()
	length, err := io.Copy(io.Discard, response.Body)
	if err != nil {
		return errorName(err)
	}
	return fmt.Sprintf("%d %d", response.StatusCode, length)
}
