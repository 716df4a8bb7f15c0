ALTER TABLE jobs ADD COLUMN is_bulk BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX jobs_by_turn ON jobs (state, is_bulk, run_at);
-- Safe for older executables, which only find jobs more slowly without it.
DROP INDEX jobs_by_state ON jobs;
