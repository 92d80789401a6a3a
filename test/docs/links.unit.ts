import { existsSync } from 'node:fs';
import path from 'node:path';
import { commandTable } from '../../cli/commands';
import { repositoryRoot } from '../../infra/build/build';
import { pages, read } from './support/pages';

const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

/** Paths inside of packages, not of this repository. */
const INSIDE_PACKAGES = ['docs/release-notes.md'];

/** GitHub's way to make an anchor of a heading. */
const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const listAnchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map((match) => toAnchor(match[1] ?? ''));

const broken = (page: string, target: string): boolean => {
  const [file = '', anchor] = target.split('#');
  const name = path.posix.normalize(
    path.posix.join(path.posix.dirname(page), file || path.posix.basename(page)),
  );
  if (!existsSync(path.join(repositoryRoot, name))) return true;
  return anchor !== undefined && !listAnchors(read(name)).includes(anchor);
};

describe('documents', () => {
  test('lead only to files and headings that are there', () => {
    const dead = pages().flatMap(({ name, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !/^[a-z]+:/.test(target) && broken(name, target))
        .map((target) => `${name}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  test('name only files of the repository that are there', () => {
    const rooms =
      'activities|adapters|api|cli|contracts|core|docs|host|infra|migrations|pxp|sdk|test|web|worker|workflows|bench';
    const path_ = new RegExp(`\`((?:${rooms})/[\\w./-]+\\.(?:ts|tsx|mjs|cjs|md|json))\``, 'g');
    const missing = pages().flatMap(({ name, text }) =>
      [...text.matchAll(path_)]
        .map((match) => match[1] ?? '')
        .filter((file) => !INSIDE_PACKAGES.includes(file) && !existsSync(path.join(repositoryRoot, file)))
        .map((file) => `${name}: ${file}`),
    );
    expect(missing).toEqual([]);
  });

  test('name only npm scripts that are there', () => {
    const unknown = pages().flatMap(({ name, text }) =>
      [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((script) => !scripts.includes(script))
        .map((script) => `${name}: npm run ${script}`),
    );
    expect(unknown).toEqual([]);
  });

  test('name only commands that px-plugin has', () => {
    const known = commandTable.map(({ name }) => name);
    const unknown = pages().flatMap(({ name, text }) =>
      [...text.matchAll(/(?:^|[`$ ])px-plugin ([a-z][\w-]*)/gm)]
        .map((match) => match[1] ?? '')
        .filter((command) => command !== 'help' && !known.includes(command))
        .map((command) => `${name}: px-plugin ${command}`),
    );
    expect(unknown).toEqual([]);
  });

  test('lead every reader somewhere: each page under docs/ is linked from another page', () => {
    const all = pages();
    const linked = new Set(
      all.flatMap(({ name, text }) =>
        [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) =>
          path.posix.normalize(path.posix.join(path.posix.dirname(name), match[1] ?? '')),
        ),
      ),
    );
    const lonely = all
      .map(({ name }) => name)
      .filter((name) => name.startsWith('docs/') && !linked.has(name));
    expect(lonely).toEqual([]);
  });
});
