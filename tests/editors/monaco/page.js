// Monaco with its own language client, which speaks to `rbp lsp` over a web socket.
"use strict";

window.require.config({ paths: { vs: "/vs" } });
window.require(["vs/editor/editor.main"], async () => {
  const monaco = window.monaco;
  monaco.languages.register({ id: "rbp", extensions: [".rbp"] });
  monaco.languages.setLanguageConfiguration("rbp", await (await fetch("/language-configuration.json")).json());

  const transport = await monaco.lsp.WebSocketTransport.connectTo({ address: `ws://${location.host}/lsp` });
  new monaco.lsp.MonacoLspClient(transport);

  const { uri, text } = await (await fetch("/policy")).json();
  const model = monaco.editor.createModel(text, "rbp", monaco.Uri.parse(uri));
  window.editor = monaco.editor.create(document.getElementById("editor"), {
    model,
    "semanticHighlighting.enabled": true,
    fontSize: 13,
    minimap: { enabled: false },
    automaticLayout: true,
    codeLens: true,
    wordBasedSuggestions: "off",
  });

  // The server draws the graph; a click goes to where a thing is written.
  window.showGraph = async () => {
    const { svg, nodes } = await (await fetch("/graph")).json();
    const panel = document.getElementById("graph");
    panel.innerHTML = svg;
    panel.onclick = (event) => {
      const id = event.target.closest("[data-node]")?.dataset.node;
      const node = nodes.find((node) => node.id === id);
      if (node === undefined) return;
      const { start } = node.range;
      window.editor.setPosition({ lineNumber: start.line + 1, column: start.character + 1 });
      window.editor.revealLineInCenter(start.line + 1);
    };
  };
});
