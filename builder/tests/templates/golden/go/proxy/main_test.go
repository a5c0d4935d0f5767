package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestForward(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.URL.String())
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	}))
	defer upstream.Close()
	t.Setenv("UPSTREAM", upstream.URL)

	recorder := httptest.NewRecorder()
	forward(recorder, httptest.NewRequest("POST", "/a?b=c", strings.NewReader("text")))
	if recorder.Code != http.StatusCreated || recorder.Body.String() != "text" {
		t.Errorf("got %d %q", recorder.Code, recorder.Body)
	}
	if seen := recorder.Header().Get("X-Seen"); seen != "POST /a?b=c" {
		t.Errorf("the upstream has seen %q", seen)
	}
}

func TestNoUpstream(t *testing.T) {
	t.Setenv("UPSTREAM", "http://127.0.0.1:1")
	recorder := httptest.NewRecorder()
	forward(recorder, httptest.NewRequest("GET", "/", nil))
	if recorder.Code != http.StatusBadGateway {
		t.Errorf("got %d", recorder.Code)
	}
}
