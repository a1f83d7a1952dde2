# shellcheck shell=bash disable=SC2154
# Key files, passphrases, prompts and wallets. Read by scripts/hostile, which names what is used here.

keys_and_passphrases() {
    section "passphrases"
    local key=$work/node.key index name
    cp "$key" "$work/before.key"
    check "a wrong passphrase" 2 'not the one' keys check "$key" --passphrase-file "$work/wrong"
    : >"$work/empty"
    check "an empty passphrase file" 2 'empty' keys check "$key" --passphrase-file "$work/empty"
    check "no passphrase file" 3 'cannot read' keys check "$key" --passphrase-file "$work/none"
    check "a directory for a passphrase" 3 'directory' keys check "$key" --passphrase-file "$work"
    check "an endless passphrase" 3 'more than' keys check "$key" --passphrase-file /dev/zero
    printf 'right one\r\n' >"$work/crlf"
    chmod 644 "$work/crlf"
    check "a passphrase file from Windows, open to others" 0 'warning.*open to others' \
        keys check "$key" --passphrase-file "$work/crlf"
    chmod 644 "$key"
    check "a key file that is open to others" 0 'warning.*open to others' \
        keys check "$key" --passphrase-file "$work/pass"
    chmod 600 "$key"
    GROVE_PASSPHRASE='right one' check "a passphrase in the environment" 0 'opens' keys check "$key"
    GROVE_PASSPHRASE='wrong one' check "the flag is stronger than the environment" 0 'opens' \
        keys check "$key" --passphrase-file "$work/pass"
    GROVE_PASSPHRASE='right one' GROVE_PASSPHRASE_FILE=$work/wrong \
        check "the passphrase itself is stronger than its file" 0 'opens' keys check "$key"
    GROVE_PASSPHRASE=$(head -c 2000 /dev/zero | tr '\0' x) \
        check "a passphrase that is too long" 2 '1024 bytes' keys check "$key"
    local found=0
    setsid -w "$grove" keys check "$key" >"$work/out" 2>"$work/err" </dev/null || found=$?
    judge "no terminal" 2 'no terminal.*passphrase-file' "$found"

    section "key files"
    local size
    size=$(stat -c %s "$key")
    for ((index = 0; index < size; index += 11)); do
        with_byte "$key" "$index"
        check "byte $index of a key file changed" '2|3' 'damaged|not read|checksum' \
            keys check "$work/changed" --passphrase-file "$work/pass"
        head -c "$index" "$key" >"$work/cut"
        check "a key file cut after $index bytes" 3 'damaged' keys show "$work/cut"
    done
    check "a key file of another purpose" 2 'wallet key file' run --network "$work/network.json" \
        --keys "$work/alice.key" --data-directory "$work/x" --passphrase-file "$work/pass"
    check "a key file that is none" 3 'does not begin' keys show "$work/network.json"
    check "an endless key file" 3 'more than' keys show /dev/zero
    check "a directory for a key file" 3 'directory' keys show "$work"
    check "a key file in no directory" 3 'No such file' keys new "$work/none/x.key" \
        --purpose node --passphrase-file "$work/pass"
    check "a key file below a file" 3 'Not a directory' keys new "$key/x.key" \
        --purpose node --passphrase-file "$work/pass"
    check "a key file without a name" 2 'empty' keys new "" --purpose node \
        --cost minimal --passphrase-file "$work/pass"
    check "a key file in the place of another" 3 'not overwritten' keys new "$key" \
        --purpose node --passphrase-file "$work/pass"
    that "the key file is as before" same "$key" "$work/before.key"
    printf 'sevens7\n' >"$work/short"
    for name in "keys new --purpose node" "wallet new"; do
        # shellcheck disable=SC2086
        check "$name: a passphrase of seven letters" 2 'at least 8 characters.* has 7;' \
            $name "$work/short.key" --passphrase-file "$work/short"
    done
    check "join: a passphrase of seven letters" 2 'at least 8 characters' join prover \
        --network "$work/network.json" --data "$work/short-join" --settlement http://127.0.0.1:9 \
        --listen 127.0.0.1 --passphrase-file "$work/short"
    that "no keys are made with it" test ! -e "$work/short.key" -a ! -e "$work/short-join/operator.key"
}

change_of_passphrase() {
    section "a change of passphrase"
    local key=$work/change.key index opens=0
    cp "$work/node.key" "$key"
    local change=(keys passphrase "$key" --passphrase-file "$work/pass"
        --new-passphrase-file "$work/wrong")
    check "a change with a wrong passphrase" 2 'not the one' keys passphrase "$key" \
        --passphrase-file "$work/wrong" --new-passphrase-file "$work/pass"
    check "a change to nothing" 2 'empty' keys passphrase "$key" \
        --passphrase-file "$work/pass" --new-passphrase-file "$work/empty"
    printf 'a\n' >"$work/short"
    check "a change to one letter" 2 'at least 8 characters.* has 1;' keys passphrase "$key" \
        --passphrase-file "$work/pass" --new-passphrase-file "$work/short"
    that "the file is as before" same "$key" "$work/node.key"
    check "a change of passphrase" 0 'new passphrase' "${change[@]}"
    check "the new passphrase opens" 0 'opens' keys check "$key" --passphrase-file "$work/wrong"
    check "the old one does not" 2 'not the one' keys check "$key" --passphrase-file "$work/pass"
    that "its mode is 600" test "$(stat -c %a "$key")" = 600
    for index in $(seq 30); do
        cp "$work/node.key" "$key"
        "$grove" "${change[@]}" >/dev/null 2>&1 &
        local pid=$!
        sleep "0.0$((RANDOM % 60 + 10))"
        kill -9 "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        if "$grove" keys check "$key" --passphrase-file "$work/pass" >/dev/null 2>&1 \
            || "$grove" keys check "$key" --passphrase-file "$work/wrong" >/dev/null 2>&1; then
            opens=$((opens + 1))
        fi
    done
    that "after each of 30 kills one of the two passphrases opens ($opens)" test "$opens" = 30
    [ -n "$can_mount" ] || { skip "full and read-only disks need root"; return; }
    cp "$work/node.key" "$work/full/change.key"
    fill
    check "a change on a full disk" 3 'No space' keys passphrase "$work/full/change.key" \
        --passphrase-file "$work/pass" --new-passphrase-file "$work/wrong"
    that "the old file is there" same "$work/full/change.key" "$work/node.key"
    check "a new key file on a full disk" 3 'No space' keys new "$work/full/new.key" \
        --purpose node --cost minimal --passphrase-file "$work/pass"
    that "nothing is left of either" test "$(ls "$work/full")" = "$(printf 'ballast\nchange.key')"
    drain
    check "a change on a read-only disk" 3 'Read-only' keys passphrase "$work/readonly/node.key" \
        --passphrase-file "$work/pass" --new-passphrase-file "$work/wrong"
    check "a new key file on a read-only disk" 3 'Read-only' keys new "$work/readonly/new.key" \
        --purpose node --cost minimal --passphrase-file "$work/pass"
}

prompts() {
    section "prompts"
    python3 -c 'import pty, termios' 2>/dev/null || { skip "prompts need python3"; return; }
    # at_terminal NAME PATTERN ANSWER… -- ARGUMENT…
    at_terminal() {
        local name=$1 pattern=$2 answers=()
        shift 2
        while [ "$1" != -- ]; do answers+=("$1"); shift; done
        shift
        scripts/terminal.py "${answers[@]}" -- "$grove" "$@" >"$work/out" 2>"$work/err"
        if ! grep -qE "$pattern" <(tr '\n' ' ' <"$work/out"); then bad "$name"
        elif grep -q 'secret' "$work/out"; then bad "$name: the passphrase was shown"
        else ok; fi
    }
    local new=(keys new "$work/prompt.key" --purpose node --cost minimal)
    at_terminal "Ctrl-C ends, and the echo is back" 'exit=130 echo=on' ^C -- "${new[@]}"
    at_terminal "Ctrl-C in the midst of a line" 'exit=130 echo=on' secret-one ^C -- "${new[@]}"
    at_terminal "SIGTERM brings the echo back" 'exit=143 echo=on' KILL:SIGTERM -- "${new[@]}"
    at_terminal "SIGHUP brings the echo back" 'exit=129 echo=on' KILL:SIGHUP -- "${new[@]}"
    at_terminal "two passphrases that differ" 'differ.*exit=2 echo=on' secret-one secret-two -- "${new[@]}"
    at_terminal "a short passphrase" 'at least 8 characters.*exit=2 echo=on' secret -- "${new[@]}"
    at_terminal "no passphrase" 'empty.*exit=2 echo=on' ^D -- "${new[@]}"
    that "nothing was written" test ! -e "$work/prompt.key"
    at_terminal "a passphrase typed twice" 'operator key.*exit=0 echo=on' secret-one secret-one -- "${new[@]}"
    at_terminal "a passphrase typed" 'opens.*exit=0 echo=on' secret-one -- keys check "$work/prompt.key"
    at_terminal "a change of passphrase typed" 'new passphrase.*exit=0 echo=on' \
        secret-one secret-three secret-three -- keys passphrase "$work/prompt.key"
    at_terminal "a wrong passphrase typed" 'not the one.*exit=2 echo=on' secret-one -- \
        keys check "$work/prompt.key"
    # No machine has this address (RFC 5737): the node ends once it has its keys.
    local join=(join prover --network "$work/network.json" --data "$work/prompt" --cost minimal
        --settlement http://127.0.0.1:9 --listen 127.0.0.1 --api-listen 192.0.2.1:8101)
    at_terminal "two passphrases that differ, of a first join" 'differ.*exit=2 echo=on' \
        secret-one secret-two -- "${join[@]}"
    that "which makes no keys" test ! -e "$work/prompt/operator.key"
    at_terminal "a first join asks twice" 'same again.*made new keys.*cannot serve.*exit=3 echo=on' \
        secret-one secret-one -- "${join[@]}"
    at_terminal "the next one asks once" 'cannot serve.*exit=3 echo=on' secret-one -- "${join[@]}"
}

wallets() {
    section "wallets"
    local show=(wallet show --network "$work/network.json" --api http://127.0.0.1:1)
    check "no wallet state" 2 'no wallet state' "${show[@]}" --wallet-state "$work/none.json"
    printf 'soup' >"$work/state.json"
    check "a wallet state that is none" 3 'damaged' "${show[@]}" --wallet-state "$work/state.json"
    check "a directory for a wallet state" 3 'cannot read' "${show[@]}" --wallet-state "$work"
    check "nobody to ask" 3 '.' wallet restore "$work/alice.key" --account 0 \
        --wallet-state "$work/w.json" --network "$work/network.json" --api http://127.0.0.1:1
    that "which makes no state" test ! -e "$work/w.json"
}
