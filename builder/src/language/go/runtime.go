// This file is added to package runtime of the Go distribution when a
// component is built (go build -overlay). It holds the few things that only the
// runtime itself can do:
//
//   - memory for what the host returns, without ever entering the allocator:
//     the host calls cabi_realloc in the middle of a call from Go, and at that
//     point neither the collector may run nor a stack may move;
//   - waiting: when no goroutine can run, the scheduler waits for everything
//     that goroutines wait for, and for the next timer, in one call;
//   - the beginning of a component that was started at build time: main runs
//     then, and what start-up froze is made fresh on the first request.

//go:build wasip1

package runtime

import "unsafe"

const isospinPage = 64 << 10

//go:linkname isospinGrow isospin/internal/wasi.grow
//go:nosplit

// isospinGrow returns at least size bytes of zeroed memory that the collector
// does not know, or nil. It is sbrk, without its stack check.
func isospinGrow(size uintptr) unsafe.Pointer {
	start := bloc
	size = (size + isospinPage - 1) &^ (isospinPage - 1)
	if start+size > blocMax {
		if growMemory(int32((start+size-blocMax)/isospinPage)) < 0 {
			return nil
		}
		blocMax = start + size
	}
	bloc = start + size
	return unsafe.Pointer(start)
}

// isospinAdapter is memory of the adapter from preview 1, which lives as long
// as the instance.
var isospinAdapter struct{ next, end uintptr }

//go:wasmexport cabi_realloc_adapter
//go:nosplit
func isospinAdapterRealloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	area := &isospinAdapter
	start := (area.next + align - 1) &^ (align - 1)
	if area.next == 0 || start+size > area.end {
		grown := uintptr(isospinGrow(size))
		if grown == 0 {
			abort()
		}
		start = grown
		area.end = grown + (size+isospinPage-1)&^(isospinPage-1)
	}
	area.next = start + size
	if oldSize > 0 {
		memmove(unsafe.Pointer(start), old, min(oldSize, size))
	}
	return unsafe.Pointer(start)
}

// isospinArea is where cabi_realloc puts what the host returns. The SDK fills
// it in just before a call; the idle scheduler does so for its own.
type isospinArea struct {
	next, end uintptr // free bytes
	start     uintptr // where the largest piece begins
	size      uintptr // and how large it is
}

// isospinCurrent is the address of an area, which may lie on a stack.
var isospinCurrent uintptr

//go:linkname isospinReceive isospin/internal/wasi.receive
//go:nosplit
func isospinReceive(area unsafe.Pointer) {
	isospinCurrent = uintptr(area)
}

//go:wasmexport cabi_realloc
//go:nosplit
func isospinRealloc(old unsafe.Pointer, oldSize, align, size uintptr) unsafe.Pointer {
	if isospinCurrent == 0 {
		abort()
	}
	area := (*isospinArea)(unsafe.Pointer(isospinCurrent))
	start := (area.next + align - 1) &^ (align - 1)
	if start+size > area.end {
		wanted := max(size, 2*area.size, 4*isospinPage)
		grown := uintptr(isospinGrow(wanted))
		if grown == 0 {
			abort()
		}
		area.start, area.size = grown, (wanted+isospinPage-1)&^(isospinPage-1)
		start, area.end = grown, grown+area.size
	}
	area.next = start + size
	if oldSize > 0 {
		memmove(unsafe.Pointer(start), old, min(oldSize, size))
	}
	return unsafe.Pointer(start)
}

//go:wasmimport wasi:io/poll@0.2.12 poll
//go:noescape
func isospinPoll(pollables unsafe.Pointer, count uint32, result unsafe.Pointer)

//go:wasmimport wasi:io/poll@0.2.12 [resource-drop]pollable
func isospinDropPollable(pollable int32)

//go:wasmimport wasi:clocks/monotonic-clock@0.2.12 subscribe-instant
func isospinSubscribeInstant(when int64) int32

// isospinWaiting is everything that a goroutine waits for. Place i of
// pollables and of goroutines belong together; pollables and ready always have
// room for one more, which is the next timer.
var isospinWaiting = struct {
	pollables  []int32
	goroutines []guintptr
	ready      []uint32
}{isospinFirst.pollables[:0], isospinFirst.goroutines[:0], isospinFirst.ready[:]}

var isospinFirst struct {
	pollables  [8]int32
	goroutines [8]guintptr
	ready      [8]uint32
}

//go:linkname isospinWait isospin/internal/wasi.wait

// isospinWait parks the goroutine until the pollable is ready or until
// isospinWake is called for it.
func isospinWait(pollable int32) {
	w := &isospinWaiting
	for len(w.pollables)+1 >= cap(w.pollables) {
		// Allocating may let other goroutines in: look again afterwards.
		size := 2 * cap(w.pollables)
		pollables, goroutines, ready := make([]int32, size), make([]guintptr, size), make([]uint32, size)
		if size > cap(w.pollables) {
			count := copy(pollables, w.pollables)
			copy(goroutines, w.goroutines)
			w.pollables, w.goroutines, w.ready = pollables[:count], goroutines[:count], ready
		}
	}
	count := len(w.pollables)
	w.pollables, w.goroutines = w.pollables[:count+1], w.goroutines[:count+1]
	w.pollables[count] = pollable
	w.goroutines[count].set(getg())
	gopark(nil, nil, waitReasonIOWait, traceBlockNet, 1)
}

//go:linkname isospinWake isospin/internal/wasi.wake

// isospinWake ends the waiting for a pollable before its time.
func isospinWake(pollable int32) {
	for i, waiting := range isospinWaiting.pollables {
		if waiting == pollable {
			goready(isospinRemove(i), 1)
			return
		}
	}
}

func isospinRemove(place int) *g {
	w := &isospinWaiting
	last := len(w.pollables) - 1
	gp := w.goroutines[place].ptr()
	w.pollables[place], w.goroutines[place] = w.pollables[last], w.goroutines[last]
	w.pollables, w.goroutines = w.pollables[:last], w.goroutines[:last]
	return gp
}

var isospinStarted bool

// beforeIdle is called by the scheduler when no goroutine can run; it takes the
// place of the function of this name in lock_wasip1.go. until is the time of
// the next timer, or 0.
func beforeIdle(now, until int64) (*g, bool) {
	w := &isospinWaiting
	count := len(w.pollables)
	if !isospinStarted || count == 0 && until == 0 {
		return nil, false
	}
	polled := w.pollables[:count]
	if until != 0 {
		polled = w.pollables[:count+1]
		polled[count] = isospinSubscribeInstant(until)
	}
	area := isospinArea{next: uintptr(unsafe.Pointer(&w.ready[0]))}
	area.end = area.next + uintptr(len(w.ready))*4
	var result struct{ list, count uint32 }
	isospinReceive(noescape(unsafe.Pointer(&area)))
	isospinPoll(unsafe.Pointer(&polled[0]), uint32(len(polled)), unsafe.Pointer(&result))
	isospinReceive(nil)
	if until != 0 {
		isospinDropPollable(polled[count])
	}
	// From the last place to the first: removing moves the last one.
	for i := count - 1; i >= 0; i-- {
		for _, place := range w.ready[:result.count] {
			if int(place) == i {
				goready(isospinRemove(i), 1)
				break
			}
		}
	}
	return nil, true
}

//go:linkname isospinMain isospin/internal/wasi.runMain

// isospinMain runs the program's main, which Go itself does not do in a
// library.
func isospinMain() {
	fn := main_main
	fn()
}

//go:linkname isospinStart isospin/internal/wasi.start

// isospinStart is called before the first request. It makes fresh what
// start-up at build time has frozen: the seeds of math/rand and of maps (not
// the hash key, for maps made during start-up depend on it).
func isospinStart() {
	isospinStarted = true
	var seed [32]byte
	readRandom(seed[:])
	lock(&globalRand.lock)
	globalRand.state.Init(seed)
	unlock(&globalRand.lock)
	mrandinit(getg().m)
}
