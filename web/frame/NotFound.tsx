import { Link } from 'wouter';
import { Empty } from '../ui/Blank';
import { PageHead } from '../ui/PageHead';

export function NotFound() {
  return (
    <>
      <PageHead title="There is no such page" />
      <Empty icon="eye" title="Nothing is at this address.">
        Look for the release in the{' '}
        <Link href="/releases" className="text-accent underline">
          list of releases
        </Link>
        .
      </Empty>
    </>
  );
}
