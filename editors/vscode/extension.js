// Starts `rbp lsp` and shows what it finds.
"use strict";

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function activate() {
  const command = workspace.getConfiguration("rbp").get("path", "rbp");
  // The server asks itself to be told of changes on disk.
  client = new LanguageClient(
    "rbp",
    "rbp",
    { command, args: ["lsp"] },
    { documentSelector: [{ scheme: "file", language: "rbp" }] },
  );
  await client.start();
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
