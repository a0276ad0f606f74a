# SPDX-License-Identifier: Apache-2.0
# Lists of hosts: what is reached through the proxy, and how the rest is refused.

### a listed host is reached by HTTP, by CONNECT, by SOCKS5 and by the shell itself
## run by: sh
## file server.py
#| import http.server, threading
#| class Hello(http.server.BaseHTTPRequestHandler):
#|     def do_GET(self):
#|         body = ("hello " + self.path + " " + self.headers["Host"].split(":")[0] + "\n").encode()
#|         self.send_response(200)
#|         self.send_header("Content-Length", str(len(body)))
#|         self.end_headers()
#|         self.wfile.write(body)
#|     def log_message(self, *words):
#|         pass
#| server = http.server.HTTPServer(("127.0.0.1", 0), Hello)
#| open("port.new", "w").write(str(server.server_port))
#| import os
#| os.rename("port.new", "port")
#| threading.Timer(20, lambda: os._exit(0)).start()
#| server.serve_forever()
## file ask.py
#| import os, socket, sys, urllib.request
#| port = int(sys.argv[1])
#| print(urllib.request.urlopen(f"http://localhost:{port}/plain").read().decode(), end="")
#| def request(sock):
#|     sock.sendall(f"GET /{name} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n".encode())
#|     data = b""
#|     while more := sock.recv(4096):
#|         data += more
#|     print(data.decode().split("\n")[-2])
#| place = os.environ["HTTPS_PROXY"].split("//")[1].split(":")
#| name = "connect"
#| sock = socket.create_connection((place[0], int(place[1])))
#| sock.sendall(f"CONNECT localhost:{port} HTTP/1.1\r\n\r\n".encode())
#| print(sock.recv(4096).decode().split("\r")[0])
#| request(sock)
#| name = "socks"
#| place = os.environ["ALL_PROXY"].split("//")[1].split(":")
#| sock = socket.create_connection((place[0], int(place[1])))
#| sock.sendall(b"\5\1\0")
#| assert sock.recv(2) == b"\5\0"
#| sock.sendall(b"\5\1\0\3\x09localhost" + port.to_bytes(2, "big"))
#| print(sock.recv(10)[1])
#| request(sock)
mkdir w; mv ask.py w; python3 server.py & server=$!
while [ ! -e port ]; do sleep 0.05; done
port=$(cat port)
"$SWEBASH" --workspace w --allow-net=localhost:$port -c "python3 ask.py $port; exec 3<> /dev/tcp/localhost/$port; printf 'GET /shell HTTP/1.0\r\nHost: x\r\n\r\n' >&3; tail -n 1 <&3"
kill $server
#> hello /plain localhost
#> HTTP/1.1 200 Connection established
#> hello /connect localhost
#> 0
#> hello /socks localhost
#> hello /shell x

### what is not listed is refused, and told once
## run by: sh
mkdir w
"$SWEBASH" --workspace w --allow-net=example.org:443,10.0.0.1 -c 'for i in 1 2; do exec 3<> /dev/tcp/other.test/443; done; exec 3<> /dev/tcp/example.org/80; echo "$?"; python3 -c "
import socket
for ask in (b\"CONNECT other.test:443 HTTP/1.1\r\n\r\n\", b\"GET http://other.test/ HTTP/1.1\r\n\r\n\", b\"GET / HTTP/1.1\r\n\r\n\"):
    sock = socket.create_connection((\"127.0.0.1\", 3128))
    sock.sendall(ask)
    print(sock.recv(4096).decode().split(\"\r\")[0])
"; echo "${HTTP_PROXY-} ${NO_PROXY-}"' 2> err
grep -v line err
#> 1
#> HTTP/1.1 403 Forbidden
#> HTTP/1.1 403 Forbidden
#> HTTP/1.1 400 Bad Request
#> http://127.0.0.1:3128 localhost,127.0.0.1,::1
#> swebash: other.test:443: not allowed by the workspace policy (--allow-net=other.test:443 would)
#> swebash: example.org:80: not allowed by the workspace policy (--allow-net=example.org:80 would)
#> swebash: other.test:80: not allowed by the workspace policy (--allow-net=other.test:80 would)

### the session has a loopback of its own
## run by: sh
mkdir w
"$SWEBASH" --workspace w --allow-net=example.org -c 'python3 -c "
import socket, threading
server = socket.create_server((\"127.0.0.1\", 0))
threading.Thread(target=lambda: server.accept()[0].sendall(b\"own\n\")).start()
print(socket.create_connection(server.getsockname()).recv(10).decode(), end=\"\")
"'
#> own

### the proxy ends with the session, however that ends
## run by: sh
mkdir w
running() { grep -sazlx "$1" /proc/[0-9]*/cmdline | while read -r one; do tr '\0' ' ' 2> /dev/null < $one | grep "^swebash-proxy $1"; done; }
"$SWEBASH" --workspace w --allow-net=one.test -c ':'
"$SWEBASH" --workspace w --allow-net=two.test -c 'echo ready > ready; sleep 60' & p=$!
while [ ! -e w/ready ]; do sleep 0.05; done
running two.test
kill -9 $p; wait $p 2> /dev/null; i=0
while [ -n "$(running two.test)" ] && [ $i -lt 60 ]; do sleep 0.05; i=$((i + 1)); done
running one.test; running two.test; :
#> swebash-proxy two.test 

### Landlock alone refuses a list
## run by: sh
"$SWEBASH" --workspace . --isolation landlock --allow-net=example.org -c 'echo RUN'; echo $?
#> 126
#! swebash: --allow-net: example.org: a list of hosts needs a view of its own, --isolation namespace

### the status names the hosts
## run by: sh
"$SWEBASH" --workspace . --allow-net=a.test:1,*.b.test -c 'workspace' | grep -e 'the network' -e hosts
#>   the network: a.test:1, *.b.test
#>   hosts that are not listed       network namespace, the proxy
