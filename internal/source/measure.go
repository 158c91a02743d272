package source

import "context"

// PostRef names a post of an account.
type PostRef struct{ AccountID, PostID string }

// Measured is what a platform told of several accounts' posts. A post in neither map was not told of.
type Measured struct {
	Figures map[PostRef]Metrics
	Failed  map[PostRef]error // posts that could not be asked for
}

func newMeasured(posts int) Measured {
	return Measured{Figures: make(map[PostRef]Metrics, posts), Failed: map[PostRef]error{}}
}

// groupMeasurer is an adapter whose platform tells the figures of several accounts' posts in one answer.
type groupMeasurer interface {
	measureGroup(ctx context.Context, posts []PostRef) Measured
}

// MeasureAll asks a platform for the figures of posts of any of its accounts, in as few requests as the
// platform allows. One account's failure does not touch the others. When ctx ends, what is left has failed.
func (r *Registry) MeasureAll(ctx context.Context, platform string, posts []PostRef) Measured {
	a, ok := r.adapters[platform]
	if !ok {
		return Measured{}
	}
	if t, ok := a.(tidied); ok {
		if group, ok := t.Adapter.(groupMeasurer); ok {
			out := group.measureGroup(ctx, posts)
			for ref, m := range out.Figures {
				out.Figures[ref] = tidyMetrics(m)
			}
			return out
		}
	}
	return measureEach(ctx, a, posts)
}

// measureEach asks account by account.
func measureEach(ctx context.Context, a Adapter, posts []PostRef) Measured {
	out := newMeasured(len(posts))
	byAccount := map[string][]string{}
	var accounts []string
	for _, p := range posts {
		if byAccount[p.AccountID] == nil {
			accounts = append(accounts, p.AccountID)
		}
		byAccount[p.AccountID] = append(byAccount[p.AccountID], p.PostID)
	}
	for _, account := range accounts {
		figures, err := a.Measure(ctx, account, byAccount[account])
		for _, id := range byAccount[account] {
			ref := PostRef{account, id}
			if m, ok := figures[id]; ok {
				out.Figures[ref] = m
			} else if err != nil {
				out.Failed[ref] = err
			}
		}
	}
	return out
}
