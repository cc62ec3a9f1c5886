//! What an editor asks, over the wire: that answers reach it in its own terms.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Folder, Server, range};

const PAY: &str = "import sites.{db}\nfunction pay { owner ops  rto 5min  depends on db }\n";
const SITES: &str = "dependency db\n";

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    })
}

fn opened(folder: &Folder, capabilities: &Value) -> Server {
    let (mut server, _) = Server::open(folder, capabilities);
    server.did_open(&folder.uri("pay.rbp"), PAY);
    server
}

#[test]
fn a_rename_reaches_files_that_are_not_open() {
    let folder = Folder::with(&[("pay.rbp", PAY), ("sites.rbp", SITES)]);
    let mut server = opened(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    let mut params = at(&pay, 1, 47);
    params["newName"] = json!("ledger");
    let answer = server.request("textDocument/rename", &params);
    let changes = &answer["result"]["changes"];
    let edit = |range: Value| json!({ "range": range, "newText": "ledger" });
    assert_eq!(changes[folder.uri("sites.rbp")], json!([edit(range(0, 11, 0, 13))]), "{answer}");
    assert_eq!(
        changes[&pay],
        json!([edit(range(0, 14, 0, 16)), edit(range(1, 47, 1, 49))]),
        "{answer}"
    );
    params["newName"] = json!("ops");
    let refused = server.request("textDocument/rename", &params);
    assert!(refused["error"]["message"].as_str().unwrap().contains("means something else"));
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn the_standard_library_opens_as_files_that_cannot_be_changed() {
    let text = "dependency grid : machine\n";
    let folder = Folder::with(&[("pay.rbp", text)]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    server.did_open(&pay, text);
    let answer = server.request("textDocument/definition", &at(&pay, 0, 20));
    let uri = answer["result"][0]["uri"].as_str().unwrap().to_owned();
    let path = Path::new(uri.strip_prefix("file://").unwrap());
    assert!(path.ends_with("std/prelude.rbp"), "{uri}");
    assert!(std::fs::metadata(path).unwrap().permissions().readonly());
    // Opened, it is understood, and nothing is said of it; whatever an editor makes of it, it stays.
    let prelude = std::fs::read_to_string(path).unwrap();
    server.did_open(&uri, &prelude);
    let line = prelude.lines().position(|line| line.starts_with("kind machine")).unwrap() as u32;
    server.did_change(&uri, 2, &[(line + 1, 0, line + 1, 0, "nonsense")]);
    let hover = server.request("textDocument/hover", &at(&uri, line, 6));
    let said = hover["result"]["contents"]["value"].as_str().unwrap();
    assert!(said.starts_with("**kind** `machine`"), "{said}");
    let mut rename = at(&uri, line, 6);
    rename["newName"] = json!("apparatus");
    let refused = server.request("textDocument/rename", &rename);
    assert_eq!(refused["error"]["message"], "the standard library cannot be changed");
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn a_client_that_asks_is_told_once() {
    let folder = Folder::with(&[("pay.rbp", PAY), ("sites.rbp", SITES)]);
    let pulls = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut server = opened(&folder, &pulls);
    let pay = folder.uri("pay.rbp");
    let document = json!({ "textDocument": { "uri": pay } });
    let first = server.request("textDocument/diagnostic", &document);
    assert_eq!(first["result"]["kind"], "full");
    let finding = &first["result"]["items"][0];
    assert_eq!(finding["code"], "single-point-of-failure", "{first}");
    let page = finding["codeDescription"]["href"].as_str().unwrap();
    let page = std::fs::read_to_string(page.strip_prefix("file://").unwrap()).unwrap();
    assert!(page.starts_with("# single-point-of-failure"), "{page}");
    let mut again = document.clone();
    again["previousResultId"] = first["result"]["resultId"].clone();
    let second = server.request("textDocument/diagnostic", &again);
    assert_eq!(second["result"]["kind"], "unchanged", "{second}");
    let all = server.request("workspace/diagnostic", &json!({ "previousResultIds": [] }));
    let items = all["result"]["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{all}");
    let known: Vec<Value> =
        items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    let all = server.request("workspace/diagnostic", &json!({ "previousResultIds": known }));
    let kinds: Vec<&Value> =
        all["result"]["items"].as_array().unwrap().iter().map(|item| &item["kind"]).collect();
    assert_eq!(kinds, ["unchanged", "unchanged"]);
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn an_action_mends_and_hints_can_be_switched_off() {
    let text = "function pay { owner ops  rto 5min  depends on db }\n";
    let folder = Folder::with(&[("pay.rbp", text), ("sites.rbp", SITES)]);
    let (mut server, _) = Server::open(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    server.did_open(&pay, text);
    let mut params = json!({
        "textDocument": { "uri": pay },
        "range": range(0, 47, 0, 47),
        "context": { "diagnostics": [] },
    });
    let answer = server.request("textDocument/codeAction", &params);
    let first = &answer["result"][0];
    assert_eq!(first["title"], "Import `db` from `sites`", "{answer}");
    let edit = &first["edit"]["changes"][&pay][0];
    assert_eq!(edit["newText"], "import sites.{db}\n\n");
    params["context"]["only"] = json!(["source"]);
    let all = server.request("textDocument/codeAction", &params);
    assert_eq!(all["result"][0]["kind"], "source.fixAll", "{all}");

    server.did_change(&pay, 2, &[(0, 0, 0, 0, "import sites.{db}\n")]);
    let lines = json!({ "textDocument": { "uri": pay }, "range": range(0, 0, 9, 0) });
    let hints = server.request("textDocument/inlayHint", &lines);
    assert_eq!(hints["result"][0]["label"], "1 single point of failure", "{hints}");
    let off = json!({ "settings": { "rbp": { "hints": { "singlePoints": false } } } });
    server.notify("workspace/didChangeConfiguration", &off);
    let hints = server.request("textDocument/inlayHint", &lines);
    assert_eq!(hints["result"], json!([]));
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn the_graph_leads_to_the_text() {
    let folder = Folder::with(&[("pay.rbp", PAY), ("sites.rbp", SITES)]);
    let mut server = opened(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    let asked = json!({ "textDocument": { "uri": pay }, "function": "pay" });
    let answer = server.request("rbp/graph", &asked);
    let svg = answer["result"]["svg"].as_str().unwrap();
    assert!(svg.starts_with("<svg") || svg.starts_with("<?xml"), "{svg}");
    let nodes = answer["result"]["nodes"].as_array().unwrap();
    let db = nodes.iter().find(|node| node["uri"] == folder.uri("sites.rbp")).unwrap();
    assert_eq!(db["range"], range(0, 11, 0, 13));
    let mark = format!("data-node=\"{}\"", db["id"].as_str().unwrap());
    assert!(svg.contains(&mark), "{mark}: {svg}");
    let wrong = json!({ "textDocument": { "uri": pay }, "function": "nothing" });
    let refused = server.request("rbp/graph", &wrong);
    assert_eq!(refused["error"]["message"], "the document declares no function `nothing`");
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn folders_come_and_go() {
    let one = Folder::with(&[("sites.rbp", SITES)]);
    let two = Folder::with(&[("more.rbp", "dependency alone\n")]);
    let (mut server, _) = Server::open(&one, &json!({}));
    server.findings(&one.uri("sites.rbp"));
    let folder = json!([{ "uri": crate::client::address(&two.0), "name": "two" }]);
    let event = json!({ "event": { "added": folder, "removed": [] } });
    server.notify("workspace/didChangeWorkspaceFolders", &event);
    let found = server.findings(&two.uri("more.rbp"));
    assert_eq!(found["diagnostics"][0]["code"], "orphan-dependency", "{found}");
    let event = json!({ "event": { "added": [], "removed": folder } });
    server.notify("workspace/didChangeWorkspaceFolders", &event);
    let gone = server.findings(&two.uri("more.rbp"));
    assert_eq!(gone["diagnostics"], json!([]));
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn every_request_between_edits_is_answered() {
    let folder = Folder::with(&[("pay.rbp", PAY), ("sites.rbp", SITES)]);
    let mut server = opened(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    for number in 0..100 {
        let text = if number % 2 == 0 { "// x" } else { "" };
        server.did_change(&pay, 2 + number, &[(2, 0, 2, 9, text)]);
        let id = 1000 + number;
        let mut ask = json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover" });
        ask["params"] = at(&pay, 1, 47);
        server.text(&ask.to_string());
        if number % 10 == 0 {
            let cancel = json!({ "id": id });
            server.notify("$/cancelRequest", &cancel);
        }
    }
    let mut answered = 0;
    while answered < 100 {
        let answer = server.until(|m| m["id"].as_i64().is_some_and(|id| id >= 1000));
        let code = &answer["error"]["code"];
        // The text was changed meanwhile, or the client does not wait any more.
        let given_up = *code == json!(-32801) || *code == json!(-32800);
        assert!(given_up || answer["result"]["contents"].is_object(), "{answer}");
        answered += 1;
    }
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn a_burst_of_ten_thousand_edits_ends_as_a_fresh_start_does() {
    let folder = Folder::with(&[("pay.rbp", PAY), ("sites.rbp", SITES)]);
    let mut server = opened(&folder, &json!({}));
    let pay = folder.uri("pay.rbp");
    for number in 0..10_000 {
        let text = if number % 2 == 0 { "dependency x\n" } else { "" };
        let end = if number % 2 == 0 { 2 } else { 3 };
        server.did_change(&pay, 2 + number, &[(2, 0, end, 0, text)]);
    }
    server.did_change(&pay, 20_000, &[(2, 0, 2, 0, "dependency last\n")]);
    let last = server.until(|message| message["params"]["version"] == 20_000);
    let ended = format!("{PAY}dependency last\n");
    let fresh = Folder::with(&[("pay.rbp", &ended), ("sites.rbp", SITES)]);
    let (mut other, _) = Server::open(&fresh, &json!({}));
    let found = other.findings(&fresh.uri("pay.rbp"));
    let plain = |found: &Value, folder: &Folder| {
        let text = found["diagnostics"].to_string();
        text.replace(&crate::client::address(&folder.0), "")
    };
    assert_eq!(plain(&last["params"], &folder), plain(&found, &fresh));
    assert_eq!(server.shut_down(), Some(0));
    assert_eq!(other.shut_down(), Some(0));
}
