module isospin

go 1.25
