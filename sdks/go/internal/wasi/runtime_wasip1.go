//go:build !tinygo

package wasi

import "unsafe"

// These are in the file that the builder adds to package runtime.

//go:linkname grow
func grow(size uintptr) unsafe.Pointer

//go:linkname receive
//go:noescape
func receive(box unsafe.Pointer)

// wait parks the goroutine until the pollable is ready or wake is called.
//
//go:linkname wait
func wait(pollable resource)

//go:linkname wake
func wake(pollable resource)

// start makes fresh what start-up at build time has frozen.
//
//go:linkname start
func start()

//go:linkname runMain
func runMain()
