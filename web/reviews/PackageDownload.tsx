import { useMutation } from '@tanstack/react-query';
import { fillPath, paths } from '../../contracts/paths';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { send } from '../http/request';
import { button } from '../ui/button';
import { Icon } from '../ui/Icon';
import { ProblemNote } from '../ui/ProblemNote';

/**
 * Saves the package that the decision is about. The address wants this tab's token, which must not stand in
 * a link, so the bytes are fetched and then handed to the browser as a file.
 */
export function PackageDownload({ review }: { review: QueueEntry }) {
  const download = useMutation({ mutationFn: () => savePackage(review) });
  return (
    <div className="mt-4 grid gap-3">
      <button
        type="button"
        className={`${button.plain} justify-self-start`}
        disabled={download.isPending}
        onClick={() => download.mutate()}
      >
        <Icon name="install" />
        {download.isPending ? 'Downloading…' : 'Download the package'}
      </button>
      {download.isError && <ProblemNote problem={download.error} />}
    </div>
  );
}

async function savePackage({ reviewQueueId, pluginId, version }: QueueEntry): Promise<void> {
  const reply = await send(fillPath(paths.reviewPackage, { reviewQueueId }));
  const address = URL.createObjectURL(await reply.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `${pluginId}-${version}.pxp`;
  link.click();
  URL.revokeObjectURL(address);
}
