/** Where the program is. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ExtensionContext, workspace } from "vscode";

/**
 * The program to start: the one that the setting names, else the one that comes with the extension, else the one
 * that is found by name.
 */
export function program(context: ExtensionContext): string {
  const named = workspace.getConfiguration("rbp").get<string>("path", "").trim();
  if (named !== "") return named;
  const file = process.platform === "win32" ? "rbp.exe" : "rbp";
  const bundled = join(context.extensionPath, "bin", file);
  return existsSync(bundled) ? bundled : "rbp";
}
