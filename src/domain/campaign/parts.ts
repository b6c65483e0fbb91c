import { Evidence } from '../evidence';
import { boolean, digest, integer, list, part, path, size, uuid } from '../fields';
import { optional } from '../input';

/** Files in one report; a longer one comes in several. Bounded so that the event stays within 256 KiB. */
export const MOST_FILES = 1_000;

/** One file that a campaign contains. */
export class ContentsEntry {
  @path readonly path!: string;
  /** Hex SHA-256 of its bytes. */
  @digest readonly digest!: string;
  @optional(size) readonly bytes?: number;
  /** Absent where no asset of the record had this path. */
  @optional(uuid('asset')) readonly asset?: string;
  /** The version of the asset that has these bytes; absent where none had them. */
  @optional(integer(1)) readonly version?: number;
}

/**
 * How the contents of a campaign differ from those of its base, or without a base from what was reported of it before
 * (nothing at first). A long report comes in several events: only the first names the base.
 */
export class ContentsChange {
  @optional(uuid('campaign')) readonly base?: string;
  @list(MOST_FILES, part(ContentsEntry)) readonly put!: readonly ContentsEntry[];
  @optional(list(MOST_FILES, path)) readonly gone?: readonly string[];
  /** True where more events of this report follow. */
  @optional(boolean) readonly more?: boolean;
  @optional(part(Evidence)) readonly evidence?: Evidence;
}
