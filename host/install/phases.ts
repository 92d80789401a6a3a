import { admit } from './admit';
import { backUp } from './backUp';
import { check } from './check';
import { commit } from './commit';
import { download } from './download';
import { health } from './health';
import type { Phase } from './installation';
import { switchVersion } from './switchVersion';
import { unpack } from './unpack';
import { verify } from './verify';

/** An installation, in order. All that is undone on failure happens from `backup` on. */
export const phases: readonly Phase[] = [
  check,
  download,
  verify,
  admit,
  backUp,
  unpack,
  switchVersion,
  health,
  commit,
];

/** The same for a package that lies on disk and is only tried. */
export const trialPhases: readonly Phase[] = [verify, admit, backUp, unpack, switchVersion, health];
