import { behavesLikeEventStoreDB } from './behaviour/chapters';
import { type FarEnd, startFarEnd } from './server';

let far: FarEnd;

beforeAll(async () => {
  far = await startFarEnd();
});

afterAll(() => far.stop());

behavesLikeEventStoreDB('the stand-in', () => far.url);
