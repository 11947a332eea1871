# Measures the limit on SQLite with the driver. Sourced; needs $root, $work, $clients and $seconds.

prepare_sqlite() {
    sqlite_data=$work/data-sqlite
    server_settings=(Sallyport__Storage=Sqlite "Sallyport__DataDirectory=$sqlite_data")
}

prepare_limit_sqlite() {
    return 0
}

measure_limit_sqlite() {
    dotnet "$work/driver/Sallyport.Bench.dll" sqlite-limit "$1" --from "$sqlite_data/sallyport.db" --file "$work/limit.db" \
        --sql "$root/bench/limit" --clients "$clients" --seconds "$seconds"
}
