//! An editor as far as the protocol goes, for any server.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server.
pub struct Server {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    version: i64,
    asked: i64,
}

fn lost(what: &str) -> io::Error {
    io::Error::other(what.to_owned())
}

impl Server {
    /// Starts a server with a folder open.
    pub fn start(program: &Path, command: &str, folder: &Path) -> io::Result<Server> {
        let mut child = Command::new(program)
            .arg(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdin = child.stdin.take().ok_or_else(|| lost("no standard input"))?;
        let stdout = child.stdout.take().ok_or_else(|| lost("no standard output"))?;
        let (send, messages) = channel();
        std::thread::spawn(move || {
            let mut out = BufReader::new(stdout);
            while let Ok(Some(message)) = read(&mut out) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let mut server = Server { child, stdin, messages, version: 1, asked: 0 };
        let uri = format!("file://{}", folder.display());
        let params = json!({
            "processId": null,
            "rootUri": uri,
            "capabilities": { "general": { "positionEncodings": ["utf-8", "utf-16"] } },
            "workspaceFolders": [{ "uri": uri, "name": "bench" }],
        });
        server.request("initialize", params)?;
        server.notify("initialized", json!({}))?;
        Ok(server)
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.stdin.flush()
    }

    fn notify(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn request(&mut self, method: &str, params: Value) -> io::Result<Value> {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        self.until(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The next message that passes. What the server asks is answered with nothing.
    fn until(&mut self, passes: impl Fn(&Value) -> bool) -> io::Result<Value> {
        loop {
            let message = self.messages.recv_timeout(PATIENCE);
            let message = message.map_err(|_| lost("the server says nothing"))?;
            if passes(&message) {
                return Ok(message);
            }
            if let (Some(id), true) = (message.get("id"), message.get("method").is_some()) {
                let items = message["params"]["items"].as_array().map_or(1, Vec::len);
                let result = match message["method"].as_str() {
                    Some("workspace/configuration") => json!(vec![Value::Null; items]),
                    _ => Value::Null,
                };
                let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                self.send(&answer)?;
            }
        }
    }

    /// Opens a text.
    pub fn open(&mut self, uri: &str, language: &str, text: &str) -> io::Result<()> {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// Makes one change.
    pub fn change(&mut self, uri: &str, change: Value) -> io::Result<()> {
        self.version += 1;
        let document = json!({ "uri": uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        self.notify("textDocument/didChange", params)
    }

    /// Waits for the findings of a file.
    pub fn findings(&mut self, uri: &str) -> io::Result<()> {
        let about = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
        };
        self.until(about).map(|_| ())
    }

    /// Asks something about a place; again where the text is said to have changed meanwhile.
    pub fn ask(&mut self, method: &str, uri: &str, (line, at): (u32, u32)) -> io::Result<()> {
        let place = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": at },
        });
        while self.request(method, place.clone())?["error"]["code"] == -32801 {}
        Ok(())
    }

    /// Passes over what was said so far.
    pub fn drain(&mut self) {
        while self.messages.try_recv().is_ok() {}
    }

    /// The memory that the server holds, in bytes; 0 where the system does not tell.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        kib.unwrap_or(0) << 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(out: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap_or(0);
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    out.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body).ok())
}
