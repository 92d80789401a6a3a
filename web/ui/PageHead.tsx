import { useEffect, useRef, type ReactNode } from 'react';
import { usePageTitle } from './usePageTitle';

interface PageHeadProps {
  title: string;
  /** The tab's title where it says more than the heading. */
  tabTitle?: string;
  lead?: ReactNode;
  aside?: ReactNode;
}

let isFirstPage = true;

/** The heading of a page. After navigation it takes the focus, as a loaded document would. */
export function PageHead({ title, tabTitle = title, lead, aside }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(tabTitle);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus();
    isFirstPage = false;
  }, []);
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold tracking-tight break-words">
          {title}
        </h1>
        {lead && <div className="mt-2 text-muted">{lead}</div>}
      </div>
      {aside}
    </div>
  );
}
