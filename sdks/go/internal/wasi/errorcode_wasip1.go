package wasi

// errorCodes are the names of the cases of error-code in their order, each with
// what is read of what the case carries: s for an optional string.
var errorCodes = [...]struct {
	name    string
	payload byte
}{
	{"dns-timeout", 0},
	{"dns-error", 's'},
	{"destination-not-found", 0},
	{"destination-unavailable", 0},
	{"destination-ip-prohibited", 0},
	{"destination-ip-unroutable", 0},
	{"connection-refused", 0},
	{"connection-terminated", 0},
	{"connection-timeout", 0},
	{"connection-read-timeout", 0},
	{"connection-write-timeout", 0},
	{"connection-limit-reached", 0},
	{"tls-protocol-error", 0},
	{"tls-certificate-error", 0},
	{"tls-alert-received", 0},
	{"http-request-denied", 0},
	{"http-request-length-required", 0},
	{"http-request-body-size", 0},
	{"http-request-method-invalid", 0},
	{"http-request-uri-invalid", 0},
	{"http-request-uri-too-long", 0},
	{"http-request-header-section-size", 0},
	{"http-request-header-size", 0},
	{"http-request-trailer-section-size", 0},
	{"http-request-trailer-size", 0},
	{"http-response-incomplete", 0},
	{"http-response-header-section-size", 0},
	{"http-response-header-size", 0},
	{"http-response-body-size", 0},
	{"http-response-trailer-section-size", 0},
	{"http-response-trailer-size", 0},
	{"http-response-transfer-coding", 's'},
	{"http-response-content-coding", 's'},
	{"http-response-timeout", 0},
	{"http-upgrade-failed", 0},
	{"http-protocol-error", 0},
	{"loop-detected", 0},
	{"configuration-error", 0},
	{"internal-error", 's'},
}

// errorCode reads the error-code at offset. The inbox holds its strings.
func errorCode(result *area, offset uintptr) error {
	number := int(result.byte(offset))
	if number >= len(errorCodes) {
		return &Error{Code: "internal-error"}
	}
	code := &errorCodes[number]
	failure := &Error{Code: code.name}
	if code.payload == 's' && result.byte(offset+8) != 0 {
		failure.Detail = result.string(offset + 12)
	}
	return failure
}
