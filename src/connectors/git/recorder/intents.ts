import { v5 as uuidv5 } from 'uuid';
import type { Command } from '../../../domain/deciders';
import { visibleCommand } from '../../../domain/normal';
import type { Intent } from '../../../execute/intent';
import type { People } from '../../../store/people';
import type { Ident } from '../people/ident';
import type { Identities } from '../people/identities';

/** The namespace of all ids of an import, so that the same history gives the same ids on every machine. */
const NAMESPACE = '6f1d2c0a-5b7e-5c64-9a35-0c8f1f4be2d7';
/** Version of the mapping from git to events, not of the installed git: two machines must write the same log. */
const MAPPING_VERSION = '3';

/** A repository is identified by the first commit of its first-parent history, wherever a clone of it is. */
export function repositoryId(rootCommit: string): string {
  return uuidv5(`repository\n${rootCommit}`, NAMESPACE);
}

/** Who acted, at what time and in which commit: everything about an intent except the command. */
export interface Deed {
  readonly who: Ident;
  /** Seconds since 1970. */
  readonly at: number;
  readonly commit: string;
}

/** Turns commands into intents of one repository, and people into opaque ids. */
export class Intents {
  private readonly commits = new Map<string, string>();

  constructor(
    readonly repository: string,
    private readonly workspace: string,
    private readonly people: People,
    readonly identities: Identities,
  ) {}

  assetId(firstCommit: string, path: string): string {
    return uuidv5(`asset\n${firstCommit}\n${path}`, this.repository);
  }

  campaignId(tag: string): string {
    return uuidv5(`campaign\n${tag}`, this.repository);
  }

  /** Correlates the events of one commit. */
  commitId(commit: string): string {
    const known = this.commits.get(commit);
    const id = known ?? uuidv5(`commit\n${commit}`, this.repository);
    if (known === undefined) this.commits.set(commit, id);
    return id;
  }

  /** The id of a person who acted at a time (seconds since 1970); their name at that time is stored outside the log. */
  actorId(who: Ident, at: number): string {
    const { id, name } = this.identities.meet(who);
    this.people.remember(id, name, new Date(at * 1000).toISOString());
    return id;
  }

  /** Other ids of the same person, known or suspected, among the people seen so far and the given ones. */
  sameAs(who: Ident, others: readonly Ident[]): readonly string[] {
    return this.identities.sameAs(who, others);
  }

  /**
   * `act` distinguishes commands about the same thing in one commit; `source` is where git shows it. A history cannot
   * be refused for its text, so invisible characters are escaped.
   */
  of(command: Command, deed: Deed, about: string, act: string, source: string): Intent {
    return {
      command: visibleCommand(command),
      actor: { id: this.actorId(deed.who, deed.at), kind: 'import' },
      workspace: this.workspace,
      tool: 'git',
      toolVersion: MAPPING_VERSION,
      source,
      commandId: uuidv5(`${deed.commit}\n${about}\n${act}`, this.repository),
      occurredAt: new Date(deed.at * 1000).toISOString(),
      correlationId: this.commitId(deed.commit),
    };
  }
}
