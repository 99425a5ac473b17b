#!/usr/bin/env node
// Starts the program that npm has brought for this platform. Nothing runs at installation, and nothing is downloaded.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const platform = `${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "ecslint.exe" : "ecslint";

function locate() {
  try {
    return require.resolve(`@ecslint/${platform}/${program}`);
  } catch {
    return undefined;
  }
}

const path = locate();
if (path === undefined) {
  console.error(
    `error: the package @ecslint/${platform} is not installed: either npm was told to leave out optional dependencies, ` +
      "or there is none for this platform; see https://github.com/ecslint/ecslint#install",
  );
  process.exit(2);
}

// Ctrl-C reaches both: the program decides what becomes of it, and this waits. The others reach only this one.
process.on("SIGINT", () => {});
const child = spawn(path, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`error: cannot start ${path}: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  // What a shell says of a program that a signal has ended.
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
