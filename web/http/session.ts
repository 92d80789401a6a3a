import { useSyncExternalStore } from 'react';

const KEY = 'spillway.token';
const listeners = new Set<() => void>();

/**
 * Takes `#token=…` out of the address, before anything is drawn: the token moves to this tab's
 * session storage and leaves the address bar and the history, where it could be seen or copied.
 */
export function takeTokenFromAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!given) return;
  sessionStorage.setItem(KEY, given);
  history.replaceState(history.state, '', location.pathname + location.search);
}

export const currentToken = (): string | null => sessionStorage.getItem(KEY);

export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token);
  notifyListeners();
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
  notifyListeners();
}

/** The token of this tab, or null; components that use it render again when it changes. */
export function useToken(): string | null {
  return useSyncExternalStore(subscribe, currentToken);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notifyListeners(): void {
  for (const listener of listeners) listener();
}
