package testkit

import (
	"context"
	"testing"
)

// Cluster is the server that NewDB uses, for tests with migrations of their own.
type Cluster struct{ on *cluster }

func ServerOf(t *testing.T) Cluster {
	t.Helper()
	on, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return Cluster{on}
}

func (c Cluster) Create(ctx context.Context, migrate func(context.Context, string) error, version string) (DB, error) {
	return c.on.create(ctx, migrate, version)
}

func (c Cluster) SuperuserURL() string { return c.on.super.String() }

// Drop removes a database, templates included.
func (c Cluster) Drop(ctx context.Context, name string) error {
	return c.on.drop(ctx, name)
}

var UntilTomorrow = untilTomorrow

func TemplateName(version string) string { return templatePrefix + version }
