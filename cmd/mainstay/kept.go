package main

import (
	"github.com/mainstay-oss/mainstay/internal/pipeline"
	"github.com/mainstay-oss/mainstay/internal/store"
)

// kept is where reach is kept from run to run: --store, else the user's folder for such things. Without a home there is none.
func (f *flagSet) kept() (pipeline.ReachStore, error) {
	if f.command != "footprint" && f.command != "plan" {
		return nil, nil
	}
	dir := f.store
	if dir == "" {
		var err error
		if dir, err = store.DefaultDir(); err != nil {
			return nil, nil
		}
	}
	return store.Open(dir)
}
