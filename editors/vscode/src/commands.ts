/** `rbp new`, in a folder that the author chooses. */

import { ProcessExecution, Task, TaskScope, Uri, commands, tasks, window, workspace } from "vscode";

/** Makes a package by `rbp new`, and offers to open it. */
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
  // Arguments go as a list, past any shell.
  const execution = new ProcessExecution(program, ["new", name], { cwd: parent.fsPath });
  await tasks.executeTask(new Task({ type: "rbp", command: "new" }, TaskScope.Workspace, "new", "rbp", execution, []));
  const open = "Open It";
  const said = await window.showInformationMessage(`The package is in ${name}.`, open);
  if (said === open) await commands.executeCommand("vscode.openFolder", Uri.joinPath(parent, name));
}
