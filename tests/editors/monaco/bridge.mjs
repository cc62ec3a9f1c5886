// A web server for the page of Monaco: its files, and a web socket that speaks to `rbp lsp`.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { WebSocketServer } from "ws";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".ttf": "font/ttf" };

/** `rbp lsp`, with messages in place of bytes. */
class Server {
  constructor(program, folder, heard) {
    this.process = spawn(program, ["lsp"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    this.heard = heard;
    this.waiting = new Map();
    let bytes = Buffer.alloc(0);
    this.process.stdout.on("data", (more) => {
      bytes = Buffer.concat([bytes, more]);
      for (;;) {
        const end = bytes.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = Number(/content-length: *(\d+)/i.exec(bytes.toString("ascii", 0, end))[1]);
        if (bytes.length < end + 4 + length) return;
        this.take(JSON.parse(bytes.toString("utf8", end + 4, end + 4 + length)));
        bytes = bytes.subarray(end + 4 + length);
      }
    });
  }

  take(message) {
    const wait = message.method === undefined ? this.waiting.get(message.id) : undefined;
    if (wait === undefined) return this.heard(message);
    this.waiting.delete(message.id);
    return message.error ? wait.reject(new Error(message.error.message)) : wait.resolve(message.result);
  }

  send(message) {
    const text = JSON.stringify(message);
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  /** A request of the bridge itself, beside those of the page. */
  ask(method, params) {
    const id = `bridge-${this.waiting.size}-${method}`;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ jsonrpc: "2.0", id, method, params });
    });
  }
}

/** Serves the page for one policy, and returns its address and how to stop. */
export async function serve({ program, monaco, here, editors, policy }) {
  const uri = pathToFileURL(policy).href;
  let server;
  const http = createServer(async (request, response) => {
    const answer = (type, body) => response.writeHead(200, { "content-type": type }).end(body);
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      if (path === "/policy") return answer(TYPES[".json"], JSON.stringify({ uri, text: await readFile(policy, "utf8") }));
      if (path === "/graph") return answer(TYPES[".json"], JSON.stringify(await server.ask("rbp/graph", { textDocument: { uri } })));
      const file =
        path === "/" ? join(here, "page.html")
        : path === "/page.js" ? join(here, "page.js")
        : path === "/language-configuration.json" ? join(editors, "vscode/language-configuration.json")
        : join(monaco, "min", path);
      return answer(TYPES[extname(file)] ?? "application/octet-stream", await readFile(file));
    } catch (error) {
      return response.writeHead(404).end(String(error.message));
    }
  });
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    server = new Server(program, join(policy, ".."), (message) => socket.send(JSON.stringify(message)));
    // Monaco's client opens and changes a text under its address in lower case, and asks about the address itself.
    socket.on("message", (data) => server.send(JSON.parse(data.toString().replaceAll(uri.toLowerCase(), uri))));
    socket.on("close", () => server.process.kill());
  });
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  return {
    address: `http://127.0.0.1:${http.address().port}/`,
    stop: () => {
      server?.process.kill();
      http.close();
      http.closeAllConnections();
    },
  };
}
