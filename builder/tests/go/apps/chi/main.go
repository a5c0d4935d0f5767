package main

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"isospin"
)

func main() {
	router := chi.NewRouter()
	router.Use(middleware.Recoverer, middleware.RequestID)
	router.Get("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello "+chi.URLParam(r, "name")+"\n")
	})
	router.Route("/items", func(r chi.Router) {
		r.Post("/", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusCreated)
			io.Copy(w, r.Body)
		})
	})
	isospin.Handle(router)
}
