module mux

go 1.25

require (
	github.com/gorilla/mux v1.8.1
	isospin v0.0.0
)

replace isospin => ./.isospin/sdk/go
