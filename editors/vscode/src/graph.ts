/** The graph beside the text: functions, primaries, backups, and in red what they share. */

import { Disposable, Range, Uri, ViewColumn, WebviewPanel, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

/** What the server answers to `rbp/graph`. */
interface Graph {
  /** The picture; elements that can be clicked carry `data-node`. */
  svg: string;
  /** Where each of them is written. */
  nodes: { id: string; uri: string; range: { start: Place; end: Place } }[];
}

interface Place {
  line: number;
  character: number;
}

/** One panel, drawn anew whenever a policy is saved or changed for a while. */
export class GraphView implements Disposable {
  private panel: WebviewPanel | undefined;
  private about: { uri: string; name?: string } | undefined;
  private nodes: Graph["nodes"] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly changes: Disposable;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.changes = workspace.onDidChangeTextDocument(({ document }) => {
      if (this.panel === undefined || document.languageId !== "rbp") return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.draw(), 400);
    });
  }

  /** Shows what a function rests on, or, where none is named, every function of the file's package. */
  async show(about: { uri: string; name?: string }): Promise<void> {
    this.about = about;
    this.panel ??= this.make();
    this.panel.reveal(undefined, true);
    await this.draw();
  }

  private make(): WebviewPanel {
    const panel = window.createWebviewPanel("rbp.graph", "rbp graph", ViewColumn.Beside, {
      enableScripts: true,
      localResourceRoots: [],
      retainContextWhenHidden: true,
    });
    panel.onDidDispose(() => (this.panel = undefined));
    panel.webview.onDidReceiveMessage((id: unknown) => void this.go(id));
    return panel;
  }

  private async draw(): Promise<void> {
    const client = this.client();
    if (this.panel === undefined || this.about === undefined || client === undefined) return;
    try {
      const { uri, name } = this.about;
      const graph = await client.sendRequest<Graph>("rbp/graph", { textDocument: { uri }, function: name });
      this.nodes = graph.nodes;
      this.panel.webview.html = page(graph.svg);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.panel.webview.html = page(`<p>${escape(why)}</p>`);
    }
  }

  private async go(id: unknown): Promise<void> {
    const node = this.nodes.find((node) => node.id === id);
    if (node === undefined) return;
    const { start, end } = node.range;
    const selection = new Range(start.line, start.character, end.line, end.character);
    const document = await workspace.openTextDocument(Uri.parse(node.uri));
    await window.showTextDocument(document, { viewColumn: ViewColumn.One, selection });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changes.dispose();
    this.panel?.dispose();
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The panel's page. Only its own script runs: the picture holds names from a policy, and those are anybody's. */
function page(content: string): string {
  const nonce = Array.from({ length: 24 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<style>
  body { background: #fff; color: #222; margin: 0; padding: 8px; }
  svg { max-width: none; height: auto; }
  [data-node] { cursor: pointer; }
</style>
</head>
<body>
${content}
<script nonce="${nonce}">
  const editor = acquireVsCodeApi();
  document.addEventListener("click", (event) => {
    const node = event.target.closest("[data-node]");
    if (node === null) return;
    event.preventDefault();
    editor.postMessage(node.getAttribute("data-node"));
  });
</script>
</body>
</html>`;
}
