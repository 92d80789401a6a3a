#!/usr/bin/env node
// Runs the built px-plugin when it is there and not older than the sources, else the sources
// themselves: so a clone works before its first build, and an edit is never hidden by an old build.
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.join(__dirname, '..');
const built = path.join(root, 'dist', 'px-plugin', 'main.mjs');
const SOURCES = ['cli', 'sdk', 'pxp', 'platform', 'core', 'contracts', 'host/sandbox'];

const changedAt = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;

function newestSource() {
  let newest = 0;
  for (const folder of SOURCES) {
    const within = path.join(root, folder);
    if (!fs.existsSync(within)) continue;
    for (const name of fs.readdirSync(within, { recursive: true })) {
      if (name.endsWith('.ts')) newest = Math.max(newest, changedAt(path.join(within, name)) ?? 0);
    }
  }
  return newest;
}

const builtAt = changedAt(built);
if (builtAt !== undefined && builtAt >= newestSource()) {
  import(pathToFileURL(built).href);
} else {
  require('tsx/cjs');
  // Commands are loaded by import(), which has hooks of its own.
  import('tsx/esm/api').then(({ register }) => {
    register();
    require('./main.ts');
  });
}
