-- A new user for every operation; insert-users.postgresql.sql created them.
\set n :n + 1
\set user :first_user + :client_id * 1000000 + :n
\set operation :user
\set now :start + :n
\set later :now + 432000000
\set instant 20260101000000000 + :now
