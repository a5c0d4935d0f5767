module traces

go 1.25

require isospin v0.0.0

replace isospin => ./.isospin/sdk/go
