import type { ReactNode } from 'react';
import { ApiProblem } from '../http/problems';
import { useWhoami } from '../identity/queries';
import { useToken } from '../http/session';
import { Loading } from '../ui/Blank';
import { ProblemNote } from '../ui/ProblemNote';
import { Header } from './Header';
import { SignIn } from '../identity/SignIn';

/** Header and main part of every page; people who are not signed in see the sign-in form instead. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:m-2 focus:rounded focus:bg-card focus:px-4 focus:py-2"
      >
        Skip to content
      </a>
      <Header />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none sm:px-6 sm:py-8"
      >
        <Guarded>{children}</Guarded>
      </main>
      <footer className="mx-auto w-full max-w-6xl px-4 py-6 text-xs text-muted sm:px-6">
        Spillway: from publish to every tenant, and back when something goes wrong.
      </footer>
    </div>
  );
}

function Guarded({ children }: { children: ReactNode }) {
  const token = useToken();
  const whoami = useWhoami(token !== null);
  if (token === null) return <SignIn />;
  if (whoami.isPending) return <Loading label="Signing in" />;
  if (!whoami.isError) return children;
  const { error } = whoami;
  if (error instanceof ApiProblem && error.document.status === 401) return <SignIn problem={error} />;
  return <ProblemNote problem={error} onRetry={() => void whoami.refetch()} />;
}
