// Command mainstay tells what you stand on, who holds it up, and where your engineers would change most.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
