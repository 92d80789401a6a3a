import { z } from 'zod';
import { limits } from '../../core/limits';
import { channelSchema } from '../plugin';
import { batchSchema, rolloutInputSchema, tenantListSchema, type RolloutInput } from './rolloutInput';

/** What publish.yml says of a rollout; `batches` and `stages` take all three forms of a batch. */
const rolloutSchema = rolloutInputSchema.omit({ tenants: true });

/** A plain name is short for an entry; not a union, so that problems keep their exact path. */
const channelEntrySchema = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z.strictObject({ name: channelSchema, rollout: rolloutSchema.optional() }),
);

/**
 * Who may have the version. `tenants` with `enabled` is the older way to write an allow list;
 * deny beats allow (core/rollouts/cohort.ts).
 */
const tenantFiltersSchema = z.strictObject({
  enabled: z.boolean().default(true),
  tenants: tenantListSchema.optional(),
  allow: tenantListSchema.optional(),
  deny: tenantListSchema.optional(),
});

/** publish.yml: how a plugin is released. A key that is not known is refused, never ignored. */
export const publishYmlSchema = z.strictObject({
  channels: z.array(channelEntrySchema).min(1).max(limits.channels).optional(),
  rollout: rolloutSchema.optional(),
  batches: z.array(batchSchema).max(limits.stages).optional(),
  tenantFilters: tenantFiltersSchema.optional(),
});
export type PublishYml = z.infer<typeof publishYmlSchema>;

/** The channel that is published to when no flag names one: the first of the file, else `stable`. */
export const defaultChannel = (file: PublishYml): string => file.channels?.[0]?.name ?? 'stable';

/** The rollout of a channel: its own, else that of the file; undefined leaves the choice to the platform. */
export function rolloutFor(file: PublishYml, channel: string): RolloutInput | undefined {
  const own = file.channels?.find((each) => each.name === channel)?.rollout;
  const common = file.rollout ?? (file.batches ? { batches: file.batches } : undefined);
  const tenants = readTenants(file.tenantFilters);
  const rollout = own ?? common;
  if (!rollout && !tenants) return undefined;
  return { ...rollout, ...(tenants ? { tenants } : {}) };
}

function readTenants(filters: PublishYml['tenantFilters']): RolloutInput['tenants'] {
  if (!filters?.enabled) return undefined;
  return { allow: [...(filters.allow ?? []), ...(filters.tenants ?? [])], deny: filters.deny ?? [] };
}
