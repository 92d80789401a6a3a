/** Stryker's JSON report, as far as the score needs it. */
export interface MutantReport {
  files: Record<string, { mutants: readonly Mutant[] }>;
}

interface Mutant {
  status: string;
  mutatorName: string;
  replacement?: string;
  location: { start: { line: number } };
}

export interface FolderScore {
  folder: string;
  noticed: number;
  /** `file:line mutator → replacement`, in order of the files. */
  survivors: string[];
  /** Noticed mutants by all that could be run, from 0 to 1. */
  score: number;
}

const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

/** Scores by top folder. A mutant that no test even reaches has survived; one that does not compile counts for nothing. */
export function scoreByFolder({ files }: MutantReport): FolderScore[] {
  const folders = [...new Set(Object.keys(files).map((file) => file.split('/')[0]!))].sort();
  return folders.map((folder) => {
    const mutants = Object.entries(files)
      .filter(([file]) => file.startsWith(`${folder}/`))
      .flatMap(([file, content]) => content.mutants.map((mutant) => ({ file, mutant })));
    const noticed = mutants.filter(({ mutant }) => NOTICED.includes(mutant.status)).length;
    const survivors = mutants
      .filter(({ mutant }) => UNNOTICED.includes(mutant.status))
      .map(({ file, mutant }) => describe(file, mutant));
    const all = noticed + survivors.length;
    return { folder, noticed, survivors, score: all === 0 ? 1 : noticed / all };
  });
}

const describe = (file: string, { location, mutatorName, replacement = '' }: Mutant): string =>
  `${file}:${location.start.line} ${mutatorName} → ${replacement.replace(/\s+/g, ' ').slice(0, 80)}`;

/** The survivors by name, then one line a folder. */
export function renderScores(scores: readonly FolderScore[]): string {
  const names = scores.flatMap(({ survivors }) => survivors.map((each) => `survived  ${each}`));
  const lines = scores.map(
    ({ folder, noticed, survivors, score }) =>
      `${folder.padEnd(12)} ${score.toFixed(2)}  ${noticed} noticed, ${survivors.length} survived`,
  );
  return ['', ...names, '', ...lines, ''].join('\n');
}
