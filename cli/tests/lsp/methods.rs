//! What the server says it can do, it does; and `docs/editors.md` says so. `RBP_BLESS=1` writes the table
//! anew.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Folder, Server, range};

/// A capability as the server advertises it, the methods that go with it, and what they do.
const METHODS: &[(&str, &[&str], &str)] = &[
    (
        "textDocumentSync",
        &[],
        "Texts as they stand in the editor count, before those on disk; changes are sent in part",
    ),
    ("positionEncoding", &[], "Characters are counted as the client asks: UTF-8, UTF-16 or UTF-32"),
    ("workspace", &[], "Several folders at once, added and removed while the server runs"),
    (
        "diagnosticProvider",
        &["textDocument/diagnostic", "workspace/diagnostic"],
        "Findings for a client that asks, with result ids; others are told unasked. Each with its places, the way of the loss, a link to the rule's page",
    ),
    (
        "hoverProvider",
        &["textDocument/hover"],
        "What rests on an element and which functions it can end; a backup's time budget, coverage and tests; kinds, units, clauses, rules",
    ),
    (
        "completionProvider",
        &["textDocument/completion"],
        "Clauses, names, fields, units, days: only what may stand there, with the import that a name needs",
    ),
    ("signatureHelpProvider", &["textDocument/signatureHelp"], "What a template takes"),
    (
        "definitionProvider",
        &["textDocument/definition"],
        "Where something is declared, in the standard library too",
    ),
    (
        "declarationProvider",
        &["textDocument/declaration"],
        "The import that brings a name in, else where it is declared",
    ),
    ("typeDefinitionProvider", &["textDocument/typeDefinition"], "The kind of an element"),
    (
        "referencesProvider",
        &["textDocument/references"],
        "Every place that names something, in all files and packages",
    ),
    (
        "documentHighlightProvider",
        &["textDocument/documentHighlight"],
        "The places of the file that name the same",
    ),
    (
        "renameProvider",
        &["textDocument/prepareRename", "textDocument/rename"],
        "A new name everywhere; refused where it would then mean something else, and in the standard library",
    ),
    (
        "callHierarchyProvider",
        &[
            "textDocument/prepareCallHierarchy",
            "callHierarchy/incomingCalls",
            "callHierarchy/outgoingCalls",
        ],
        "What needs an element (incoming), and what it needs (outgoing)",
    ),
    (
        "typeHierarchyProvider",
        &[
            "textDocument/prepareTypeHierarchy",
            "typeHierarchy/supertypes",
            "typeHierarchy/subtypes",
        ],
        "Which kind is a sort of which",
    ),
    ("documentSymbolProvider", &["textDocument/documentSymbol"], "What a file declares"),
    ("workspaceSymbolProvider", &["workspace/symbol"], "Declarations of all files, by name"),
    (
        "semanticTokensProvider",
        &[
            "textDocument/semanticTokens/full",
            "textDocument/semanticTokens/full/delta",
            "textDocument/semanticTokens/range",
        ],
        "Colours by meaning: functions, backups, dependencies, signals, kinds, units …",
    ),
    (
        "foldingRangeProvider",
        &["textDocument/foldingRange"],
        "Declarations, blocks, imports, comments",
    ),
    (
        "selectionRangeProvider",
        &["textDocument/selectionRange"],
        "Word, clause, block, declaration, file",
    ),
    (
        "documentLinkProvider",
        &["textDocument/documentLink"],
        "Modules to their files, rules to their pages",
    ),
    ("documentFormattingProvider", &["textDocument/formatting"], "The form of `rbp fmt`"),
    (
        "documentRangeFormattingProvider",
        &["textDocument/rangeFormatting"],
        "The same for some lines",
    ),
    (
        "documentOnTypeFormattingProvider",
        &["textDocument/onTypeFormatting"],
        "The same for a declaration when its `}` is typed",
    ),
    (
        "codeActionProvider",
        &["textDocument/codeAction"],
        "Mends a finding, adds what is missing, accepts a risk, proposes an independent alternative; `source.fixAll` mends all that only concerns the text",
    ),
    (
        "codeLensProvider",
        &["textDocument/codeLens"],
        "How a function fares, above it; scenarios to be played",
    ),
    (
        "inlayHintProvider",
        &["textDocument/inlayHint"],
        "Restoration time, coverage, next test due, single points of failure",
    ),
    (
        "executeCommandProvider",
        &["workspace/executeCommand"],
        "What the lenses offer: `rbp.showCutSets`, `rbp.showGraph`, `rbp.runScenario`; for clients that do not have these commands themselves",
    ),
    ("experimental", &["rbp/graph"], "What functions rest on, as SVG; each node with its place"),
];

const TEXT: &str = "import std.power.{generator}\ndependency grid : machine { in yard }\ndependency yard : place\nsignal dead { from grid }\n\
                    function pay { owner ops  rto 5min  depends on grid }\n\
                    backup gen : generator for grid { protects pay }\n\
                    scenario out {\n  lose grid\n expect pay fails\n}\n";

/// Parameters that fit every method: each takes what it knows.
fn params(uri: &str, item: &Value) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": 1, "character": 12 },
        "positions": [{ "line": 1, "character": 12 }],
        "range": range(0, 0, 5, 0),
        "context": {
            "includeDeclaration": true,
            "diagnostics": [],
            "triggerKind": 1,
            "isRetrigger": false,
        },
        "options": { "tabSize": 2, "insertSpaces": true },
        "ch": "}",
        "newName": "mains",
        "query": "gr",
        "previousResultId": "0",
        "previousResultIds": [],
        "item": item,
        "command": "rbp.showCutSets",
        "arguments": [{ "uri": uri, "name": "pay" }],
    })
}

#[test]
fn what_is_advertised_is_handled_and_nothing_else() {
    let folder = Folder::with(&[("pay.rbp", TEXT)]);
    // One that can be told to ask again: any other is told of findings unasked, and offered no asking.
    let asks = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let (mut server, can) = Server::open(&folder, &asks);
    let uri = folder.uri("pay.rbp");
    server.did_open(&uri, TEXT);
    let listed: BTreeSet<&str> = METHODS.iter().map(|(capability, ..)| *capability).collect();
    let advertised: BTreeSet<&str> = can.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(advertised, listed);
    let mut item = Value::Null;
    for (capability, methods, _) in METHODS {
        for method in *methods {
            let answer = server.request(method, &params(&uri, &item));
            assert!(answer["error"].is_null(), "{capability}, {method}: {answer}");
            // Nothing of all this is empty for that text and place.
            let empty = [json!(null), json!([])];
            let may_be =
                ["declaration", "supertypes", "subtypes", "signatureHelp", "onTypeFormatting"];
            let fine = may_be.iter().any(|word| method.ends_with(word));
            assert!(fine || !empty.contains(&answer["result"]), "{method}: {answer}");
            if method.contains("/prepare") && method.ends_with("Hierarchy") {
                item = answer["result"][0].clone();
            }
        }
    }
    for method in
        ["textDocument/documentColor", "textDocument/moniker", "textDocument/implementation"]
    {
        let answer = server.request(method, &params(&uri, &item));
        assert_eq!(answer["error"]["code"], -32601, "{method} is not advertised: {answer}");
    }
    assert_eq!(server.shut_down(), Some(0));
}

#[test]
fn the_page_lists_every_method() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/editors.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (begin, end) = ("<!-- made: methods -->\n", "<!-- end -->");
    let start = text.find(begin).unwrap() + begin.len();
    let stop = start + text[start..].find(end).unwrap();
    let mut table = String::from("| capability | methods | what it does |\n|---|---|---|\n");
    for (capability, methods, what) in METHODS {
        let methods: Vec<String> = methods.iter().map(|method| format!("`{method}`")).collect();
        table += &format!("| `{capability}` | {} | {what} |\n", methods.join(", "));
    }
    let made = format!("{}{table}{}", &text[..start], &text[stop..]);
    if std::env::var_os("RBP_BLESS").is_some() {
        std::fs::write(&page, made).unwrap();
    } else {
        assert_eq!(text, made, "run with RBP_BLESS=1");
    }
}
