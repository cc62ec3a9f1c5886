// Run by tests/editors.sh in a folder with the engine that VS Code colours with: reads the grammar,
// and colours every policy of the repository.
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
    extension.main,
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

  const line = 'backup diesel-a : generator for city-grid "Ärzte" { covers 2 MW for 96h } // 1';
  assert.deepStrictEqual(
    coloured(grammar, line).filter(([text]) => text.trim() !== ""),
    [
      ["backup", "keyword.declaration.rbp"],
      ["diesel-a", "entity.name.type.rbp"],
      [":", "punctuation.rbp"],
      ["generator", "variable.other.rbp"],
      ["for", "keyword.operator.word.rbp"],
      ["city-grid", "variable.other.rbp"],
      ['"', "string.quoted.double.rbp"],
      ["Ärzte", "string.quoted.double.rbp"],
      ['"', "string.quoted.double.rbp"],
      ["{", "punctuation.rbp"],
      ["covers", "keyword.control.clause.rbp"],
      ["2", "constant.numeric.rbp"],
      ["MW", "variable.other.rbp"],
      ["for", "keyword.operator.word.rbp"],
      ["96", "constant.numeric.rbp"],
      ["h", "keyword.other.unit.rbp"],
      ["}", "punctuation.rbp"],
      ["// 1", "comment.line.double-slash.rbp"],
    ],
  );

  const files = [...policies("examples"), ...policies("stdlib")];
  let count = 0;
  for (const file of files) {
    for (const [text, scope] of coloured(grammar, read(file))) {
      count += 1;
      assert.ok(text.trim() === "" || scope !== scopeName, `${file}: \`${text}\` has no colour`);
    }
  }
  assert.ok(files.length > 10);
  console.log(`${count} pieces of ${files.length} policies are coloured`);
}

main();
