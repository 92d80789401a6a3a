import path from 'node:path';
import { runCli } from '../cli/runCli';
import { writeTree, type Tree } from '../writeTree';
import { createManifest } from './manifest';

export const PLUGIN_ID = 'com.example.tools.notes';

const writeManifest = (version: string): string =>
  JSON.stringify(
    createManifest({
      id: PLUGIN_ID,
      version,
      permissions: ['storage.read'],
      runtime: { kind: 'library', entry: 'dist/index.js', health: { script: 'dist/health.cjs' } },
    }),
    null,
    2,
  );

/** The files of a plugin that passes every check. */
export const pluginFiles = (version = '1.1.0'): Record<string, string> => ({
  'manifest.json': writeManifest(version),
  // JSON is YAML.
  'plugin.yaml': writeManifest(version),
  'CHANGELOG.md': `# Changelog\n\n## ${version}\n\n- Search is faster.\n\n## 1.0.0\n\n- First.\n`,
  'dist/index.js': 'module.exports = {};\n',
  'dist/health.cjs': 'process.exitCode = 0;\n',
  'dist/assets/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
});

/** A sound plugin folder with a signing profile beside it. */
export async function createPluginFolder(cwd: string, files: Tree = {}): Promise<string> {
  const root = writeTree(path.join(cwd, 'plugin'), { ...pluginFiles(), ...files });
  const made = await runCli(['keys', 'create', '--name', 'Author', '--email', 'author@example.com'], { cwd });
  if (made.exit !== 0) throw new Error(made.err);
  return root;
}
