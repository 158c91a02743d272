-- A process that alone serves a caller in a hurry takes several entries of its log at once: how many it got.

-- +goose Up
ALTER TABLE rate_events ADD COLUMN granted integer NOT NULL DEFAULT 0;
