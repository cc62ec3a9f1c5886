//! `rbp lsp` over real standard input and output: what an editor says and hears, to the letter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod features;
mod methods;

use std::path::Path;
use std::process::Command;

use client::{Folder, Server, address, range};
use serde_json::{Value, json};

const FAULTY: &str = "dependency db\nfunction pay { owner ops  rto 5min  depends on db }\n";

#[test]
fn a_session_from_initialize_to_exit() {
    let folder = Folder::with(&[("pay.rbp", FAULTY)]);
    let (mut server, can) = Server::open(&folder, &json!({}));
    assert_eq!(can["positionEncoding"], "utf-16");
    assert_eq!(can["textDocumentSync"]["change"], 2);
    assert_eq!(can["textDocumentSync"]["openClose"], true);

    let pay = folder.uri("pay.rbp");
    let found = server.findings(&pay);
    server.did_open(&pay, FAULTY);
    assert_eq!(found["diagnostics"].as_array().unwrap().len(), 1, "{found}");
    let finding = &found["diagnostics"][0];
    assert_eq!(finding["range"], range(1, 47, 1, 49));
    assert_eq!(finding["code"], "single-point-of-failure");
    assert_eq!(finding["severity"], 1);
    assert_eq!(finding["source"], "rbp");
    assert_eq!(
        finding["message"],
        "`db` alone ends `pay`, and no backup addresses that\ndb → pay\n\
         help: keep a backup for `db`, or depend on `1 of [db, …]`"
    );
    let declared = json!([{
        "location": { "uri": pay, "range": range(0, 11, 0, 13) },
        "message": "`db` is declared here",
    }]);
    assert_eq!(finding["relatedInformation"], declared);

    // Two edits in one message: the second counts in the text that the first leaves.
    server.did_change(&pay, 2, &[(0, 13, 0, 13, "\ndependency db-b"), (2, 47, 2, 47, "1 of [")]);
    let broken = server.findings(&pay);
    assert_eq!(broken["diagnostics"][1]["code"], "broken-declaration", "{broken}");
    server.did_change(&pay, 3, &[(2, 55, 2, 55, ", db-b]")]);
    let cured = server.findings(&pay);
    assert_eq!(cured, json!({ "uri": pay, "diagnostics": [], "version": 3 }));

    // A file that is not saved yet is a module beside the others.
    let other = folder.uri("other.rbp");
    server.did_open(&other, "import pay.{db, nothing}\n");
    let found = server.findings(&other);
    let codes: Vec<&Value> =
        found["diagnostics"].as_array().unwrap().iter().map(|d| &d["code"]).collect();
    assert!(codes.contains(&&json!("unknown-name")), "{found}");

    // Closed, the text on disk counts again: the fault is back in one file, the other is gone.
    server.notify("textDocument/didClose", &json!({ "textDocument": { "uri": pay } }));
    let again = server.findings(&pay);
    assert_eq!(again["diagnostics"][0]["code"], "single-point-of-failure", "{again}");
    server.notify("textDocument/didClose", &json!({ "textDocument": { "uri": other } }));
    server.until(|message| {
        message["params"]["uri"] == other && message["params"]["diagnostics"] == json!([])
    });
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn characters_are_counted_as_the_client_counts_them() {
    let text = "// Notstrom für 🏥\r\ndependency a \"Ärzte 🏥\" { in nowhere }\r\n";
    let offers = [
        ("utf-16", json!({}), 29),
        ("utf-32", json!({ "positionEncodings": ["utf-16", "utf-32"] }), 28),
        ("utf-8", json!({ "positionEncodings": ["utf-8"] }), 32),
    ];
    for (encoding, general, start) in offers {
        let folder = Folder::with(&[]);
        let (mut server, can) = Server::open(&folder, &json!({ "general": general }));
        assert_eq!(can["positionEncoding"], encoding);
        let uri = folder.uri("a.rbp");
        server.did_open(&uri, text);
        let found = server.findings(&uri);
        let unknown = &found["diagnostics"][1];
        assert_eq!(unknown["code"], "unknown-name", "{found}");
        assert_eq!(unknown["range"], range(1, start, 1, start + 7), "{encoding}");
        // An edit behind the emoji lands where the client means it: `in nowhere` becomes `in a`.
        server.did_change(&uri, 2, &[(1, start, 1, start + 7, "b"), (9, 0, 9, 0, "dependency b")]);
        let found = server.findings(&uri);
        let codes: Vec<&str> = found["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["orphan-dependency"], "{found}");
        assert_eq!(server.shut_down(), Some(0));
    }
}

#[test]
fn nonsense_does_not_end_it() {
    let folder = Folder::with(&[("pay.rbp", FAULTY)]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    server.findings(&pay);

    server.text("{ this is no JSON");
    let answer = server.until(|message| message.get("error").is_some());
    assert_eq!(answer["error"]["code"], -32700, "{answer}");
    for (text, id) in [("[]", json!(null)), ("{\"jsonrpc\":\"2.0\",\"id\":900}", json!(900))] {
        server.text(text);
        let answer = server.until(|message| message.get("error").is_some());
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32600), &id), "{answer}");
    }
    server.raw(b"no header at all\r\n\r\n");
    let answer = server.request("no/such/thing", &json!({ "a": 1 }));
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    let place =
        json!({ "textDocument": { "uri": pay }, "position": { "line": 0, "character": 0 } });
    let answer = server.request("textDocument/hover", &place);
    assert!(answer["error"].is_null(), "{answer}");
    let answer = server.request("textDocument/hover", &json!({}));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    server.notify("$/unheard-of", &json!({}));
    server.notify("textDocument/didOpen", &json!({ "wrong": true }));
    server.did_change(&folder.uri("never-opened.rbp"), 2, &[(0, 0, 0, 0, "x")]);
    server.did_open("untitled:Untitled-1", "dependency x");
    server.did_open(&pay, FAULTY);
    // Behind the end of a line, of the text, and the wrong way round.
    server.did_change(&pay, 2, &[(0, 999, 0, 999, " //"), (99, 99, 99, 99, "//\n")]);
    server.did_change(&pay, 3, &[(1, 9, 0, 0, "")]);

    server.did_change(&pay, 4, &[(0, 0, 0, 0, "}\n")]);
    let found = server.findings(&pay);
    assert_eq!(found["diagnostics"][0]["code"], "broken-declaration", "{found}");
    assert_eq!(server.shut_down(), Some(0));
}

/// A client that waits for word of what it opened must not wait for ever.
#[test]
fn an_open_file_is_told_of_where_nothing_is_said_of_it() {
    let clean = "dependency db\ndependency b\nfunction pay { owner ops  rto 5min  depends on 1 of [db, b] }\n";
    let folder = Folder::with(&[("pay.rbp", clean)]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    server.did_open(&pay, clean);
    let told = server.until(|message| message["params"]["uri"] == pay);
    assert_eq!(told["params"]["diagnostics"], json!([]));
    assert!(told["params"]["version"].is_number(), "{told}");
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn the_last_of_a_burst_of_edits_is_what_counts() {
    let folder = Folder::with(&[("pay.rbp", FAULTY)]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    server.did_open(&pay, FAULTY);
    // A comment typed letter by letter, then taken back the same way.
    for at in 0..300 {
        server.did_change(&pay, 2 + at as i32, &[(2, at, 2, at, if at < 2 { "/" } else { "ü" })]);
    }
    for at in (0..300).rev() {
        server.did_change(&pay, 602 - at as i32, &[(2, at, 2, at + 1, "")]);
    }
    server.did_change(&pay, 700, &[(1, 47, 1, 49, "1 of [db, b]"), (0, 0, 0, 0, "dependency b\n")]);
    let cured = |message: &Value| message["params"]["version"] == 700;
    assert_eq!(server.until(cured)["params"]["diagnostics"], json!([]));
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn what_changes_on_disk_is_read_again() {
    let folder = Folder::with(&[
        (
            "pay/rbp.toml",
            "[package]\nname = \"pay\"\n[dependencies]\nsites = { path = \"../sites\" }\n",
        ),
        (
            "pay/main.rbp",
            "import sites.main.{db}\nfunction pay { owner ops  rto 5min  depends on db }\n",
        ),
        ("sites/rbp.toml", "[package]\nname = \"sites\"\n"),
        ("sites/main.rbp", "dependency spare\n"),
    ]);
    let watches = json!({ "didChangeWatchedFiles": { "dynamicRegistration": true } });
    let (mut server, _) = Server::open(&folder, &json!({ "workspace": watches }));
    let main = folder.uri("pay/main.rbp");
    let (asked, found) = server.both(
        |message| message["method"] == "client/registerCapability",
        |message| message["params"]["uri"] == main,
    );
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(found["params"]["diagnostics"][0]["code"], "unknown-name", "{found}");

    folder.write("sites/main.rbp", "dependency db\n");
    let changes = json!([{ "uri": folder.uri("sites/main.rbp"), "type": 2 }]);
    server.notify("workspace/didChangeWatchedFiles", &json!({ "changes": changes }));
    let found = server.findings(&main);
    let finding = &found["diagnostics"][0];
    assert_eq!(finding["code"], "single-point-of-failure", "{found}");
    let declared = &finding["relatedInformation"][0]["location"];
    assert_eq!(declared["uri"], folder.uri("sites/main.rbp"), "no way there and back in it");

    folder.write("sites/rbp.toml", "[package]\nnome = \"sites\"\n");
    server.notify("workspace/didChangeWatchedFiles", &json!({ "changes": changes }));
    let said = server.until(|message| message["method"] == "window/showMessage");
    let words = said["params"]["message"].as_str().unwrap();
    assert!(words.contains("nothing is called `nome` here"), "{words}");
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn a_file_outside_the_open_folders_brings_its_package() {
    let folder = Folder::with(&[]);
    let text = "import sites.{db}\nfunction pay { owner ops  rto 5min  depends on db }\n";
    let elsewhere = Folder::with(&[
        ("rbp.toml", "[package]\nname = \"pay\"\n"),
        ("pay.rbp", text),
        ("sites.rbp", "dependency db\n"),
    ]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let pay = elsewhere.uri("pay.rbp");
    server.did_open(&pay, text);
    let found = server.findings(&pay);
    assert_eq!(found["diagnostics"][0]["code"], "single-point-of-failure", "{found}");
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn the_findings_are_those_of_check() {
    let examples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").canonicalize().unwrap();
    for name in ["icu-power-flawed", "payments-flawed"] {
        let example = examples.join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_rbp"))
            .args(["check", "--format", "json"])
            .arg(&example)
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut expected: Vec<(String, u64, String)> = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| {
                let file = address(Path::new(d["place"]["file"].as_str().unwrap()));
                let line = d["place"]["line"].as_u64().unwrap() - 1;
                (file, line, d["rule"].as_str().unwrap().to_owned())
            })
            .collect();
        expected.sort();
        assert!(!expected.is_empty());

        let mut server = Server::silent();
        // An older client names its folder this way.
        let params = json!({ "processId": null, "rootUri": address(&example), "capabilities": {} });
        server.request("initialize", &params);
        server.notify("initialized", &json!({}));
        let mut found = Vec::new();
        while found.len() < expected.len() {
            let said =
                server.until(|message| message["method"] == "textDocument/publishDiagnostics");
            let uri = said["params"]["uri"].as_str().unwrap();
            found.extend(said["params"]["diagnostics"].as_array().unwrap().iter().map(|d| {
                let line = d["range"]["start"]["line"].as_u64().unwrap();
                (uri.to_owned(), line, d["code"].as_str().unwrap().to_owned())
            }));
        }
        found.sort();
        assert_eq!(found, expected, "{name}");
        assert_eq!(server.shut_down(), Some(0));
    }
}

#[test]
fn a_lock_that_does_not_match_is_said_once_and_hides_nothing() {
    let pay = "[package]\nname = \"pay\"\n[dependencies]\nsites = { path = \"../sites\" }\n";
    let main = "import sites.main.{db}\nfunction pay { owner ops  rto 5min  depends on db }\n";
    let folder = Folder::with(&[
        ("pay/rbp.toml", pay),
        ("pay/rbp.lock", "version = 1\n"),
        ("pay/main.rbp", main),
        ("sites/rbp.toml", "[package]\nname = \"sites\"\n"),
        ("sites/main.rbp", "dependency db\n"),
    ]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let said = server.until(|message| message["method"] == "window/showMessage");
    let text = said["params"]["message"].as_str().unwrap();
    assert!(text.contains("`sites` 0.1.0 is new"), "{text}");
    let found = server.findings(&folder.uri("pay/main.rbp"));
    assert_eq!(found["diagnostics"][0]["code"], "single-point-of-failure", "{found}");

    // Read again, it is not said again: the next message is of something else.
    folder.write("pay/rbp.toml", "[package]\n");
    let changed = json!({ "changes": [{ "uri": folder.uri("sites/main.rbp"), "type": 2 }] });
    server.notify("workspace/didChangeWatchedFiles", &changed);
    let said = server.until(|message| message["method"] == "window/showMessage");
    let text = said["params"]["message"].as_str().unwrap();
    assert!(text.contains("`name` is missing"), "{text}");
}

#[test]
fn leaving_without_shutdown_is_said_by_the_exit_code() {
    let folder = Folder::with(&[]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    server.notify("exit", &Value::Null);
    assert_eq!(server.ended(), Some(1));

    let (mut server, _) = Server::open(&folder, &json!({}));
    server.hang_up();
    assert_eq!(server.ended(), Some(1));

    let mut server = Server::silent();
    let early = server.request("textDocument/hover", &json!({}));
    assert_eq!(early["error"]["code"], -32002, "asked before initialize: {early}");
    server.notify("exit", &Value::Null);
    assert_eq!(server.ended(), Some(1));
}
