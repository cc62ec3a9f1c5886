"""Measures `rbp serve` under load: load.py RBP SECONDS. What is asked for is in load.sh."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

FACTS = '{"now": "2026-11-23T12:00:00Z"}'
POST = f"""
wrk.method = "POST"
wrk.body = '{FACTS}'
"""


class Rude(threading.Thread):
    """A client that does the same wrong thing again and again, until told to stop."""

    def __init__(self, address, stop, pause, send, answer):
        super().__init__(daemon=True)
        self.address, self.stop, self.pause, self.send, self.answer = address, stop, pause, send, answer
        self.times = self.answers = 0

    def run(self):
        while not self.stop.wait(self.pause):
            try:
                with socket.create_connection(self.address, timeout=30) as stream:
                    for part in self.send:
                        stream.sendall(part)
                        if len(self.send) > 1 and self.stop.wait(0.2):
                            return
                    if self.answer:
                        self.answers += stream.recv(64).startswith(b"HTTP/1.1 %d" % self.answer)
            except OSError:
                pass
            self.times += 1


def memory(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def main():
    program, seconds = sys.argv[1], int(sys.argv[2])
    work = Path(tempfile.mkdtemp())
    texts = []
    for day in ["2026-11-22", "2026-11-23"]:
        build = subprocess.run([program, "build", "examples/payments", "--as-of", day], capture_output=True, check=True)
        texts.append(build.stdout)
    rules = work / "rules.json"
    rules.write_bytes(texts[0])
    server = subprocess.Popen([program, "serve", rules, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
    address = server.stderr.readline().rsplit("http://", 1)[1].strip()
    threading.Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
    host, port = address.split(":")
    target = (host, int(port))
    head = b"POST /decide HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"

    stop = threading.Event()
    slow = [head % len(FACTS)] + [bytes([byte]) for byte in FACTS.encode()]
    rude = {
        "slow, a byte each 0.2 s": [Rude(target, stop, 0, slow, 200) for _ in range(20)],
        "hung up in the middle": [Rude(target, stop, 0.05, [head % 500 + b"{"], None) for _ in range(2)],
        "nonsense": [Rude(target, stop, 0.05, [b"\x16\x03\x01\xff\xff garbage \r\n\r\n"], 400)],
        "body of 5 MB": [Rude(target, stop, 0.1, [head % 5_000_000 + b"x" * 5_000_000], 413)],
    }
    for client in (client for clients in rude.values() for client in clients):
        client.start()

    def change():
        number = 0
        while not stop.wait(1):
            number += 1
            new = rules.with_suffix(".new")
            new.write_bytes(texts[number % 2])
            os.replace(new, rules)

    changing = threading.Thread(target=change, daemon=True)
    changing.start()
    script = work / "post.lua"
    script.write_text(POST)

    def wrk(seconds):
        command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "-s", script, f"http://{address}/decide"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    wrk(max(1, seconds // 6))
    early = memory(server)
    said = wrk(seconds)
    late = memory(server)
    stop.set()
    metrics = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    server.terminate()
    code = server.wait(timeout=30)

    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = re.search(r"Socket errors: (.*)", said)
    tail = re.search(r"99%\s+(\S+)", said)[1]
    reloads = re.search(r"^rbp_reloads_total\S* (\d+)", metrics, re.M)
    print(f"| what, in {seconds} s | |")
    print("|---|---:|")
    print(f"| requests answered each second | {rate:.0f} |")
    print(f"| answers that took longer, 1 of 100 | {tail} |")
    print(f"| answers other than 200 | {other[1] if other else 0} |")
    print(f"| connections that failed | {errors[1] if errors else 0} |")
    print(f"| rule sets taken in | {reloads[1] if reloads else '?'} |")
    print(f"| memory after {max(1, seconds // 6)} s, and at the end | {early:.0f} MiB, {late:.0f} MiB |")
    for name, clients in rude.items():
        times, answers = sum(client.times for client in clients), sum(client.answers for client in clients)
        said = f", {answers} answered {clients[0].answer}" if clients[0].answer else ""
        print(f"| clients: {name} | {times} times{said} |")
    print(f"| exit code when told to end | {code} |")


main()
