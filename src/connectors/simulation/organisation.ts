import { v5 as uuidv5 } from 'uuid';
import type { Actor } from '../../domain/event';
import { Calendar, DAY, DAYS } from './calendar';
import { Random } from './random';
import { BRANDS, type Brand, MARKETS, THEMES } from './vocabulary';

/** The namespace of all ids of the simulation; an arbitrary constant. */
const NAMESPACE = '5d1c1d9e-2a2b-5b57-9a53-6f1c6ad0a9f4';

/** Takes bytes with their digest. */
export type Pictures = (digest: string, bytes: Buffer) => void;

export interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly brand: Brand;
  readonly theme: string;
  readonly markets: readonly string[];
  readonly plannedAt: number;
  readonly launchedAt: number;
  readonly endedAt: number;
  /** Never launched. */
  readonly calledOff: boolean;
}

/** An asset from which others are made during the year. */
export interface Source {
  readonly id: string;
  readonly brand: Brand;
  readonly product: string;
  readonly theme: string;
  versions: number;
}

/** Number of sources remembered: people work from recent ones. */
const RECENT = 400;

/** The people, the plans, and what has been made so far. */
export class Organisation {
  readonly calendar: Calendar;
  readonly campaigns: readonly Campaign[];
  readonly makers: readonly Actor[];
  readonly managers: readonly Actor[];
  readonly approvers: readonly Actor[];
  readonly templates: Source[] = [];
  readonly masters: Source[] = [];
  private readonly world: string;
  /** day → campaigns that are open for the whole day. */
  private readonly openOn: Campaign[][] = Array.from({ length: DAYS }, () => []);

  constructor(
    readonly seed: number,
    readonly assets: number,
    from: Date,
    /** Takes the pictures of versions; where absent, none are drawn, and digests are random numbers. */
    readonly pictures?: Pictures,
  ) {
    // A year of another size is another organisation, so that its commands never share ids with this one's.
    this.world = uuidv5(`${seed}/${assets}/${from.toISOString()}`, NAMESPACE);
    this.calendar = new Calendar(from.getTime());
    const random = new Random(seed, 0);
    const people = (count: number) =>
      Array.from({ length: count }, (): Actor => ({ id: `p-${random.hex(16)}`, kind: 'person' }));
    this.makers = people(12 + Math.ceil(assets / 600));
    this.managers = people(4 + Math.ceil(assets / 4_000));
    this.approvers = people(6 + Math.ceil(assets / 2_500));
    const count = BRANDS.length + Math.ceil(assets / 250);
    this.campaigns = Array.from({ length: count }, (_, index) => this.planned(index, random));
    for (const campaign of this.campaigns) this.opens(campaign);
  }

  /** The same UUID for the same name in the same simulated year. */
  id(name: string): string {
    return uuidv5(name, this.world);
  }

  /** Campaigns that stay open for placements for a while, those of the brand first. */
  openAt(time: number, brand: Brand): readonly Campaign[] {
    const open = this.openOn[this.calendar.dayOf(time)] ?? [];
    const own = open.filter((campaign) => campaign.brand === brand);
    return own.length > 0 ? own : open;
  }

  remember(sources: Source[], source: Source): void {
    sources.push(source);
    if (sources.length > RECENT) sources.shift();
  }

  private planned(index: number, random: Random): Campaign {
    // Every brand has one campaign that is always on; the others start and end.
    const always = index < BRANDS.length;
    const brand = always ? BRANDS[index]! : random.pick(BRANDS);
    const theme = random.pick(THEMES);
    const { calendar } = this;
    const plannedAt =
      calendar.start + (always ? 0 : random.whole(0, DAYS - 40)) * DAY + random.whole(8, 17) * (DAY / 24);
    const launchedAt = plannedAt + (always ? 1 : random.whole(5, 40)) * DAY;
    const endedAt = always ? calendar.end + 30 * DAY : launchedAt + random.whole(12, 75) * DAY;
    const markets = MARKETS.filter(() => random.chance(always ? 1 : 0.4));
    return {
      id: this.id(`campaign ${index}`),
      name: always ? `${brand.name} always on` : `${brand.name} ${theme} ${index}`,
      brand,
      theme,
      markets: markets.length > 0 ? markets : ['DE'],
      plannedAt,
      launchedAt,
      endedAt,
      calledOff: !always && random.chance(0.06),
    };
  }

  private opens(campaign: Campaign): void {
    if (campaign.calledOff) return;
    const first = this.calendar.dayOf(campaign.launchedAt) + 1;
    const last = Math.min(this.calendar.dayOf(campaign.endedAt) - 1, DAYS - 1);
    for (let day = first; day <= last; day += 1) this.openOn[day]!.push(campaign);
  }
}
