// Package footprint measures the standing of organisations: their share of the commits, people and seats of upstreams over
// time, as intervals.
package footprint
