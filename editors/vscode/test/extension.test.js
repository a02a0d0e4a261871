"use strict";

const assert = require("node:assert/strict");
const Module = require("node:module");
const path = require("node:path");
const { test } = require("node:test");

const { findProgram } = require("../find.js");

const FOUND = path.join("/repo", ".venv", process.platform === "win32" ? "Scripts/iamlint.exe" : "bin/iamlint");

test("the setting is the program", () => {
  const found = findProgram({ setting: "/opt/iamlint", folders: ["/repo"], trusted: true, exists: () => true });
  assert.equal(found, "/opt/iamlint");
});

test("the environment of a trusted workspace has the program", () => {
  const exists = (name) => name === FOUND;
  assert.equal(findProgram({ setting: "", folders: ["/repo"], trusted: true, exists }), FOUND);
});

test("no program of a workspace that is not trusted is started", () => {
  assert.equal(findProgram({ setting: "", folders: ["/repo"], trusted: false, exists: () => true }), "iamlint");
});

/** Load the extension with a client and an editor that note what is done with them. */
function loaded({ fails = false } = {}) {
  const seen = { started: [], stopped: 0, errors: [], commands: {} };
  const status = { show() {} };
  class LanguageClient {
    constructor(id, name, server, options) {
      seen.started.push({ server, options });
      this.initializeResult = { serverInfo: { version: "0.1.0" } };
    }
    start() {
      return fails ? Promise.reject(new Error("ENOENT")) : Promise.resolve();
    }
    stop() {
      seen.stopped += 1;
      return Promise.resolve();
    }
  }
  const vscode = {
    StatusBarAlignment: { Right: 2 },
    commands: { registerCommand: (name, run) => (seen.commands[name] = run) },
    window: {
      createStatusBarItem: () => status,
      showErrorMessage: (message) => seen.errors.push(message),
    },
    workspace: {
      isTrusted: false,
      workspaceFolders: [{ uri: { fsPath: "/repo" } }],
      getConfiguration: () => ({ get: () => "" }),
      createFileSystemWatcher: (pattern) => pattern,
      onDidGrantWorkspaceTrust: (run) => (seen.trusted = run),
      onDidChangeConfiguration: () => undefined,
    },
  };
  const load = Module._load;
  Module._load = (name, ...rest) =>
    name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : load(name, ...rest);
  delete require.cache[require.resolve("../extension.js")];
  const extension = require("../extension.js");
  Module._load = load;
  return { extension, seen, status, vscode };
}

test("the server is started, and the status bar has its version", async () => {
  const { extension, seen, status } = loaded();
  await extension.activate({ subscriptions: [] });
  assert.deepEqual(seen.started[0].server, { command: "iamlint", args: ["server", "--stdio"] });
  assert.equal(seen.started[0].options.initializationOptions.allowPlugins, false);
  assert.equal(status.text, "iamlint 0.1.0");
});

test("a server that does not start is reported with a remedy", async () => {
  const { extension, seen } = loaded({ fails: true });
  await extension.activate({ subscriptions: [] });
  assert.match(seen.errors[0], /`iamlint` does not start\. Install it with/);
});

test("trust restarts the server with plugins", async () => {
  const { extension, seen, vscode } = loaded();
  await extension.activate({ subscriptions: [] });
  vscode.workspace.isTrusted = true;
  await seen.trusted();
  assert.equal(seen.stopped, 1);
  assert.equal(seen.started[1].options.initializationOptions.allowPlugins, true);
});
