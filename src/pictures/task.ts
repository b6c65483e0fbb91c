/** Why a picture cannot be made. Each is said to a person, so each has a sentence. */
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

/** Whether another try may go well: these faults say nothing about the file. */
export const isPassing = (fault: PictureFault): boolean => ['NOT_HERE', 'BUSY', 'UNAVAILABLE'].includes(fault);

export const PICTURE_FORMATS = ['webp', 'jpeg', 'png', 'avif'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** How a picture is made of a file: what stands in a channel profile, and in the profiles of thumbnails. */
export interface Look {
  /** In pixels; at least one of the two. */
  readonly width?: number;
  readonly height?: number;
  /** `inside` keeps all of the picture, `cover` fills the size and cuts, `contain` fills it with the background. */
  readonly fit: 'inside' | 'cover' | 'contain';
  readonly format: PictureFormat;
  /** 1 to 100. */
  readonly quality: number;
  readonly colour: 'srgb' | 'p3' | 'cmyk';
  /** Lay under what is transparent, `#rrggbb`; where absent, formats without transparency get white. */
  readonly background?: string;
  /** The quality is lowered until the bytes are no more than these. */
  readonly maxBytes?: number;
}

/** What was drawn. */
export interface Drawn {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly quality: number;
}

/** What can be read in a file about itself; whatever is absent it does not say. */
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
  /** Last part of the IPTC word for the digital source type, such as `trainedAlgorithmicMedia`. */
  readonly digitalSource?: string;
  readonly aiSystem?: string;
  /** A C2PA manifest is embedded. It is not verified. */
  readonly c2pa: boolean;
}

export interface Fault {
  readonly fault: PictureFault;
  readonly message: string;
}

/** What the process is asked for: a picture of a file, or what the file says of itself. */
export type Task =
  | { readonly kind: 'draw'; readonly file: string; readonly look: Look }
  | { readonly kind: 'read'; readonly file: string; readonly mediaType: string };

/** What each kind of task gives. */
export interface Results {
  readonly draw: Drawn;
  readonly read: Facts;
}

export interface Limits {
  readonly pixels: number;
  /** Of a file that must be read as a whole, such as a drawing. */
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

/** The code with which the process ends itself when it needs too much memory. */
export const MEMORY_EXIT = 86;

export function faultOf(fault: PictureFault, detail?: string): Fault {
  return { fault, message: detail === undefined ? PICTURE_FAULTS[fault] : `${PICTURE_FAULTS[fault]} (${detail})` };
}
