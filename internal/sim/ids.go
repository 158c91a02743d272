package sim

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"time"
)

// discordEpoch is the first millisecond of 2015 (Discord API docs: Snowflakes).
const discordEpoch = 1420070400000

// ids hands out unique, growing snowflakes even while the clock stands still.
type ids struct {
	last   uint64
	guilds uint64
}

// next returns a snowflake for the moment t.
func (i *ids) next(t time.Time) string {
	id := snowflakeAt(t)
	if id <= i.last {
		id = i.last + 1
	}
	i.last = id
	return strconv.FormatUint(id, 10)
}

// nextGuild returns a snowflake of a millisecond of its own, so that guilds
// spread over shards ((guild_id >> 22) % num_shards).
func (i *ids) nextGuild(t time.Time) string {
	i.guilds++
	old := t.Add(-90 * 24 * time.Hour).Add(time.Duration(i.guilds) * time.Millisecond)
	return strconv.FormatUint(snowflakeAt(old)|i.guilds&0xfff, 10)
}

func snowflakeAt(t time.Time) uint64 {
	return uint64(max(t.UnixMilli()-discordEpoch, 1)) << 22
}

// snowflake parses an id; 0 means it is none.
func snowflake(id string) uint64 {
	if len(id) < 15 || len(id) > 20 {
		return 0
	}
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// secret returns n random bytes in hex.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never returns an error (crypto/rand)
	return hex.EncodeToString(b)
}
