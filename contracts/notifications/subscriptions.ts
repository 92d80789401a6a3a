import { z } from 'zod';
import { limits } from '../../core/limits';
import { channelSchema, pluginIdSchema } from '../plugin';

/** `PUT /api/v1/subscriptions/{pluginId}`. */
export const subscriptionSchema = z.strictObject({
  channel: channelSchema.default('stable'),
  autoUpgrade: z.boolean().default(true),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

const ownSubscriptionSchema = z.object({ pluginId: pluginIdSchema, ...subscriptionSchema.shape });
export const subscriptionListSchema = z.object({
  subscriptions: z.array(ownSubscriptionSchema).max(limits.list),
});
export type SubscriptionList = z.infer<typeof subscriptionListSchema>;
