# SPDX-License-Identifier: Apache-2.0
# The account of a session: what is in it, what is not, and that nothing inside changes it.

### commands, files, refusals and connections are lines of JSON
## run by: sh
mkdir w
"$SWEBASH" --workspace w --audit log -c '/bin/echo hi "a b"; echo x > f; cat /root-of-all; echo y > /dev/tcp/127.0.0.1/1; /bin/false' > /dev/null 2>&1
cat > show.py << 'END'
import json, os, sys
for number, line in enumerate(open(sys.argv[1]), 1):
    one = json.loads(line)
    assert one["seq"] == number and one["time"].endswith("Z"), one
    what = one["event"]
    keys = {"begin": ["isolation"], "command": ["kind", "path", "argv"], "end": ["status"], "exit": ["status"],
            "open": ["how"], "refused": ["what", "path", "rule"], "network": ["host", "port", "allowed"]}.get(what, [])
    path = one.get("path", "") if what == "open" else ""
    if one.get("kind") == "builtin": continue
    if what == "end" and "wall_us" in one: assert one["peak_kb"] > 0 and one["wall_us"] > 0
    print(what, *[one.get(key) for key in keys], os.path.basename(path))
END
python3 show.py log
#> begin namespace 
#> command native /bin/echo ['/bin/echo', 'hi', 'a b'] 
#> end 0 
#> open write create truncate f
#> refused read /root-of-all allow-read 
#> network 127.0.0.1 1 False 
#> command native /bin/false ['/bin/false'] 
#> end 1 
#> exit 1 
#> closed 

### what programs ask the proxy for is told of, refused or not, without secrets
## run by: sh
mkdir w
MY_TOKEN=hunter2 "$SWEBASH" --workspace w --audit log --allow-net=localhost:1 -c 'PASSWORD=swordfish; python3 -c "
import socket
for place in (\"other.test:443\", \"localhost:1\", \"hunter2.test:80\", \"a.swordfish.test:80\"):
    sock = socket.create_connection((\"127.0.0.1\", 3128))
    sock.sendall(f\"CONNECT {place} HTTP/1.1\r\n\r\n\".encode())
    print(sock.recv(4096).decode().split()[1])
"' 2> /dev/null
sed -n 's/.*"event":"network",//p' log; tail -n 1 log | grep -c '"closed"'; grep -c -e hunter2 -e swordfish log
#> 403
#> 502
#> 403
#> 403
#> "host":"other.test","port":"443","allowed":false,"by":"proxy"}
#> "host":"localhost","port":"1","allowed":true,"by":"proxy"}
#> "host":"***.test","port":"80","allowed":false,"by":"proxy"}
#> "host":"a.***.test","port":"80","allowed":false,"by":"proxy"}
#> 1
#> 0
## status: 1

### a pipeline, a background command, exec and a death by a signal are told of
## run by: sh
mkdir w
"$SWEBASH" --workspace w --audit log -c '/bin/true | /bin/cat; /bin/sleep 0 & wait; (exec /bin/true); /bin/sh -c "kill -9 \$\$"; exec /bin/true' > /dev/null 2>&1
python3 -c '
import json
lines = [json.loads(line) for line in open("log")]
started = [one for one in lines if one["event"] == "command" and one["kind"] == "native"]
ended = {one["pid"]: one for one in lines if one["event"] == "end" and one["kind"] == "native"}
for one in started: print(one["path"], *[(k, ended[one["pid"]][k]) for k in ("status", "signal") if k in ended[one["pid"]]])' | sort
#> /bin/cat ('status', 0)
#> /bin/sh ('signal', 9)
#> /bin/sleep ('status', 0)
#> /bin/true ('status', 0)
#> /bin/true ('status', 0)
#> /bin/true ('status', 0)

### with landlock alone it is the same
## run by: sh
mkdir w
"$SWEBASH" --workspace w --isolation landlock --audit log -c '/bin/true; echo x > f; cat /root-of-all' 2> /dev/null
grep -v builtin log | cut -d, -f3 | tr -d } | grep -v command
#> "event":"begin"
#> "event":"end"
#> "event":"open"
#> "event":"refused"
#> "event":"exit"
#> "event":"closed"

### secret values are not in it, by no way that they get there
## run by: sh
mkdir w
API_TOKEN=swordfish OTHER_KEY=notkept "$SWEBASH" --workspace w --env API_TOKEN --audit log -c '/bin/echo "$API_TOKEN" "Bearer $API_TOKEN"; A=$API_TOKEN; /bin/echo "x$A"; echo x > "f$API_TOKEN"; cat "/no/$API_TOKEN"; PASSWORD=opensesame /bin/echo; /bin/echo opensesame; env DB_SECRET=rosebud /bin/true; /bin/echo rosebud notkept; cd /tmp; mkdir $API_TOKEN; cd $API_TOKEN; /bin/true' > /dev/null 2>&1
grep -c -e swordfish -e opensesame -e rosebud -e notkept log
grep -o '"argv":\["/bin/echo","[^]]*' log
#> 0
#> "argv":["/bin/echo","***","Bearer ***"
#> "argv":["/bin/echo","x***"
#> "argv":["/bin/echo","***"
#> "argv":["/bin/echo","***","***"
## status: 0

### no argument begins a line of its own
## run by: sh
mkdir w
"$SWEBASH" --workspace w --audit log -c '/bin/true "$(printf "x\"}\n{\"seq\":1,\"event\":\"forged\"}")"; /bin/true $'"'"'\xff\e[2J'"'"
python3 -c '
import json
for line in open("log", errors="strict"):
    one = json.loads(line)
    if one.get("path"): print([word.encode("utf8", "surrogateescape") for word in one["argv"]])
    assert one["event"] != "forged"'
#> [b'/bin/true', b'x"}\n{"seq":1,"event":"forged"}']
#> [b'/bin/true', b'\xff\x1b[2J']

### nothing inside reaches it: not by a descriptor, by /proc, or by its name
## run by: sh
mkdir w
for i in namespace landlock; do
  "$SWEBASH" --workspace w --isolation $i --audit log -c '
    for n in /proc/self/fd/* /dev/fd/* $(seq 3 1100); do
      case $n in */[012]) continue;; /*) ;; *) n=/proc/self/fd/$n;; esac
      echo "{\"event\":\"forged\"}" > $n
      echo "{\"event\":\"forged\"}" >> $n
    done
    for n in $(seq 3 60); do eval "echo forged >&$n"; done
    /bin/sh -c "for n in 3 4 5 6 7 8 9 32 33 34 35 36 64; do eval \"echo forged >&\$n\"; done"
    /bin/ls -l /proc/self/fd | /bin/grep -c socket > sockets
    echo forged > ../log; rm -f ../log; : > ../log; ln ../log mine' > /dev/null 2>&1
  cat w/sockets
done
grep '"event":"forged"' log; grep -c '"event":"closed"' log; grep -v '^{"seq"' log
#> 0
#> 0
#> 2
## status: 1

### descriptor 3 of the caller's is the account's, and not the script's
## run by: sh
mkdir w
"$SWEBASH" --workspace w --keep-fds --audit fd:3 -c 'echo forged >&3; /bin/sh -c "echo forged >&3"' 3> log 2> /dev/null
grep -c forged log | sed "s/^[1-9].*/in words/"; grep -c '^{"seq"' log > lines; wc -l < log | cmp - lines && echo whole
#> in words
#> whole

### where it cannot be written the session ends, or goes on
## run by: sh
mkdir w
"$SWEBASH" --workspace w --audit /dev/full -c 'while :; do /bin/true; done'; echo "status $?"
"$SWEBASH" --workspace w --audit /dev/full --audit-full=continue -c 'for i in 1 2 3; do /bin/true; done; echo on'; echo "status $?"
(ulimit -f 8; "$SWEBASH" --workspace w --audit log --audit-full=stop -c 'for i in $(seq 100000); do /bin/true $i; done; echo on' 2>&1); echo "status $?"
#> status 126
#> on
#> status 0
#> swebash: --audit: log: File too large: the session ends (--audit-full=continue goes on)
#> status 126
#! swebash: --audit: /dev/full: No space left on device: the session ends (--audit-full=continue goes on)

### a reader that has gone, and a session that was killed
## run by: sh
mkdir w; mkfifo fifo
"$SWEBASH" --workspace w --audit fd:3 -c 'while :; do /bin/true; done' 3> fifo 2> said & pid=$!
head -n 2 fifo > /dev/null; wait $pid; echo $?; cat said
"$SWEBASH" --workspace w --audit log -c 'echo in > f; kill -9 $$' 2> /dev/null; echo $?
while ! grep -q '"closed"' log; do sleep 0.02; done
sed -n 's/.*"event":"\([a-z]*\)".*/\1/p' log | grep -v -e command -e end
#> 126
#> swebash: --audit: fd:3: Broken pipe: the session ends (--audit-full=continue goes on)
#> 137
#> begin
#> open
#> closed

### what is wrong with it is told, and nothing runs
## run by: sh
mkdir w; touch one; ln one two
for f in w/log fd:1 fd:900 /none/log two; do "$SWEBASH" --workspace w --audit $f -c 'echo runs' 2>&1 | sed "s,$PWD,HERE,"; done
"$SWEBASH" --workspace w --audit log --audit-full=later -c 'echo runs'; echo $?
"$SWEBASH" --workspace w --audit-full=stop -c 'echo runs'; echo $?
"$SWEBASH" --audit log -c 'echo runs'; echo $?
#> swebash: --audit: HERE/w/log: the session could write there (name a file outside of what is allowed)
#> swebash: --audit: fd:1: is the script's own (fd:3 and above are not)
#> swebash: --audit: fd:900: Bad file descriptor
#> swebash: --audit: /none/log: No such file or directory
#> swebash: --audit: two: has another name, which the script may know
#> 2
#> 2
#> 2
#! swebash: --audit-full: later: neither stop nor continue
#! swebash: --audit-full: needs --audit FILE
#! swebash: --audit: needs --workspace DIR

### two sessions have one account, line by line
## run by: sh
mkdir w v
for d in w v; do "$SWEBASH" --workspace $d --audit log -c 'for i in $(seq 200); do /bin/true; done' & done; wait
python3 -c '
import json
print(sum(json.loads(line).get("peak_kb", 0) > 0 for line in open("log")))'
#> 400

### a descriptor that the script could write to by another way is refused
## run by: sh
mkdir -p w
"$SWEBASH" --workspace w --audit fd:3 -c 'echo runs' 3>> w/log 2>&1 | sed "s,$PWD,HERE,"
: > log; ln log other; "$SWEBASH" --workspace w --audit fd:3 -c 'echo runs' 3>> log; rm other
"$SWEBASH" --workspace w --audit log -c 'echo runs' >> log; "$SWEBASH" --workspace w --audit /dev/stderr -c 'echo runs' 2>&1 | cat
"$SWEBASH" --workspace w --audit fd:3 -c 'echo runs' 3>> log; grep -c runs log
#> swebash: --audit: HERE/w/log: the session could write there (name a file outside of what is allowed)
#> swebash: --audit: /dev/stderr: is what the script writes to or reads, its descriptor 1
#> runs
#> 2
#! swebash: --audit: fd:3: has another name, which the script may know
#! swebash: --audit: log: is what the script writes to or reads, its descriptor 1

### what a script assigns bit by bit, or has split into words, is as secret
## run by: sh
## file s.sh
#| export TOKEN+=hunter1; declare TOKEN[1]=hunter2; mapfile KEY <<< hunter3; /bin/echo ${KEY[0]}
#| SECRET="hunter4 hunter5"; /bin/echo $SECRET; x=$SECRET; SECRET=; /bin/echo "$x"
#| SECRET=hunter6; : > /dev/tcp/$SECRET/$SECRET
#| /bin/sh -c ': TOKEN=a"hunter7"'
mkdir w; "$SWEBASH" --workspace w --audit log s.sh > /dev/null 2>&1; grep -c hunter log; grep -c '"/bin/echo","\*\*\*' log
#> 0
#> 3

### a long text is cut, and the account goes on
## run by: sh
mkdir -p w
"$SWEBASH" --workspace w --audit log -c ": $(head -c 60000 /dev/zero | tr '\0' '\001'); exec 3<> /dev/tcp/$(head -c 60000 /dev/zero | tr '\0' x)/80" 2> /dev/null; echo $?
"$SWEBASH" --workspace w --audit log -c 'x=$(head -c 60000 /dev/zero | tr "\0" "\001"); /bin/true "$x"; echo still there' 2> /dev/null; grep -c '"cut":true' log; awk 'length > 65536' log
#> 1
#> still there
#> 4
