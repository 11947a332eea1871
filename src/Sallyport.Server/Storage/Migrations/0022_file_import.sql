-- How far a file has come that is imported from the command line, moved in the transaction that writes its users; gone once they are in.
-- file_hash: of all that is in the file, of where it goes and how.
CREATE TABLE file_import (
    tenant_id text NOT NULL,
    file_hash bytea NOT NULL,
    lines bigint NOT NULL,
    inserted bigint NOT NULL,
    updated bigint NOT NULL,
    failed bigint NOT NULL,
    moved_at bigint NOT NULL,
    CONSTRAINT file_import_pkey PRIMARY KEY (tenant_id, file_hash),
    CONSTRAINT file_import_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id)
);
