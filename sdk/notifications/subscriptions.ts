import type { z } from 'zod';
import { subscriptionListSchema, subscriptionSchema } from '../../contracts/notifications/subscriptions';
import { fillPath, tenantPaths } from '../../contracts/paths';
import { dropAnswer } from '../http/answers';
import type { Transport } from '../http/transport';

/** Subscribes a tenant to plugins. */
export const subscriptionsClient = (transport: Transport) => {
  const toPath = (pluginId: string): string =>
    transport.tenantPath(fillPath(tenantPaths.subscription, { pluginId }));
  return {
    list: () =>
      transport.json(
        { method: 'GET', path: transport.tenantPath(tenantPaths.subscriptions) },
        subscriptionListSchema,
      ),

    /** Subscribes to a plugin, or changes the subscription. */
    subscribe: (pluginId: string, body: z.input<typeof subscriptionSchema> = {}) =>
      transport.json({ method: 'PUT', path: toPath(pluginId), body }, subscriptionSchema),

    async unsubscribe(pluginId: string): Promise<void> {
      const reply = await transport.open({ method: 'DELETE', path: toPath(pluginId) });
      await dropAnswer(reply.body);
    },
  };
};
