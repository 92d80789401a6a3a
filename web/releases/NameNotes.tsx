import type { ReleaseView } from '../../contracts/releases/view';
import { describeNameFinding } from '../../core/releases/nameFindings';
import { Banner } from './Banner';

/** What a reviewer should know of the plugin's name. Nothing is refused by it: a person decides. */
export function NameNotes({ release }: { release: Pick<ReleaseView, 'pluginId' | 'nameFindings'> }) {
  const { pluginId, nameFindings } = release;
  if (nameFindings.length === 0) return null;
  return (
    <Banner tone="warn" icon="eye" title="Look at the name" label="Name of the plugin">
      <ul className="grid gap-1">
        {nameFindings.map((each) => (
          <li key={`${each.kind} ${each.resembles}`} className="min-w-0 break-words">
            {describeNameFinding(pluginId, each)}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
