import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseStackConfig, type StackConfig } from '../stack/config';

/** What the demonstration is asked to do; read once in `main`. */
export interface DemoOptions {
  stack: StackConfig;
  /** Wait for a person at the console instead of deciding through the API. */
  isReviewedByHand: boolean;
  /** Stop the stack afterwards; the status then tells whether everything was observed. */
  exits: boolean;
  /** What `px-plugin init --from` takes, the plugin that is shown live first. */
  plugins: readonly string[];
  /** A newer version of the first plugin: it gets the planted fault. */
  upgrade: string;
  /** Settings of the user that the command line needs: search path, home, terminal, npm's own. */
  cliEnv: NodeJS.ProcessEnv;
}

export const USAGE = `npm run demo -- [--review-by-hand] [--exit] [--fresh] [--state <folder>]
                [--plugins <source,source,…>] [--upgrade <source>]

  --review-by-hand  wait until you have decided each review in the browser
  --exit            stop everything at the end: status 0 if all was observed, else 1
  --fresh           empty the state folder first; without it, releases that are there are kept and shown
  --state           folder that keeps all state (default .spillway; setting SPILLWAY_STATE_DIR)
  --plugins         npm packages or folders to release (default: three packages of npm)
  --upgrade         newer version of the first of them, released with a planted fault

Ctrl-C stops everything. docs/operations.md lists the settings.`;

const PLUGINS = 'obsidian-dataview@0.5.67,n8n-nodes-mcp@0.1.37,joplin-plugin-backup@1.5.1';
const UPGRADE = 'obsidian-dataview@0.5.68';

const FOR_CLI =
  /^(PATH|HOME|USER|LANG|LC_ALL|TMPDIR|TZ|TERM|COLORTERM|NO_COLOR|CI|XDG_\w+|PX_CACHE_DIR|NODE_EXTRA_CA_CERTS|(https?|no|all)_proxy|npm_config_\w+)$/i;

/**
 * Reads arguments and environment once; undefined when only help was asked for.
 * @throws TypeError for an argument that is not known, InfraFailure for a setting that is wrong
 */
export function parseDemoOptions(args: string[], env: NodeJS.ProcessEnv): DemoOptions | undefined {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      'review-by-hand': flag,
      exit: flag,
      fresh: flag,
      help: flag,
      state: { type: 'string' },
      plugins: { type: 'string', default: PLUGINS },
      upgrade: { type: 'string', default: UPGRADE },
    },
  });
  if (values.help) return undefined;
  return {
    stack: parseStackConfig({ state: values.state, fresh: values.fresh }, env),
    isReviewedByHand: values['review-by-hand'],
    exits: values.exit,
    plugins: values.plugins
      .split(',')
      .filter((each) => each !== '')
      .map(toSource),
    upgrade: toSource(values.upgrade),
    cliEnv: Object.fromEntries(Object.entries(env).filter(([name]) => FOR_CLI.test(name))),
  };
}

/** A folder is meant from where the command was started; anything else is the name of a package. */
const toSource = (given: string): string => (existsSync(path.resolve(given)) ? path.resolve(given) : given);
