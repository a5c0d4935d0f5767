package wasi

import (
	"structs"
	"unsafe"
)

// area is where the host writes the result of a call that does not fit into a
// WebAssembly value; offsets are those of the canonical ABI.
type area struct {
	_     structs.HostLayout
	words [8]uint64
}

func (a *area) byte(offset uintptr) byte {
	return *(*byte)(unsafe.Add(unsafe.Pointer(a), offset))
}

func (a *area) int(offset uintptr) int32 {
	return *(*int32)(unsafe.Add(unsafe.Pointer(a), offset))
}

func (a *area) long(offset uintptr) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(a), offset))
}

// failed says whether the result is the second case of a `result`, or the
// `some` of an `option`: the discriminant comes first.
func (a *area) failed() bool { return a.byte(0) != 0 }

// string copies the string whose pointer and length are at offset.
func (a *area) string(offset uintptr) string {
	return copyString(a.int(offset), a.int(offset+4))
}

// copyString copies a string out of the inbox.
func copyString(pointer, length int32) string {
	return string(unsafe.Slice((*byte)(address(pointer)), length))
}

// address is a place in an inbox, which the collector does not know and does
// not move.
func address(pointer int32) unsafe.Pointer {
	value := uintptr(uint32(pointer))
	return *(*unsafe.Pointer)(unsafe.Pointer(&value))
}

// pair is an element of a list of pairs of strings or lists of bytes.
type pair struct{ name, nameLength, value, valueLength int32 }

// pairs is the list of pairs whose pointer and length are at offset 0.
func (a *area) pairs() []pair {
	return unsafe.Slice((*pair)(address(a.int(0))), a.int(4))
}

// inbox is memory for what one call returns. The layout of its first four
// fields is shared with the file that the builder adds to package runtime.
type inbox struct {
	next, end, start, size uintptr
	following              *inbox
}

const firstInboxSize = 64 << 10

var idleInboxes *inbox

// takeInbox gives an empty inbox to the goroutine; others get another one until
// it is given back.
func takeInbox() *inbox {
	box := idleInboxes
	if box == nil {
		start := uintptr(grow(firstInboxSize))
		box = &inbox{start: start, size: firstInboxSize}
	} else {
		idleInboxes = box.following
	}
	box.next, box.end = box.start, box.start+box.size
	box.open()
	return box
}

// open lets the next call return into the box. Anything that allocates may let
// other goroutines in, so that it is said again before a further call.
func (box *inbox) open() { receive(unsafe.Pointer(box)) }

func (box *inbox) giveBack() {
	box.following = idleInboxes
	idleInboxes = box
}

// readStream lets the host write at most len(p) bytes straight into p.
func readStream(stream resource, p []byte, result *area) {
	var box inbox
	box.next = uintptr(unsafe.Pointer(unsafe.SliceData(p)))
	box.end = box.next + uintptr(len(p))
	box.open()
	inputStreamRead(stream, int64(len(p)), result)
	receive(nil)
}
