package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAPI(t *testing.T) {
	for _, test := range []struct {
		method, path, body string
		status             int
		answer             string
	}{
		{"GET", "/greetings/Ada", "", 200, `{"greeting":"Hello, Ada!"}`},
		{"POST", "/greetings", `{"name":"Ada","times":2}`, 200, `{"greetings":["Hello, Ada!","Hello, Ada!"]}`},
		{"POST", "/greetings", `{`, 400, `{"error":"the body is not JSON"}`},
		{"POST", "/greetings", `{"name":"","times":1}`, 422, `{"error":"name: must not be empty"}`},
		{"POST", "/greetings", `{"name":"Ada","times":11}`, 422, `{"error":"times: must be from 1 to 10"}`},
		{"POST", "/greetings", `{"name":"Ada","times":"2"}`, 422, `{"error":"times: must not be a string"}`},
		{"DELETE", "/greetings", "", 405, `{"error":"method not allowed"}`},
		{"GET", "/nowhere", "", 404, `{"error":"not found"}`},
	} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(test.method, ""+test.path, strings.NewReader(test.body))
		api().ServeHTTP(recorder, request)
		answer := strings.TrimSpace(recorder.Body.String())
		if recorder.Code != test.status || answer != test.answer {
			t.Errorf("%s %s %s: %d %s", test.method, test.path, test.body, recorder.Code, answer)
		}
		if allow := recorder.Header().Get("Allow"); (recorder.Code == 405) != (allow != "") {
			t.Errorf("%s %s: Allow is %q", test.method, test.path, allow)
		}
	}
}
