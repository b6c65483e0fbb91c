import { v5 as uuidv5 } from 'uuid';
import { type Ident, identityOf, isBot } from '../../connectors/git/ident';
import type { Command } from '../../domain/catalogue';
import type { Intent } from '../../runtime/intent';
import type { People } from '../../runtime/people';

/** Every id of an import grows from here, so that the same history gives the same ids on every machine. */
const NAMESPACE = '6f1d2c0a-5b7e-5c64-9a35-0c8f1f4be2d7';
/** Of the mapping from git to events, not of the git that was installed: two machines must write the same log. */
const MAPPING_VERSION = '1';

/** A repository is known by the first commit of its line, wherever a clone of it lies. */
export function repositoryId(rootCommit: string): string {
  return uuidv5(`repository\n${rootCommit}`, NAMESPACE);
}

/** Who did something, when, in which commit: everything about an intent but the command. */
export interface Deed {
  readonly who: Ident;
  /** Seconds since 1970. */
  readonly at: number;
  readonly commit: string;
}

/** Turns commands into intents of one repository, and people into opaque ids. */
export class Intents {
  private readonly actors = new Map<string, string>();
  private readonly commits = new Map<string, string>();

  constructor(
    readonly repository: string,
    private readonly workspace: string,
    private readonly people: People,
  ) {}

  assetId(firstCommit: string, path: string): string {
    return uuidv5(`asset\n${firstCommit}\n${path}`, this.repository);
  }

  campaignId(tag: string): string {
    return uuidv5(`campaign\n${tag}`, this.repository);
  }

  /** What ties the events of one commit together. */
  commitId(commit: string): string {
    const known = this.commits.get(commit);
    const id = known ?? uuidv5(`commit\n${commit}`, this.repository);
    if (known === undefined) this.commits.set(commit, id);
    return id;
  }

  /** The same person has the same id in every repository; the name is kept outside the log. */
  actorId(who: Ident): string {
    const key = `${isBot(who) ? 'bot' : 'person'}\n${identityOf(who)}`;
    const known = this.actors.get(key);
    const id = known ?? `${isBot(who) ? 'bot' : 'person'}-${uuidv5(key, NAMESPACE)}`;
    if (known === undefined) this.actors.set(key, id);
    this.people.remember(id, who.name);
    return id;
  }

  /** `act` tells this command from every other about the same thing in the same commit. */
  of(command: Command, deed: Deed, about: string, act: string): Intent {
    return {
      command,
      actor: { id: this.actorId(deed.who), kind: 'import' },
      workspace: this.workspace,
      tool: 'git',
      toolVersion: MAPPING_VERSION,
      commandId: uuidv5(`${deed.commit}\n${about}\n${act}`, this.repository),
      occurredAt: new Date(deed.at * 1000).toISOString(),
      correlationId: this.commitId(deed.commit),
    };
  }
}
