import type { Cast } from './cast';
import type { Observations } from './observations';
import type { DemoOptions } from './options';
import type { PxPlugin } from './pxPlugin';
import type { Screen } from './screen';

/** What every step of the demonstration has at hand. */
export interface Stage {
  cast: Cast;
  cli: PxPlugin;
  screen: Screen;
  observations: Observations;
  options: Pick<DemoOptions, 'isReviewedByHand'>;
  /** Address of the pages, ending with a slash. */
  web: string;
  signal: AbortSignal;
}
