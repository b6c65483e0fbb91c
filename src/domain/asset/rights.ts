import type { Context } from '../decider';
import type { RefusalCode } from '../refusal';
import { isChannel } from '../rights/channels';
import type { Lineage, Origin } from '../rights/lineage';
import { narrowest, type Side } from '../rights/narrowest';
import { type Lack, type Licensed, lacksOf, type Use, windowOf } from '../rights/permitted';
import { territoryFault } from '../rights/territories';
import { streamOf } from '../stream';
import { rightsAsked } from './lineage';
import type { AssetState } from './state';

/** Something that a rule found. */
export interface Found {
  readonly code: RefusalCode;
  readonly message: string;
  readonly path: string;
}

/** What one of the rules about licences found; nothing where it is kept. */
export interface RightsRuling {
  /** `rights.` and this are its id. */
  readonly name: string;
  readonly found: Found;
}

const OF_LACK: { readonly [L in Lack]: readonly [code: RefusalCode, path: string, says: string] } = {
  forbidden: ['RIGHTS_USE', 'version', 'a licence forbids this use'],
  use: ['RIGHTS_USE', 'version', 'no licence permits this use'],
  window: ['RIGHTS_WINDOW', 'runsUntil', 'no licence covers the whole time of the placement'],
  embargo: ['RIGHTS_EMBARGO', 'goesLiveAt', 'it is under embargo when the placement begins'],
  territory: ['RIGHTS_TERRITORY', 'market', 'no licence permits the territory'],
  channel: ['RIGHTS_CHANNEL', 'channel', 'no licence permits the channel'],
  language: ['RIGHTS_LANGUAGE', 'language', 'no licence permits the language'],
  uses: ['RIGHTS_SPENT', 'version', 'all uses that the licence permits were made'],
  modelRelease: ['RELEASE_MISSING', 'version', 'the people in it did not agree'],
  propertyRelease: ['RELEASE_MISSING', 'version', 'the owners of the property in it did not agree'],
};
const MOST_NAMED = 3;

/** An asset with its licences, and what is done with it. */
export interface Licences extends Side {
  readonly isParent: boolean;
}

/** The asset itself and everything it comes from or holds, as far as licences govern it. */
export function licencesOf(asset: string, state: AssetState, lineage: Lineage, context: Context): readonly Licences[] {
  const { streams } = rightsAsked(state, context);
  const known = (licences: readonly string[]) =>
    licences.flatMap((licence): Licensed[] => {
      if (!streams.includes(streamOf('licence', licence))) return [];
      const standing = context.standing('licence', licence);
      return standing === undefined ? [] : [{ licence, ...standing }];
    });
  const own = state.governed ? [{ asset, licences: known(state.licences), isParent: false }] : [];
  const others = assetsOnce(lineage.origins).flatMap(({ asset: origin, isParent }) => {
    const standing = context.standing('asset', origin);
    return standing?.governed ? [{ asset: origin, licences: known(standing.licences), isParent }] : [];
  });
  return [...own, ...others];
}

function assetsOnce(origins: readonly Origin[]): readonly { readonly asset: string; readonly isParent: boolean }[] {
  const parents = new Map<string, boolean>();
  for (const { asset, as } of origins) parents.set(asset, (parents.get(asset) ?? false) || as === 'parent');
  return [...parents].map(([asset, isParent]) => ({ asset, isParent }));
}

/** What licences have against a placement: nothing where none governs it. */
export function rightsFound(sides: readonly Licences[], use: Omit<Use, 'action'>): readonly RightsRuling[] {
  if (sides.length === 0) return [];
  const lacking = new Map<Lack, string[]>();
  for (const { asset, licences, isParent } of sides) {
    const lacks = new Set(lacksOf(licences, { ...use, action: 'display' }));
    // What was made from something is displayed by right of its parent only where that may be derived from.
    if (
      isParent &&
      lacksOf(licences, { ...use, action: 'derive' }).some((lack) => lack === 'use' || lack === 'forbidden')
    )
      lacks.add('use');
    for (const lack of lacks) lacking.set(lack, [...(lacking.get(lack) ?? []), streamOf('asset', asset)]);
  }
  const rulings = [...lacking].map(([lack, assets]): RightsRuling => {
    const [code, path, says] = OF_LACK[lack];
    return { name: lack, found: { code, message: `${namesOf(assets)}: ${says}.`, path } };
  });
  return [...rulings, ...unknownCodes(use), ...nothingInCommon(sides)];
}

function namesOf(assets: readonly string[]): string {
  const more = assets.length > MOST_NAMED ? ` and ${assets.length - MOST_NAMED} more` : '';
  return `${assets.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** Where licences govern, a place must be one that they can name. */
function unknownCodes({ territory, channel }: Omit<Use, 'action'>): readonly RightsRuling[] {
  const fault = territory === undefined ? undefined : territoryFault(territory);
  const where: RightsRuling[] =
    fault === undefined
      ? []
      : [
          {
            name: 'market',
            found: { code: 'RIGHTS_TERRITORY', message: `The market ${territory}: ${fault}.`, path: 'market' },
          },
        ];
  if (isChannel(channel)) return where;
  const message = `The channel ${channel} is not in the list of channels.`;
  return [...where, { name: 'channelName', found: { code: 'RIGHTS_CHANNEL', message, path: 'channel' } }];
}

function nothingInCommon(sides: readonly Licences[]): readonly RightsRuling[] {
  if (sides.length < 2) return [];
  const rights = narrowest(sides);
  if (!('nothing' in rights) || rights.nothing[1] === undefined) return [];
  const [one, other] = rights.nothing.map((asset) => streamOf('asset', asset!));
  const message = `The rights of ${one} and ${other} have nothing in common.`;
  return [{ name: 'common', found: { code: 'RIGHTS_EMPTY', message, path: 'version' } }];
}

/** The instant at which the first of these things is left without any right; undefined where none ever is. */
export function endOf(sides: readonly Side[]): string | undefined {
  const ends = sides.flatMap(({ licences }) => {
    const own = licences.map((licensed) => windowOf(licensed).until);
    return own.length === 0 || own.includes(undefined) ? [] : [own.reduce((last, end) => (end! > last! ? end : last))!];
  });
  return ends.length === 0 ? undefined : ends.reduce((first, end) => (end < first ? end : first));
}
