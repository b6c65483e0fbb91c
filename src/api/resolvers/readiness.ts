import { Inject } from '@nestjs/common';
import { ResolveField, Resolver } from '@nestjs/graphql';
import { renditionsOf } from '../../../projections/pictures/queries';
import type { RenditionRow } from '../../../projections/pictures/tables';
import { type Links, linksOf } from '../content/links';
import { readinessOf, renditionPath } from '../content/readiness';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { assetId } from '../ids';
import type { AssetView } from '../views/asset';

/** Minimum validity of a link to a rendition, in milliseconds. */
const LASTING = 3_600_000;

/** Whether an asset is ready for each channel. */
@Resolver('Asset')
export class ChannelReadinessResolver {
  readonly #links: Links;

  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {
    this.#links = linksOf(door.config);
  }

  @ResolveField('channelReadiness')
  async channelReadiness({ row, moment }: AssetView) {
    const { profiles } = this.door;
    const approval = await moment.liveApproval(row.asset);
    const names = profiles.map(({ name }) => name);
    const rows =
      approval === undefined ? [] : await renditionsOf(moment.reader('pictures'), approval.digest, names, moment.at);
    return profiles.map((profile, index) => {
      const readiness = readinessOf(profile, approval?.digest, rows[index]);
      // What may be used is what may be used now.
      const url = readiness.state === 'ready' && moment.at === undefined ? this.link(row.asset, rows[index]!) : null;
      return { profile: profile.name, profileVersion: profile.version, ...readiness, url };
    });
  }

  private link(asset: string, { digest, profile }: RenditionRow): string {
    return this.#links.lasting(renditionPath(digest, profile), { asset: assetId(asset) }, LASTING).url;
  }
}
