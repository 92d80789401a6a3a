/** Packages that a host has and gives to its plugins, and how a plugin of that host is recognised. */
interface KnownHost {
  provides: readonly string[];
  /** Keys, keywords and dependencies of package.json, and keys of a host's manifest, by which its plugins are known. */
  marks: readonly string[];
}

const knownHosts: readonly KnownHost[] = [
  {
    provides: ['obsidian', 'electron', 'codemirror', '@codemirror/*', '@lezer/*'],
    marks: ['minAppVersion', 'obsidian-plugin', 'obsidian'],
  },
  { provides: ['vscode'], marks: ['contributes'] },
  { provides: ['n8n-workflow', 'n8n-core', '@n8n/*'], marks: ['n8n', 'n8n-workflow'] },
  {
    provides: ['@jupyterlab/*', '@lumino/*', '@jupyter/*', 'react', 'react-dom', 'yjs'],
    marks: ['jupyterlab', 'jupyterlab-extension'],
  },
  { provides: ['ckeditor5', '@ckeditor/*'], marks: ['ckeditor', 'ckeditor5', 'ckeditor5-plugin'] },
  { provides: ['jquery'], marks: ['jquery-plugin', 'ecosystem:jquery', 'jquery'] },
  { provides: ['homebridge', 'hap-nodejs'], marks: ['homebridge-plugin', 'homebridge'] },
  { provides: ['@strapi/*'], marks: ['strapi', '@strapi/strapi'] },
  { provides: ['api'], marks: ['joplin-plugin'] },
];

/** Programs that load plugins into themselves: a plugin that loads one of these means the one that runs it. */
const HOSTS = [
  ...[
    'obsidian',
    'vscode',
    'electron',
    'atom',
    'n8n-workflow',
    'n8n-core',
    'ckeditor5',
    'jquery',
    'homebridge',
  ],
  ...['@capacitor/core', 'react-native', 'expo', 'expo-modules-core', 'cordova', 'gatsby', '@strapi/strapi'],
  ...['serverless', 'hexo', 'node-red', 'eslint', 'gulp', 'grunt', 'webpack', 'rollup', 'vite', 'typescript'],
  ...['@jupyterlab/*', '@babel/core'],
];

type Fields = Readonly<Record<string, unknown>>;

/** Names of packages; `@scope/*` is all of a scope. */
export interface HostPackages {
  /** What the package says that it expects, or is known of the host that it is made for: it must not bring its own. */
  certain: string[];
  /** Besides those, what a plugin means by these names when it does not bring its own. */
  likely: string[];
}

/**
 * What the hosts of a plugin have, by its `peerDependencies` and by what is known of hosts.
 *
 * @param manifests the plugin's manifests for other hosts
 */
export function findHostPackages(packageJson: Fields, manifests: readonly Fields[] = []): HostPackages {
  const keywords = Array.isArray(packageJson.keywords) ? packageJson.keywords : [];
  const marks = new Set([
    ...[packageJson, ...manifests].flatMap((each) => Object.keys(each)),
    ...['dependencies', 'devDependencies'].flatMap((key) => listNames(packageJson[key])),
    ...keywords.map((each) => String(each).toLowerCase()),
  ]);
  const known = knownHosts.filter((host) => host.marks.some((mark) => marks.has(mark)));
  const certain = [...listNames(packageJson.peerDependencies), ...known.flatMap(({ provides }) => provides)];
  return { certain: [...new Set(certain)], likely: HOSTS };
}

const listNames = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

/** Whether a package is one of those names; `@scope/*` names all of a scope. */
export const isProvided = (name: string, provided: readonly string[]): boolean =>
  provided.includes(name) || provided.includes(`${name.split('/')[0]}/*`);
