//! An editor as far as the protocol goes: starts the real binary and speaks to it over pipes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of its own, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("rbp-lsp-{}-{number}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        files.iter().for_each(|(name, text)| folder.write(name, text));
        folder
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The address of a file in it.
    pub fn uri(&self, name: &str) -> String {
        address(&self.0.join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The address of a path.
pub fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// A running server.
pub struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    requests: i64,
}

impl Server {
    /// Starts it, without a word.
    pub fn silent() -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rbp"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (send, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take();
        Server { child, stdin, messages, requests: 0 }
    }

    /// Starts it with a folder open, and returns what it can do too.
    pub fn open(folder: &Folder, capabilities: &Value) -> (Server, Value) {
        let mut server = Server::silent();
        let folders = json!([{ "uri": address(&folder.0), "name": "folder" }]);
        let params = json!({
            "processId": null,
            "rootUri": null,
            "capabilities": capabilities,
            "workspaceFolders": folders,
        });
        let answer = server.request("initialize", &params);
        server.notify("initialized", &json!({}));
        (server, answer["result"]["capabilities"].clone())
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    /// Sends a message's text with its header.
    pub fn text(&mut self, text: &str) {
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Says something.
    pub fn notify(&mut self, method: &str, params: &Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.text(&message.to_string());
    }

    /// Asks something, and waits for the answer; what is said before it is passed over.
    pub fn request(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params.clone();
        }
        self.text(&message.to_string());
        self.until(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The next message that passes; the others are passed over.
    pub fn until(&mut self, passes: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let message = self.messages.recv_timeout(left).expect("the server says nothing");
            if passes(&message) {
                return message;
            }
        }
    }

    /// A message that passes the one and a message that passes the other, whichever comes first.
    pub fn both(
        &mut self,
        one: impl Fn(&Value) -> bool,
        other: impl Fn(&Value) -> bool,
    ) -> (Value, Value) {
        let first = self.until(|message| one(message) || other(message));
        if one(&first) {
            let second = self.until(other);
            return (first, second);
        }
        (self.until(one), first)
    }

    /// The next findings of a file.
    pub fn findings(&mut self, uri: &str) -> Value {
        let about = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
        };
        self.until(about)["params"].clone()
    }

    /// Opens a text.
    pub fn did_open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "rbp", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Changes a text; each change is `[line, character, end line, end character, text]`.
    pub fn did_change(&mut self, uri: &str, version: i32, changes: &[(u32, u32, u32, u32, &str)]) {
        let changes: Vec<Value> = changes
            .iter()
            .map(|(line, at, end_line, end, text)| {
                json!({ "range": range(*line, *at, *end_line, *end), "text": text })
            })
            .collect();
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", &params);
    }

    /// Closes standard input without a word.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// Waits for the process to end, with standard input still open; returns its exit code.
    pub fn ended(&mut self) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not end");
    }

    /// Says `shutdown` and `exit`; returns the exit code.
    pub fn shut_down(&mut self) -> Option<i32> {
        let answer = self.request("shutdown", &Value::Null);
        assert_eq!(answer.get("result"), Some(&Value::Null), "{answer}");
        self.notify("exit", &Value::Null);
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A range of the protocol.
pub fn range(line: u32, character: u32, end_line: u32, end: u32) -> Value {
    json!({
        "start": { "line": line, "character": character },
        "end": { "line": end_line, "character": end },
    })
}

fn read(out: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    out.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}
