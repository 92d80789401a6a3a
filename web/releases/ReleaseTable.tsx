import { Link } from 'wouter';
import type { ReleaseSummary } from '../../contracts/releases/release';
import { releaseHref } from '../ui/addresses';
import { Badge } from '../ui/Badge';
import { StateBadge } from './StateBadge';
import { RelativeTime } from '../ui/Time';

const head = 'px-4 py-2.5 text-left text-xs font-semibold text-muted';
/** What a phone has no room for; it is on the release's own page. */
const wide = 'hidden sm:table-cell';

export function ReleaseTable({ releases }: { releases: ReleaseSummary[] }) {
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-card shadow-xs">
      <table className="w-full border-collapse">
        <caption className="sr-only">Releases, newest first</caption>
        <thead className="border-b border-line bg-well">
          <tr>
            <th scope="col" className={head}>
              Plugin
            </th>
            <th scope="col" className={head}>
              State
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              Channel
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              Publisher
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              Submitted
            </th>
          </tr>
        </thead>
        <tbody>
          {releases.map((release) => (
            <Row key={release.publishId} release={release} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ release }: { release: ReleaseSummary }) {
  return (
    <tr className="border-b border-line last:border-0 hover:bg-well">
      <th scope="row" className="px-4 py-3 text-left font-normal">
        <Link href={releaseHref(release.publishId)} className="group block min-w-0">
          <span className="font-semibold break-words text-accent group-hover:underline">{release.name}</span>{' '}
          <span className="whitespace-nowrap">{release.version}</span>
          <span className="block text-xs break-all text-muted">{release.pluginId}</span>
        </Link>
      </th>
      <td className="px-4 py-3">
        <StateBadge state={release.state} />
      </td>
      <td className={`px-4 py-3 ${wide}`}>
        <Badge>{release.channel}</Badge>
      </td>
      <td className={`px-4 py-3 ${wide}`}>{release.publisherId}</td>
      <td className={`px-4 py-3 text-sm text-muted ${wide}`}>
        <RelativeTime at={release.submittedAt} />
      </td>
    </tr>
  );
}
