-- A message a week about each brand, made by the worker of what links to a scorecard show. It is on for every guild: one
-- message a week where the brand's posts go anyway, only of weeks with posts, is what a manager would look for and not
-- find behind a switch that is off.

-- +goose Up
ALTER TABLE guild_settings ADD COLUMN weekly_scorecard boolean NOT NULL DEFAULT true;
CREATE INDEX guild_settings_scorecards ON guild_settings (timezone, client_id) WHERE weekly_scorecard AND notifications_enabled;

-- The figures are read as the role that sees one tenant at a time, so that no message can show another's.
CREATE POLICY export ON clients FOR SELECT TO trackbot_export
    USING (id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid));
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['guild_settings', 'figure_marks', 'figure_days', 'figures'] LOOP
        EXECUTE format($p$CREATE POLICY export ON %I FOR SELECT TO trackbot_export
            USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))$p$, t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT ON clients, guild_settings, figure_marks, figure_days, figures, follower_metrics TO trackbot_export;
