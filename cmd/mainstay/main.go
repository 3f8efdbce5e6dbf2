// Command mainstay tells what you stand on, who holds it up, and where your engineers would change most.
package main

import (
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// The packages of a large scan live until its end: collecting at half of them again instead of at as many keeps 500 lockfiles
		// below 500 MB, for little time (doc/speed.md).
		debug.SetGCPercent(50)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
