import type { AssetKind } from '../../domain/kinds';

/** What the extension says about a file. */
export interface FileKind {
  readonly kind: AssetKind;
  readonly mediaType: string;
  /** The design tool that writes such files, if the extension identifies it. */
  readonly tool?: string;
}

const image = (mediaType: string): FileKind => ({ kind: 'image', mediaType });
const font = (mediaType: string): FileKind => ({ kind: 'font', mediaType });
const audio = (mediaType: string): FileKind => ({ kind: 'audio', mediaType });
const video = (mediaType: string): FileKind => ({ kind: 'video', mediaType });
const document = (mediaType: string): FileKind => ({ kind: 'document', mediaType });
const design = (mediaType: string, tool?: string): FileKind => ({
  kind: 'design',
  mediaType,
  ...(tool === undefined ? {} : { tool }),
});
const model = (mediaType: string, tool?: string): FileKind => ({ ...design(mediaType, tool), kind: 'model3d' });

const BINARY = 'application/octet-stream';
const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN = 'application/vnd.oasis.opendocument';

/** Extensions of asset kinds; all other files in a repository are code or configuration, not assets. */
const KINDS: Readonly<Record<string, FileKind>> = {
  apng: image('image/apng'),
  avif: image('image/avif'),
  bmp: image('image/bmp'),
  cur: image('image/vnd.microsoft.icon'),
  dds: image('image/vnd.ms-dds'),
  exr: image('image/x-exr'),
  gif: image('image/gif'),
  heic: image('image/heic'),
  heif: image('image/heif'),
  icns: image('image/icns'),
  ico: image('image/vnd.microsoft.icon'),
  j2k: image('image/jp2'),
  jp2: image('image/jp2'),
  jpeg: image('image/jpeg'),
  jpg: image('image/jpeg'),
  jxl: image('image/jxl'),
  ktx: image('image/ktx'),
  pbm: image('image/x-portable-bitmap'),
  pgm: image('image/x-portable-graymap'),
  png: image('image/png'),
  pnm: image('image/x-portable-anymap'),
  ppm: image('image/x-portable-pixmap'),
  svg: image('image/svg+xml'),
  svgz: image('image/svg+xml-compressed'),
  tga: image('image/x-tga'),
  tif: image('image/tiff'),
  tiff: image('image/tiff'),
  webp: image('image/webp'),
  xpm: image('image/x-xpixmap'),

  eot: font('application/vnd.ms-fontobject'),
  otf: font('font/otf'),
  pfb: font('application/x-font-type1'),
  ttc: font('font/collection'),
  ttf: font('font/ttf'),
  woff: font('font/woff'),
  woff2: font('font/woff2'),

  aac: audio('audio/aac'),
  aif: audio('audio/aiff'),
  aiff: audio('audio/aiff'),
  flac: audio('audio/flac'),
  m4a: audio('audio/mp4'),
  mid: audio('audio/midi'),
  midi: audio('audio/midi'),
  mp3: audio('audio/mpeg'),
  oga: audio('audio/ogg'),
  ogg: audio('audio/ogg'),
  opus: audio('audio/opus'),
  wav: audio('audio/wav'),
  wma: audio('audio/x-ms-wma'),

  avi: video('video/x-msvideo'),
  m4v: video('video/mp4'),
  mkv: video('video/x-matroska'),
  mov: video('video/quicktime'),
  mp4: video('video/mp4'),
  mpeg: video('video/mpeg'),
  mpg: video('video/mpeg'),
  ogv: video('video/ogg'),
  webm: video('video/webm'),
  wmv: video('video/x-ms-wmv'),

  doc: document('application/msword'),
  docx: document(`${OFFICE}.wordprocessingml.document`),
  epub: document('application/epub+zip'),
  odp: document(`${OPEN}.presentation`),
  ods: document(`${OPEN}.spreadsheet`),
  odt: document(`${OPEN}.text`),
  pages: document('application/vnd.apple.pages'),
  pdf: document('application/pdf'),
  ppt: document('application/vnd.ms-powerpoint'),
  pptx: document(`${OFFICE}.presentationml.presentation`),
  rtf: document('application/rtf'),
  xls: document('application/vnd.ms-excel'),
  xlsx: document(`${OFFICE}.spreadsheetml.sheet`),

  ai: design('application/postscript', 'Adobe Illustrator'),
  afdesign: design(BINARY, 'Affinity Designer'),
  afphoto: design(BINARY, 'Affinity Photo'),
  afpub: design(BINARY, 'Affinity Publisher'),
  aep: design(BINARY, 'Adobe After Effects'),
  cdr: design('application/vnd.corel-draw', 'CorelDRAW'),
  drawio: design('application/vnd.jgraph.mxfile', 'draw.io'),
  eps: design('application/postscript'),
  fig: design(BINARY, 'Figma'),
  glyphs: design('text/plain', 'Glyphs'),
  idml: design('application/vnd.adobe.indesign-idml-package', 'Adobe InDesign'),
  indd: design('application/x-indesign', 'Adobe InDesign'),
  kra: design('application/x-krita', 'Krita'),
  odg: design(`${OPEN}.graphics`, 'LibreOffice Draw'),
  ora: design('image/openraster'),
  prproj: design(BINARY, 'Adobe Premiere Pro'),
  psb: design('image/vnd.adobe.photoshop', 'Adobe Photoshop'),
  psd: design('image/vnd.adobe.photoshop', 'Adobe Photoshop'),
  sfd: design('application/vnd.font-fontforge-sfd', 'FontForge'),
  sketch: design('application/zip', 'Sketch'),
  xcf: design('image/x-xcf', 'GIMP'),
  xd: design('application/zip', 'Adobe XD'),

  '3ds': model('model/3ds'),
  blend: model('application/x-blender', 'Blender'),
  c4d: model(BINARY, 'Cinema 4D'),
  dae: model('model/vnd.collada+xml'),
  fbx: model('model/fbx'),
  glb: model('model/gltf-binary'),
  gltf: model('model/gltf+json'),
  ma: model('text/plain', 'Maya'),
  max: model(BINARY, '3ds Max'),
  mb: model(BINARY, 'Maya'),
  obj: model('model/obj'),
  ply: model('model/ply'),
  step: model('model/step'),
  stl: model('model/stl'),
  usd: model('model/vnd.usd'),
  usdz: model('model/vnd.usdz+zip'),
};

/** Undefined if files with this name are not assets. */
export function fileKindOf(path: string): FileKind | undefined {
  const extension = /[^/]\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  return extension !== undefined && Object.hasOwn(KINDS, extension) ? KINDS[extension] : undefined;
}
