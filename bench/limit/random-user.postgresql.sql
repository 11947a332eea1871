-- A random one of a thousand users; everything else is new. first_user starts the range of ids of the run, n counts the operations of a client.
\set n :n + 1
\set user :first_user + random(1, 1000)
\set operation :first_user + :client_id * 1000000 + :n
\set now :start + :n
\set later :now + 432000000
\set instant 20260101000000000 + :now
