/** Names that belong to version control, package managers, editors and desktops, never to a plugin. */
const NOISE = new Set([
  ...[
    'node_modules',
    'bower_components',
    '.git',
    '.hg',
    '.svn',
    '.github',
    '.gitlab',
    '.husky',
    '.vscode',
    '.idea',
  ],
  ...['.yarn', '.pnp.cjs', '.pnp.loader.mjs', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock'],
  ...['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'bun.lock', 'bun.lockb', '.npmignore', '.gitignore'],
  ...[
    '.gitattributes',
    '.editorconfig',
    '.DS_Store',
    'Thumbs.db',
    'desktop.ini',
    '.px-plugin',
    '.cache',
    'coverage',
  ],
]);

/** Settings that may hold credentials; a release is public for good. */
const SECRETS = /^(?:\.npmrc|\.yarnrc(?:\.yml)?|\.env(?:\..+)?|\.netrc|id_(?:rsa|ed25519)|.+\.pem)$/;

/** Whether a path, relative with `/`, is left behind. */
export const isNoise = (file: string): boolean =>
  file.split('/').some((name) => NOISE.has(name) || SECRETS.test(name) || name.endsWith('.tsbuildinfo'));
