import { Link, useLocation } from 'wouter';
import { useWhoami } from '../identity/queries';
import { useLinks } from '../operations/queries';
import { signOut, useToken } from '../http/session';
import { Icon } from '../ui/Icon';

export function Header() {
  return (
    <header className="border-b border-line bg-card">
      <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 sm:px-6">
        <Link href="/releases" className="flex items-center gap-2 text-lg font-bold tracking-tight">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          Spillway
        </Link>
        <Navigation />
        <Identity />
      </div>
    </header>
  );
}

/** The pages first, then links to other tools that the server knows. */
function Navigation() {
  const isSignedIn = useToken() !== null;
  const links = useLinks(isSignedIn);
  const whoami = useWhoami(isSignedIn);
  if (!isSignedIn) return null;
  return (
    <nav aria-label="Main" className="order-last flex w-full flex-wrap sm:order-none sm:gap-1 sm:w-auto">
      <Tab href="/releases">Releases</Tab>
      {whoami.data?.scopes.includes('review:read') && <Tab href="/reviews">Reviews</Tab>}
      {links.data && <Outside href={links.data.docs}>API docs</Outside>}
      {links.data?.temporalUi && <Outside href={links.data.temporalUi}>Temporal UI</Outside>}
    </nav>
  );
}

const tab =
  'inline-flex items-center gap-1 rounded-lg px-2 py-1.5 text-[0.8125rem] font-medium hover:bg-well sm:px-2.5 sm:text-sm';

function Tab({ href, children }: { href: string; children: string }) {
  const [location] = useLocation();
  const isHere = location === href || location.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={isHere ? 'page' : undefined}
      className={`${tab} ${isHere ? 'bg-accent-soft text-accent' : 'text-muted'}`}
    >
      {children}
    </Link>
  );
}

function Outside({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={`${tab} text-muted`}>
      {children}
      <span className="hidden sm:inline">
        <Icon name="out" size={13} />
      </span>
      <span className="sr-only">(opens a new tab)</span>
    </a>
  );
}

function Identity() {
  const isSignedIn = useToken() !== null;
  const { data } = useWhoami(isSignedIn);
  if (!isSignedIn) return null;
  return (
    <div className="ml-auto flex min-w-0 items-center gap-3 text-sm">
      {data && (
        <span className="truncate">
          <span className="text-muted">{data.kind}</span> <strong>{data.id}</strong>
        </span>
      )}
      <button type="button" onClick={signOut} className="rounded-lg px-2 py-1 text-accent hover:bg-well">
        Sign out
      </button>
    </div>
  );
}
