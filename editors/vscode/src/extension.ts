/** Starts `rbp lsp`, and adds what a server cannot show by itself: the graph, its answers, tasks. */

import { ExtensionContext, commands, window, workspace } from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";

import { Answers, about } from "./answers";
import { newPackage } from "./commands";
import { GraphView } from "./graph";
import { program } from "./program";
import { tasks } from "./tasks";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("rbp");
  const command = program(context);
  const answers = new Answers();
  const graph = new GraphView(() => client);
  client = new LanguageClient(
    "rbp",
    "rbp",
    { command, args: ["lsp"] },
    {
      // The standard library is shown from the program itself, read-only.
      documentSelector: [{ language: "rbp" }],
      outputChannel: log,
      synchronize: { configurationSection: "rbp" },
      markdown: { isTrusted: false, supportHtml: false },
      initializationOptions: { showsAnswers: true },
      middleware: {
        // The commands are the server's; what it answers is shown here.
        executeCommand: async (command, [given], next) => {
          const target = about(given);
          if (target === undefined) return void window.showInformationMessage("Open a policy first.");
          // From the palette the whole package is drawn; a code lens names its function.
          if (command === "rbp.showGraph") return graph.show(given === undefined ? { uri: target.uri } : target);
          const title = command === "rbp.showCutSets" ? "Cut sets" : "Scenario";
          return answers.show(`${title} of ${target.name}`, await next(command, [target]));
        },
      },
    },
  );

  context.subscriptions.push(
    log,
    answers,
    graph,
    commands.registerCommand("rbp.newPackage", () => newPackage(command)),
    commands.registerCommand("rbp.showLog", () => log.show()),
    commands.registerCommand("rbp.restart", () => client?.restart()),
    tasks(command),
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("rbp.path")) return;
      const again = "Reload Window";
      const said = await window.showInformationMessage("Another rbp is named. It is used after a reload.", again);
      if (said === again) await commands.executeCommand("workbench.action.reloadWindow");
    }),
  );

  try {
    await client.start();
  } catch (error) {
    await couldNotStart(command, error);
  }
}

async function couldNotStart(command: string, error: unknown): Promise<void> {
  const settings = "Open the Setting";
  const why = error instanceof Error ? error.message : String(error);
  const said = await window.showErrorMessage(
    `The program \`${command}\` could not be started (${why}). Install rbp, or write its full path into the setting \`rbp.path\`.`,
    settings,
  );
  if (said === settings) await commands.executeCommand("workbench.action.openSettings", "rbp.path");
}

export async function deactivate(): Promise<void> {
  if (client?.state === State.Running) await client.stop();
}
