-- A random one of a thousand users; everything else is new. first is the first number of the client's run, n counts its operations.
\set n :n + 1
\set user :first_user + random(1, 1000)
\set operation :first_user + :client_id * 1000000 + :n
\set now :start + :n
\set later :now + 432000000
\set instant 20260101000000000 + :now
