import { fill, h } from './dom';
import { moment } from './words';

const DAY = 86_400_000;

export interface TimeBar {
  readonly element: HTMLElement;
  /** Shows a moment; default: the present. */
  show(at: string | undefined): void;
  /** Sets the time of the first event. */
  begin(first: number): void;
}

/**
 * A slider over the whole history, one day per step; its right end is the present. The keyboard moves it by days, and
 * by months with Page Up and Page Down.
 */
export function timeBar(onMove: (at: string | undefined) => void): TimeBar {
  let start = Date.now() - 365 * DAY;
  let steps = 365;
  const output = h('output', { id: 'moment', for: 'slider' });
  const slider = h('input', {
    id: 'slider',
    type: 'range',
    min: 0,
    max: steps,
    value: steps,
    step: 1,
    'aria-labelledby': 'slider-label',
  });
  const present = (): void => {
    // The button disappears, so the focus moves to the slider.
    slider.focus();
    onMove(undefined);
  };
  const now = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: present }, 'Back to now');
  const instantOf = (step: number): string | undefined =>
    step >= steps ? undefined : new Date(Math.min(start + (step + 1) * DAY, Date.now())).toISOString();
  const say = (at: string | undefined): void => {
    const text = at === undefined ? 'Now' : moment(at);
    fill(output, text);
    slider.setAttribute('aria-valuetext', text);
    now.hidden = at === undefined;
    slider.style.setProperty('--done', `${(Number(slider.value) / Math.max(1, steps)) * 100}%`);
  };
  const show = (at: string | undefined): void => {
    const step = at === undefined ? steps : Math.round((Date.parse(at) - start) / DAY) - 1;
    slider.value = String(Math.max(0, Math.min(step, steps)));
    say(at);
  };
  let later: number | undefined;
  const move = (): void => {
    const at = instantOf(Number(slider.value));
    say(at);
    clearTimeout(later);
    later = setTimeout(() => onMove(at), 120);
  };
  slider.addEventListener('input', move);
  slider.addEventListener('keydown', (event) => {
    const by = { PageUp: 30, PageDown: -30 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    slider.value = String(Number(slider.value) + by);
    move();
  });
  const element = h(
    'div',
    { class: 'timebar', role: 'group', 'aria-label': 'Moment' },
    h('label', { id: 'slider-label', for: 'slider' }, 'As of'),
    slider,
    output,
    now,
  );
  return {
    element,
    show,
    begin: (first) => {
      start = first - (first % DAY);
      steps = Math.max(1, Math.ceil((Date.now() - start) / DAY));
      slider.max = String(steps);
    },
  };
}
