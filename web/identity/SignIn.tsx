import { useState, type FormEvent } from 'react';
import { signIn } from '../http/session';
import { button, field } from '../ui/button';
import { PageHead } from '../ui/PageHead';
import { ProblemNote } from '../ui/ProblemNote';

/** Sign in by token; it is kept in this tab and is gone when the tab closes. */
export function SignIn({ problem }: { problem?: unknown }) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim()) signIn(token.trim());
  };
  return (
    <div className="mx-auto max-w-md py-6 sm:py-12">
      <PageHead
        title="Sign in"
        lead="Enter the token that you were given by the operators. It is kept in this tab only."
      />
      {problem !== undefined && (
        <div className="mb-4">
          <ProblemNote problem={problem} />
        </div>
      )}
      <form onSubmit={submit} className="grid gap-4 rounded-xl border border-line bg-card p-5 shadow-xs">
        <label className="grid gap-1.5">
          <span className="text-sm font-semibold">Token</span>
          <input
            className={`${field} font-mono`}
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
            required
          />
        </label>
        <button type="submit" className={button.primary}>
          Sign in
        </button>
      </form>
    </div>
  );
}
