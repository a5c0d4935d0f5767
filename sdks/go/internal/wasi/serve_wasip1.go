package wasi

import "syscall"

var handler func(*Request, *Body, *Responder)

// Serve sets what answers the requests of this component. The function returns
// when everything is answered; it closes neither the body nor the responder.
func Serve(serve func(*Request, *Body, *Responder)) {
	if handler != nil {
		Log("isospin: Handle was called twice")
		syscall.Exit(1)
	}
	handler = serve
}

// noHandler is the status by which the builder knows that there is no handler.
const noHandler = 64

// prepare is what runs when the component is built, after package
// initialisation: the program's main. Its memory is then kept.
//
//go:wasmexport isospin-prepare
func prepare() {
	runMain()
	if handler == nil {
		Log("isospin: main has returned without calling Handle")
		syscall.Exit(noHandler)
	}
	takeInbox().giveBack()
	prepared = true
}

var prepared bool

// serving is true from the first request on.
var serving bool

//go:wasmexport wasi:http/incoming-handler@0.2.12#handle
func handle(request, out resource) {
	if !serving {
		if !prepared {
			prepare()
		}
		serving = true
		start()
		readEnvironment()
	}
	incoming := readRequest(request)
	body := &Body{owner: request, consume: incomingRequestConsume, drop: dropIncomingRequest}
	responder := &Responder{out: out}
	handler(incoming, body, responder)
	body.Close()
}

func readRequest(request resource) *Request {
	var result area
	box := takeInbox()
	incoming := new(Request)
	incomingRequestMethod(request, &result)
	if method := int(result.byte(0)); method < len(methods) {
		incoming.Method = methods[method]
	} else {
		incoming.Method = result.string(4)
	}
	box.open()
	incomingRequestTarget(request, &result)
	if result.byte(0) != 0 {
		incoming.Target = result.string(4)
	}
	box.open()
	incomingRequestAuthority(request, &result)
	if result.byte(0) != 0 {
		incoming.Authority = result.string(4)
	}
	box.open()
	incomingRequestScheme(request, &result)
	if result.byte(0) != 0 {
		switch result.byte(4) {
		case 0:
			incoming.Scheme = "http"
		case 1:
			incoming.Scheme = "https"
		default:
			incoming.Scheme = result.string(8)
		}
	}
	box.giveBack()
	incoming.Fields = readFields(incomingRequestHeaders(request))
	return incoming
}

// methods are in the order of the variant in wasi:http.
var methods = [...]string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}

// Log writes one line to the log of the host.
func Log(line string) {
	// One call, so that lines of the log are not broken up.
	text := append([]byte(line), '\n')
	for len(text) > 0 {
		count, err := syscall.Write(2, text)
		if err != nil {
			return
		}
		text = text[count:]
	}
}
