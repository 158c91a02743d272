package app

import (
	"testing"

	"trackbot/internal/config"
)

func TestWithoutKeysNoSignedCallIsTaken(t *testing.T) {
	t.Parallel()
	m, err := newMachines(config.Config{}, nil)
	if err != nil || m.gate() != nil || m.Sweep(t.Context()) != nil {
		t.Errorf("got %v, %v", m, err)
	}
	m, err = newMachines(config.Config{BotHMACSecret: "0f9c3b7a1e5d48620f9c3b7a1e5d4862"}, nil)
	if err != nil || m.gate() == nil {
		t.Errorf("with a key: got %v, %v", m, err)
	}
}
