-- Feeds may name a hub that tells at once what is new of them (W3C WebSub §4), as YouTube's do.

-- +goose Up
ALTER TABLE sources
    ADD COLUMN hub_url   text NOT NULL DEFAULT '', -- that the feed names, '' if none; of other platforms the adapter knows it
    ADD COLUMN topic_url text NOT NULL DEFAULT ''; -- what the feed calls itself there
DROP INDEX sources_with_push;
CREATE INDEX sources_with_push ON sources (id) WHERE (platform = 'youtube' OR hub_url <> '') AND next_poll_at IS NOT NULL;
