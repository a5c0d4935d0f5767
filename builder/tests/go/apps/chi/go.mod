module chi

go 1.25

require (
	github.com/go-chi/chi/v5 v5.5.0
	isospin v0.0.0
)

replace isospin => ./.isospin/sdk/go
