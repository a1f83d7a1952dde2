# shellcheck shell=bash disable=SC2154
# The settlement log and nodes: damaged databases, full disks, taken ports. Read by scripts/hostile, which names what is used here.

# serve NAME DIRECTORY ARGUMENT…: starts a log in $work; its address in $port, its process in $server.
serve() {
    local name=$1 directory=$2
    shift 2
    "$grove" settlement --network "$work/network.json" --keys "$work/authority.key" \
        --passphrase-file "$work/pass" --data-directory "$directory" --json \
        --settlement-listen 127.0.0.1:0 "$@" >"$work/$name.out" 2>"$work/$name.err" &
    server=$!
    servers+=("$server")
    within 10 grep -q '"port"' "$work/$name.out" || { bad "$name: does not listen"; return 1; }
    port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/$name.out")
}

height() { curl -s "http://127.0.0.1:$port/status" | sed -n 's/.*"height":\([0-9]*\).*/\1/p'; }
is_above() { [ "$(height || true)" -gt "$1" ] 2>/dev/null; }

# ended NAME CODE PATTERN: waits for $server.
ended() {
    local found=0
    within 15 not_running "$server" || { bad "$1: does not end"; kill -9 "$server"; return; }
    wait "$server" || found=$?
    cp "$work/$4.err" "$work/err"
    cp "$work/$4.out" "$work/out"
    judge "$1" "$2" "$3" "$found"
}
not_running() { ! kill -0 "$1" 2>/dev/null; }

settlement() {
    section "the settlement log"
    local log=(settlement --network "$work/network.json" --keys "$work/authority.key"
        --passphrase-file "$work/pass" --settlement-listen 127.0.0.1:0)
    check "another key than the authority's" 2 'settlement authority' settlement \
        --network "$work/network.json" --keys "$work/node.key" --passphrase-file "$work/pass" \
        --data-directory "$work/log"
    check "a data directory that is a file" 3 'cannot create' "${log[@]}" \
        --data-directory "$work/network.json"
    [ -z "$can_mount" ] || check "a read-only data directory" 3 'Read-only|cannot' "${log[@]}" \
        --data-directory "$work/readonly"
    serve first "$work/log" || return
    within 10 is_above 20 || bad "the log makes no blocks"
    check "two logs on one directory" 3 'another process' "${log[@]}" --data-directory "$work/log"
    check "a port that is taken" 3 'cannot listen' settlement --network "$work/network.json" \
        --keys "$work/authority.key" --passphrase-file "$work/pass" \
        --data-directory "$work/log2" --settlement-listen "127.0.0.1:$port"
    check "an address that is not this machine's" 3 'cannot listen|address' settlement \
        --network "$work/network.json" --keys "$work/authority.key" \
        --passphrase-file "$work/pass" --data-directory "$work/log2" \
        --settlement-listen 192.0.2.1:7000
    kill -TERM "$server" 2>/dev/null
    ended "a log that is stopped" 0 'stopped' first
    check "the directory of another network" 2 'of network' "${log[@]}" \
        --network "$work/second.json" --data-directory "$work/log"
    check "edited rules" 2 'policy' "${log[@]}" --network "$work/edited.json" \
        --data-directory "$work/log"
    databases settlement.sqlite "$work/log" 3 "${log[@]}"
    "$grove" "${log[@]}" --data-directory "$work/log-closed" >&- 2>"$work/err" <&- &
    server=$!
    servers+=("$server")
    within 10 test -s "$work/log-closed/settlement.sqlite-wal"
    sleep 0.5
    kill -TERM "$server" 2>/dev/null
    found=0
    wait "$server" || found=$?
    : >"$work/out"
    judge "a log whose streams are closed" 0 'listening' "$found"
    that "and its database is whole" whole "$work/log-closed/settlement.sqlite"
    printf '#!/bin/sh\nulimit -f 600\nexec "%s" "$@"\n' "$grove" >"$work/limited"
    chmod +x "$work/limited"
    local real=$grove
    grove=$work/limited
    serve limited "$work/limited-log" && ended "a limit of file sizes" 3 'cannot be stored' limited
    grove=$real
    disk_full_log
}

whole() {
    python3 - "$1" <<'PY'
import sqlite3, sys
assert sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone() == ("ok",)
PY
}

# databases FILE DIRECTORY CODES COMMAND…: the command with each kind of damage to the database.
databases() {
    local file=$1 directory=$2 codes=$3 size index code
    shift 3
    # damaged NAME: the directory $work/damaged was prepared.
    damaged() {
        code=0
        timeout -k 5 2 "$grove" "${command[@]}" --data-directory "$work/damaged" \
            >"$work/out" 2>"$work/err" </dev/null || code=$?
        # 124: it ran until it was stopped; the damage is where nobody reads.
        if [ "$code" = 124 ] && ! crashed "$work/out" "$work/err"; then ok; return; fi
        judge "$1" "$codes" "${2:-.}" "$code"
    }
    local command=("$@")
    prepare() { rm -rf "$work/damaged"; cp -r "$directory" "$work/damaged"; }
    size=$(stat -c %s "$directory/$file")
    for index in 0 20 60 100 104 $((size / 4)) $((size / 3)) $((size / 2)) $((size - 40)); do
        prepare
        head -c 64 /dev/urandom \
            | dd of="$work/damaged/$file" bs=1 seek="$index" conv=notrunc status=none
        damaged "$file with 64 bytes of garbage at $index"
    done
    for index in 1 99 512 4096 $((size / 2)) $((size - 1)); do
        prepare
        truncate -s "$index" "$work/damaged/$file"
        rm -f "$work/damaged/$file"-*
        damaged "$file cut after $index bytes" 'damaged|database|stored|malformed'
    done
    prepare
    head -c 20000 /dev/urandom >"$work/damaged/$file"
    damaged "$file of random bytes" 'damaged|database'
    prepare
    head -c 5000 /dev/urandom >"$work/damaged/$file-wal"
    damaged "a journal of random bytes"
    prepare
    rm -f "$work/damaged/$file"
    mkdir "$work/damaged/$file"
    damaged "a directory for $file" 'cannot|directory|open'
    prepare
    rm -f "$work/damaged/$file"*
    python3 - "$work/damaged/$file" <<'PY'
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
other.executescript("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')")
PY
    cp "$work/damaged/$file" "$work/foreign"
    damaged "another program's database for $file" 'another program|other tables'
    that "which is left as it was" same "$work/foreign" "$work/damaged/$file"
}

disk_full_log() {
    [ -n "$can_mount" ] || { skip "a full disk needs root"; return; }
    drain
    rm -rf "$work/full/log"
    serve full "$work/full/log" || return
    within 10 is_above 5
    fill
    local before
    before=$(height)
    ended "a disk that fills under a log" 3 'full|space' full
    drain
    serve again "$work/full/log" || return
    that "it goes on where it was" is_above "$((before - 1))"
    within 5 is_above "$((before + 5))" || bad "the log does not go on"
    kill -TERM "$server" 2>/dev/null
    ended "and stops cleanly" 0 'stopped' again
    rm -rf "$work/full/log"
}

# --- A node

nodes() {
    section "nodes"
    serve nodelog "$work/log" || return
    local log=$server address=127.0.0.1:$port taken=$port
    local run=(run --network "$work/network.json" --keys "$work/node.key"
        --passphrase-file "$work/pass" --settlement "$address")
    "$grove" "${run[@]}" --data-directory "$work/node" --api-listen 127.0.0.1:0 \
        >"$work/node.out" 2>"$work/node.err" &
    local node=$!
    servers+=("$node")
    within 20 grep -q 'API listening' "$work/node.err" || bad "the node does not start"
    check "two nodes on one directory" 3 'another process' "${run[@]}" \
        --data-directory "$work/node"
    sending
    kill -TERM "$node"
    server=$node
    ended "a node that is stopped" 0 'stopped' node
    check "another operator's directory" 2 'operator key' run --network "$work/network.json" \
        --keys "$work/other.key" --passphrase-file "$work/pass" --settlement "$address" \
        --data-directory "$work/node"
    check "another network's directory" 2 'of network' "${run[@]}" \
        --network "$work/second.json" --data-directory "$work/node"
    check "edited rules" 2 'policy' "${run[@]}" --network "$work/edited.json" \
        --data-directory "$work/node"
    check "a log under other rules" '1|2' 'rules|policy|chain|contradicts' "${run[@]}" \
        --network "$work/edited.json" --data-directory "$work/node-edited"
    check "another network's log" 2 'of network' "${run[@]}" --network "$work/second.json" \
        --data-directory "$work/node-second"
    check "joining under other rules" 2 'rules|policy' join prover --network "$work/edited.json" \
        --passphrase-file "$work/pass" --settlement "$address" --data "$work/joined"
    that "which makes no directory" test ! -e "$work/joined"
    check "a data directory that is a file" 3 'cannot|file' "${run[@]}" \
        --data-directory "$work/network.json"
    check "a data directory without a name" 2 'value' "${run[@]}" --data-directory ""
    [ -z "$can_mount" ] || check "a read-only data directory" 3 'Read-only|cannot' "${run[@]}" \
        --data-directory "$work/readonly/node"
    check "an API port that is taken" 3 'cannot serve' "${run[@]}" \
        --data-directory "$work/node3" --api-listen "127.0.0.1:$taken"
    check "a peer port that is taken" 3 'listen' "${run[@]}" --data-directory "$work/node3" \
        --listen "/ip4/127.0.0.1/tcp/$taken"
    check "a wrong passphrase" 2 'not the one' "${run[@]}" --data-directory "$work/node4" \
        --passphrase-file "$work/wrong"
    that "which makes no directory" test ! -e "$work/node4"
    databases events.sqlite "$work/node" '1|3' "${run[@]}"
    disk_full_node "${run[@]}"
    kill -TERM "$log" 2>/dev/null
}

knows_the_log() {
    ! "$grove" "$@" --to "$work/node.key" --amount 1 2>&1 | grep -qE 'whole log|no log block'
}

# Orders to the running node of $work/node.key, which nobody but its operator may give.
sending() {
    local api key order
    api=http://127.0.0.1:$(sed -n 's/.*API listening.*port=\([0-9]*\).*/\1/p' "$work/node.err")
    order=(send --keys "$work/node.key" --passphrase-file "$work/pass" --api "$api")
    key=$("$grove" keys show "$work/other.key" --json | sed -n 's/.*"operatorKey":"\([0-9a-f]*\)".*/\1/p')
    within 10 knows_the_log "${order[@]}" || bad "a node does not catch up with its log"
    check "sending with another key" 2 'key file holds' "${order[@]}" --to "$key" --amount 1 \
        --keys "$work/other.key"
    check "sending with a wrong passphrase" 2 'not the one' "${order[@]}" --to "$key" --amount 1 \
        --passphrase-file "$work/wrong"
    check "sending to oneself" 1 'own key' "${order[@]}" --to "$work/node.key" --amount 1
    check "sending to nobody" 2 'operator key' "${order[@]}" --to nobody --amount 1
    check "sending nothing" 2 'above 0' "${order[@]}" --to "$key" --amount 0
    check "sending less than nothing" 2 'above 0|amount' "${order[@]}" --to "$key" --amount=-1
    check "sending more than there is" 1 'holds' "${order[@]}" --to "$key" --amount 9000000000
    check "an order of a height to come" 1 'nothing is sent' "${order[@]}" --to "$key" --amount 1 \
        --height 9000000000
    check "an order without an amount" 2 'amount' "${order[@]}" --to "$key"
    that "an order that is no order is malformed" \
        grep -q malformed <(curl -s -d '{"height":1}' "$api/send")
    that "a page of another origin may not send" \
        grep -q strangeOrigin <(curl -s -H 'Origin: http://example.org' -d '{}' "$api/send")
    check "sending to where no node is" 3 'no node answers' "${order[@]}" --to "$key" --amount 1 \
        --api http://127.0.0.1:1
}

disk_full_node() {
    [ -n "$can_mount" ] || { skip "a full disk needs root"; return; }
    drain
    "$grove" "$@" --data-directory "$work/full/node" >"$work/fullnode.out" \
        2>"$work/fullnode.err" &
    server=$!
    servers+=("$server")
    within 10 test -s "$work/full/node/events.sqlite-wal"
    sleep 1
    fill
    ended "a disk that fills under a node" 3 'full|space' fullnode
    drain
    "$grove" "$@" --data-directory "$work/full/node" >"$work/fullnode.out" \
        2>"$work/fullnode.err" &
    server=$!
    servers+=("$server")
    sleep 1.5
    kill -TERM "$server" 2>/dev/null
    ended "and goes on when there is room" 0 'stopped' fullnode
}
