package sim

import (
	"context"
	"fmt"
)

// keyedOperations drive what is pushed and what needs keys: the hub, the Data API and Twitch.
func (s *Sim) keyedOperations() map[string]operation {
	type sourceRef struct {
		Source string `json:"source"`
	}
	return map[string]operation{
		"hub.config":        do(func(in HubConfig) error { s.ConfigureHub(in); return nil }),
		"hub.subscriptions": get(func(none) []HubSubscription { return s.HubSubscriptions() }),
		"hub.push": op(func(ctx context.Context, in struct {
			Callback  string `json:"callback"`
			Secret    string `json:"secret"`
			Body      string `json:"body"`
			Algorithm string `json:"algorithm"`
		},
		) (object, error) {
			if in.Callback == "" {
				return nil, fmt.Errorf("push: callback is empty")
			}
			body := []byte(in.Body)
			status, err := s.SendPush(ctx, in.Callback, body, Signature(in.Algorithm, in.Secret, body))
			return object{"status": status}, err
		}),
		"youtube.quota": get(func(none) QuotaStats { return s.YouTubeQuota() }),
		"youtube.use": do(func(in struct {
			Used int `json:"used"`
		},
		) error {
			s.UseYouTubeQuota(in.Used)
			return nil
		}),
		"streams.start": op(func(_ context.Context, in StreamSpec) (idResult, error) {
			id, err := s.StartStream(in)
			return idResult{id}, err
		}),
		"streams.stop":  do(func(in sourceRef) error { s.StopStream(in.Source); return nil }),
		"twitch.expire": act(s.ExpireTwitchTokens),
	}
}
