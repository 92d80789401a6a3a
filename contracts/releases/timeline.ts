import { z } from 'zod';
import { releaseStates } from '../../core/releases/state';
import { timelineKinds } from '../../core/releases/timeline';

/** One entry of a release's timeline; `seq` counts from 1 without gaps within the release. */
export const timelineEventSchema = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  kind: z.enum(timelineKinds),
  /** A sentence for people; programs read `kind` and `data`. */
  text: z.string(),
  actor: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

/** `?after=<seq>` of a timeline; a `Last-Event-ID` header counts before it. */
export const timelineQuerySchema = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** `next` is the `after` of the next call. */
export const timelinePageSchema = z.object({
  events: z.array(timelineEventSchema),
  next: z.number().int(),
  state: z.enum(releaseStates),
});
export type TimelinePage = z.infer<typeof timelinePageSchema>;
