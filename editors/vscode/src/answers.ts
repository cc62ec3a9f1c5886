/** Shows what the server answers to a command: Markdown, beside the text. */

import { Disposable, EventEmitter, TextDocumentContentProvider, Uri, commands, window, workspace } from "vscode";

const SCHEME = "rbp-answer";

/** The last answer to each command, as a document that can only be read. */
export class Answers implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly provider = workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Shows an answer, in place of the one before it to the same question. */
  async show(title: string, answer: unknown): Promise<void> {
    const text = (answer as { markdown?: unknown } | null)?.markdown;
    if (typeof text !== "string") return;
    const uri = Uri.from({ scheme: SCHEME, path: `/${title}.md` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    await commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  dispose(): void {
    this.provider.dispose();
    this.changed.dispose();
  }
}

/** What a command is about: a function or scenario, and the file that declares it. */
export interface About {
  uri: string;
  name: string;
}

/**
 * What a command of the palette is about: what stands under the cursor. A code lens hands over its own.
 */
export function about(given: unknown): About | undefined {
  if (typeof given === "object" && given !== null) return given as About;
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== "rbp") return undefined;
  const word = editor.document.getWordRangeAtPosition(editor.selection.active);
  return { uri: editor.document.uri.toString(), name: word === undefined ? "" : editor.document.getText(word) };
}
