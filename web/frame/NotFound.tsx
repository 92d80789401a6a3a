import { Link } from 'wouter';
import { Empty } from '../ui/Blank';
import { PageHead } from '../ui/PageHead';

export function NotFound() {
  return (
    <>
      <PageHead title="Page not found" />
      <Empty icon="eye" title="There is nothing at this address.">
        Find the release in the{' '}
        <Link href="/releases" className="text-accent underline">
          list of releases
        </Link>
        .
      </Empty>
    </>
  );
}
