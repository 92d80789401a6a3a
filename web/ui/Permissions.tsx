/** Permissions as a list of tags; "none" is said in words, because it is what reviewers hope for. */
export function Permissions({ permissions }: { permissions: string[] }) {
  if (permissions.length === 0) return <span>None requested</span>;
  return (
    <ul className="mt-1 flex flex-wrap gap-1.5">
      {permissions.map((permission) => (
        <li key={permission} className="rounded-md bg-well px-2 py-0.5 font-mono text-xs break-all">
          {permission}
        </li>
      ))}
    </ul>
  );
}
