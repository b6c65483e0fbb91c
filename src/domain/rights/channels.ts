import { FINE, type InputFault, limit, wrong } from '../input';

/** The list of 2026-11. A right to a channel is one to all channels below it. Channels are added, never taken away. */
const TREE = {
  digital: {
    web: { website: {}, blog: {}, landingpage: {} },
    app: {},
    email: { newsletter: {} },
    messaging: {},
    social: {
      facebook: {},
      instagram: {},
      linkedin: {},
      pinterest: {},
      reddit: {},
      snapchat: {},
      threads: {},
      tiktok: {},
      wechat: {},
      x: {},
      youtube: {},
    },
    display: {},
    search: {},
    onlinevideo: {},
    podcast: {},
    marketplace: { amazon: {} },
    retailmedia: {},
    release: {},
  },
  print: { brochure: {}, catalogue: {}, directmail: {}, magazine: {}, newspaper: {}, packaging: {}, poster: {} },
  broadcast: { tv: { lineartv: {}, connectedtv: {} }, radio: {}, cinema: {} },
  outdoor: { billboard: {}, digitaloutdoor: {}, transit: {} },
  pointofsale: { instore: {}, shelf: {}, window: {} },
  event: { tradeshow: {}, conference: {} },
  press: { pressrelease: {}, presskit: {} },
  internal: { intranet: {}, presentation: {}, training: {} },
} as const;

interface Branch {
  readonly [code: string]: Branch;
}

/** Every channel with the one above it, where there is one. */
const parents = new Map<string, string | undefined>();
function plant(branch: Branch, parent: string | undefined): void {
  for (const [code, below] of Object.entries(branch)) {
    parents.set(code, parent);
    plant(below, code);
  }
}
plant(TREE, undefined);

export const isChannel = (code: string): boolean => parents.has(code);

/** A channel of the list. */
export const channel = limit('channel', (value): readonly InputFault[] =>
  typeof value === 'string' && isChannel(value)
    ? FINE
    : wrong(`must be a channel of the list, such as ${Object.keys(TREE).join(', ')} or one below them`),
);

/** Whether a channel is another or lies below it. */
export function isWithin(code: string, above: string): boolean {
  for (let each: string | undefined = code; each !== undefined; each = parents.get(each)) {
    if (each === above) return true;
  }
  return false;
}

/** Channels that are allowed; undefined where all are. */
export type Channels = readonly string[] | undefined;

export function allowsChannel(channels: Channels, code: string): boolean {
  return channels === undefined || channels.some((above) => isWithin(code, above));
}

/** What is allowed by both. */
export function commonChannels(one: Channels, other: Channels): Channels {
  if (one === undefined) return other;
  if (other === undefined) return one;
  const inside = (codes: readonly string[], of: readonly string[]) => codes.filter((code) => allowsChannel(of, code));
  return [...new Set([...inside(one, other), ...inside(other, one)])];
}
