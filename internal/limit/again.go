package limit

// Again counts a request that is refused because an earlier refusal still stands.
func (l *Limiter) Again(v Verdict) Verdict { return l.counted(v) }
