package main

import (
	"io"
	"net/http"

	"github.com/gorilla/mux"

	"isospin"
)

func main() {
	router := mux.NewRouter()
	router.HandleFunc("/hello/{name:[a-z]+}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello "+mux.Vars(r)["name"]+"\n")
	}).Methods("GET")
	isospin.Handle(router)
}
