/** What carries packets: a band is one of these. */
export type BandKind = 'lan' | 'tunnel' | 'internet';

/** Which way a line belongs to. */
export type WayKind = 'there' | 'back';

/** A point in pixels, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in pixels. */
export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** What a text is, which decides its look. */
export type LabelRole =
  'title' | 'host' | 'address' | 'interface' | 'band' | 'prefix' | 'reason' | 'fix' | 'note' | 'legend';

/** One line of text; its rectangle is what it may fill at most. */
export interface Label extends Rect {
  readonly text: string;
  readonly role: LabelRole;
}

/** A link or tunnel. */
export interface SceneBand extends Rect {
  readonly name: string;
  readonly kind: BandKind;
}

/** A host, from its name down to its lowest band. */
export interface SceneBox extends Rect {
  readonly name: string;
  /** The packet dies here. */
  readonly dead: boolean;
  /** Where the bands it is on show through. */
  readonly strips: readonly (Rect & { readonly kind: BandKind })[];
}

/** A piece of a way. `over` pieces lie inside a box; the others pass behind every box they meet. */
export interface Run {
  readonly points: readonly Point[];
  readonly over: boolean;
  /** An arrowhead at the last point. */
  readonly arrow: boolean;
}

/** The way there, or the way back. */
export interface SceneWay {
  readonly kind: WayKind;
  readonly runs: readonly Run[];
  readonly start: Point;
  /** Where it dies, or where it leaves what is known. */
  readonly end: (Point & { readonly mark: 'cross' | 'question' }) | null;
}

/** A note that belongs to a host, above it, with an arrow down to it. */
export interface SceneCard extends Rect {
  readonly kind: 'reason' | 'fix' | 'note';
  readonly arrow: { readonly from: Point; readonly to: Point } | null;
}

/** One entry of the key below the picture; the sample is drawn into the rectangle. */
export interface LegendEntry extends Rect {
  readonly sample: WayKind | 'cross' | 'question' | 'fix';
}

/** The picture as geometry; whoever draws it adds nothing but ink. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly bands: readonly SceneBand[];
  readonly boxes: readonly SceneBox[];
  readonly ways: readonly SceneWay[];
  readonly cards: readonly SceneCard[];
  readonly legend: readonly LegendEntry[];
  readonly labels: readonly Label[];
}
