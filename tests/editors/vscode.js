// Run by tests/editors/vscode.sh in a folder with the engine that VS Code colours with: reads the
// grammar, and colours every clause and every policy of the repository.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const root = path.join(__dirname, "../..");
const from = createRequire(path.join(process.cwd(), "package.json"));
const oniguruma = from("vscode-oniguruma");
const { Registry, INITIAL, parseRawGrammar } = from("vscode-textmate");

const read = (file) => fs.readFileSync(path.join(root, file), "utf8");

function policies(folder) {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const below = path.join(folder, entry.name);
    return entry.isDirectory() ? policies(below) : below.endsWith(".rbp") ? [below] : [];
  });
}

function coloured(grammar, text) {
  let state = INITIAL;
  return text.split(/\r?\n/).flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map((token) => [
      line.slice(token.startIndex, token.endIndex),
      token.scopes[token.scopes.length - 1],
    ]);
  });
}

async function main() {
  const extension = JSON.parse(read("editors/vscode/package.json"));
  const configuration = JSON.parse(read("editors/vscode/language-configuration.json"));
  new RegExp(configuration.wordPattern, "u");
  for (const pattern of Object.values(configuration.indentationRules)) new RegExp(pattern, "u");
  for (const file of [
    ...extension.contributes.snippets.map((snippets) => snippets.path),
    ...extension.contributes.walkthroughs.flatMap((way) => way.steps.map((step) => step.media.markdown)),
    ...extension.contributes.languages.map((language) => language.configuration),
    ...extension.contributes.grammars.map((grammar) => grammar.path),
  ]) {
    assert.ok(fs.existsSync(path.join(root, "editors/vscode", file)), file);
  }

  const wasm = path.join(path.dirname(from.resolve("vscode-oniguruma")), "onig.wasm");
  await oniguruma.loadWASM(fs.readFileSync(wasm).buffer);
  const onigLib = Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  });
  const { scopeName, path: file } = extension.contributes.grammars[0];
  const syntax = parseRawGrammar(read(path.join("editors/vscode", file)), file);
  const registry = new Registry({
    onigLib,
    loadGrammar: async (scope) => (scope === scopeName ? syntax : null),
  });
  const grammar = await registry.loadGrammar(scopeName);

  // Every clause of the language, one a line: its first word is coloured as a word of the language.
  const clauses = read("tests/editors/clauses.rbp").split("\n").filter((line) => /^ +[a-z]/.test(line));
  for (const clause of clauses.filter((line) => !line.includes("fuel "))) {
    const [word, scope] = coloured(grammar, clause).find(([text]) => text.trim() !== "");
    assert.ok(scope.startsWith("keyword."), `\`${word}\` of \`${clause.trim()}\` is coloured as ${scope}`);
  }

  const files = [...policies("examples"), ...policies("stdlib"), ...policies("tests/templates")];
  let count = 0;
  for (const file of files) {
    for (const [text, scope] of coloured(grammar, read(file))) {
      count += 1;
      assert.ok(text.trim() === "" || scope !== scopeName, `${file}: \`${text}\` has no colour`);
    }
  }
  assert.ok(files.length > 10);
  console.log(`${clauses.length} clauses and ${count} pieces of ${files.length} policies are coloured`);
}

main();
