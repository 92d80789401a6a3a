import { readFile, stat } from 'node:fs/promises';
import { ignoreAbsence } from '../../platform/files/absence';

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
  ...['.yarn', '.pnp.cjs', '.pnp.loader.mjs', 'package-lock.json', 'yarn.lock'],
  ...['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'bun.lock', 'bun.lockb', '.npmignore', '.gitignore'],
  ...['.gitattributes', '.editorconfig', '.DS_Store', 'Thumbs.db', 'desktop.ini', '.px-plugin', '.cache'],
]);

/** Settings and keys that may be credentials, by the whole name; a release is public for good. */
const SECRETS = new RegExp(
  `^(?:${[
    // What programs of developers keep.
    '\\.env(?:rc|[._-].+)?|\\.npmrc|\\.yarnrc(?:\\.ya?ml)?|[._]netrc|\\.pypirc|\\.git-credentials|\\.htpasswd',
    '\\.pgpass|\\.my\\.cnf|\\.s3cfg|\\.boto|\\.dockercfg|\\.vault-token|\\.terraformrc|\\.\\w+_history',
    // Folders that hold nothing else.
    '\\.aws|\\.azure|\\.gcloud|\\.docker|\\.kube|\\.ssh|\\.gnupg|\\.secrets',
    // Files of accounts and services; code may be called so too.
    '(?:.+[._-])?(?:credentials?|secrets?|service[._-]?account(?:[._-].+)?)\\.(?:json|ya?ml|toml|ini|csv|xml|env|txt)',
    'client[._-]secrets?.*\\.json|application_default_credentials.*|.+\\.tfstate(?:\\..+)?',
    // Keys.
    'id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?|.+\\.(?:pem|key|p8|p12|pfx|jks|keystore|kdbx|ppk|ovpn)',
  ].join('|')})$`,
  'i',
);

const hasName = (file: string, test: (name: string) => boolean): boolean => file.split('/').some(test);

/** Whether a path, relative with `/`, may hold credentials, and is left behind for that. */
export const isSecret = (file: string): boolean => hasName(file, (name) => SECRETS.test(name));

/** What is longer holds more than certificates. */
const MAX_CERTIFICATES_BYTES = 1024 * 1024;

/** Whether a file of such a name holds nothing but what is public anyway: certificates and public keys. */
export async function isCertificate(file: string): Promise<boolean> {
  if (!/\.(?:pem|key)$/i.test(file)) return false;
  const stats = await ignoreAbsence(stat(file));
  if (!stats?.isFile() || stats.size > MAX_CERTIFICATES_BYTES) return false;
  const blocks = [...(await readFile(file, 'latin1')).matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)];
  return (
    blocks.length > 0 && blocks.every(([, kind = '']) => /CERTIFICATE|PUBLIC KEY|DH PARAMETERS/.test(kind))
  );
}

/** Whether a path, relative with `/`, is left behind. */
export const isNoise = (file: string): boolean =>
  isSecret(file) || hasName(file, (name) => NOISE.has(name) || name.endsWith('.tsbuildinfo'));
