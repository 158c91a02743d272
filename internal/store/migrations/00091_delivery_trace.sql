-- Where a delivery belongs in the trace of the poll that found its post (W3C Trace Context, traceparent), so that the
-- notifier's part joins it. NULL: nothing is traced.

-- +goose Up
ALTER TABLE deliveries ADD COLUMN trace_parent text;
