package apikey

// NewToken is newToken.
func NewToken() (token, keyID string) { return newToken() }

// Parse is parse.
func Parse(token string) (keyID string, ok bool) { return parse(token) }
