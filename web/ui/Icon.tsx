/** Icons on a 24 × 24 grid; they are decorative, since the text beside them says the same. */
const drawings = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  dot: 'M12 11.5v1',
  clock: 'M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18',
  upload: 'M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19h14',
  shield: 'M12 3l7 3v5.5c0 4.5-3 7.5-7 9.5c-4-2-7-5-7-9.5V6zM9 12l2.2 2.2L15.2 10',
  eye: 'M2.5 12S6 5.5 12 5.5S21.5 12 21.5 12S18 18.5 12 18.5S2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5',
  list: 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01',
  stairs: 'M4 7h5v5h5.5v5H20',
  bell: 'M6.5 10a5.5 5.5 0 0 1 11 0c0 5 2 6 2 6h-15s2-1 2-6M10 19.5a2.2 2.2 0 0 0 4 0',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5.5v13l10.5-6.5z',
  back: 'M9 7L4.5 11.5L9 16M5 11.5h9a5 5 0 0 1 0 10h-2',
  alert: 'M12 4L2.800 19.5h18.400zM12 10v4.5M12 17v.2',
  note: 'M6 3.5h9l4 4v13H6zM9.5 12h6M9.5 15.5h6',
  install: 'M12 4v10M8 10.5l4 4l4-4M4.5 15v4.5h15V15',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  out: 'M13.5 5H19v5.5M19 5l-8.5 8.5M10 6H5v13h13v-5',
  minus: 'M6 12h12',
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="shrink-0"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'dot' ? 5 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={drawings[name]} />
    </svg>
  );
}
