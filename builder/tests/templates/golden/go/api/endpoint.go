package main

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"
)

// failure is what the client is told when something is wrong.
type failure struct {
	status  int
	message string
}

func (f failure) Error() string { return f.message }

// endpoint answers with what the function returns, as JSON.
type endpoint func(*http.Request) (any, error)

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	answer, err := e(r)
	if err != nil {
		var told failure
		if !errors.As(err, &told) {
			log.Print(err)
			told = failure{http.StatusInternalServerError, "internal error"}
		}
		status = told.status
		answer = map[string]string{"error": told.message}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		log.Print(err)
	}
}
