# shellcheck shell=bash disable=SC2154
# Network files, arguments and streams. Read by scripts/hostile, which names what is used here.

network_files() {
    section "network files"
    local good=$work/network.json bad=$work/bad.json
    # mutant NAME PATTERN SED-COMMAND
    mutant() {
        sed "$3" "$good" >"$bad"
        if same "$good" "$bad"; then bad "$1: the file did not change"; return; fi
        check "$1" 2 "$2" network show "$bad"
    }
    mutant "an unknown field" 'unknown.*lagg' 's/"lag" : 2/"lag" : 2, "lagg" : 2/'
    mutant "a missing field" 'no field slots.lag' 's/"lag" : 2/"lagg" : 2/'
    mutant "a text for a number" 'slots.lag' 's/"lag" : 2/"lag" : "2"/'
    mutant "a number for a text" 'proofs.profile' 's/"profile" : "fast"/"profile" : 3/'
    mutant "null" 'slots.lag' 's/"lag" : 2/"lag" : null/'
    mutant "a negative number" 'slots.lag' 's/"lag" : 2/"lag" : -2/'
    mutant "a fraction" 'slots.lag' 's/"lag" : 2/"lag" : 2.5/'
    mutant "NaN" 'not JSON' 's/"lag" : 2/"lag" : NaN/'
    mutant "Infinity" 'not JSON' 's/"lag" : 2/"lag" : Infinity/'
    mutant "1e400" 'slots.lag' 's/"lag" : 2/"lag" : 1e400/'
    mutant "a number beyond 64 bits" 'slots.lag' 's/"lag" : 2/"lag" : 18446744073709551616/'
    mutant "a lag of 2^64 - 1" 'contradicts|lag|slots' 's/"lag" : 2/"lag" : 18446744073709551615/'
    mutant "a field that stands twice" 'twice' 's/"lag" : 2/"lag" : 2, "lag" : 3/'
    mutant "the same with an escape" 'twice' 's/"lag" : 2/"lag" : 2, "l\\u0061g" : 3/'
    mutant "a contradiction" 'contradicts' 's/"provingTicks" : 90/"provingTicks" : 3/'
    mutant "another format" 'format' 's/"format" : [0-9]*/"format" : 99/'
    mutant "an unknown score" 'fernet.score' 's/"score" : "literal"/"score" : "best"/'
    mutant "a port that is none" 'settlement.url' 's/127.0.0.1:7000/127.0.0.1:70000/'
    mutant "a URL that is none" 'settlement.url' 's,http://127.0.0.1:7000,ftp:/x,'
    mutant "a hash that is none" 'genesisNonce' 's/"genesisNonce" : "./"genesisNonce" : "x/'
    mutant "a name that moves the cursor" 'name' 's/"name" : "devnet"/"name" : "\\u001b[2J"/'
    mutant "balances that overflow" 'contradicts|genesis|balance|supply' \
        's/"balance" : [0-9]*/"balance" : 18446744073709551615/'
    : >"$bad"
    check "an empty network file" 2 'not JSON' network show "$bad"
    head -c 500 "$good" >"$bad"
    check "a cut-off network file" 2 'not JSON' network show "$bad"
    { head -c 300 "$good"; printf '\xff\xfe'; tail -c +303 "$good"; } >"$bad"
    check "a network file that is not UTF-8" 2 'UTF-8' network show "$bad"
    iconv -f UTF-8 -t UTF-16 "$good" >"$bad" 2>/dev/null \
        && check "a network file in UTF-16" 2 'UTF-8' network show "$bad"
    head -c 100000 /dev/zero | tr '\0' '[' >"$bad"
    check "nesting 100000 deep" 2 'nested' network show "$bad"
    head -c 100000000 /dev/zero | tr '\0' ' ' >"$bad"
    check "a network file of 100 MB" 3 'more than' network show "$bad"
    check "the same for a node" 3 'more than' run --network "$bad"
    rm -f "$bad"
    check "an endless network file" 3 'more than' run --network /dev/zero
    check "a directory for a network file" 3 'cannot read' run --network "$work"
    check "no network file" 3 'cannot read' run --network "$work/none"
    check "a network file that exists" 3 'not overwritten' network new --out "$good" \
        --authority "$work/authority.key"
    printf '{"network": "a", "network": "b"}' >"$bad"
    check "a setting that stands twice" 2 'twice' run --config "$bad"
    printf '{"network": {"a": 1}}' >"$bad"
    check "a setting of another type" 2 'expected text' run --config "$bad"
    check "a settings file that is none" 3 'cannot read' run --config "$work/none"
}

arguments() {
    section "arguments"
    local value
    check "no arguments" 0 'USAGE' 
    check "an unknown command" 2 'frobnicate' frobnicate
    check "an unknown flag" 2 'nonsense' status --nonsense
    for value in -1 0 65 99999999999999999999 x ""; do
        check "--sequencers '$value'" 2 'sequencers' devnet --sequencers="$value"
        check "--blocks '$value'" '0|1|2|3' '.' devnet --blocks="$value" --sequencers 0
    done
    for value in -1 0 99 18446744073709551616 x; do
        check "--key-tree-height '$value'" 2 '.' network new --out "$work/n.json" \
            --authority "$work/authority.key" --key-tree-height="$value"
        check "--account-tree-depth '$value'" 2 '.' network new --out "$work/n.json" \
            --authority "$work/authority.key" --account-tree-depth="$value"
        check "--leaf-capacity '$value'" 2 '.' network new --out "$work/n.json" \
            --authority "$work/authority.key" --leaf-capacity="$value"
        check "--maximum-leaves '$value'" 2 '.' network new --out "$work/n.json" \
            --authority "$work/authority.key" --maximum-leaves="$value"
    done
    for value in 0 18446744073709551615; do
        for name in tick-milliseconds first-slot-height lag proving-ticks leaf-ticks merge-ticks \
            step-ticks; do
            check "--$name $value" '0|2' '.' network new --out "$work/n-$name-$value.json" \
                --authority "$work/authority.key" --profile fast --prover "$work/node.key" --$name $value
        done
    done
    check "money beyond 64 bits" 2 'expected' network new --out "$work/n.json" \
        --authority "$work/authority.key" --block-reward 99999999999
    check "the largest money" '0|2' '.' network new --out "$work/n.json" \
        --authority "$work/authority.key" --prover "$work/node.key" --profile fast \
        --block-reward 18446744073.709551615 --stake 18446744073 --operator-balance 18446744073
    check "a URL that is none" '2|3' 'http://' status --api nonsense
    check "a port that is none" '2|3' '.' status --api http://127.0.0.1:99999
    check "nobody at the port" 3 '.' status --api http://127.0.0.1:1
    check "a host that is none" 3 '.' status --api http://none.invalid:8101
    check "a slot that is none" 2 'slot' tree abc --api http://127.0.0.1:1
    check "a log level that is none" 2 'expected trace' status --log-level loud
    local run=(run --network "$work/network.json" --keys "$work/node.key"
        --passphrase-file "$work/pass" --data-directory "$work/arguments")
    check "roles that are none" 2 'expected sequencer' "${run[@]}" --roles king
    check "a listening address that is none" 2 'ip4' "${run[@]}" --listen 127.0.0.1:4000
    check "a settlement address that is none" 2 'host:port' "${run[@]}" --settlement 127.0.0.1
    check "a fee share beyond all" 2 '10000' "${run[@]}" --fee-share 10001
    check "threads beyond all" 2 '1 to 256' "${run[@]}" --proving-threads 100000
    # Before anything is read, fetched or made.
    local join=(join prover --network http://127.0.0.1:1 --data "$work/joined")
    check "a capacity of nothing" 2 '1 to 65536' "${join[@]}" --capacity 0
    check "a fee share of two" 2 '0 to 10000' "${join[@]}" --fee-share 20000
    check "a stake that is no money" 2 'IDE' "${join[@]}" --stake much
    that "which makes no directory" test ! -e "$work/joined"
    local command
    for command in "network show" "audit --network" "run --network" "settlement --network" \
        "proof verify $work/none --network" "proof info --network" \
        "proof witness --slot 1 --out $work/w --network" "calibrate --data-directory $work/x --network"; do
        # shellcheck disable=SC2086
        check "$command: a network address where nobody is" 3 'cannot fetch.*127.0.0.1:1' \
            $command http://127.0.0.1:1/network.json
        # shellcheck disable=SC2086
        check "$command: a network address that is none" 2 'http://host:port' \
            $command ftp://127.0.0.1/network.json
    done
    check "an account that is none" 2 '.' wallet restore "$work/alice.key" --account -1 \
        --wallet-state "$work/w.json" --network "$work/network.json"
    check "an amount that is none" 2 'amount' pay --to 1 --amount -5 --fee 0 \
        --wallet "$work/alice.key" --wallet-state "$work/w.json" --network "$work/network.json"
    check "a proof file that is none" 1 'no proof' proof verify "$work/network.json" \
        --network "$work/network.json"
    printf '{"format":"grove-witness/1"}' >"$work/witness"
    check "a witness file without a network" 2 'has no networkId' proof prove "$work/witness" \
        --prover "$(printf '0%.0s' {1..64})" --network "$work/network.json" --out "$work/none.proof"
    that "which makes no proof" test ! -e "$work/none.proof"
    check "a data directory that cannot be made" 3 'cannot create' calibrate \
        --network "$work/network.json" --data-directory /proc/none
    check "no log to audit" 3 'refused.; start it' audit --network "$work/network.json" \
        --settlement 127.0.0.1:1
    check "an endless proof file" 3 'more than' proof verify /dev/zero --network "$work/network.json"
    check "a devnet in a file" 3 'cannot|file' devnet --data "$work/network.json"
    check "a devnet in another directory's clothes" '2|3' '.' devnet --data "$work"
}

streams() {
    section "streams and environment"
    local key=$work/node.key found=0
    "$grove" keys show "$key" >&- 2>"$work/err" </dev/null || found=$?
    : >"$work/out"
    judge "a closed standard output" 3 'cannot be written' "$found"
    found=0
    "$grove" keys show "$key" >/dev/full 2>"$work/err" </dev/null || found=$?
    judge "a full standard output" 3 'cannot be written' "$found"
    found=0
    "$grove" --help >/dev/full 2>"$work/err" </dev/null || found=$?
    judge "help to a full disk" 3 'cannot' "$found"
    found=0
    "$grove" keys show "$key" >"$work/out" 2>"$work/err" <&- || found=$?
    judge "a closed standard input" 0 'operator key' "$found"
    found=0
    "$grove" keys show "$work/none" >"$work/out" 2>&- </dev/null || found=$?
    : >"$work/err"
    judge "a closed standard error" 3 '' "$found"
    "$grove" --help 2>"$work/err" | head -n 1 >"$work/out"
    judge "a reader that goes away" 0 'OVERVIEW' "${PIPESTATUS[1]}"
    found=0
    env -i "$grove" keys show "$key" >"$work/out" 2>"$work/err" </dev/null || found=$?
    judge "no environment at all, without HOME" 0 'operator key' "$found"
    found=0
    (ulimit -n 6; "$grove" keys check "$key" --passphrase-file "$work/pass") \
        >"$work/out" 2>"$work/err" </dev/null || found=$?
    judge "six file descriptors" '0|3' '.' "$found"
    found=0
    (cd "$work" && mkdir gone && cd gone && rmdir ../gone && "$grove" keys show "$key") \
        >"$work/out" 2>"$work/err" </dev/null || found=$?
    judge "a working directory that is gone" 0 'operator key' "$found"
}
