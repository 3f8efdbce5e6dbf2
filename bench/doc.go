// Package bench compares Mainstay with its peers: the packages that it reads and the time that it takes, beside osv-scalibr's
// extractors over the same files.
//
// It is a module of its own, so that what peers need never enters Mainstay's. It holds tests and benchmarks only.
package bench
