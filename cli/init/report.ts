import path from 'node:path';
import { describeUnsatisfied } from '../../core/releases/imports';
import { describeContainment } from '../../host/sandbox/describe';
import type { Detection } from '../../host/sandbox/detect';
import type { InitResult } from './initPlugin';

type Pair = [string, string];

/** What a person reads of a new plugin folder. */
export function describeMade(made: InitResult, cwd: string, containment: Detection): Pair[] {
  const { manifest, idOrigin, files, notes, leftBehind, copiedLinks, backup } = made;
  const folder = path.relative(cwd, made.folder) || '.';
  return [
    ['plugin', `${manifest.id} ${manifest.version}`],
    ...when(idOrigin === 'placeholder', 'id', PLACEHOLDER),
    ['folder', folder],
    ['entry', manifest.runtime.entry],
    ['files', `${files} under dist/, as npm pack would take them`],
    ...describeDependencies(made),
    ['check', describeTried(made, containment)],
    ['changelog', notes === 'own' ? "the package's own" : 'generated; describe the changes for users'],
    ...when(copiedLinks.length > 0, 'links', `${few(copiedLinks)}: what they lead to was copied`),
    ...when(leftBehind.length > 0, 'left behind', `${few(leftBehind)}: such files may hold credentials`),
    ...(backup === undefined
      ? []
      : [['kept', `what was there, in ${path.relative(cwd, backup)}`] satisfies Pair]),
    ['next', `px-plugin precheck ${folder}`],
  ];
}

function describeDependencies({ dependencies }: InitResult): Pair[] {
  const { packages, lock, copied, foreign, natives, scripts, unlicensed, provided, missing } = dependencies;
  const origin =
    lock === undefined ? 'the newest versions in range, as there is no lock file of npm' : `by ${lock}`;
  return [
    ...when(
      packages.length > 0,
      'vendored',
      `${packages.length} ${packages.length === 1 ? 'package' : 'packages'} under dist/node_modules/, ${origin}`,
    ),
    ...when(copied.length > 0, 'copied', `${few(copied)}: linked folders of yours`),
    ...when(
      foreign.length > 0,
      'left out',
      `${few(foreign)}: neither in the registry nor a folder that is there`,
    ),
    ...when(provided.length > 0, 'provided', `${few(provided)}: the host is expected to have them`),
    ...describeUnsatisfied(missing).map(({ detail }): Pair => ['missing', detail]),
    ...when(natives.length > 0, 'native', `${few(natives)}: compiled add-ons or programs, left out`),
    ...when(scripts.length > 0, 'not run', `scripts at installation of ${few(scripts)}`),
    ...when(unlicensed.length > 0, 'no licence', `${few(unlicensed)}: no text of a licence in the package`),
  ];
}

function describeTried({ tried }: InitResult, containment: Detection): string {
  if (!tried) return `not run here. ${describeContainment(containment)}`;
  return tried.healthy
    ? tried.said
    : `${tried.said}. Mend it, or extend dist/px-health.cjs, before you publish`;
}

const when = (isTrue: boolean, name: string, text: string): Pair[] => (isTrue ? [[name, text]] : []);

/** An id belongs to its first publisher for good, so a placeholder must not be published unseen. */
const PLACEHOLDER =
  'a placeholder: put an id of your own into plugin.yaml and manifest.json, or run init again with --id';

const MAX_NAMED = 5;

/** A few by name, and how many more. */
function few(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
