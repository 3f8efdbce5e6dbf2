package vitals

// What is common at active upstreams, and how much evidence it takes to move away from it: Beta distributions over shares,
// fitted to the training histories (TestWhatIsCommon; doc/measures.md has the figures).
const (
	commonMerged = 0.62  // of outsiders' pulls are taken
	mergedPrior  = 6     // pulls that this counts for
	commonStayed = 0.125 // of newcomers are there in the second year after their first commit
	stayedPrior  = 11    // persons that this counts for
)

// CommonTractability is the tractability where nothing is known.
const CommonTractability = commonMerged * 0.75

// tractability is the share of outsiders' pulls that are taken, times a half where no newcomer stays, three quarters where as many
// do as is common, and ever nearer to one where more do. Either share is drawn towards the common one, the more so the less it
// rests on. Nil without a pull or a newcomer.
func tractability(opened, merged, newcomers, stayed int) *float64 {
	if opened == 0 && newcomers == 0 {
		return nil
	}
	taken := drawn(merged, opened, commonMerged, mergedPrior)
	stay := drawn(stayed, newcomers, commonStayed, stayedPrior)
	t := taken * (1 + stay/(stay+commonStayed)) / 2
	return &t
}

// drawn is a share of so many, drawn towards the common share as by so many more cases: the mean of a Beta posterior.
func drawn(part, whole int, common, prior float64) float64 {
	return (float64(part) + common*prior) / (float64(whole) + prior)
}
