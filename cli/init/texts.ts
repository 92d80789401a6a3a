import semver from 'semver';
import { stringify } from 'yaml';
import { GENERATED_MARK, notesFor } from '../../core/releases/notes';
import type { Manifest } from '../../contracts/releases/manifest';

/** The same fields as manifest.json; authors edit this one, in which comments can stand. */
export const pluginYaml = (manifest: Manifest): string =>
  `# What this plugin is. manifest.json must agree in id, version and permissions.\n${stringify(manifest)}`;

export const manifestJson = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** How this plugin is released; a version with a pre-release part belongs to the beta channel. */
export function publishYml(manifest: Manifest): string {
  const channel = semver.prerelease(manifest.version) ? 'beta' : 'stable';
  return `# How this plugin is released; docs/guides/publish.md explains every key.
channels:
  - name: ${channel}
    # Without a rollout the platform's standard one is used. One of your own:
    # rollout:
    #   batches:
    #     - { percentage: 10, wait: 1d }
    #     - { percentage: 100, wait: 1d }
`;
}

/** The package's own changelog when it tells of this version, else a section that says where it came from. */
export function changelog(manifest: Manifest, own: string | undefined): string {
  const text = own?.replace(/^\uFEFF/, '').trim();
  if (text !== undefined && notesFor(text, manifest.version) !== undefined) return `${text}\n`;
  return `# Changelog\n\n${generatedSection(manifest)}${text === undefined ? '' : `\n${withoutTitle(text)}\n`}`;
}

const withoutTitle = (text: string): string => text.replace(/^#\s+change\s?log\s*\n+/i, '');

function generatedSection(manifest: Manifest): string {
  const facts = [
    manifest.description || `${manifest.name} ${manifest.version}.`,
    manifest.author ? `Author: ${manifest.author}.` : '',
    manifest.license ? `Licence: ${manifest.license}.` : '',
    manifest.homepage ? `Home: ${manifest.homepage}` : '',
  ].filter((line) => line !== '');
  return `## ${manifest.version}\n\n${GENERATED_MARK}\n\n${facts.map((line) => `- ${line}`).join('\n')}\n`;
}
