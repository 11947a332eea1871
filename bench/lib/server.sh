# The published server on a loopback port. Sourced; needs $root and $work.

server_pid=
server_url=
client_id=bench
client_secret=bench-secret-that-protects-nothing
# Audiences are built from the public address, which may differ from the listening address.
public_url=http://sallyport.bench
server_audience=$public_url/api/v2/
server_settings=()

# Prints the output only on failure.
quietly() {
    "$@" > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; return 1; }
}

# SALLYPORT_SERVER names an already published folder, to compare two versions.
publish_server() {
    server_folder=${SALLYPORT_SERVER:-$work/server}
    if [[ -z ${SALLYPORT_SERVER:-} ]]; then
        quietly dotnet publish -c Release --nologo "$root/src/Sallyport.Server" -o "$server_folder"
    fi
}

# A port that nothing listens on, for a program whose address must be known before it starts.
free_port() {
    local port
    while port=$((20000 + RANDOM % 20000)); (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
    echo "$port"
}

# Providers of messages are expected on this port: a scenario listens there.
provider_port=$(free_port)

# The rate limits are too high to refuse anything but enabled, because their cost is part of the measurement.
launch_server() {
    : > "$work/server.log"
    env "${server_settings[@]}" \
        Sallyport__PublicUrl="$public_url" \
        Sallyport__Keys__Master=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \
        Sallyport__Bootstrap__ClientId="$client_id" \
        Sallyport__Bootstrap__ClientSecret="$client_secret" \
        Sallyport__RateLimits__Management=1000000 \
        Sallyport__RateLimits__EmailTemplates=1000000 \
        Sallyport__RateLimits__AuthenticationMethods=1000000 \
        Sallyport__RateLimits__Guardian=1000000 \
        Sallyport__Providers__Twilio__BaseAddress="http://127.0.0.1:$provider_port" \
        Sallyport__Providers__Fcm__BaseAddress="http://127.0.0.1:$provider_port" \
        Sallyport__Providers__GoogleTokens__BaseAddress="http://127.0.0.1:$provider_port/token" \
        Sallyport__Sockets__Max=100000 \
        Sallyport__Sockets__MaxOfAddress=100000 \
        dotnet "$server_folder/Sallyport.Server.dll" --urls "$1" >> "$work/server.log" 2>&1 &
    server_pid=$!
}

start_server() {
    launch_server http://127.0.0.1:0
    until server_url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$work/server.log"); do
        kill -0 "$server_pid" 2> /dev/null || { cat "$work/server.log" >&2; exit 1; }
        sleep 0.01
    done
}

stop_server() {
    if [[ -n $server_pid ]]; then
        kill "$server_pid" 2> /dev/null || true
        wait "$server_pid" 2> /dev/null || true
        server_pid=
    fi
}
