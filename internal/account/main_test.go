package account_test

import (
	"testing"

	"go.uber.org/goleak"

	"trackbot/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, testkit.IgnoreServer()) }
