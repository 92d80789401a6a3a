import { useState } from 'react';
import { shortDigest } from '../format/words';
import { Icon } from './Icon';

/** A digest or fingerprint, shortened for reading; the button copies all of it. */
export function Digest({ value, name }: { value: string; name: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    // Absent on plain http addresses other than localhost; the title still shows the whole value.
    await navigator.clipboard?.writeText(value);
    setCopied(navigator.clipboard !== undefined);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <code title={value} className="truncate font-mono text-[0.8125rem]">
        {shortDigest(value)}
      </code>
      <button
        type="button"
        onClick={() => void copy()}
        aria-label={`Copy the ${name}`}
        className="rounded p-1 text-muted hover:bg-well hover:text-ink"
      >
        <Icon name={isCopied ? 'check' : 'copy'} size={14} />
      </button>
      <span role="status" className="sr-only">
        {isCopied ? `${name} copied` : ''}
      </span>
    </span>
  );
}
