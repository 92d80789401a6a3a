import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, lineText, moment, recordOf, text } from '../bounds';
import { releaseStates } from '../../core/releases/state';
import { timelineKinds } from '../../core/releases/timeline';

/** One entry of a release's timeline; `seq` counts from 1 without gaps within the release. */
export const timelineEventSchema = z.object({
  seq: count,
  at: moment,
  kind: z.enum(timelineKinds),
  /** A sentence for people; programs read `kind` and `data`. */
  text: text(limits.releaseNotes),
  actor: lineText,
  data: recordOf(lineText, z.unknown(), 100),
});
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

/** `?after=<seq>` of a timeline; a `Last-Event-ID` header counts before it. */
export const timelineQuerySchema = z.object({
  after: z.coerce.number().int().min(0).max(limits.count).default(0),
});

/** `next` is the `after` of the next call. */
export const timelinePageSchema = z.object({
  events: z.array(timelineEventSchema).max(limits.details),
  next: count,
  state: z.enum(releaseStates),
});
export type TimelinePage = z.infer<typeof timelinePageSchema>;
