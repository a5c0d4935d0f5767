package main

import (
	"net/http/httptest"
	"testing"
)

func TestHelloNamesThePath(t *testing.T) {
	recorder := httptest.NewRecorder()
	hello(recorder, httptest.NewRequest("GET", "/there", nil))
	if got, want := recorder.Body.String(), "Hello from Go! You asked for /there\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
