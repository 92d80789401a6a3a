import { useReleases } from './queries';
import { Empty, Loading } from '../ui/Blank';
import { button } from '../ui/button';
import { PageHead } from '../ui/PageHead';
import { ProblemNote } from '../ui/ProblemNote';
import { ReleaseTable } from './ReleaseTable';

export function ReleasesPage() {
  const releases = useReleases();
  const all = releases.data?.pages.flatMap((page) => page.releases) ?? [];
  return (
    <>
      <PageHead title="Releases" lead="All submitted versions, newest first." />
      {releases.isPending && <Loading label="Loading the releases" />}
      {releases.isError && <ProblemNote problem={releases.error} onRetry={() => void releases.refetch()} />}
      {releases.isSuccess && all.length === 0 && (
        <Empty icon="stairs" title="No releases yet">
          The first one appears here as soon as someone runs <code>px-plugin publish</code>.
        </Empty>
      )}
      {all.length > 0 && <ReleaseTable releases={all} />}
      {releases.hasNextPage && (
        <button
          type="button"
          className={`${button.plain} mt-4`}
          disabled={releases.isFetchingNextPage}
          onClick={() => void releases.fetchNextPage()}
        >
          Show older releases
        </button>
      )}
    </>
  );
}
