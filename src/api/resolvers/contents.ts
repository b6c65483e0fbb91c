import { Inject } from '@nestjs/common';
import { ResolveField, Resolver } from '@nestjs/graphql';
import { custodiesOf } from '../../../projections/custody/queries';
import { factsOf } from '../../../projections/pictures/queries';
import { THUMBNAIL_WIDTHS, thumbnailOf } from '../../reactions/pictures/thumbnails';
import { contentPath, linkParameters } from '../content/contentdoor';
import { type Links, linksOf } from '../content/links';
import type { Disposition } from '../content/serving';
import { thumbnailPath } from '../content/thumbnaildoor';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { fault } from '../errors';
import { versionId } from '../ids';
import type { Moment } from '../moment';
import type { VersionView } from '../views/asset';

/** Minimum validity of a link to a picture, in milliseconds. */
const LASTING = 3_600_000;
/** How long a link to bytes may be good, in seconds. */
const SHORTEST = 60;
const LONGEST = 604_800;
const MOST_WIDTH = THUMBNAIL_WIDTHS.at(-1)!;

interface UrlArguments {
  readonly disposition: Disposition;
  readonly expiresIn: number;
}

/** The content of a version: links and pictures. */
@Resolver('VersionContent')
export class VersionContentResolver {
  readonly #links: Links;

  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {
    this.#links = linksOf(door.config);
  }

  @ResolveField('available')
  async available({ row, moment }: VersionView) {
    return (await this.sizeOf(row.digest, moment)) === row.bytes;
  }

  @ResolveField('url')
  async url({ row, moment }: VersionView, { disposition, expiresIn }: UrlArguments) {
    if (expiresIn < SHORTEST || expiresIn > LONGEST) {
      throw fault('BAD_USER_INPUT', `expiresIn: must be from ${SHORTEST} to ${LONGEST} seconds`, ['expiresIn']);
    }
    if ((await this.sizeOf(row.digest, moment)) !== row.bytes) return null;
    // Whatever was known then, what has malware by what is known now is not handed out.
    const [known] = await moment.once(`known ${row.digest}`, () => custodiesOf(moment.reader('custody'), [row.digest]));
    if (known?.verdict === 'infected') return null;
    const parameters = linkParameters(versionId(row.asset, row.version), disposition);
    return this.#links.signed(contentPath(row.digest), parameters, Date.now() + expiresIn * 1_000);
  }

  @ResolveField('scan')
  async scan({ row, moment }: VersionView) {
    const custody = await moment.load('custody', 'custody', custodiesOf, row.digest);
    return { ...custody, verdict: custody?.verdict ?? 'notScanned' };
  }

  @ResolveField('fixity')
  async fixity({ row, moment }: VersionView) {
    const custody = await moment.load('custody', 'custody', custodiesOf, row.digest);
    return custody?.fixity == null ? null : { ...custody, outcome: custody.fixity };
  }

  @ResolveField('thumbnail')
  thumbnail({ row }: VersionView, { width }: { readonly width: number }) {
    if (width < 1 || width > MOST_WIDTH) {
      throw fault('BAD_USER_INPUT', `width: must be from 1 to ${MOST_WIDTH}`, ['width']);
    }
    const { look } = thumbnailOf(width);
    const parameters = { version: versionId(row.asset, row.version), width: String(look.width) };
    const { url, expiresAt } = this.#links.lasting(thumbnailPath(row.digest), parameters, LASTING);
    return { url, width: look.width, expiresAt: new Date(expiresAt).toISOString() };
  }

  @ResolveField('facts')
  async facts({ row, moment }: VersionView) {
    const found = await moment.load('facts', 'pictures', factsOf, row.digest);
    if (found === undefined) return null;
    const { analyser, analyserVersion, said } = found;
    return { ...(said as object), analyser, analyserVersion };
  }

  private sizeOf(digest: string, moment: Moment): Promise<number | undefined> {
    return moment.once(`size ${digest}`, () => this.door.content.size(digest));
  }
}
