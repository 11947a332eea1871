-- Newest first by log_id is the primary key itself; these are for the sweep, and for who asks for one type.
CREATE INDEX log_date_idx ON log (tenant_id, date);
CREATE INDEX log_type_idx ON log (tenant_id, type, log_id);
