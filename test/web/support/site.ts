import type { ServerResponse } from 'node:http';
import { linksSchema } from '../../../contracts/operations/links';
import { releasePageSchema } from '../../../contracts/releases/release';
import { reviewPageSchema, type QueueEntry } from '../../../contracts/reviews/queue';
import { whoamiSchema } from '../../../contracts/identity/identities';
import { timelineEventSchema, type TimelineEvent } from '../../../contracts/releases/timeline';
import { reviewDecisionSchema } from '../../../contracts/reviews/review';
import { refusal, type Refusal } from '../../../core/errors/errors';
import { openFakeServer, type Exchange } from '../../support/fakes/server';
import { people, reviewDetail } from './fixtures';
import { serveFile } from './pages';
import type { Story } from './stories';

type Decide = (body: unknown) => Refusal | undefined;

/** What the server knows; tests change it while pages are open. */
export interface World {
  stories: Story[];
  reviews: QueueEntry[];
  person: keyof typeof people;
  /** Applies a decision that matched its schema, or refuses it. */
  decide: Decide;
}

export interface Site {
  origin: string;
  world: World;
  /** Appends a line to a release's timeline and sends it to who is watching. */
  push(story: Story, line: Omit<TimelineEvent, 'seq' | 'at'>): void;
  /** Breaks every open stream, as a restart of the server does. */
  cutStreams(): void;
  /** What was asked, as `METHOD path`. */
  asked: string[];
  /** The `Last-Event-ID` of every stream that was opened. */
  resumedFrom: (string | undefined)[];
  decisions: unknown[];
  close(): Promise<void>;
}

export const TOKEN = 'px_test_token_of_a_person';

/** Serves the built pages and an API with replies of the contracts, streams included. */
export async function openSite(pages: string, given: Partial<World> = {}): Promise<Site> {
  const world: World = { stories: [], reviews: [], person: 'reviewer', decide: () => undefined, ...given };
  const streams = new Map<ServerResponse, Story>();
  const record = {
    asked: [] as string[],
    resumedFrom: [] as (string | undefined)[],
    decisions: [] as unknown[],
  };
  const api = { world, streams, record };
  const server = await openFakeServer(TOKEN, (exchange) => answer(exchange, pages, api));
  return {
    origin: server.url,
    world,
    ...record,
    push(story, line) {
      const event = timelineEventSchema.parse({
        ...line,
        seq: story.events.length + 1,
        at: new Date().toISOString(),
      });
      story.events.push(event);
      for (const [reply, watched] of streams) if (watched === story) writeEvent(reply, event);
    },
    cutStreams: () => streams.forEach((_, reply) => reply.destroy()),
    close: () => server.close(),
  };
}

interface Api {
  world: World;
  streams: Map<ServerResponse, Story>;
  record: Pick<Site, 'asked' | 'resumedFrom' | 'decisions'>;
}

async function answer(exchange: Exchange, pages: string, api: Api): Promise<void> {
  const { path, method, response, json, refuse } = exchange;
  if (!path.startsWith('/api/')) return serveFile(pages, path, response);
  api.record.asked.push(`${method} ${path}`);
  if (!exchange.isAuthorised)
    return refuse(refusal('TOKEN_INVALID', 'The token is not known, or it was withdrawn.'));
  const parts = path.split('/').map(decodeURIComponent).slice(2);
  if (path === '/api/links') return json(linksSchema.parse({ temporalUi: '/temporal', docs: '/docs' }));
  const [, kind, id, tail] = parts;
  if (kind === 'whoami') return json(whoamiSchema.parse(people[api.world.person]));
  if (kind === 'releases') return releases(exchange, api, id, tail);
  if (kind === 'reviews' && tail === 'package') return void response.writeHead(200).end(`package of ${id}`);
  if (kind === 'reviews') return reviews(exchange, api.world, id);
  if (kind === 'plugins' && tail === 'review') return decision(exchange, api);
  refuse(refusal('ROUTE_NOT_FOUND', `There is nothing at ${path}.`));
}

function releases(exchange: Exchange, api: Api, id?: string, tail?: string): void {
  const { stories } = api.world;
  if (id === undefined) {
    const all = stories.map((story) => story.release);
    return exchange.json(releasePageSchema.parse({ releases: all, next: null }));
  }
  const story = stories.find((each) => each.release.publishId === id);
  if (!story) return exchange.refuse(refusal('RELEASE_NOT_FOUND', `There is no release ${id}.`));
  if (tail === 'events') return stream(exchange, api, story);
  exchange.json(story.release);
}

function stream({ request, response: reply }: Exchange, api: Api, story: Story): void {
  const from = request.headers['last-event-id']?.toString();
  api.record.resumedFrom.push(from);
  reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
  reply.write(': hello\n\n');
  // One line more than was asked for, as a retried delivery does: pages must not show it twice.
  for (const event of story.events) if (event.seq >= Number(from ?? 0)) writeEvent(reply, event);
  if (['completed', 'rolled_back', 'rejected'].includes(story.release.state)) {
    reply.end('event: end\ndata: {}\n\n');
    return;
  }
  api.streams.set(reply, story);
  reply.on('close', () => api.streams.delete(reply));
}

function writeEvent(reply: ServerResponse, event: TimelineEvent): void {
  reply.write(`id: ${event.seq}\nevent: timeline\ndata: ${JSON.stringify(event)}\n\n`);
}

function reviews({ json, refuse }: Exchange, { reviews: all, stories }: World, id?: string): void {
  if (id === undefined) {
    const open = all.filter((review) => review.state === 'open');
    return json(reviewPageSchema.parse({ reviews: open, next: null }));
  }
  const review = all.find((each) => each.reviewQueueId === id);
  const story = stories.find((each) => each.release.publishId === review?.publishId);
  if (!review || !story) return refuse(refusal('NOT_FOUND', `There is no review ${id}.`));
  json(reviewDetail(review, story.release));
}

async function decision({ readBytes, json, refuse }: Exchange, api: Api): Promise<void> {
  const body = reviewDecisionSchema.parse(JSON.parse(String(await readBytes())));
  api.record.decisions.push(body);
  const refused = api.world.decide(body);
  if (refused) return refuse(refused);
  json({ decision: body.decision, reviewer: people.reviewer.id, state: 'approved' });
}
