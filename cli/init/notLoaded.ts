import { isProvided } from '../../core/releases/hostPackages';

/** Names that exist in browsers and in the hosts of plugins, and not in Node. */
const HOST_NAMES = new Set([
  ...[
    'window',
    'document',
    'self',
    'navigator',
    'location',
    'history',
    'localStorage',
    'sessionStorage',
    'screen',
  ],
  ...[
    'customElements',
    'HTMLElement',
    'HTMLInputElement',
    'HTMLDivElement',
    'Element',
    'Node',
    'NodeList',
    'Image',
  ],
  ...[
    'DOMParser',
    'XMLHttpRequest',
    'requestAnimationFrame',
    'addEventListener',
    'matchMedia',
    'getComputedStyle',
  ],
  ...[
    'MutationObserver',
    'ResizeObserver',
    'IntersectionObserver',
    'FileReader',
    'indexedDB',
    'importScripts',
  ],
  ...[
    'Worker',
    'CSS',
    'CSSStyleSheet',
    'ShadowRoot',
    'CustomElementRegistry',
    'SVGElement',
    'DOMRect',
    'DragEvent',
  ],
  ...[
    'jQuery',
    '$',
    'Zepto',
    'define',
    'cordova',
    'Capacitor',
    'joplin',
    'chrome',
    'browser',
    'webviewApi',
    'app',
  ],
  ...[
    'hexo',
    'wp',
    'Ext',
    'angular',
    'Vue',
    'React',
    'ReactDOM',
    'moment',
    'figma',
    'penpot',
    'Office',
    'Java',
  ],
]);

/**
 * Why an entry cannot be loaded outside of its host, from what the check of it said; undefined when the reason lies
 * in the plugin itself.
 *
 * @param said the line of the health check
 * @param provided packages that the host provides, by name
 */
export function explainNotLoaded(said: string, provided: readonly string[]): string | undefined {
  const missing = /Cannot find (?:package|module) '((?:@[^/']+\/)?[^./'][^/']*)/.exec(said)?.[1];
  if (missing !== undefined) {
    return isProvided(missing, provided) ? `it needs ${missing}, which its host provides` : undefined;
  }
  const name = /ReferenceError: (\S+) is not defined/.exec(said)?.[1];
  if (name !== undefined && HOST_NAMES.has(name)) return `it needs ${name}, which only its host has`;
  const withheld = /ERR_ACCESS_DENIED \((\w+)\)/.exec(said)?.[1];
  if (withheld !== undefined) return WITHHELD[withheld] ?? 'it does at its start what the check may not';
  if (BUNDLER_ONLY.test(said)) return 'it is written for a bundler, which its host runs before it loads it';
  return undefined;
}

/** Syntax and paths that bundlers understand and Node does not. */
const BUNDLER_ONLY =
  /Cannot use import statement outside a module|Unexpected token 'export'|ERR_UNSUPPORTED_DIR_IMPORT|ERR_UNKNOWN_FILE_EXTENSION|ERR_UNSUPPORTED_ESM_URL_SCHEME/;

/** What the check's sandbox withholds, by the names of Node's permissions; a host may well grant it. */
const WITHHELD: Readonly<Record<string, string>> = {
  FileSystemRead: 'it reads files outside of its folders at its start, which the check may not',
  FileSystemWrite: 'it writes files at its start, which the check may not',
  ChildProcess: 'it starts a program at its start, which the check may not',
  WorkerThreads: 'it starts a thread at its start, which the check may not',
};
