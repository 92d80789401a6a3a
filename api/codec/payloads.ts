import { temporal } from '@temporalio/proto';
import { z } from 'zod';
import { recordOf } from '../../contracts/bounds';
import { refusal } from '../../core/errors/errors';

const { Payload } = temporal.api.common.v1;
type Payload = temporal.api.common.v1.IPayload;

const LONGEST_BASE64 = 4 * 1024 * 1024;
const base64 = z.string().max(LONGEST_BASE64);

/** Payloads as Temporal's UI and command line send them: JSON of the protocol, bytes in base64. */
const bodySchema = z.object({
  payloads: z
    .array(
      z.object({
        metadata: recordOf(z.string().max(128), base64, 32).default({}),
        data: base64.default(''),
      }),
    )
    .max(10_000),
});

/** @throws Refusal with BODY_INVALID */
export function parsePayloads(body: unknown): Payload[] {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw refusal('BODY_INVALID', z.prettifyError(parsed.error), '/payloads');
  return parsed.data.payloads.map((payload) => Payload.fromObject(payload));
}

/** A payload as JSON of the protocol. */
export const showPayload = (payload: Payload): object =>
  Payload.toObject(Payload.fromObject(payload), { bytes: String });
