import { request, type Dispatcher } from 'undici';
import { Refusal } from '../../core/errors/errors';
import { catalogue } from '../../core/errors/catalogue';
import { checkPublishing } from '../../core/access';
import { checkSigningKey, findKey, type KeyLifetime } from '../../core/identity/keys';
import { readinessSchema, type Readiness } from '../../contracts/readiness';
import type { Whoami } from '../../contracts/identity/identities';
import { MAX_REFUSAL_BYTES, readAnswer } from '../../sdk/http/answers';
import { createClient } from '../../sdk/client';
import type { CliConfig } from '../config';
import { openNetwork } from '../network';
import { settings } from '../settings';
import { toMessage } from '../terminal/problems';
import { missing, present, type Finding } from './finding';

/** The components of the marketplace, as its /readyz names them. */
const BEHIND: readonly (readonly [name: string, component: string])[] = [
  ['postgres', 'PostgreSQL'],
  ['temporal', 'Temporal server'],
  ['objects', 'object store'],
];

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 5_000;

export interface MarketplaceQuestion {
  /** Address of a stack on this machine, to say what the missing setting could be. */
  hint: string | undefined;
  /** Of the key that would sign; undefined when there is none. */
  fingerprint: string | undefined;
  now: Date;
}

/**
 * What can be seen of the marketplace from here: whether it answers, what it needs itself, and
 * whether the token is one that may publish.
 *
 */
export async function checkMarketplace(
  config: CliConfig,
  { hint, fingerprint, now }: MarketplaceQuestion,
): Promise<Finding[]> {
  const needed = { needed: true };
  if (config.apiUrl === undefined) {
    const next = hint === undefined ? `Set ${settings.apiUrl}.` : `Set ${settings.apiUrl}=${hint}`;
    return [missing('marketplace API', 'not set', next, needed)];
  }
  const dispatcher = openNetwork(config.network);
  const readiness = await askReadiness(config.apiUrl, dispatcher);
  if (typeof readiness === 'string') {
    const next = `Check ${settings.apiUrl}, or start the stack: npm start (${readiness}).`;
    return [missing('marketplace API', config.apiUrl, next, needed)];
  }
  return [
    present('marketplace API', config.apiUrl, needed),
    ...BEHIND.map(([name, component]) => checkComponent(config.apiUrl ?? '', readiness, name, component)),
    ...(await checkAccount(config.apiUrl, config.token, { dispatcher, fingerprint, now })),
  ];
}

function checkComponent(apiUrl: string, readiness: Readiness, name: string, component: string): Finding {
  const origin = `behind ${apiUrl}`;
  if (readiness.components[name]?.ready) return present(component, origin, { needed: true });
  const next = 'Read its log file under .spillway/logs, or ask the operators of the marketplace.';
  return missing(component, origin, next, { needed: true });
}

async function askReadiness(apiUrl: string, dispatcher: Dispatcher | undefined): Promise<Readiness | string> {
  try {
    const url = `${apiUrl.replace(/\/+$/, '')}/readyz`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await request(url, { signal, ...(dispatcher ? { dispatcher } : {}) });
    const text = await readAnswer(answer.body, { method: 'GET', path: '/readyz' }, MAX_REFUSAL_BYTES);
    const parsed = readinessSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : 'the server at that address is not a marketplace';
  } catch (error) {
    return toMessage(error);
  }
}

/** A token that the marketplace knows, and whether it does for publishing. */
export function judgeToken(subject: Whoami): Finding {
  const { kind, id, scopes } = subject;
  const origin = `${kind} ${id}, may use ${scopes.join(', ') || 'nothing'}`;
  const problems = checkPublishing(subject);
  if (problems.length === 0) return present('token', origin, { needed: true });
  const why = problems.map((each) => each.detail).join(' ');
  return missing('token', origin, `Set ${settings.token} to the token of a publisher (${why})`, {
    needed: true,
  });
}

/** Whether the token is one that may publish, and whether the key is registered to its publisher. */
async function checkAccount(
  apiUrl: string,
  token: string | undefined,
  {
    dispatcher,
    fingerprint,
    now,
  }: Omit<MarketplaceQuestion, 'hint'> & { dispatcher: Dispatcher | undefined },
): Promise<Finding[]> {
  const needed = { needed: true };
  if (token === undefined) return [missing('token', 'not set', `Set ${settings.token}.`, needed)];
  const client = createClient({
    ...{ baseUrl: apiUrl, token, retries: 0, timeoutMs: TIMEOUT_MS },
    ...(dispatcher ? { dispatcher } : {}),
  });
  try {
    const subject = await client.identity.whoami();
    const found = judgeToken(subject);
    if (!found.there || fingerprint === undefined) return [found];
    const { keys } = await client.keys.list();
    return [found, judgeKey(keys, { fingerprint, publisherId: subject.id }, now)];
  } catch (error) {
    const why = error instanceof Refusal ? error.code : toMessage(error);
    return [missing('token', 'refused', `Ask the operators for a new token (${why}).`, needed)];
  }
}

/** Whether the marketplace accepts what the key on this machine signs. */
export function judgeKey(
  keys: readonly (KeyLifetime & { fingerprint: string })[],
  signs: { fingerprint: string; publisherId: string },
  now: Date,
): Finding {
  const origin = `of ${signs.publisherId}`;
  const [found] = checkSigningKey(findKey(keys, signs.fingerprint), signs, now);
  if (found === undefined) return present('registered key', origin, { needed: true });
  const next = `${catalogue[found.code].next} (${found.detail})`;
  return missing('registered key', origin, next, { needed: true });
}
