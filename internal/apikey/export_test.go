package apikey

// NewToken is newToken.
func NewToken() (token, keyID string) { return newToken() }

// Parse is parse.
func Parse(token string) (keyID string, ok bool) { return parse(token) }

// Forge makes a well-formed token with the public part of another.
func Forge(keyID string) string {
	body := Prefix + keyID + "_" + random(secretLength)
	return body + checksum(body)
}
