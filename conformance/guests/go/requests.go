package main

import (
	"fmt"
	"hash/adler32"
	"io"
	"net/http"
	"strings"
)

func reflect(w http.ResponseWriter, r *http.Request) error {
	path, query, asked := strings.Cut(r.RequestURI, "?")
	fmt.Fprintf(w, "method %s\npath %s\n", r.Method, path)
	if asked {
		fmt.Fprintf(w, "query %s\n", query)
	}
	for name, values := range r.Header {
		for _, value := range values {
			fmt.Fprintf(w, "header %s %s\n", strings.ToLower(name), escape(value))
		}
	}
	return nil
}

func escape(value string) string {
	var escaped strings.Builder
	for i := range len(value) {
		if c := value[i]; c > 0x20 && c < 0x7f && c != '%' {
			escaped.WriteByte(c)
		} else {
			fmt.Fprintf(&escaped, "%%%02X", c)
		}
	}
	return escaped.String()
}

func collect(w http.ResponseWriter, r *http.Request) error {
	sum := adler32.New()
	length, err := io.Copy(sum, r.Body)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "length %d\nadler32 %08x\n", length, sum.Sum32())
	return err
}

func echo(w http.ResponseWriter, r *http.Request) error {
	prepareEcho(w, r)
	return sendBack(w, r)
}

func duplex(w http.ResponseWriter, r *http.Request) error {
	prepareEcho(w, r)
	if _, err := io.WriteString(w, "ready\n"); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return err
	}
	return sendBack(w, r)
}

func prepareEcho(w http.ResponseWriter, r *http.Request) {
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	w.Header().Set("Content-Type", contentType)
	if announced := r.Header["Trailer"]; announced != nil {
		w.Header()["Trailer"] = announced
	}
}

// sendBack sends on what arrives before it waits for more.
func sendBack(w http.ResponseWriter, r *http.Request) error {
	if err := copyAtOnce(w, r.Body); err != nil {
		return err
	}
	for name, values := range r.Trailer {
		w.Header()[http.TrailerPrefix+name] = values
	}
	return nil
}

func copyAtOnce(w http.ResponseWriter, body io.Reader) error {
	controller := http.NewResponseController(w)
	buffer := make([]byte, 64<<10)
	for {
		count, err := body.Read(buffer)
		if count > 0 {
			if _, err := w.Write(buffer[:count]); err != nil {
				return err
			}
			if err := controller.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func early(w http.ResponseWriter, r *http.Request) error {
	return answer(w, http.StatusForbidden, "early\n")
}

func watch(w http.ResponseWriter, r *http.Request) error {
	if _, err := io.WriteString(w, "begun\n"); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return err
	}
	end := "whole"
	length, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		end = "cut"
	}
	_, err = fmt.Fprintf(w, "%s %d\n", end, length)
	return err
}
