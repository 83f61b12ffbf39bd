import type { Event } from '../../domain/event.ts';
import { member, members } from './text.ts';

/** One class of an OCSF release: its ids, and the captions that the schema gives them. */
export interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  readonly category: { readonly uid: number; readonly name: string };
  readonly activities: Readonly<Record<number, string>>;
}

/** How the rest of an event is laid out. */
export type Body =
  | 'inventory'
  | 'access'
  | 'user'
  | 'entity'
  | 'compliance'
  | 'analysis'
  | 'detection'
  | 'scan'
  | 'lifecycle'
  | 'error';

/** Where one type of event goes. */
export interface Place {
  readonly body: Body;
  readonly activity: number;
}

/** One release of OCSF, as data: another release is another of these. */
export interface Edition {
  readonly version: string;
  /** The class that each layout goes to. */
  readonly classes: Readonly<Record<Body, OcsfClass>>;
  /** By type of event. */
  readonly places: Readonly<Record<string, Place>>;
  /** By type, for one that tells a change of what was there: it has a `before`. */
  readonly updates: Readonly<Record<string, Place>>;
  /** By kind, and by the last word of a type that is not listed. */
  readonly verbs: Readonly<Record<string, Readonly<Record<string, Place>>>>;
  /** By kind of event, for a type that is not listed. */
  readonly kinds: Readonly<Record<string, Place>>;
  /** Checks whose findings are about a credential's use and age; all others are controls. */
  readonly analyses: ReadonlySet<string>;
  /** Names that releases spell differently. */
  readonly attributes: { readonly userResult: string; readonly entityResult: string };
}

/** What is the same for all events of one type, made once: an edition has few dozen of these. */
export interface Head {
  readonly body: Body;
  /** Class, activity, type and category, as text. */
  readonly classes: string;
  readonly eventCode: string;
  readonly logName: string;
}

interface KnownHead {
  readonly kind: string;
  readonly isAnalysis: boolean;
  readonly isUpdate: boolean;
  readonly head: Head;
}

const MOST_TYPES = 1_000;

/** Finds the head of an event; its check chooses between the two classes of findings. */
export function headFinder(edition: Edition): (event: Event) => Head {
  const byType = new Map<string, readonly KnownHead[]>();
  return (event) => {
    const { type, kind, check } = event;
    const isAnalysis = check !== undefined && edition.analyses.has(check.id);
    const isUpdate = event.before !== undefined && Object.hasOwn(edition.updates, type);
    const known = byType.get(type);
    const found = known?.find((one) => one.kind === kind && one.isAnalysis === isAnalysis && one.isUpdate === isUpdate);
    if (found !== undefined) return found.head;
    const head = headOf(edition, event, placeOf(edition, event, isUpdate, isAnalysis));
    if (byType.size < MOST_TYPES) byType.set(type, [...(known ?? []), { kind, isAnalysis, isUpdate, head }]);
    return head;
  };
}

function placeOf(edition: Edition, { type, kind }: Event, isUpdate: boolean, isAnalysis: boolean): Place {
  const places = isUpdate ? edition.updates : edition.places;
  const place = listed(places, type) ?? verbOf(edition, type, kind) ?? listed(edition.kinds, kind);
  if (place === undefined) return { body: 'lifecycle', activity: 8 };
  return isAnalysis && place.body === 'compliance' ? { ...place, body: 'analysis' } : place;
}

function verbOf({ verbs }: Edition, type: string, kind: string): Place | undefined {
  const ofKind = Object.hasOwn(verbs, kind) ? verbs[kind] : undefined;
  return ofKind === undefined ? undefined : listed(ofKind, type.slice(type.lastIndexOf('.') + 1));
}

function listed(places: Readonly<Record<string, Place>>, name: string): Place | undefined {
  return Object.hasOwn(places, name) ? places[name] : undefined;
}

function headOf(edition: Edition, { type, kind }: Event, { body, activity }: Place): Head {
  const { uid, name, category, activities } = edition.classes[body];
  const activityName = activities[activity] ?? 'Other';
  const classes = members({
    class_uid: uid,
    class_name: name,
    activity_id: activity,
    activity_name: activityName,
    type_uid: uid * 100 + activity,
    type_name: `${name}: ${activityName}`,
    category_uid: category.uid,
    category_name: category.name,
    timezone_offset: 0,
  });
  return { body, classes, eventCode: member('event_code', type), logName: member('log_name', `muster.${kind}`) };
}
