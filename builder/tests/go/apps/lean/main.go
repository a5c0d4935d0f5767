package main

import "isospin/lean"

func main() {
	lean.Handle(func(w *lean.Response, r *lean.Request) error {
		w.Header.Set("content-type", "text/plain; charset=utf-8")
		_, err := w.WriteString("Hello from Isospin!\n")
		return err
	})
}
