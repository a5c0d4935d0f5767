package defaulttransport

import (
	"net/http"

	"isospin"
)

func init() { http.DefaultTransport = isospin.Transport{} }
