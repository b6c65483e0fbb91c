import type { PictureFault } from '../../pictures/task';

/** Why there is no picture, in a few words for a small frame. */
const WORDS: Readonly<Record<PictureFault, readonly [string, string]>> = {
  UNSUPPORTED: ['No picture', 'of this kind of file'],
  DAMAGED: ['Damaged file', 'it cannot be drawn'],
  TOO_LARGE: ['Too large', 'to be drawn here'],
  TOO_SLOW: ['Too complex', 'to be drawn in time'],
  TOO_MUCH_MEMORY: ['Too complex', 'to be drawn here'],
  TOO_MANY_BYTES: ['Too many bytes', 'for this profile'],
  NOT_HERE: ['Not stored here', 'the bytes are elsewhere'],
  BUSY: ['Not drawn yet', 'ask again in a moment'],
  UNAVAILABLE: ['Not drawn', 'the drawing program fails'],
};

/** The placeholder for a missing picture. Nothing in it comes from outside. */
export function placeholder(fault: PictureFault): string {
  const [first, second] = WORDS[fault];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300" font-family="system-ui, sans-serif" text-anchor="middle">
<style>:root{color-scheme:light dark}.p{fill:#e7e4dc}.i{fill:none;stroke:#8b8a85}.t{fill:#3a3d46}@media(prefers-color-scheme:dark){.p{fill:#272c36}.i{stroke:#7d8595}.t{fill:#dfe3ea}}</style>
<rect class="p" width="400" height="300"/>
<g class="i" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"><rect x="150" y="70" width="100" height="76" rx="9"/><path d="M154 138l28-30 20 20 16-15 28 27M140 166L260 52"/></g>
<text class="t" x="200" y="208" font-size="26" font-weight="600">${first}</text>
<text class="t" x="200" y="242" font-size="21">${second}</text>
</svg>
`;
}
