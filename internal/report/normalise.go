package report

import (
	"fmt"
	"math"
	"reflect"
)

// Normalise brings a document into the form that the contract promises: its schema version set, every array present, and
// null for every number that is not finite and may be null.
func Normalise(doc *Document) {
	doc.SchemaVersion = SchemaVersion
	normalise(reflect.ValueOf(doc).Elem())
}

func normalise(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			normalise(v.Field(i))
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		if k := v.Type().Elem().Kind(); k == reflect.Struct {
			for i := range v.Len() {
				normalise(v.Index(i))
			}
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if e := v.Elem(); e.Kind() == reflect.Float64 && !finite(e.Float()) {
			v.SetZero()
			return
		}
		normalise(v.Elem())
	}
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// notFinite names the first number of a normalised document that is not finite, by its path; empty if there is none.
func notFinite(v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.Float64:
		if !finite(v.Float()) {
			return path
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := jsonName(v.Type().Field(i))
			if path != "" {
				name = path + "." + name
			}
			if bad := notFinite(v.Field(i), name); bad != "" {
				return bad
			}
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k != reflect.Struct && k != reflect.Float64 {
			return ""
		}
		for i := range v.Len() {
			if bad := notFinite(v.Index(i), fmt.Sprintf("%s[%d]", path, i)); bad != "" {
				return bad
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return notFinite(v.Elem(), path)
		}
	}
	return ""
}

func jsonName(f reflect.StructField) string { return f.Tag.Get("json") }
