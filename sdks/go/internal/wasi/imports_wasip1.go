package wasi

import "unsafe"

// A resource of the host, known by its number. It is dropped exactly once.
type resource = int32

//go:wasmimport wasi:http/types@0.2.12 [constructor]fields
func newFields() resource

//go:wasmimport wasi:http/types@0.2.12 [method]fields.append
//go:noescape
func fieldsAppend(fields resource, name, value string, result *area)

//go:wasmimport wasi:http/types@0.2.12 [method]fields.entries
//go:noescape
func fieldsEntries(fields resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]fields
func dropFields(fields resource)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-request.method
//go:noescape
func incomingRequestMethod(request resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-request.path-with-query
//go:noescape
func incomingRequestTarget(request resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-request.scheme
//go:noescape
func incomingRequestScheme(request resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-request.authority
//go:noescape
func incomingRequestAuthority(request resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-request.headers
func incomingRequestHeaders(request resource) resource

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-request.consume
//go:noescape
func incomingRequestConsume(request resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]incoming-request
func dropIncomingRequest(request resource)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-body.stream
//go:noescape
func incomingBodyStream(body resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [static]incoming-body.finish
func incomingBodyFinish(body resource) resource

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]incoming-body
func dropIncomingBody(body resource)

//go:wasmimport wasi:http/types@0.2.12 [method]future-trailers.subscribe
func futureTrailersSubscribe(future resource) resource

//go:wasmimport wasi:http/types@0.2.12 [method]future-trailers.get
//go:noescape
func futureTrailersGet(future resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]future-trailers
func dropFutureTrailers(future resource)

//go:wasmimport wasi:http/types@0.2.12 [constructor]outgoing-response
func newOutgoingResponse(fields resource) resource

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-response.set-status-code
func outgoingResponseSetStatus(response resource, status int32) int32

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-response.body
//go:noescape
func outgoingResponseBody(response resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [static]response-outparam.set
func responseOutparamSet(out resource, failed int32, payload resource, _ int32, _ int64, _, _, _, _ int32)

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-body.write
//go:noescape
func outgoingBodyWrite(body resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [static]outgoing-body.finish
//go:noescape
func outgoingBodyFinish(body resource, hasTrailers int32, trailers resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]outgoing-body
func dropOutgoingBody(body resource)

//go:wasmimport wasi:http/types@0.2.12 [constructor]outgoing-request
func newOutgoingRequest(fields resource) resource

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-request.set-method
//go:noescape
func outgoingRequestSetMethod(request resource, method int32, other string) int32

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-request.set-path-with-query
//go:noescape
func outgoingRequestSetTarget(request resource, some int32, target string) int32

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-request.set-scheme
//go:noescape
func outgoingRequestSetScheme(request resource, some, scheme int32, other string) int32

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-request.set-authority
//go:noescape
func outgoingRequestSetAuthority(request resource, some int32, authority string) int32

//go:wasmimport wasi:http/types@0.2.12 [method]outgoing-request.body
//go:noescape
func outgoingRequestBody(request resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]outgoing-request
func dropOutgoingRequest(request resource)

//go:wasmimport wasi:http/outgoing-handler@0.2.12 handle
//go:noescape
func outgoingHandle(request resource, hasOptions int32, options resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [method]future-incoming-response.subscribe
func futureResponseSubscribe(future resource) resource

//go:wasmimport wasi:http/types@0.2.12 [method]future-incoming-response.get
//go:noescape
func futureResponseGet(future resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]future-incoming-response
func dropFutureResponse(future resource)

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-response.status
func incomingResponseStatus(response resource) int32

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-response.headers
func incomingResponseHeaders(response resource) resource

//go:wasmimport wasi:http/types@0.2.12 [method]incoming-response.consume
//go:noescape
func incomingResponseConsume(response resource, result *area)

//go:wasmimport wasi:http/types@0.2.12 [resource-drop]incoming-response
func dropIncomingResponse(response resource)

//go:wasmimport wasi:http/types@0.2.12 http-error-code
//go:noescape
func httpErrorCode(err resource, result *area)

//go:wasmimport wasi:io/error@0.2.12 [resource-drop]error
func dropError(err resource)

//go:wasmimport wasi:io/poll@0.2.12 [resource-drop]pollable
func dropPollable(pollable resource)

//go:wasmimport wasi:io/streams@0.2.12 [method]input-stream.read
//go:noescape
func inputStreamRead(stream resource, length int64, result *area)

//go:wasmimport wasi:io/streams@0.2.12 [method]input-stream.subscribe
func inputStreamSubscribe(stream resource) resource

//go:wasmimport wasi:io/streams@0.2.12 [resource-drop]input-stream
func dropInputStream(stream resource)

//go:wasmimport wasi:io/streams@0.2.12 [method]output-stream.check-write
//go:noescape
func outputStreamCheckWrite(stream resource, result *area)

//go:wasmimport wasi:io/streams@0.2.12 [method]output-stream.write
//go:noescape
func outputStreamWrite(stream resource, data unsafe.Pointer, length int32, result *area)

//go:wasmimport wasi:io/streams@0.2.12 [method]output-stream.flush
//go:noescape
func outputStreamFlush(stream resource, result *area)

//go:wasmimport wasi:io/streams@0.2.12 [method]output-stream.subscribe
func outputStreamSubscribe(stream resource) resource

//go:wasmimport wasi:io/streams@0.2.12 [resource-drop]output-stream
func dropOutputStream(stream resource)
