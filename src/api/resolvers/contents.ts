import { Inject } from '@nestjs/common';
import { ResolveField, Resolver } from '@nestjs/graphql';
import { THUMBNAIL_WIDTHS, thumbnailOf } from '../../reactions/pictures/thumbnails';
import { type Links, linksOf } from '../content/links';
import { thumbnailPath } from '../content/thumbnaildoor';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { fault } from '../errors';
import { versionId } from '../ids';
import type { VersionView } from '../views/asset';

/** Minimum validity of a link to a picture, in milliseconds. */
const LASTING = 3_600_000;
const MOST_WIDTH = THUMBNAIL_WIDTHS.at(-1)!;

/** The content of a version: links and pictures. */
@Resolver('VersionContent')
export class VersionContentResolver {
  readonly #links: Links;

  constructor(@Inject(DEPENDENCIES) door: ApiDependencies) {
    this.#links = linksOf(door.config);
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
}
