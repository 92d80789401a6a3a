import { NativeConnection, Worker } from '@temporalio/worker';
import type { Submission } from '../contracts/releases/messages';
import type { Receipt } from '../contracts/releases/publish';
import { createReceipt } from '../test/support/builders/submission';

export const NOOP_QUEUE = 'bench-noop';

/** A receipt like any other, at once. */
export const noop = async (submission: Submission): Promise<Receipt> => createReceipt(submission);

/** A worker for the no-op workflow, in a process of its own as the product's is: `<address> <namespace>`. */
async function main([address, namespace]: readonly string[]): Promise<void> {
  const connection = await NativeConnection.connect({ address: address ?? '' });
  const worker = await Worker.create({
    connection,
    namespace: namespace ?? '',
    taskQueue: NOOP_QUEUE,
    workflowsPath: require.resolve('./noopWorkflow'),
    activities: { noop },
  });
  process.stdout.write('ready\n');
  await worker.run();
}

if (require.main === module) void main(process.argv.slice(2));
