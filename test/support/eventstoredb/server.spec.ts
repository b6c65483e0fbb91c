import { behavesLikeEventStoreDB } from './behaviour/chapters';
import { type FarEnd, startFarEnd } from './server';

/** With the address of a real server the same tests run against that one, so that the two can be compared. */
const REAL = process.env.EVENTSTORE_URL;

let far: FarEnd;

beforeAll(async () => {
  far = await startFarEnd();
});

afterAll(() => far.stop());

behavesLikeEventStoreDB(REAL ? 'the real server' : 'the stand-in', () => REAL ?? far.url);
