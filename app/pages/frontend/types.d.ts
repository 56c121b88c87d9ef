// What the server sends and takes, as app/gallery and app/pages/search.py have it. For the checks
// only: no browser reads this file, and it is in no wheel.

/** A photo as the grid gets it, in few bytes; `decodeTile` (tiles.js) is what reads it. */
export type TileSlots = [
  id: number, ratio: number, day: number, level: Level, favourite: 0 | 1, burst: number,
  offline: 0 | 1, digest: string, shows: string, blur: string, seconds: number, moment: number,
];

/** How clearly a photo matches: -1 nothing to measure by, 0 weak, 1 fair, 2 strong. */
export type Level = -1 | 0 | 1 | 2;

/** A photo that only a picture is shown of. */
export type PhotoAddress = [id: number, digest: string];

/** `id`, degrees north, degrees east, `digest`, the number of its place's name or -1; `decodePlace`
 * (tiles.js) is what reads it. */
export type PlaceSlots = [id: number, latitude: number, longitude: number, digest: string,
  place: number];

/** Countries (code, English name, degrees north, degrees east, thousands of people) and cities (the
 * same without a code), the largest first; see tools/map_names.py. */
export interface MapNames {
  countries: [code: string, name: string, latitude: number, longitude: number, people: number][];
  cities: [name: string, latitude: number, longitude: number, people: number][];
}

/** What the map shows: photos, and the names of their places. */
export interface Pins {
  pins: PlaceSlots[];
  names: string[];
}

/** A value of a filter, and how many photos have it. */
export type Counted = [value: string, count: number];

/** A month as `<input type="month">` has it: "2019-07". */
export type IsoMonth = string;

export type Order = "best" | "newest" | "oldest";

export type View = "photos" | "map" | "albums" | "duplicates";

/** A part of the query, and the query without it; `upload`: the name of an uploaded picture. */
export type ChipSlots = [kind: string, text: string, rest: string, photo: string, upload: string];

/** What can be done about a notice. */
export type Offer = [text: string, query: string | null, address: string];

/** What is shown instead of photos. */
export interface Notice {
  title: string;
  lines: string[];
  kind: "" | "welcome" | "retry" | "indexing";
  offers: Offer[];
}

/** Something to search for, under the box. */
export interface Suggestion { kind: string; text: string; query: string }

export interface GalleryData {
  /** Where main.js is. */
  main: string;
  /** Where its texts are. */
  texts: string;
  /** Where the style sheet is. */
  styles: string;
  /** The code of the language that they are in. */
  language: string;
  /** Another one each time that something else is to be shown. */
  key: string;
  /** Which library is shown; part of the addresses of its pictures. */
  library: string;
  q: string;
  page: "search" | "library";
  sort: Order;
  view: View;
  all: "true" | "false";
  /** Whether some photo stands for others of the same moment. */
  bursts: boolean;
  /** Whether the query looks for something, so that there is a best match. */
  ranked: boolean;
  total: number;
  /** So many of the first photos match clearly. */
  clear: number;
  tiles: TileSlots[];
  summary: string;
  /** The query that takes each word as it was typed; empty if that is the same. */
  literal: string;
  /** What is to be said where nothing of the query can be read. */
  note: string;
  /** The name of the album that is shown; empty if it is none. */
  album: string;
  /** How many photos are hidden. */
  hidden: number;
  /** Whether the query speaks of hidden photos. */
  of_hidden: boolean;
  /** The photos that the query names. */
  shown: PhotoAddress[];
  chips: ChipSlots[];
  /** Searches to begin with. */
  examples: string[];
  /** What is going on, in a line each. */
  banners: string[];
  /** Whether sample photos are among the others. */
  samples: boolean;
  notice: Notice | null;
  /** Whether nobody else can come in, so that the file manager of this machine may be opened. */
  local: boolean;
}

export interface ResultsPart {
  total: number;
  clear: number;
  tiles: TileSlots[];
}

export interface Folder {
  name: string;
  path: string;
  count: number;
  inner: Folder[];
}

/** The first and the last month that the query asks for; null is without an end. */
export interface ChosenMonths {
  from: IsoMonth | null;
  until: IsoMonth | null;
}

export interface Facets {
  months: [month: IsoMonth, count: number][];
  dates: ChosenMonths;
  folders: Folder[];
  in: string[];
  camera: Counted[];
  place: Counted[];
  /** What a city is called that is a country. */
  place_names: Record<string, string>;
  type: Counted[];
  label: Counted[];
  label_at_least: boolean;
  label_names: Record<string, string>;
  tag: Counted[];
  keyword: Counted[];
  favourites: number;
  albums: string[];
  concepts: string[];
  saved: Record<string, string>;
  history: string[];
  chosen: Record<
    "camera" | "place" | "type" | "label" | "tag" | "keyword" | "is" | "concept" | "album",
    string[]>;
}

/** An album or a saved search: `photos` of them, and the first one; 0 and "" if there is none. */
export type PlaceCard = [name: string, query: string, photos: number, id: number, digest: string];

export interface Albums {
  albums: PlaceCard[];
  saved: PlaceCard[];
}

/** A file that shows the same as others; `taken` as "2019-07-14T12:30:00", and its hours mean
 * nothing if `onlyDay`. */
export type CopySlots = [
  id: number, digest: string, path: string, width: number, height: number, bytes: number, taken: string,
  onlyDay: boolean,
];

/** Files that show one picture, or photos of one moment. */
export interface Duplicates {
  kind: "same" | "near" | "burst";
  changes: string[];
  copies: CopySlots[];
}

/** The groups; or, while `done` is a number, how far the look for them is. */
export interface AllDuplicates {
  total: number;
  groups: Duplicates[];
  what: "" | "pictures" | "pairs";
  done: number | null;
  of: number | null;
}

export interface TermShare {
  term: string;
  negative: boolean;
  share: number;
  percentile: number;
}

export interface Why {
  terms: TermShare[];
  names: Record<string, string[]>;
  name_share: number;
  hub_share: number;
  filters: { filter: string; met: boolean }[];
  rank: number | null;
  of: number;
  relevance: string | null;
  alternative: string | null;
}

export interface PhotoFacts {
  id: number;
  name: string;
  taken: string;
  taken_from: "exif" | "sidecar" | "name" | "file";
  only_day: boolean;
  offset: string | null;
  camera: string | null;
  lens: string | null;
  exposure: string | null;
  width: number;
  height: number;
  format: string;
  bytes: number;
  place: string | null;
  folder: string;
  latitude: number | null;
  longitude: number | null;
  copies: string[];
  /** In seconds; null for a photo. */
  duration: number | null;
  raws: string[];
  live_videos: string[];
  /** The files for which it shows that can be read now; `id` is of their content. */
  beside: { id: number; name: string; video: boolean }[];
  labels: [name: string, percent: number][];
  label_names: Record<string, string>;
  tags: string[];
  albums: string[];
  title: string | null;
  description: string | null;
  keywords: string[];
  rating: number | null;
  colour_label: string | null;
  creator: string | null;
  copyright: string | null;
  favourite: boolean;
  hidden: boolean;
  offline: boolean;
  missing: boolean;
  text: TextLine[];
  why: Why | null;
}

/** A line that was read in a photo; `box` has four corners x, y in parts of its width and height. */
export interface TextLine {
  text: string;
  box: number[];
}

/** What a control asks for: see app/gallery/page_edits.py. */
export type Edit =
  | { op: "query"; text: string }
  | { op: "toggle"; key: string; value: string }
  | { op: "dates"; from: IsoMonth | null; until: IsoMonth | null }
  | { op: "near"; value: string }
  | { op: "like" | "without"; ids: number[]; moments: number[] }
  | { op: "concept"; name: string }
  | { op: "picture"; path: string }
  | { op: "show"; view?: View; sort?: Order; all?: "true" | "false"; text?: string }
  | { op: "page"; page: "search" | "library" }
  | { op: "retry" | "again" };

/** How far a run is that reads photos; `left` in seconds. */
export interface Indexing {
  running: boolean;
  failed: boolean;
  seen: number;
  total: number;
  embedded: number;
  /** Whether there are photos to be seen by now. */
  searchable: boolean;
  unread: number;
  rate: number;
  left: number | null;
  /** While the places of photos are named: how many have been, and of how many. */
  naming: [done: number, of: number] | null;
  result: string[];
  /** Whether the folders are watched, and what that said last. */
  watching: boolean;
  watched: string[];
  /** Another number each time that the library has changed. */
  generation: number;
}

/** A folder of the library; see app/gallery/library_overview.py. */
export interface LibraryFolder {
  id: number;
  path: string;
  /** The query for its photos. */
  query: string;
  online: boolean;
  photos: number;
  unread: number;
  away: number;
  gone: number;
  excludes: string[];
}

/** Files that could not be read for one kind of reason; only some of them are listed. */
export interface UnreadFiles {
  state: string;
  count: number;
  files: [path: string, reason: string][];
}

/** What the page of the library shows. */
export interface LibraryOverview {
  folders: LibraryFolder[];
  shown: number;
  hidden: number;
  model: string;
  building: boolean;
  bytes: number;
  where: string;
  unread: UnreadFiles[];
  more_unread: number;
  sidecars: boolean;
  writable: boolean;
  /** Whether folders may be added and removed, and sidecars be written, by who sees the page. */
  at_machine: boolean;
}

/** What Streamlit hands to a component's script at each run. */
export interface Component {
  parentElement: ParentNode & { clipsearch?: import("./app.js").App };
  data: GalleryData;
  setTriggerValue(name: string, value: unknown): void;
}
