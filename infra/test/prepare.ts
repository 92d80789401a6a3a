import { buildAll } from '../build/build';
import { progressFor } from '../terminal/progress';
import { tools, type ToolName } from '../tools/catalogue';
import { ensureTool } from '../tools/install';
import type { Kind } from './plan';

/** Trial installations run contained only, and there is no containment but Linux's. */
const containment: readonly ToolName[] = process.platform === 'linux' ? ['bubblewrap'] : [];

/** What each kind needs before its first test, so that nothing is installed under a test's deadline. */
const NEEDED_TOOLS: Record<Kind, readonly ToolName[]> = {
  unit: [],
  workflow: ['temporal-test-server'],
  integration: ['temporal-cli', 'fake-gcs-server', ...containment],
  e2e: ['temporal-cli', ...containment],
  browser: ['temporal-cli', 'chromium'],
  long: ['temporal-cli', ...containment],
};

/** Installs the tools and builds the programs that these kinds of tests need. */
export async function prepare(kinds: readonly Kind[]): Promise<void> {
  const progress = progressFor();
  const names = new Set(kinds.flatMap((kind) => NEEDED_TOOLS[kind]));
  await progress.steps(
    [...names].map((name) => ({
      title: tools[name].title,
      run: async (say: (text: string) => void) => {
        const found = await ensureTool(name, say);
        // Tests find the browser where this command found it.
        if (name === 'chromium') process.env.SPILLWAY_CHROMIUM = found.path;
        return `${tools[name].title} ${found.version} · ${found.origin}`;
      },
    })),
  );
  if (kinds.some((kind) => kind !== 'unit')) await buildAll(progress);
}
