//go:build tinygo

package wasi

import "unsafe"

// What the builder adds to package runtime of the standard toolchain, for
// TinyGo, whose runtime cannot be added to. A wait stops all goroutines of the
// instance, since its scheduler cannot be told what they wait for.

//go:wasmimport wasi:io/poll@0.2.12 [method]pollable.block
func pollableBlock(pollable resource)

func wait(pollable resource) { pollableBlock(pollable) }

// wake has nobody to wake: while one goroutine waits, no other runs.
func wake(resource) {}

// start has nothing to make fresh: no start-up was run when the component was built.
func start() {}

//go:linkname runMain main.main
func runMain()

// grown keeps the memory that the host knows from the collector.
var grown [][]byte

func grow(size uintptr) unsafe.Pointer {
	memory := make([]byte, size)
	grown = append(grown, memory)
	return unsafe.Pointer(unsafe.SliceData(memory))
}

// current is the place for what the host returns: the first fields of an inbox.
var current *inbox

func receive(box unsafe.Pointer) { current = (*inbox)(box) }

// realloc is called by the host in the middle of a call. It is an export
// without the wrapper that runs the scheduler.
//
//export cabi_realloc
func realloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	box := current
	start := (box.next + align - 1) &^ (align - 1)
	if start+size > box.end {
		wanted := max(size, 2*box.size) + align
		memory := uintptr(grow(wanted))
		box.start, box.size, box.end = memory, wanted, memory+wanted
		start = (memory + align - 1) &^ (align - 1)
	}
	box.next = start + size
	place := address(int32(start))
	copy(unsafe.Slice((*byte)(place), oldSize), unsafe.Slice((*byte)(old), oldSize))
	return place
}

// reallocAdapter is memory of the adapter from preview 1, which lives as long
// as the instance.
//
//export cabi_realloc_adapter
func reallocAdapter(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	start := (uintptr(grow(size+align)) + align - 1) &^ (align - 1)
	place := address(int32(start))
	copy(unsafe.Slice((*byte)(place), oldSize), unsafe.Slice((*byte)(old), oldSize))
	return place
}
