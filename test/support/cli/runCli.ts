import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram } from '../../../cli/program';

export interface CliRun {
  exit: number;
  out: string;
  err: string;
  /** Both streams, for what must be in neither. */
  all: string;
}

export type Env = Record<string, string | undefined>;

/** A command line in this process, with an environment of its own and streams that are kept. */
export async function runCli(args: readonly string[], options: { cwd: string; env?: Env }): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await runProgram(args, {
    env: { PX_SIGNING_HOME: path.join(options.cwd, 'signing'), ...options.env },
    cwd: options.cwd,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    now: () => new Date(),
    version: '0.0.0-test',
    home: options.cwd,
  });
  return { exit, out: out.join(''), err: err.join(''), all: [...out, ...err].join('') };
}

/** A folder for one test. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spillway-cli-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes files by path; a null takes one away again. */
export async function writeTree(root: string, files: Record<string, string | Buffer | null>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    if (content === null) {
      await rm(file, { recursive: true, force: true });
      continue;
    }
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

export const PLUGIN_ID = 'com.example.tools.notes';

const description = (version: string) => ({
  id: PLUGIN_ID,
  name: 'Notes',
  version,
  permissions: ['storage.read'],
  runtime: { kind: 'library', entry: 'dist/index.js', health: { script: 'dist/health.cjs' } },
});

/** The files of a plugin that passes every check. */
export const pluginFiles = (version = '1.1.0'): Record<string, string> => ({
  'manifest.json': JSON.stringify(description(version), null, 2),
  // JSON is YAML.
  'plugin.yaml': JSON.stringify(description(version), null, 2),
  'CHANGELOG.md': `# Changelog\n\n## ${version}\n\n- Search is faster.\n\n## 1.0.0\n\n- First.\n`,
  'dist/index.js': 'module.exports = {};\n',
  'dist/health.cjs': 'process.exitCode = 0;\n',
  'dist/assets/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
});

/** A sound plugin folder with a signing profile beside it. */
export async function createPluginFolder(
  cwd: string,
  files: Record<string, string | Buffer | null> = {},
): Promise<string> {
  const root = path.join(cwd, 'plugin');
  await writeTree(root, { ...pluginFiles(), ...files });
  const made = await runCli(['keys', 'create', '--name', 'Author', '--email', 'author@example.com'], { cwd });
  if (made.exit !== 0) throw new Error(made.err);
  return root;
}
