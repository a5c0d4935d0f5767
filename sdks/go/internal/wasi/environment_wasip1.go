//go:build isospin_environment

package wasi

import "syscall"

// The builder sets the tag of this file for components that ask for variables:
// only they may import wasi:cli/environment.

//go:wasmimport wasi:cli/environment@0.2.12 get-environment
//go:noescape
func getEnvironment(result *area)

func readEnvironment() {
	var result area
	box := takeInbox()
	getEnvironment(&result)
	for _, variable := range result.pairs() {
		name := copyString(variable.name, variable.nameLength)
		value := copyString(variable.value, variable.valueLength)
		// A name that Go does not take (empty, with "=") could not be asked for either.
		_ = syscall.Setenv(name, value)
	}
	box.giveBack()
}
