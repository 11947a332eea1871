# Starts a separate PostgreSQL with durable settings and measures the limit with pgbench. Sourced; needs $root, $work, $clients and $seconds.

postgresql_data=
# An upper bound for the operations of one client in a second.
operations_per_client_second=400

postgresql_bin() {
    find /usr/lib/postgresql -mindepth 1 -maxdepth 1 2> /dev/null | sort -V | tail -n 1 | sed 's|$|/bin|'
}

# initdb and the server refuse to run as root.
as_postgres() {
    if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

prepare_postgresql() {
    local bin
    bin=$(postgresql_bin)
    [[ -x $bin/initdb && -x $bin/pgbench ]] || { echo "PostgreSQL is not installed (on Debian: apt-get install postgresql)" >&2; exit 1; }
    PATH=$bin:$PATH
    export PGHOST=$work/pg PGUSER=postgres
    mkdir "$PGHOST"
    ((EUID != 0)) || chown postgres: "$PGHOST"
    postgresql_data=$PGHOST/data
    as_postgres "$bin/initdb" -D "$postgresql_data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 > "$work/initdb.log"
    # Output goes to a file, because the server would keep a pipe open.
    as_postgres "$bin/pg_ctl" -D "$postgresql_data" -l "$PGHOST/log" -w -s start > /dev/null -o "-c listen_addresses='' \
        -c unix_socket_directories='$PGHOST' -c fsync=on -c synchronous_commit=on -c max_connections=300 \
        -c shared_buffers=256MB -c max_wal_size=4GB"
    createdb sallyport
    createdb limit
    server_settings=(Sallyport__Storage=PostgreSql "ConnectionStrings__Sallyport=Host=$PGHOST;Username=postgres;Database=sallyport"
        "Sallyport__DataDirectory=$work/data-postgresql")
}

stop_postgresql() {
    if [[ -n $postgresql_data ]]; then
        as_postgres "$(postgresql_bin)/pg_ctl" -D "$postgresql_data" -m immediate -s stop > /dev/null || true
        postgresql_data=
    fi
}

# Copies the server's tables, indexes and first rows. Then both databases do some work and collect statistics: plans made for
# empty tables scan all rows, and autovacuum would correct that only after minutes.
prepare_limit_postgresql() {
    pg_dump sallyport | psql -Xq -v ON_ERROR_STOP=1 limit > /dev/null
    local scenario
    for scenario in enrollment $(printf '%s\n' "${scenarios[@]}" | grep -x sms-code); do
        run_pgbench "$scenario" 2
        load_server "$scenario" 1 1 > /dev/null
    done
    psql -Xqc ANALYZE limit
    psql -Xqc ANALYZE sallyport
}

measure_limit_postgresql() {
    run_pgbench "$1" "$seconds"
    sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/pgbench.log"
}

run_pgbench() {
    local scenario=$1 seconds=$2 script=$work/limit.sql each=$((seconds * operations_per_client_second)) sql=$root/bench/limit start first_user
    start=$(date +%s%3N)
    # Every run uses its own range of ids, with room for a million operations of each of a thousand clients.
    first_user=$((start / 1000 * 1000000000))
    case $scenario in
        ticket) cat "$sql"/{random-user,create-ticket}.postgresql.sql ;;
        enrollment) cat "$sql"/{next-user,create-ticket,start-flow,verify-code}.postgresql.sql ;;
        start-confirm) cat "$sql"/{next-user,start-flow,verify-code}.postgresql.sql ;;
        sign-in) cat "$sql"/{next-user,start-sign-in,find-sign-in,accept-app-code,fetch-result}.postgresql.sql ;;
        sms-code) cat "$sql"/{next-user,find-sign-in,accept-sms-code}.postgresql.sql ;;
    esac > "$script"

    local prepare=("$sql/insert-users.postgresql.sql") owners=$clients
    if [[ $scenario == ticket ]]; then each=1000 owners=1; fi
    if [[ $scenario == start-confirm ]]; then prepare+=("$sql/insert-tickets.postgresql.sql"); fi
    if [[ $scenario == sign-in ]]; then prepare+=("$sql"/insert-{apps,sign-ins}.postgresql.sql); fi
    if [[ $scenario == sms-code ]]; then prepare+=("$sql"/insert-{sign-ins,sent-codes}.postgresql.sql); fi
    cat "${prepare[@]}" | psql -Xq -v ON_ERROR_STOP=1 -v first_user="$first_user" -v clients="$owners" -v each="$each" -v start="$start" limit
    psql -Xqc CHECKPOINT

    pgbench -n -M prepared -c "$clients" -j 2 -T "$seconds" -D first_user="$first_user" -D start="$start" -D n=0 -f "$script" limit \
        > "$work/pgbench.log" 2>&1 || { cat "$work/pgbench.log" >&2; return 1; }
    check_limit "$scenario" "$first_user"
}

# Fails the run when an operation of the limit did not do all of its work.
check_limit() {
    local scenario=$1 first_user=$2 rows=ticket done written
    done=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/pgbench.log")
    case $scenario in
        ticket) ;;
        sign-in) rows="(SELECT user_id FROM \"transaction\" t JOIN authenticator a USING (tenant_id, user_id) JOIN log l USING (tenant_id, user_id)
            WHERE t.state = 'accepted' AND t.proved_by = a.authenticator_id AND a.last_auth_at IS NOT NULL AND l.type = 'gd_auth_succeed')" ;;
        sms-code) rows="(SELECT t.user_id FROM \"transaction\" t JOIN challenge c USING (tenant_id, transaction_id) JOIN log l ON l.tenant_id = t.tenant_id AND l.user_id = t.user_id
            WHERE t.state = 'accepted' AND t.proved_by = c.authenticator_id AND c.answered_at IS NOT NULL AND l.type = 'gd_auth_succeed')" ;;
        *) rows="(SELECT user_id FROM authenticator a JOIN ticket t USING (tenant_id, user_id)
            WHERE t.used_at IS NOT NULL AND a.status = 'confirmed' AND a.factor = 'otp')" ;;
    esac
    written=$(psql -XAtc "SELECT count(*) FROM $rows AS done WHERE user_id > 'auth0|bench_$first_user'" limit)
    if ((written < done)); then
        echo "The limit of $scenario ran $done operations, but only $written were complete" >&2
        return 1
    fi
}
