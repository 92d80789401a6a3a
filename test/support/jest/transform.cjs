// TypeScript and ES modules become CommonJS, because Jest on Node 20 cannot
// require() an ES module. CommonJS packages pass through untouched.
const fs = require('node:fs');
const path = require('node:path');
const { createTransformer } = require('@swc/jest');

const swc = createTransformer({
  jsc: { parser: { syntax: 'typescript', tsx: false }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
});

const typeByFolder = new Map();

/** Whether the nearest package.json above `folder` says "type": "module". */
function isModuleFolder(folder) {
  if (!typeByFolder.has(folder)) typeByFolder.set(folder, readType(folder));
  return typeByFolder.get(folder);
}

function readType(folder) {
  const manifest = path.join(folder, 'package.json');
  if (fs.existsSync(manifest)) {
    return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
  }
  const parent = path.dirname(folder);
  return parent === folder ? false : isModuleFolder(parent);
}

function isEsModule(file) {
  return file.endsWith('.mjs') || (file.endsWith('.js') && isModuleFolder(path.dirname(file)));
}

const inPackage = (file) => file.includes(`${path.sep}node_modules${path.sep}`);
const passThrough = (file) => inPackage(file) && !isEsModule(file);

// An ES module may declare its own __dirname, which clashes with Jest's CommonJS wrapper.
const OWN_DIRNAME = /\b(?:const|let|var)\s+__(?:dirname|filename)\b/;
const renamed = (source, file) =>
  inPackage(file) && OWN_DIRNAME.test(source)
    ? source.replace(/\b__(dirname|filename)\b/g, '__esm_$1')
    : source;

module.exports = {
  canInstrument: false,
  process: (source, file, options) =>
    passThrough(file) ? { code: source } : swc.process(renamed(source, file), file, options),
  getCacheKey: (source, file, options) => `3${swc.getCacheKey(source, file, options)}`,
};
