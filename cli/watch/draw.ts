import type { TimelineKind } from '../../core/releases/timeline';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import type { Paint, Terminal } from '../terminal/terminal';

/** How kinds of entries look; the sign says as much as the colour, which not everyone sees. */
const signs: Partial<Record<TimelineKind, [sign: string, style: Paint]>> = {
  state: ['●', 'bold'],
  scan_held: ['!', 'yellow'],
  stage_held: ['!', 'yellow'],
  rollout_paused: ['!', 'yellow'],
  sla: ['!', 'yellow'],
  alert: ['✖', 'red'],
  restricted: ['✖', 'red'],
  restriction_lifted: ['✔', 'green'],
  name_noted: ['!', 'yellow'],
  offer_withdrawn: ['✖', 'red'],
  rollout_aborted: ['✖', 'red'],
  rolled_back_everywhere: ['↩', 'yellow'],
  decision: ['✔', 'green'],
  review_opened: ['…', 'cyan'],
};

/** `14:03:21  ● uploading → scanning`: local time of the day, sign, sentence. */
export function drawEvent(terminal: Terminal, event: TimelineEvent): void {
  const [sign, style] = signs[event.kind] ?? ['·', 'dim'];
  const time = terminal.paint('dim', new Date(event.at).toTimeString().slice(0, 8));
  terminal.line(`${time}  ${terminal.paint(style, sign)} ${event.text}`);
}
