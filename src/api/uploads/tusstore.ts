import type { Readable } from 'node:stream';
import type { DataStore, Locker } from '@tus/server';
import type { Session } from '../../store/uploads/session';
import type { Uploads } from '../../store/uploads/uploads';

type Tus = typeof import('@tus/server');

/** The uploads as the protocol's library asks for them. Whose they are was looked at before. */
export function tusStore({ DataStore: Base, Upload, ERRORS }: Tus, uploads: Uploads): DataStore {
  const found = async (id: string): Promise<Session> => {
    const session = await uploads.find(id);
    if (session === undefined) throw ERRORS.FILE_NOT_FOUND;
    return session;
  };
  class Store extends Base {
    override extensions = ['creation', 'creation-with-upload', 'expiration', 'termination'];

    // It was begun when it got its id.
    override create: DataStore['create'] = async (upload) => upload;

    override async getUpload(id: string) {
      const session = await found(id);
      return new Upload({
        id,
        size: session.bytes,
        offset: await uploads.offset(session),
        creation_date: new Date(session.createdAt).toISOString(),
      });
    }

    override async write(stream: Readable, id: string): Promise<number> {
      return uploads.append(await found(id), stream);
    }

    override async remove(id: string): Promise<void> {
      await uploads.remove(await found(id));
    }

    override deleteExpired(): Promise<number> {
      return uploads.sweep();
    }

    override getExpiration(): number {
      return uploads.limits.lifetime;
    }
  }
  return new Store();
}

/** One request at a time for each upload: in this process, where a new one may end an old one that hangs, and among all. */
export function tusLocker({ MemoryLocker }: Tus, uploads: Uploads): Locker {
  const here = new MemoryLocker();
  return {
    newLock(id) {
      const inner = here.newLock(id);
      let release: (() => Promise<void>) | undefined;
      return {
        async lock(signal, cancel) {
          await inner.lock(signal, cancel);
          try {
            release = await uploads.lock(id, signal);
          } catch (error) {
            await inner.unlock();
            throw error;
          }
        },
        async unlock() {
          await release?.();
          await inner.unlock();
        },
      };
    },
  };
}
