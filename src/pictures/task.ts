/** Why a picture cannot be made, each with a sentence for the user. */
export const PICTURE_FAULTS = {
  UNSUPPORTED: 'Pictures of this kind of file cannot be made here.',
  DAMAGED: 'The file is damaged or ends too early.',
  TOO_LARGE: 'The picture has more pixels or bytes than are decoded here.',
  TOO_SLOW: 'The picture takes too long to draw.',
  TOO_MUCH_MEMORY: 'The picture takes too much memory to draw.',
  TOO_MANY_BYTES: 'The picture does not fit into the bytes that the profile allows.',
  NOT_HERE: 'The bytes are not kept here.',
  BUSY: 'Too many pictures are being made; ask again in a moment.',
  UNAVAILABLE: 'The program that makes pictures does not start.',
} as const;
export type PictureFault = keyof typeof PICTURE_FAULTS;

/** Whether a retry may succeed: these faults say nothing about the file. */
export const isPassing = (fault: PictureFault): boolean => ['NOT_HERE', 'BUSY', 'UNAVAILABLE'].includes(fault);

export const PICTURE_FORMATS = ['webp', 'jpeg', 'png', 'avif'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** How a picture is made from a file: the content of a channel profile, and of the thumbnail profiles. */
export interface Look {
  /** In pixels; at least one of the two. */
  readonly width?: number;
  readonly height?: number;
  /** `inside` keeps the whole picture, `cover` fills the size and crops, `contain` adds background. */
  readonly fit: 'inside' | 'cover' | 'contain';
  readonly format: PictureFormat;
  /** 1 to 100. */
  readonly quality: number;
  readonly colour: 'srgb' | 'p3' | 'cmyk';
  /** Drawn below transparent areas, `#rrggbb`; by default white, for formats without transparency. */
  readonly background?: string;
  /** The quality is lowered until the picture has at most this many bytes. */
  readonly maxBytes?: number;
}

/** A drawn picture. */
export interface Drawn {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly quality: number;
}

/** The metadata in a file; absent values are not stated. */
export interface Facts {
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
  readonly colourSpace?: string;
  readonly iccProfile?: string;
  readonly transparent?: boolean;
  readonly pages?: number;
  readonly animated?: boolean;
  /** Seconds. */
  readonly duration?: number;
  readonly creator?: string;
  readonly credit?: string;
  readonly copyright?: string;
  readonly licence?: string;
  /** Last part of the IPTC digital source type, such as `trainedAlgorithmicMedia`. */
  readonly digitalSource?: string;
  readonly aiSystem?: string;
  /** A C2PA manifest is embedded. It is not verified. */
  readonly c2pa: boolean;
}

export interface Fault {
  readonly fault: PictureFault;
  readonly message: string;
}

/** A task of the process: draw a picture of a file, or read its metadata. */
export type Task =
  | { readonly kind: 'draw'; readonly file: string; readonly look: Look }
  | { readonly kind: 'read'; readonly file: string; readonly mediaType: string };

/** The result of each kind of task. */
export interface Results {
  readonly draw: Drawn;
  readonly read: Facts;
}

export interface Limits {
  readonly pixels: number;
  /** For a file that must be read as a whole, such as a drawing. */
  readonly drawingBytes: number;
  /** Resident memory at which the process ends itself. */
  readonly memoryBytes: number;
  readonly milliseconds: number;
}

export const LIMITS: Limits = {
  pixels: 100_000_000,
  drawingBytes: 32 * 1024 * 1024,
  memoryBytes: 1024 * 1024 * 1024,
  milliseconds: 20_000,
};

/** The exit code of the process when it needs too much memory. */
export const MEMORY_EXIT = 86;

export function faultOf(fault: PictureFault, detail?: string): Fault {
  return { fault, message: detail === undefined ? PICTURE_FAULTS[fault] : `${PICTURE_FAULTS[fault]} (${detail})` };
}
