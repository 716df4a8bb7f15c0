# Runs one server and stops it when the tests no longer need it.
#
#   keeper.sh private DATA PROGRAM...     A line on standard input stops the server; the end of
#                                         input, which a killed test leaves too, removes DATA too.
#   keeper.sh shared DATA IDLE PROGRAM... Stops the server and removes DATA when nobody has held
#                                         `lease` for IDLE seconds, or at once if `stop` is there.
#
# It is started in the server's folder. The kernel kills the server if the keeper is killed.
set -u
mode=$1 data=$2
shift 2

if [ "$mode" = shared ]; then
    idle=$1
    shift
    exec 8>>start.lock 9>>keeper.lock
    flock --nonblock 9 || exit 1
fi

setpriv --pdeathsig KILL -- "$@" </dev/null >>server.log 2>&1 8>&- 9>&- &
server=$!
echo "$server" >server.pid.new
mv server.pid.new server.pid

end() {
    if kill -0 "$server" 2>/dev/null; then kill -TERM "$server"; fi
    wait "$server"
    rm -f server.pid
}

if [ "$mode" = private ]; then
    # The server is not reaped before `wait`, so its number cannot have passed to another process.
    if read -r _; then
        end
    else
        end
        rm -rf "$data"
    fi
    exit 0
fi

quiet=0
while sleep 0.5 8>&- 9>&- && kill -0 "$server" 2>/dev/null; do
    if ! flock --nonblock lease true 8>&- 9>&-; then
        quiet=0
        continue
    fi
    quiet=$((quiet + 1))
    if [ ! -e stop ] && [ "$quiet" -lt $((idle * 2)) ]; then continue; fi

    # Nobody new comes in while `start.lock` is held; whoever came in just before is served.
    flock 8
    if flock --nonblock lease true 8>&- 9>&-; then break; fi
    flock --unlock 8
    quiet=0
done
rm -f state stop
end
rm -rf "$data"
