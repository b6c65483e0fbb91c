import { PROJECTIONS } from '../../projections/all';
import { UsageError } from '../config/exit';

const NAMES: readonly string[] = PROJECTIONS.map(({ name }) => name);

/** The name as given; throws a UsageError that lists the existing projections. */
export function projectionNamed(name: string | undefined): string | undefined {
  if (name === undefined || NAMES.includes(name)) return name;
  throw new UsageError(`there is no projection "${name}"; there are ${NAMES.join(', ')}`);
}
