// Package territory tells which parts of the code somebody at work knows, by degree of authorship (Avelino et al., A Novel
// Approach for Estimating Truck Factors, ICPC 2016).
package territory
