package tracking

import "trackbot/internal/source"

// Platform says what can be tracked on a platform here and now.
type Platform = source.Platform
