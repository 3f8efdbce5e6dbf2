// Package governance reads who is listed as having a say in an upstream, from the files that say so (OWNERS, CODEOWNERS,
// MAINTAINERS and their kin), and tells who of them is at work.
package governance
