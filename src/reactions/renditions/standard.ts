import { type Profile, profilesIn } from './profiles';

/** Profiles of a server that has no `profiles.yaml` of its own; also an example of such a file. */
const STANDARD = `
profiles:
  - name: web-large
    version: 1
    width: 1920
    format: webp
  - name: social-square
    version: 1
    width: 1080
    height: 1080
    fit: contain
    format: jpeg
    background: "#ffffff"
  - name: email
    version: 1
    width: 600
    format: jpeg
    maxBytes: 100000
`;

export const standardProfiles = (): readonly Profile[] => profilesIn(STANDARD);
