/** What the parameter sets of a video stream say of its pictures. */

export interface VideoParameters {
  /** Of the pictures as they are shown, in pixels. */
  readonly width: number;
  readonly height: number;
  /** `High`, `Main 10`. */
  readonly profile: string;
  /** `4.1`. */
  readonly level: string;
}

/** Null for sizes that no video has: then the bytes are no parameter set. */
export function plausibleParameters(parameters: VideoParameters): VideoParameters | null {
  const { width, height } = parameters;
  return width >= 16 && height >= 16 && width <= 16_384 && height <= 16_384 ? parameters : null;
}
