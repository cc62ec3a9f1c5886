/** What is run beside the editor, where its answer can be read at leisure. */

import { dirname } from "node:path";
import { ProcessExecution, Task, TaskScope, Uri, commands, tasks, window, workspace } from "vscode";

/** What a code lens hands over: the file, and the function or scenario that it stands on. */
interface Target {
  uri?: string;
  name?: string;
}

function target(given: unknown): Target {
  return typeof given === "object" && given !== null ? (given as Target) : {};
}

/** The folder of the package that a file belongs to: the nearest one with an `rbp.toml`, else the file's own. */
export async function packageOf(file: Uri): Promise<string> {
  const top = workspace.getWorkspaceFolder(file)?.uri.fsPath;
  for (let folder = dirname(file.fsPath); ; folder = dirname(folder)) {
    try {
      await workspace.fs.stat(Uri.joinPath(Uri.file(folder), "rbp.toml"));
      return folder;
    } catch {
      if (folder === top || folder === dirname(folder)) return dirname(file.fsPath);
    }
  }
}

/** The file that a command is about: the one it was called for, else the one that is open. */
function fileOf(about: Target): Uri | undefined {
  if (about.uri !== undefined) return Uri.parse(about.uri);
  const open = window.activeTextEditor?.document;
  return open?.languageId === "rbp" ? open.uri : undefined;
}

/** Runs the program as a task, so that what it says stays; arguments go as a list, past any shell. */
async function run(program: string, name: string, folder: string, words: string[]): Promise<void> {
  const execution = new ProcessExecution(program, words, { cwd: folder });
  await tasks.executeTask(new Task({ type: "rbp", command: name }, TaskScope.Workspace, name, "rbp", execution, []));
}

/** `rbp cut-sets FUNCTION`, for the function of a code lens or one that the author names. */
export async function showCutSets(program: string, given: unknown): Promise<void> {
  const about = target(given);
  const file = fileOf(about);
  if (file === undefined) return;
  const name = about.name ?? (await window.showInputBox({ prompt: "Of which function?" }));
  if (name === undefined || name === "") return;
  await run(program, "cut sets", await packageOf(file), ["cut-sets", "--top", "50", "--", name]);
}

/** `rbp test`, for one scenario or all of the package. */
export async function runScenario(program: string, given: unknown): Promise<void> {
  const about = target(given);
  const file = fileOf(about);
  if (file === undefined) {
    await window.showInformationMessage("Open a policy first: its package's scenarios are played.");
    return;
  }
  const only = about.name === undefined ? [] : ["--only", about.name];
  await run(program, "test", await packageOf(file), ["test", ".", ...only]);
}

/** `rbp new`, in a folder that the author chooses. */
export async function newPackage(program: string): Promise<void> {
  const [parent] = (await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: "Make It Here",
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  })) ?? [];
  if (parent === undefined) return;
  const name = await window.showInputBox({
    prompt: "What is the package called?",
    value: "clinic",
    validateInput: (value) =>
      /^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/.test(value)
        ? undefined
        : "Letters, digits, `_` and `-` between them; a letter first.",
  });
  if (name === undefined) return;
  await run(program, "new", parent.fsPath, ["new", name]);
  const open = "Open It";
  const said = await window.showInformationMessage(`The package is in ${name}.`, open);
  if (said === open) await commands.executeCommand("vscode.openFolder", Uri.joinPath(parent, name));
}
