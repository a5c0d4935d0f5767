// A JSON API with http.ServeMux.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"isospin"
)

func main() {
	isospin.Handle(api())
}

func api() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /greetings/{name}", endpoint(greet))
	mux.Handle("POST /greetings", endpoint(greetOften))
	mux.Handle("/greetings/{name}", only("GET, HEAD"))
	mux.Handle("/greetings", only("POST"))
	mux.Handle("/", endpoint(notFound))
	return mux
}

func greet(r *http.Request) (any, error) {
	return map[string]string{"greeting": greeting(r.PathValue("name"))}, nil
}

type wish struct {
	Name  string `json:"name"`
	Times int    `json:"times"`
}

func greetOften(r *http.Request) (any, error) {
	var wish wish
	if err := decode(r.Body, &wish); err != nil {
		return nil, err
	}
	if wish.Name == "" {
		return nil, failure{http.StatusUnprocessableEntity, "name: must not be empty"}
	}
	if wish.Times < 1 || wish.Times > 10 {
		return nil, failure{http.StatusUnprocessableEntity, "times: must be from 1 to 10"}
	}
	greetings := make([]string, wish.Times)
	for i := range greetings {
		greetings[i] = greeting(wish.Name)
	}
	return map[string][]string{"greetings": greetings}, nil
}

func greeting(name string) string {
	return "Hello, " + name + "!"
}

func notFound(*http.Request) (any, error) {
	return nil, failure{http.StatusNotFound, "not found"}
}

// only refuses a request and tells the methods that have handlers.
func only(methods string) http.Handler {
	refuse := endpoint(func(*http.Request) (any, error) {
		return nil, failure{http.StatusMethodNotAllowed, "method not allowed"}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", methods)
		refuse.ServeHTTP(w, r)
	})
}

// decode reads one JSON value into target.
func decode(body io.Reader, target any) error {
	err := json.NewDecoder(body).Decode(target)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType):
		return failure{http.StatusUnprocessableEntity, wrongType.Field + ": must not be a " + wrongType.Value}
	default:
		return failure{http.StatusBadRequest, "the body is not JSON"}
	}
}
