//! `rbp serve` as a process: what it answers, what it refuses, and that it never serves a rule set that is not whole
//! and verified.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn rbp() -> Command {
    Command::new(env!("CARGO_BIN_EXE_rbp"))
}

/// The rule set of an example, as text.
fn rules(example: &str, more: &[&str]) -> String {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example);
    let build = rbp().arg("build").arg(example).args(["--as-of", "2026-11-23"]).args(more).output();
    String::from_utf8(build.unwrap().stdout).unwrap()
}

struct Server {
    child: Child,
    address: String,
    rules: PathBuf,
}

impl Server {
    fn start(name: &str, text: &str) -> Server {
        Server::start_with(name, text, &[])
    }

    fn start_with(name: &str, text: &str, more: &[&str]) -> Server {
        let file = format!("rbp-serve-{}-{name}.json", std::process::id());
        let rules = std::env::temp_dir().join(file);
        fs::write(&rules, text).unwrap();
        let mut child = rbp()
            .arg("serve")
            .arg(&rules)
            .args(["--listen", "127.0.0.1:0"])
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.rsplit_once("http://").expect(&first).1.to_owned();
        // The log is read on, so that nobody waits for it.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, address, rules }
    }

    /// The status and the body of an answer to these bytes.
    fn raw(&self, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        // The service may answer, and close, before it has read all.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned())
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let length = body.len();
        self.raw(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        )
    }

    fn metric(&self, name: &str) -> String {
        let (_, text) = self.ask("GET", "/metrics", "");
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_default().to_owned()
    }

    /// Waits until a metric has a value.
    fn until(&self, name: &str, value: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.metric(name) != value {
            assert!(Instant::now() < end, "{name} is {}, not {value}", self.metric(name));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Puts another text in the place of the file at once.
    fn replace(&self, text: &str) {
        let beside = self.rules.with_extension("new");
        fs::write(&beside, text).unwrap();
        fs::rename(&beside, &self.rules).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_file(&self.rules);
    }
}

/// The same rule set, said to be verified.
fn sealed(text: &str) -> String {
    let mut rules = rbp_ruleset::read(text).unwrap();
    rules.verified = true;
    rules.digest = rbp_ruleset::digest(&rules).unwrap();
    rbp_ruleset::write(&rules).unwrap()
}

const NOW: &str = r#"{"now": "2026-11-23T12:00:00Z"}"#;

#[test]
fn it_answers() {
    let server = Server::start("answers", &rules("payments", &[]));
    assert_eq!(server.ask("GET", "/health", ""), (200, "ok\n".into()));
    assert_eq!(server.ask("GET", "/ready", ""), (200, "ready\n".into()));
    let (status, text) = server.ask("GET", "/ruleset", "");
    let identity: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &identity["package"]), (200, &"payments".into()));
    assert_eq!(identity["verified"], true);

    let (status, text) = server.ask("POST", "/decide", NOW);
    let decision: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &decision["nominal"]), (200, &1.into()));

    let (status, text) = server.ask("POST", "/decide", r#"{"now": "yesterday"}"#);
    assert_eq!(status, 400);
    assert!(text.contains("bad-time"), "{text}");
    for body in [
        "",
        "{",
        "[]",
        r#"["2026-11-23T12:00:00Z"]"#,
        r#"{"now": "2026-11-23T12:00:00Z", "losses": [["payments.ledger"]]}"#,
        r#"{"now": 5}"#,
        r#"{"now": "2026-11-23T12:00:00Z", "more": 1}"#,
    ] {
        let (status, text) = server.ask("POST", "/decide", body);
        assert!(status == 400 && text.contains("malformed"), "{body}: {status} {text}");
    }
    assert_eq!(server.ask("GET", "/decide", "").0, 405);
    assert_eq!(server.ask("DELETE", "/ruleset", "").0, 405);
    assert_eq!(server.ask("GET", "/../etc/passwd", "").0, 404);
    assert_eq!(server.metric("rbp_decision_seconds_count"), "2");
}

#[test]
fn what_clients_do_wrong_is_their_own_matter() {
    let server = Server::start("wrong", &rules("payments", &[]));
    let long = "x".repeat((1 << 20) + 1);
    assert_eq!(server.ask("POST", "/decide", &long).0, 413);
    let chunks = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let head = "POST /decide HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(server.raw(format!("{head}{chunks}").as_bytes()).0, 413);
    assert_eq!(server.raw(b"\x16\x03\x01 no HTTP at all\r\n\r\n").0, 400);
    let header = format!("GET /health HTTP/1.1\r\nX: {}\r\n\r\n", "y".repeat(200_000));
    assert_eq!(server.raw(header.as_bytes()).0, 431);
    let head = |bytes: usize| {
        let line = "GET /health HTTP/1.1\r\nConnection: close\r\nX: \r\n\r\n";
        line.replace("X: ", &format!("X: {}", "y".repeat(bytes - line.len())))
    };
    assert_eq!(server.raw(head(64 * 1024).as_bytes()).0, 200);
    assert_eq!(server.raw(head(64 * 1024 + 1).as_bytes()).0, 431);
    // Half a head, and nothing more: the connection is closed.
    let mut slow = TcpStream::connect(&server.address).unwrap();
    slow.write_all(b"POST /deci").unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answer = Vec::new();
    let _ = slow.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    assert_eq!(server.ask("POST", "/decide", NOW).0, 200);
}

#[test]
fn only_what_is_whole_and_verified_takes_the_place() {
    let first = rules("payments", &[]);
    let server = Server::start("reload", &first);
    let (_, identity) = server.ask("GET", "/ruleset", "");
    let refuted = rules("payments-flawed", &["--allow-unverified"]);
    assert!(refuted.contains("\"verified\": false"));
    let wrong = [
        first[..first.len() / 2].to_owned(),
        String::new(),
        refuted.clone(),
        // Altered, with the digest of what it was.
        first.replace("\"title\": \"", "\"title\": \"Not "),
        // Marked as verified by whoever changed it, with a digest that fits.
        sealed(&refuted),
    ];
    for (number, text) in (1..).zip(wrong) {
        assert_ne!(text, first);
        server.replace(&text);
        server.until("rbp_reload_failures_total", &number.to_string());
        assert_eq!(server.metric("rbp_rule_set_stale"), "1");
        assert_eq!(server.ask("GET", "/ruleset", "").1, identity);
        assert_eq!(server.ask("POST", "/decide", NOW).0, 200);
    }
    fs::remove_file(&server.rules).unwrap();
    server.until("rbp_reload_failures_total", "6");
    server.replace("");
    server.until("rbp_reload_failures_total", "7");
    let pipe = server.rules.with_extension("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Nobody ever writes to it.
    fs::rename(&pipe, &server.rules).unwrap();
    server.until("rbp_reload_failures_total", "8");

    server.replace(&rules("payroll", &[]));
    server.until("rbp_reloads_total", "1");
    assert_eq!(server.metric("rbp_rule_set_stale"), "0");
    assert!(server.ask("GET", "/ruleset", "").1.contains("payroll"));
}

/// All places are taken by a client that asks nothing, and the file is a pipe to which nobody writes.
#[test]
fn it_can_always_be_stopped() {
    let text = rules("payments", &[]);
    let mut server = Server::start_with("busy", &text, &["--connections", "1"]);
    let idle = TcpStream::connect(&server.address).unwrap();
    fs::remove_file(&server.rules).unwrap();
    assert!(Command::new("mkfifo").arg(&server.rules).status().unwrap().success());
    // It is looked at five times a second.
    std::thread::sleep(Duration::from_millis(500));
    assert!(Command::new("kill").arg(server.child.id().to_string()).status().unwrap().success());
    let end = Instant::now() + Duration::from_secs(60);
    while server.child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "it does not stop");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(idle);
}

#[test]
fn it_ends_what_is_under_way() {
    let mut server = Server::start("stop", &rules("payments", &[]));
    let mut client = TcpStream::connect(&server.address).unwrap();
    let length = NOW.len();
    write!(client, "POST /decide HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n").unwrap();
    client.write_all(&NOW.as_bytes()[..5]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let stop = Command::new("kill").arg(server.child.id().to_string()).status();
    assert!(stop.unwrap().success());
    std::thread::sleep(Duration::from_millis(300));
    client.write_all(&NOW.as_bytes()[5..]).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
