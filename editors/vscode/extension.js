"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { findProgram } = require("./find.js");

const LANGUAGES = ["json", "jsonc", "json5", "yaml", "cloudformation", "terraform", "opentofu"];
const HELP = "Install it with `pipx install 'iamlint[lsp]'`, or set `iamlint.path`.";

let client;
let status;

async function start() {
  const program = findProgram({
    setting: vscode.workspace.getConfiguration("iamlint").get("path"),
    folders: (vscode.workspace.workspaceFolders ?? []).map((one) => one.uri.fsPath),
    trusted: vscode.workspace.isTrusted,
  });
  const selector = LANGUAGES.map((language) => ({ scheme: "file", language }));
  selector.push({ scheme: "file", pattern: "**/iamlint.toml" });
  client = new LanguageClient(
    "iamlint",
    "iamlint",
    { command: program, args: ["server", "--stdio"] },
    {
      documentSelector: selector,
      initializationOptions: { allowPlugins: vscode.workspace.isTrusted },
      synchronize: {
        fileEvents: vscode.workspace.createFileSystemWatcher(
          "**/*.{json,json5,yaml,yml,tf,tofu,toml}",
        ),
      },
    },
  );
  try {
    await client.start();
    const version = client.initializeResult?.serverInfo?.version ?? "";
    status.text = `iamlint ${version}`;
    status.tooltip = program;
  } catch (error) {
    status.text = "iamlint $(error)";
    status.tooltip = `${program} does not start: ${error.message}`;
    vscode.window.showErrorMessage(`iamlint: \`${program}\` does not start. ${HELP}`);
  }
  status.show();
}

async function restart() {
  await client?.stop().catch(() => undefined);
  await start();
}

async function activate(context) {
  status = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Right, 0);
  status.command = "iamlint.restart";
  context.subscriptions.push(
    status,
    vscode.commands.registerCommand("iamlint.restart", restart),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) =>
      event.affectsConfiguration("iamlint") ? restart() : undefined,
    ),
  );
  await start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
