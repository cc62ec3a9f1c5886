/** Tasks: check, play the scenarios and build every package of the workspace. */

import { dirname, relative } from "node:path";
import { Disposable, ProcessExecution, Task, TaskGroup, TaskScope, WorkspaceFolder, tasks as vscode, workspace } from "vscode";

const COMMANDS = ["check", "test", "build"] as const;
type Command = (typeof COMMANDS)[number];

/** How each command writes what it found, so that the problem matcher reads it. */
function words(command: Command, path: string): string[] {
  return command === "build" ? ["build", path, "-o", "rule-set.json"] : [command, path, "--format", "short"];
}

function task(program: string, folder: WorkspaceFolder | TaskScope.Workspace, command: Command, path: string): Task {
  const name = path === "." ? command : `${command} ${path}`;
  const made = new Task(
    { type: "rbp", command, path },
    folder,
    name,
    "rbp",
    new ProcessExecution(program, words(command, path)),
    "$rbp",
  );
  made.group = command === "check" ? TaskGroup.Build : command === "test" ? TaskGroup.Test : undefined;
  return made;
}

/** Offers the tasks of every package, and runs those that a `tasks.json` writes down. */
export function tasks(program: string): Disposable {
  return vscode.registerTaskProvider("rbp", {
    async provideTasks(): Promise<Task[]> {
      const manifests = await workspace.findFiles("**/rbp.toml", "**/{node_modules,target}/**");
      return manifests.flatMap((manifest) => {
        const folder = workspace.getWorkspaceFolder(manifest);
        if (folder === undefined) return [];
        const path = relative(folder.uri.fsPath, dirname(manifest.fsPath)) || ".";
        return COMMANDS.map((command) => task(program, folder, command, path));
      });
    },
    resolveTask(written: Task): Task | undefined {
      const { command, path } = written.definition;
      if (!COMMANDS.includes(command)) return undefined;
      const folder = typeof written.scope === "object" ? written.scope : TaskScope.Workspace;
      const made = task(program, folder as WorkspaceFolder, command, typeof path === "string" ? path : ".");
      // VS Code finds the task again only by the definition as it was written.
      made.definition = written.definition;
      return made;
    },
  });
}
