/** What a call of `ResponseFramer.read` came to. */
export type Progress = 0 | 1 | 2 | 3 | 4;
/** All bytes are used up; the answer goes on. */
export const reading = 0;
/** The end of an answer with a status from 100 to 199, which is not the last one to its request. */
export const interim = 1;
/** The end of an answer. */
export const complete = 2;
/** What came is not HTTP. Nothing more can be read. */
export const wrong = 3;
/** A head or a body above its limit. Nothing more can be read. */
export const tooLarge = 4;

// Where in an answer the next byte belongs.
export const inStart = 0;
export const inProtocol = 1;
export const inMajor = 2;
export const inDot = 3;
export const inMinor = 4;
export const inVersionEnd = 5;
export const inStatus = 6;
export const inStatusEnd = 7;
export const inReason = 8;
export const inReasonEnd = 9;
export const inFieldStart = 10;
export const inName = 11;
export const inValueStart = 12;
export const inValue = 13;
export const inValueEnd = 14;
export const inHeadEnd = 15;
export const inLength = 16;
export const inLengthEnd = 17;
export const inCoding = 18;
export const inChunkedEnd = 19;
export const inOtherCoding = 20;
export const inNextCoding = 21;
export const inOptions = 22;
export const inKnownOption = 23;
export const inOptionEnd = 24;
export const inOtherOption = 25;
export const inBody = 26;
export const inEndlessBody = 27;
export const inChunk = 28;
export const inFirstSizeDigit = 29;
export const inSize = 30;
export const inSizeEnd = 31;
export const inExtension = 32;
export const inExtensionName = 33;
export const inExtensionValue = 34;
export const inQuoted = 35;
export const inQuotedPair = 36;
export const inQuotedEnd = 37;
export const inChunkEnd = 38;
export const inChunkLineEnd = 39;
export const inClosed = 40;

// Fields that decide where an answer ends and whether the connection survives it.
export const otherField = 0;
export const connectionField = 1;
export const lengthField = 2;
export const codingField = 3;

// What the fields said.
export const hasLength = 1;
export const hasCoding = 2;
export const isChunked = 4;
export const wantsClose = 8;
export const wantsKeepAlive = 16;
export const isTrailing = 32;

/** Takes the bytes of a body, which are valid during the call only. */
export interface BodySink {
  add(bytes: Uint8Array, from: number, to: number): void;
}

export interface FramerLimits {
  /** Bytes between two pieces of body: a head, or the line of a chunk with its extensions, or trailers. */
  readonly maxHead: number;
  /** Bytes of a body that is only read. */
  readonly maxBody: number;
  /** Bytes of a body that somebody keeps. */
  readonly maxKept: number;
}

/** Everything that is known of an answer in the middle of it. Numbers only: nothing is allocated while reading. */
export class FramerState {
  readonly limits: FramerLimits;
  progress: Progress = reading;
  state = inStart;
  /** How far into a word or a number. */
  index = 0;
  major = 0;
  minor = 0;
  status = 0;
  field = otherField;
  flags = 0;
  /** Bytes left of a body or of a chunk. */
  left = 0;
  /** Bytes of the body before those. */
  bodyBytes = 0;
  /** Bytes since the last piece of body. */
  headBytes = 0;
  /** Whether the request has answers without a body. */
  bodyless = false;
  keepAlive = false;
  reason = '';
  body: BodySink | undefined;

  constructor(limits: FramerLimits) {
    this.limits = limits;
  }
}

/** @returns `at`: nothing is read any more */
export function refuse(framer: FramerState, reason: string, at: number): number {
  framer.progress = wrong;
  framer.reason = reason;
  return at;
}

export function refuseSize(framer: FramerState, reason: string): void {
  framer.progress = tooLarge;
  framer.reason = reason;
}
