// Package defaulttransport makes http.DefaultTransport, and with it
// http.DefaultClient and http.Get, send requests through the host. It is
// imported for that alone, by programs whose packages use them:
//
//	import _ "isospin/defaulttransport"
//
// It makes a component larger by the TLS code that net/http refers to, which
// isospin.Client does without.
package defaulttransport
