-- By time is the primary key itself, newest first or oldest first; this is for who asks for one type.
CREATE INDEX log_type_idx ON log (tenant_id, type, log_id);
