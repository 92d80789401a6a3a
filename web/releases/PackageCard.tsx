import type { ReactNode } from 'react';
import type { ReleaseView } from '../../contracts/releases/view';
import { formatBytes } from '../format/words';
import { Card, Fact, Facts } from '../ui/Card';
import { Digest } from '../ui/Digest';
import { Permissions } from '../ui/Permissions';

/** What was signed and by which key, with the notes and permissions of the manifest. */
export function PackageCard({ release, children }: { release: ReleaseView; children?: ReactNode }) {
  const { packageSha256, packageBytes, manifestDigest, signedBy, permissions, notes, publishId } = release;
  return (
    <Card title="Package">
      <Facts>
        <Fact name="Size">{formatBytes(packageBytes)}</Fact>
        <Fact name="Package SHA-256">
          <Digest value={packageSha256} name="package digest" />
        </Fact>
        <Fact name="Signed digest (integrity.txt)">
          <Digest value={manifestDigest} name="signed digest" />
        </Fact>
        <Fact name="Signing key">
          {signedBy ? <Digest value={signedBy} name="fingerprint of the signing key" /> : 'Not signed'}
        </Fact>
        <Fact name="Permissions">
          <Permissions permissions={permissions} />
        </Fact>
        <Fact name="Publish id">
          <code className="font-mono text-[0.8125rem] break-all">{publishId}</code>
        </Fact>
        <Fact name="Release notes">
          <Notes notes={notes} />
        </Fact>
      </Facts>
      {children}
    </Card>
  );
}

/** As the publisher wrote them: as text, never as markup, because they are untrusted. */
function Notes({ notes }: { notes: string }) {
  return (
    <div
      role="region"
      aria-label="Release notes"
      tabIndex={0}
      className="mt-1 max-h-64 overflow-y-auto rounded-lg bg-well p-3 text-sm break-words whitespace-pre-wrap"
    >
      {notes}
    </div>
  );
}
