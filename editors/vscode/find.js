"use strict";

const fs = require("node:fs");
const path = require("node:path");

const NAMES = process.platform === "win32" ? ["Scripts/iamlint.exe"] : ["bin/iamlint"];
const ENVIRONMENTS = [".venv", "venv"];

/**
 * Return the program to start: that of the setting, of the workspace's environment, or on PATH.
 * A program in the workspace is only started if the user trusts the workspace.
 */
function findProgram({ setting, folders, trusted, exists = fs.existsSync }) {
  if (setting) {
    return setting;
  }
  for (const folder of trusted ? folders : []) {
    for (const environment of ENVIRONMENTS) {
      for (const name of NAMES) {
        const found = path.join(folder, environment, name);
        if (exists(found)) {
          return found;
        }
      }
    }
  }
  return "iamlint";
}

module.exports = { findProgram };
