// Package analytics sums up what was published and how it did, by day or week of the tenant's time zone, beside the time
// before.
//
//	post stored, measured, moved, removed ──trigger──► figure_marks: "the sums of this UTC day have changed"
//	                                                        │
//	         Roller (worker): one snapshot of posts and marks, days of the tenant's zone ──► figures, marks gone
//	                                                        │
//	         Reader (API): rolled up and not marked ──► figures;  marked, or part of a day ──► the posts themselves
//
// A mark comes and goes with the change it tells of, so a reader sees both or neither: its sums are those of the posts,
// however far the roll-up is behind. Days are known by their bounds; in another time zone they are other days.
package analytics
