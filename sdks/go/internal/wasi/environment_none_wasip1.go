//go:build !isospin_environment

package wasi

func readEnvironment() {}
