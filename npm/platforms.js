#!/usr/bin/env node
// Makes the packages of the platforms: node npm/platforms.js ARCHIVES OUT, where ARCHIVES holds what a release consists of.
// The programs for Linux are those that need no libc beside them, so that there is one for all of them.
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const TARGETS = {
  "darwin-arm64": "aarch64-apple-darwin",
  "darwin-x64": "x86_64-apple-darwin",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "linux-x64": "x86_64-unknown-linux-musl",
  "win32-x64": "x86_64-pc-windows-msvc",
};

const [archives, out] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: node npm/platforms.js ARCHIVES OUT");
  process.exit(2);
}
const { version, license, repository, optionalDependencies } = require("./package.json");
const wanted = Object.keys(optionalDependencies).map((name) => name.replace("@ecslint/", ""));
for (const platform of wanted) {
  const [os, cpu] = platform.split("-");
  const folder = path.join(out, platform);
  fs.mkdirSync(folder, { recursive: true });
  const program = os === "win32" ? "ecslint.exe" : "ecslint";
  const archive = path.join(archives, `ecslint-${TARGETS[platform]}`);
  if (os === "win32") {
    execFileSync("unzip", ["-oq", `${archive}.zip`, program, "-d", folder]);
  } else {
    execFileSync("tar", ["-xzf", `${archive}.tar.gz`, "-C", folder, program]);
  }
  const description = `The program of ecslint for ${platform}`;
  const manifest = { name: `@ecslint/${platform}`, version, description, license, repository, os: [os], cpu: [cpu], files: [program] };
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
