-- Tool calls outside of any turn, which no session takes along when it goes.
CREATE INDEX tool_effects_standing ON tool_effects (started_at) WHERE turn_id IS NULL;
