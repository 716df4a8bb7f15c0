-- Older executables push no jobs in lanes, and know no kind of job that is in one.
ALTER TABLE jobs ADD COLUMN lane TEXT;
ALTER TABLE jobs ADD COLUMN lane_turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_lane ON jobs (lane, lane_turn);
