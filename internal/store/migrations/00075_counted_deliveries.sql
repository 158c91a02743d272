-- A message is counted against its plan before it leaves, so that channels served at the same time cannot exceed it
-- together. The delivery keeps the day that it was counted on: it counts once however often it is tried, and is given back
-- when it is given up.

-- +goose Up
ALTER TABLE deliveries ADD COLUMN counted_on date; -- UTC
