package app

import (
	"context"
	"fmt"
	"time"

	"trackbot/internal/config"
	"trackbot/internal/httpapi"
	"trackbot/internal/signed"
	"trackbot/internal/store"
)

// machines verifies signed calls, with no verifier when there is no key.
type machines struct{ verifier *signed.Verifier }

func newMachines(cfg config.Config, st *store.Store) (machines, error) {
	pairs, err := cfg.BotKeys()
	if err != nil {
		return machines{}, fmt.Errorf("read keys of bots: %w", err)
	}
	if len(pairs) == 0 {
		return machines{}, nil
	}
	list := make([]signed.Key, len(pairs))
	for i, pair := range pairs {
		list[i] = signed.Key{ID: pair.ID, Secret: []byte(pair.Secret.Reveal())}
	}
	keys, err := signed.NewKeys(list...)
	return machines{signed.New(keys, st, time.Now)}, err
}

func (m machines) gate() httpapi.MachineVerifier {
	if m.verifier == nil {
		return nil
	}
	return httpapi.NewMachineGate(m.verifier)
}

// Sweep deletes what the verifier needs no longer.
func (m machines) Sweep(ctx context.Context) error {
	if m.verifier == nil {
		return nil
	}
	return m.verifier.Sweep(ctx)
}
