-- Older executables push no jobs in lanes, and know no kind of job that is in one.
ALTER TABLE jobs ADD COLUMN lane VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin;
ALTER TABLE jobs ADD COLUMN lane_turn BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_lane ON jobs (lane, lane_turn);
