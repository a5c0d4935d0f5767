module hello-go

go 1.25

require isospin v0.0.0

// `isospin build` writes this folder.
replace isospin => ./.isospin/sdk/go
